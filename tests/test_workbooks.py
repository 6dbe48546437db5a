import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from segmentation import read_orders
from segmentation.errors import DataError
from segmentation.intake.sources import workbook_xml
from segmentation.intake.suggesting import suggestions
from segmentation.words.reader import Reader

HEADER = ["customer_id", "date", "amount"]
ROWS = [["A", "2026-01-02", 5], ["B", "2026-01-03", 7], ["A", "2026-02-03", 1]]


def write(path: Path, also: Callable[[xlsxwriter.Workbook, object], None] = lambda book, sheet: None) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Orders")
        for n, cells in enumerate([HEADER, *ROWS]):
            sheet.write_row(n, 0, cells)
        also(book, sheet)
    return path


def altered(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """The workbook with one of its parts changed."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    parts[part] = change(parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize("row", [4, 50, 60_000, 1_048_575])
@pytest.mark.parametrize("column", [0, 2, 3, 40, 16_383])
@pytest.mark.parametrize("blank", [" ", "\u00a0\n"])
def test_a_stray_blank_cell_changes_nothing(row: int, column: int, blank: str, tmp_path: Path) -> None:
    path = write(tmp_path / "o.xlsx", lambda book, sheet: sheet.write_string(row, column, blank))  # type: ignore[attr-defined]
    orders = read_orders(path)
    assert orders.columns == HEADER
    assert len(orders.accepted) == 3
    assert orders.set_aside.empty
    assert orders.accepted["amount"].sum() == 13


def test_a_stray_blank_written_inline_changes_nothing_either(tmp_path: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t> </t></is></c></row></sheetData>'
    path = altered(write(tmp_path / "o.xlsx"), SHEET, lambda xml: xml.replace("</sheetData>", far))
    assert len(read_orders(path).accepted) == 3


def test_a_cell_that_is_not_blank_far_away_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "o.xlsx", lambda book, sheet: sheet.write(1_048_575, 16_383, "x"))  # type: ignore[attr-defined]
    with pytest.raises(DataError, match=r"'Orders' has a cell at XFD1048576, far from its table; delete it"):
        read_orders(path)


def test_blank_rows_are_passed_over_and_counted(tmp_path: Path) -> None:
    def more(book: object, sheet: object) -> None:
        sheet.write_row(7, 0, ["", "2026-02-04", 9])  # type: ignore[attr-defined]

    orders = read_orders(write(tmp_path / "o.xlsx", more))
    assert orders.set_aside[["row", "reason"]].values.tolist() == [[8, "no customer"]]


ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
def test_entities_are_never_expanded(part: str, tmp_path: Path) -> None:
    path = altered(write(tmp_path / "o.xlsx"), part, lambda xml: xml.replace("?>", f"?>{ENTITY}", 1))
    with pytest.raises(DataError, match="XML that no spreadsheet writes"):
        read_orders(path)


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml"])
def test_a_text_bomb_is_refused_in_one_sentence(part: str, tmp_path: Path) -> None:
    bomb = "a" * 20_000_000
    path = altered(write(tmp_path / "o.xlsx"), part, lambda xml: xml.replace("</", f"<!-- {bomb} --></", 1))
    assert path.stat().st_size < 100_000
    with pytest.raises(DataError, match="longer than a cell can hold"):
        read_orders(path)


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(workbook_xml._MOST_BYTES, "sheet", 500)
    with pytest.raises(DataError, match=r"unpacks to more than .*save the orders as CSV"):
        read_orders(write(tmp_path / "o.xlsx"))


def test_a_sheet_of_too_many_cells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segmentation.intake.sources.book.MOST_CELLS", 11)
    with pytest.raises(DataError, match=r"'Orders' has 12 cells, too many .* save it as CSV"):
        read_orders(write(tmp_path / "o.xlsx"))


DAMAGES: dict[str, Callable[[str], str]] = {
    "an unknown entity": lambda xml: xml.replace("<v>", "<v>&nix;", 1),
    "a tag that is not closed": lambda xml: xml.replace("</sheetData>", ""),
    "cut off": lambda xml: xml[: len(xml) // 2],
    "cut off in a tag": lambda xml: xml[: xml.rindex("<") + 3],
    "no sheet": lambda xml: "nothing",
    "empty": lambda xml: "",
    "a number that is none": lambda xml: xml.replace("<v>5</v>", "<v>5x</v>"),
    "a text that is not there": lambda xml: xml.replace('t="s"><v>0</v>', 't="s"><v>999</v>'),
}
READABLE = {"a number that is none"}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_sheet_ends_in_one_sentence_or_in_the_true_rows(damage: str, tmp_path: Path) -> None:
    path = altered(write(tmp_path / "o.xlsx"), SHEET, DAMAGES[damage])
    if damage not in READABLE:
        with pytest.raises(DataError, match=r"^o\.xlsx[^\n]*$"):
            read_orders(path)
    else:
        orders = read_orders(path)
        came_in = orders.reconciliation()["rows"].iloc[0]
        assert came_in == len(orders.accepted) + len(orders.set_aside) <= 3
        assert orders.accepted["amount"].sum() <= 13


@pytest.mark.parametrize("size", [0, 3, 100, 2000])
def test_a_workbook_cut_short_ends_in_one_sentence(size: int, tmp_path: Path) -> None:
    whole = write(tmp_path / "o.xlsx").read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(whole[:size])
    with pytest.raises(DataError, match=r"^cut\.xlsx"):
        read_orders(tmp_path / "cut.xlsx")


def merged(book: object, sheet: object) -> None:
    for n, cells in enumerate([["B", "2026-03-01", 2], ["", "2026-03-02", 3], ["", "2026-03-03", 4]], 4):
        sheet.write_row(n, 0, cells)  # type: ignore[attr-defined]
    sheet.merge_range(4, 0, 6, 0, "B")  # type: ignore[attr-defined]


def test_merged_cells_are_told_of_and_filled_when_asked(tmp_path: Path) -> None:
    path = write(tmp_path / "o.xlsx", merged)
    orders = read_orders(path)
    said = [text for text in map(str, suggestions(orders)) if "merged" in text]
    assert said == [
        "the column customer_id has 1 merged cell, the first over the rows 5 to 7, and only the first row of "
        "each has its value: fill the others with orders.fill_down: [customer_id]"
    ]
    assert orders.set_aside["row"].tolist() == [6, 7]
    assert "合并单元格" in " ".join(map(Reader("zh").say, suggestions(orders)))
    filled = read_orders(path, options={"fill_down": ["customer_id"]})
    assert filled.accepted["customer_id"].tolist() == ["A", "B", "A", "B", "B", "B"]
    assert filled.set_aside.empty
    assert suggestions(filled) == []


def test_cells_merged_above_the_table_or_along_a_row_are_nothing_to_tell(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "o.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 1, 0, "Report")
        for n, cells in enumerate([HEADER, *ROWS], 2):
            sheet.write_row(n, 0, cells)
        sheet.merge_range(8, 1, 8, 2, "")
    assert suggestions(read_orders(tmp_path / "o.xlsx")) == []


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_empty_cells_mean_the_cell_above_in_any_source(kind: str, tmp_path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame(
        {"customer": ["A", None, "B", None], "date": ["2026-01-02"] * 4, "amount": [1.0, 2.0, 3.0, 4.0]}
    )
    path = tmp_path / f"o.{kind}"
    frame.to_csv(path, index=False) if kind == "csv" else frame.to_parquet(path)
    for source in (path, frame):
        orders = read_orders(source, options={"fill_down": ["customer_id"]})
        assert orders.accepted.groupby("customer_id")["amount"].sum().to_dict() == {"A": 3, "B": 7}


def test_nothing_is_filled_from_one_file_into_the_next(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("customer,date,amount\nA,2026-01-02,1\n")
    (tmp_path / "2.csv").write_text("customer,date,amount\n,2026-01-02,2\nB,2026-01-02,3\n")
    orders = read_orders(tmp_path, options={"fill_down": ["customer_id"]})
    assert orders.accepted["amount"].tolist() == [1, 3]
    assert orders.set_aside["reason"].tolist() == ["no customer"]


@pytest.mark.parametrize(
    ("code", "shown"), [("000000", "000042"), ('"K-"0000', "K-0042"), ("00000;-00000", "00042")]
)
def test_ids_that_a_workbook_shows_otherwise_are_told_of(code: str, shown: str, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "o.xlsx") as book:
        sheet = book.add_worksheet()
        padded = book.add_format({"num_format": code})
        for n, cells in enumerate([HEADER, [42, "2026-01-02", 5], [1234567, "2026-01-03", 6]]):
            sheet.write_row(n, 0, cells, padded if n else None)
    told = map(str, suggestions(read_orders(tmp_path / "o.xlsx")))
    assert any(f"shows 42 as {shown} in the column customer_id" in text for text in told)


@pytest.mark.parametrize("code", ["General", "0", "#,##0", "0.00", "yyyy-mm-dd"])
def test_usual_formats_are_nothing_to_tell(code: str, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "o.xlsx") as book:
        sheet = book.add_worksheet()
        usual = book.add_format({"num_format": code})
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["A", 46024], None)
        sheet.write_number(1, 2, 42, usual)
    assert workbook_xml.extents(tmp_path / "o.xlsx")["Sheet1"].padded == {}
