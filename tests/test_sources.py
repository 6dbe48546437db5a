import gzip
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from segmentation import read_orders
from segmentation.errors import DataError, ParameterError
from segmentation.study.settings import Settings

ROWS = [
    ("007", "S1", "2017-01-31", 1234.5),
    ("007", "S2", "2017-02-01", -4.5),
    ("客户,乙", "S3", "2017-02-28", 0.1),
]
HEADER = ("客户编号", "订单编号", "订单日期", "金额")
EXPECTED = [("007", "S1", 1234.5), ("007", "S2", -4.5), ("客户,乙", "S3", 0.1)]


def frame() -> pd.DataFrame:
    return pd.DataFrame(ROWS, columns=list(HEADER))


def text(delimiter: str = ",", amounts: tuple[str, ...] = ("1234.5", "-4.5", "0.1")) -> str:
    lines = [delimiter.join(HEADER)]
    for (customer, order, day, _), amount in zip(ROWS, amounts):
        cells = (customer, order, day, amount)
        lines.append(delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in cells))
    return "\n".join(lines) + "\n"


def found(source: Any, currency: str = "USD", **options: Any) -> list[tuple[str, str, float]]:
    accepted = read_orders(source, currency=currency, options=options).accepted
    return list(accepted[["customer_id", "order_id", "amount"]].itertuples(index=False, name=None))


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found(delimiter: str, tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text(text(delimiter), encoding="utf-8")
    assert found(tmp_path / "o.csv") == EXPECTED


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_the_encoding_is_found(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_bytes(text().encode(encoding))
    assert found(tmp_path / "o.csv") == EXPECTED


def test_chinese_behind_a_long_stretch_of_ascii_is_found(tmp_path: Path) -> None:
    lines = ["customer_id,date,amount", *["a,2017-01-01,1"] * 100_000, "客户乙,2017-01-02,2"]
    (tmp_path / "o.csv").write_bytes("\n".join(lines).encode("gb18030"))
    orders = read_orders(tmp_path / "o.csv")
    assert len(orders.accepted) == 100_001
    assert orders.accepted["customer_id"].iloc[-1] == "客户乙"


def test_accented_letters_of_latin_1_are_refused_until_they_are_named(tmp_path: Path) -> None:
    content = "customer_id,date,amount\nHélène,2017-01-01,5\nAndré,2017-01-02,6\nMüller,2017-01-02,6\n"
    (tmp_path / "o.csv").write_bytes(content.encode("latin-1"))
    with pytest.raises(DataError, match=r"o.csv: neither UTF-8 nor Chinese.*encoding: latin-1"):
        read_orders(tmp_path / "o.csv")
    orders = read_orders(tmp_path / "o.csv", options={"encoding": "latin-1"})
    assert orders.accepted["customer_id"].tolist() == ["Hélène", "André", "Müller"]
    with pytest.raises(DataError, match="'klingon' is not the name of an encoding"):
        read_orders(tmp_path / "o.csv", options={"encoding": "klingon"})


def test_a_damaged_row_of_utf8_is_set_aside_and_the_others_stay_right(tmp_path: Path) -> None:
    damaged = "坏".encode()[:2] + b",S4,2017-02-28,9\n" + "好,S5,2017-02-28,8\n".encode()
    (tmp_path / "o.csv").write_bytes(text().encode() + damaged)
    orders = read_orders(tmp_path / "o.csv")
    assert orders.set_aside[["row", "reason"]].values.tolist() == [[5, "unreadable row"]]
    assert orders.accepted["customer_id"].tolist() == ["007", "007", "客户,乙", "好"]


def test_title_lines_above_the_header_are_skipped_and_rows_still_counted_as_seen(tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text("销售明细表\n\n" + text() + ",S4,2017-02-28,9\n", encoding="utf-8")
    orders = read_orders(tmp_path / "o.csv")
    assert len(orders.accepted) == 3
    assert orders.set_aside[["file", "row"]].values.tolist() == [["o.csv", 7]]


def test_lines_that_are_no_rows_are_set_aside_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    lines = text().splitlines()
    broken = [
        *lines[:2],
        "short,1",
        "far,too,many,cells,here",
        lines[2],
        ",S9,2017-02-28,9",
        "x",
        ",S8,2017-01-01,1",
    ]
    (tmp_path / "o.csv").write_text("\n".join(broken) + "\n", encoding="utf-8")
    orders = read_orders(tmp_path / "o.csv")
    assert orders.set_aside[["row", "reason", "raw_line"]].fillna("").values.tolist() == [
        [3, "unreadable row", "short,1"],
        [4, "unreadable row", "far,too,many,cells,here"],
        [6, "no customer", ""],
        [7, "unreadable row", "x"],
        [8, "no customer", ""],
    ]
    rows = orders.reconciliation().set_index("rule")["rows"]
    assert (rows["lines in the source"], rows["unreadable row"], rows["accepted"]) == (7, 3, 2)


@pytest.mark.parametrize(
    "ends", [["\n", "\r\n"], ["\r\n"] * 9 + ["\n"], ["\n"] * 9 + ["\r\n"], ["\r", "\n"], ["\r"]]
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_lines_that_end_in_several_ways(ends: list[str], encoding: str, tmp_path: Path) -> None:
    lines = [",".join(HEADER), *(f"客户{n},S{n},2017-01-01,{n}" for n in range(40))]
    content = "".join(line + ends[n % len(ends)] for n, line in enumerate(lines))
    (tmp_path / "o.csv").write_bytes(content.encode(encoding))
    orders = read_orders(tmp_path / "o.csv")
    assert orders.accepted["amount"].tolist() == [float(n) for n in range(40)]
    assert not len(orders.set_aside)


LAST, FIRST = 'c9,2017-01-01,5,"19 inch', '"c9,2017-01-01,5,19 inch'


@pytest.mark.parametrize(
    ("opening", "closing", "row"),
    [
        *((LAST, 'c9,2017-01-02,5,19 inch"', row) for row in (11, 12, 900)),
        *((LAST, 'c9,2017-01-02,5,"19 inch"', row) for row in (12, 900)),
        *((FIRST, 'c9",2017-01-02,5,x', row) for row in (12, 900)),
        *((opening, "c9,2017-01-02,5,x", 900) for opening in (LAST, FIRST)),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_no_row_vanishes_into_a_quote(
    opening: str, closing: str, row: int, encoding: str, tmp_path: Path
) -> None:
    lines = ["customer_id,date,amount,备注", *(f"c{n},2017-01-02,{n},架 {n}" for n in range(1000))]
    lines[9], lines[row - 1] = opening, closing
    (tmp_path / "o.csv").write_bytes("\n".join(lines).encode(encoding))
    with pytest.raises(DataError, match=r"o\.csv, line 10: a quote .* close or remove the quote"):
        read_orders(tmp_path / "o.csv")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_cells_of_several_lines_are_read(end: str, tmp_path: Path) -> None:
    address = f"3rd floor, left{end}12 Main Street, PO Box 2017, Springfield{end}IL, 62701-1234, USA"
    rows = [f'c{n},2017-01-02,{n},"{address}"' for n in range(50)]
    (tmp_path / "o.csv").write_bytes(end.join(["customer_id,date,amount,address", *rows]).encode())
    orders = read_orders(tmp_path / "o.csv")
    assert orders.accepted["amount"].tolist() == [float(n) for n in range(50)]
    assert not len(orders.set_aside)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_blank_rows_count_as_a_spreadsheet_counts_them(encoding: str, end: str, tmp_path: Path) -> None:
    lines = [
        "客户,date,amount",
        'a,2017-01-01,"',
        '5"',
        "",
        "b,2017-01-02,5",
        "",
        "",
        "c,?,7",
        ",2017-01-03,5",
        "",
    ]
    (tmp_path / "o.csv").write_bytes(end.join(lines).encode(encoding))
    orders = read_orders(tmp_path / "o.csv")
    # the second row has a cell of two lines
    assert orders.set_aside[["row", "reason"]].values.tolist() == [[7, "unreadable date"], [8, "no customer"]]
    (tmp_path / "p.csv").write_bytes("客户,date,amount\nd,?,1\n".encode(encoding))
    several = read_orders(tmp_path).set_aside[["file", "row"]].values.tolist()
    assert several == [["o.csv", 7], ["o.csv", 8], ["p.csv", 2]]


def test_a_file_without_a_header_is_read_when_said(tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text("".join(text().splitlines(keepends=True)[1:]), encoding="utf-8")
    columns = {"customer_id": "column1", "order_id": "column2", "date": "column3", "amount": "column4"}
    assert found({"path": str(tmp_path / "o.csv"), "header": False, "columns": columns}) == EXPECTED


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_packed_files(suffix: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / f"o.csv{suffix}"
    if suffix == ".gz":
        path.write_bytes(gzip.compress(text().encode(encoding)))
    else:
        with pa.output_stream(str(path), compression="zstd") as stream:
            stream.write(text().encode(encoding))
    assert found(path) == EXPECTED


def test_a_repeated_column_is_never_guessed(tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text("customer_id,date,amount,amount\na,2017-01-01,1,2\n")
    with pytest.raises(DataError, match=r"'amount' and 'amount \(2\)' both fit amount"):
        read_orders(tmp_path / "o.csv")
    assert read_orders(tmp_path / "o.csv", columns={"amount": "amount (2)"}).accepted["amount"].tolist() == [
        2.0
    ]


@pytest.mark.parametrize("kind", ["csv", "parquet", "duckdb", "arrow", "pandas"])
def test_columns_that_differ_only_in_case_are_never_guessed(kind: str, tmp_path: Path) -> None:
    rows = pa.table({"customer_id": ["a"], "date": ["2017-01-01"], "Amount": [1], "amount": [2]})
    path = tmp_path / f"orders.{kind}"
    options = {}
    if kind == "csv":
        rows.to_pandas().to_csv(path, index=False)
    elif kind == "parquet":
        pq.write_table(rows, path)
    elif kind == "duckdb":
        duckdb.connect(str(path)).close()
        options["query"] = "SELECT 'a' AS customer_id, '2017-01-01' AS date, 1 AS \"Amount\", 2 AS \"amount\""
    source = {"arrow": rows, "pandas": rows.to_pandas()}.get(kind, path)
    with pytest.raises(DataError, match="both fit amount"):
        read_orders(source, options=options)
    named = read_orders(source, columns={"amount": "Amount"}, options=options)
    assert named.accepted["amount"].tolist() == [1]


def test_several_files_are_one_source(tmp_path: Path) -> None:
    for month in ("2017-01", "2017-02"):
        (tmp_path / month).mkdir()
        part = frame()[frame()["订单日期"].str.startswith(month)]
        part.to_csv(tmp_path / month / "orders.csv", index=False)
        part.to_parquet(tmp_path / f"{month}.parquet")
    (tmp_path / "2017-02" / "orders.csv").write_bytes(
        (tmp_path / "2017-02" / "orders.csv").read_bytes() + b",S4,2017-02-28,9\n"
    )
    assert found(str(tmp_path / "*" / "orders.csv")) == EXPECTED
    assert found(str(tmp_path / "*.parquet")) == EXPECTED
    listed = [str(tmp_path / f"{month}.parquet") for month in ("2017-01", "2017-02")]
    assert found({"path": listed}) == EXPECTED
    aside = read_orders(str(tmp_path / "*" / "orders.csv")).set_aside
    assert aside[["file", "row"]].values.tolist() == [["2017-02/orders.csv", 4]]
    with pytest.raises(DataError, match="different kinds"):
        read_orders(tmp_path)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_files_with_their_columns_in_another_order_are_joined_by_name(kind: str, tmp_path: Path) -> None:
    columns = ["customer_id", "date", "amount", "cost"]
    for n, order in enumerate([columns, ["cost", "amount", "date", "customer_id"], columns], 1):
        part = pd.DataFrame([(f"c{n}", "2017-01-01", f"{n}", f"{100 * n}")], columns=columns)[order]
        path = tmp_path / f"{n}.{kind}"
        part.to_csv(path, index=False) if kind == "csv" else part.to_parquet(path)
    accepted = read_orders(tmp_path).accepted
    assert sorted(accepted[["customer_id", "amount"]].itertuples(index=False, name=None)) == [
        ("c1", 1.0),
        ("c2", 2.0),
        ("c3", 3.0),
    ]


@pytest.mark.parametrize("name", ["orders[1]", "orders?", "orders*", "[!x]"])
@pytest.mark.parametrize("kind", ["csv", "gb18030.csv", "parquet"])
def test_the_name_of_a_file_is_no_pattern(name: str, kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "[ab]"
    for path, rows in ((folder / f"{name}.{kind}", frame()), (folder / f"orders1.{kind}", frame()[:1])):
        path.parent.mkdir(exist_ok=True)
        if kind == "parquet":
            rows.to_parquet(path)
        else:
            rows.to_csv(path, index=False, encoding="gb18030" if "gb" in kind else "utf-8")
    assert found(folder / f"{name}.{kind}") == EXPECTED
    assert len(read_orders({"path": "orders1.*"}, root=folder).accepted) == 1
    assert len(read_orders(folder).accepted) == 4


def test_files_with_other_columns_are_not_one_source(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("customer_id,date,amount\na,2017-01-01,1\n")
    (tmp_path / "b.csv").write_text("customer_id,date,amount,branch\na,2017-01-01,1,x\n")
    with pytest.raises(DataError, match=r"b.csv: its columns are not those of a.csv \('branch'\)"):
        read_orders(tmp_path)


def test_a_text_that_is_no_table_is_named_and_not_the_orders_beside_it(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(text(), encoding="utf-8")
    (tmp_path / "README.txt").write_text("These are the orders\nof the year\n")
    with pytest.raises(DataError, match=r"^README.txt: .*those of orders.csv.*take it out of the folder"):
        read_orders(tmp_path)


def test_rows_are_numbered_in_each_file_from_its_own_header(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text() + ",S4,2017-02-28,9\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("销售明细表\n" + text() + ",S4,2017-02-28,9\n", encoding="utf-8")
    assert read_orders(tmp_path).set_aside[["file", "row"]].values.tolist() == [["a.csv", 5], ["b.csv", 6]]


def test_files_laid_out_differently_are_read_each_in_its_way(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(text().encode("gb18030"))
    (tmp_path / "b.csv").write_bytes(text(";").encode("utf-8"))
    assert sorted(found(tmp_path)) == sorted(EXPECTED * 2)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "orders.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("说明").write(0, 0, "本表由系统导出")
        sheet = book.add_worksheet("订单")
        sheet.write(0, 0, "销售明细")
        sheet.write_row(2, 0, HEADER)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for n, (customer, order, date, amount) in enumerate(ROWS, 3):
            sheet.write_string(n, 0, customer)
            sheet.write_string(n, 1, order)
            sheet.write_datetime(n, 2, pd.Timestamp(date).to_pydatetime(), day)
            sheet.write_number(n, 3, amount)
        sheet.write_row(6, 1, ["S4", 42794, "九元"])
    return path


def test_the_sheet_and_its_header_are_found(workbook: Path) -> None:
    orders = read_orders(workbook, currency="CNY")
    assert [tuple(row) for row in orders.accepted[["customer_id", "order_id", "amount"]].values] == EXPECTED
    assert orders.accepted["ordered_at"].dt.strftime("%Y-%m-%d").tolist() == [row[2] for row in ROWS]
    assert orders.set_aside[["file", "row", "reason"]].values.tolist() == [
        ["orders.xlsx [订单]", 7, "no customer"]
    ]


@pytest.mark.parametrize("blank", [0, 1, 3])
def test_blank_rows_above_the_header_are_counted_and_no_more(blank: int, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "o.xlsx") as book:
        sheet = book.add_worksheet()
        rows = (HEADER, ("007", "S1", "2017-01-31", 1), ("", "S2", "2017-01-31", 1))
        for n, cells in enumerate(rows):
            sheet.write_row(blank + n, 0, cells)
    orders = read_orders(tmp_path / "o.xlsx")
    assert len(orders.accepted) == 1
    assert orders.set_aside[["row", "reason"]].values.tolist() == [[blank + 3, "no customer"]]


def write_sheets(path: Path, sheets: dict[str, list[tuple[object, ...]]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for n, cells in enumerate(rows):
                sheet.write_row(n, 0, cells)
    return path


FIRST = [HEADER, (17850, "S1", "2017-01-31", 1), ("", "S2", "2017-01-31", 2)]
SECOND = [("二月",), (), HEADER[::-1], (4, "2017-02-28", "S3", "17850"), (8, "2017-02-28", "S4", "")]


def test_workbooks_of_months_are_one_source(tmp_path: Path) -> None:
    write_sheets(tmp_path / "1.xlsx", {"Sheet1": FIRST})
    write_sheets(tmp_path / "2.xlsx", {"Sheet1": SECOND})
    orders = read_orders(tmp_path)
    assert orders.accepted[["customer_id", "amount"]].values.tolist() == [["17850", 1.0], ["17850", 4.0]]
    assert orders.set_aside[["file", "row"]].values.tolist() == [
        ["1.xlsx [Sheet1]", 3],
        ["2.xlsx [Sheet1]", 5],
    ]


@pytest.mark.parametrize("sheet", ["*", ["2009", "2010"]])
def test_sheets_of_years_are_one_source(sheet: Any, tmp_path: Path) -> None:
    path = write_sheets(tmp_path / "o.xlsx", {"2009": FIRST, "2010": SECOND, "empty": []})
    with pytest.raises(DataError, match=r"'2009', '2010' have a header of orders; .* or several in a list"):
        read_orders(path)
    orders = read_orders(path, options={"sheet": sheet})
    assert orders.accepted[["customer_id", "amount"]].values.tolist() == [["17850", 1.0], ["17850", 4.0]]
    assert orders.set_aside[["file", "row"]].values.tolist() == [["o.xlsx [2009]", 3], ["o.xlsx [2010]", 5]]


def test_sheets_with_other_columns_are_not_one_source(tmp_path: Path) -> None:
    path = write_sheets(tmp_path / "o.xlsx", {"2009": FIRST, "notes": [("a", "b"), (1, 2)]})
    with pytest.raises(DataError, match=r"\[notes\]: its columns are not those of o.xlsx \[2009\]"):
        read_orders(path, options={"sheet": "*"})


def test_a_sheet_that_is_not_there_names_those_that_are(workbook: Path) -> None:
    with pytest.raises(DataError, match="there is no sheet 'Orders'; there are: 说明, 订单"):
        read_orders(workbook, options={"sheet": "Orders"})
    with pytest.raises(DataError, match=r"no column was recognised as customer_id|no table"):
        read_orders(workbook, options={"sheet": "说明"})


def test_a_workbook_by_another_name_is_still_a_workbook(workbook: Path, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_bytes(workbook.read_bytes())
    assert found(tmp_path / "orders.csv", currency="CNY") == EXPECTED


def test_a_duckdb_file(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as database:
        database.register("f", frame())
        database.execute('CREATE TABLE "sales 2017" AS FROM f')
    assert found(path) == EXPECTED
    with duckdb.connect(str(path)) as database:
        database.execute("CREATE TABLE notes AS SELECT 1 AS a")
    with pytest.raises(DataError, match=r"orders.table \(it has the tables notes, sales 2017\)"):
        read_orders(path)
    assert found(path, table="sales 2017") == EXPECTED
    assert found(path, query='SELECT * FROM "sales 2017" WHERE 金额 < 0') == EXPECTED[1:2]
    with pytest.raises(DataError, match=r"shop.duckdb: .*does not exist"):
        read_orders(path, options={"table": "sales"})


class OfAnotherLibrary:
    """A frame that only speaks Arrow's stream protocol, as Polars' frames do."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


@pytest.mark.parametrize("kind", [pa.Table.from_pandas, lambda f: OfAnotherLibrary(pa.Table.from_pandas(f))])
def test_frames_of_other_libraries(kind: Any) -> None:
    assert found(kind(frame())) == EXPECTED


def test_a_frame_of_mixed_values() -> None:
    mixed = pd.DataFrame(
        {
            "customer_id": pd.Series([7, "007", None, 8.0], dtype=object),
            "date": pd.Series([pd.Timestamp("2017-01-01"), "2017-01-02", "2017-01-03", None], dtype=object),
            "amount": pd.Series([1, "2.5", 3.5, "x"], dtype=object),
        }
    )
    orders = read_orders(mixed)
    assert orders.accepted["customer_id"].tolist() == ["7", "007"]
    assert orders.set_aside["reason"].tolist() == ["no customer", "no date"]


@pytest.mark.parametrize("thing", [42, [1, 2], object()])
def test_what_is_no_source_is_refused(thing: object) -> None:
    with pytest.raises(ParameterError, match="not a path, nor a frame"):
        read_orders(thing)


BASE = {"customer_id": ["a", "b"], "date": ["2017-01-01", "2017-01-02"], "amount": [1, 2]}
UNREAD = {
    "period": pd.period_range("2017-01", periods=2, freq="M"),
    "interval": pd.interval_range(0, 2),
    "Sparse": pd.arrays.SparseArray([1, 2]),
    "complex": [1j, 2j],
}
UNREAD_ARROW = {
    "decimal256": pa.array([Decimal(1), Decimal(2)], pa.decimal256(60, 2)),
    "halffloat": pa.array([1, 2], pa.float16()),
}


@pytest.mark.parametrize("kind", [*UNREAD, *UNREAD_ARROW])
def test_a_column_of_a_type_that_is_not_read_is_named(kind: str) -> None:
    if kind in UNREAD:
        odd: Any = pd.DataFrame({**BASE, "odd": UNREAD[kind]})
    else:
        odd = pa.table({**BASE, "odd": UNREAD_ARROW[kind]})
    with pytest.raises(DataError, match=rf"'odd' is of the type {kind}.*make it numbers, dates or text"):
        read_orders(odd)


@pytest.mark.parametrize("nothing", [pd.DataFrame(), pd.DataFrame(index=[1]), pa.table({})])
def test_a_frame_without_columns_is_refused(nothing: Any) -> None:
    with pytest.raises(DataError, match="it has no columns"):
        read_orders(nothing)


def test_one_column_is_no_frame() -> None:
    with pytest.raises(ParameterError, match="Series is one column, not a frame"):
        read_orders(pd.Series([1, 2]))


@pytest.mark.parametrize("encoding", ["hex", "rot13", "base64", "idna", "undefined", "utf-16", "utf-32"])
def test_encodings_that_a_file_cannot_have_are_refused(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_bytes(text().encode())
    with pytest.raises(DataError, match=r"o\.csv: .*(encoding of text|byte-order mark).*leave it out"):
        read_orders(tmp_path / "o.csv", options={"encoding": encoding})


@pytest.mark.parametrize("delimiter", ['"', "\n", "\r", "\0"])
def test_what_cannot_part_cells_is_no_delimiter(delimiter: str) -> None:
    with pytest.raises(ParameterError, match=r"orders\.delimiter: cannot part cells"):
        read_orders("o.csv", options={"delimiter": delimiter})


def test_a_query_without_rows_to_give_is_refused(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as database:
        database.execute("CREATE TABLE sales AS SELECT 1 AS a")
    with pytest.raises(ParameterError, match=r"orders\.query: it has no SELECT"):
        read_orders(tmp_path / "shop.duckdb", options={"query": "-- nothing"})
    with pytest.raises(ParameterError, match=r"orders\.table: 'a\.\.b' is not the name of a table"):
        read_orders(tmp_path / "shop.duckdb", options={"table": "a..b"})


def test_a_folder_is_no_parameters_file(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="not a parameters file that can be read"):
        Settings.load(tmp_path)


def test_addresses_of_other_kinds_are_refused() -> None:
    with pytest.raises(ParameterError, match="mysql:// is not read"):
        read_orders("mysql://host/db")


def test_broken_files_are_refused_not_crashed_on(tmp_path: Path) -> None:
    for name, content in {
        "a.parquet": b"PAR1 but not really",
        "b.xlsx": b"PK\x03\x04 but not really",
        "c.duckdb": b"\0" * 8 + b"DUCK but not really" + b"\0" * 5000,
        "d.csv.gz": b"\x1f\x8b but not really",
        "e.csv": b"\0" * 5000,
        "f.csv": b'customer_id,date,amount\n"never closed,2017-01-01,1\nb,2017-01-01,1\n',
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DataError, match=name):
            read_orders(tmp_path / name)
