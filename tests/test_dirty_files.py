"""Files with random damage: each ends in an exact reconciliation or a clear refusal, never in anything else.

The suite tries a few dozen; `DIRTY_FILES=1000 pytest tests/test_dirty_files.py` tries a thousand.
"""

import csv
import io
import os
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segmentation import read_orders
from segmentation.errors import SegmentationError
from segmentation.intake.asking import questions
from segmentation.ledger.ledger import Ledger

HEADER = ["客户编号", "订单编号", "订单日期", "金额"]
IDS = st.sampled_from(
    ["007", "客户甲", "nan", "a,b", 'say "hi"', "two\nlines", "<script>", " x ", "", "é", "A-1"]
)
DATES = st.sampled_from(
    [
        "2017-01-31",
        "2017-02-28 23:59:59",
        "2017/3/1",
        "2017年4月5日",
        "20170601",
        "42800",
        "2017-02-30",
        "?",
        "",
    ]
)
AMOUNTS = st.one_of(
    st.integers(-99_999, 999_999).map(lambda cents: f"{cents / 100:.2f}"),
    st.sampled_from(
        ["1,234.50", "(12.50)", "￥7", "１２．５", "", "n/a", "1e3", "9" * 30, "NaN", "-0", "0.005"]
    ),
)
ROWS = st.lists(
    st.tuples(IDS, st.sampled_from(["S1", "S2", "C3", ""]), DATES, AMOUNTS), min_size=1, max_size=40
)
DAMAGE = st.one_of(
    st.none(),
    st.tuples(st.just("cut"), st.floats(0, 1)),
    st.tuples(st.just("byte"), st.floats(0, 1), st.integers(0, 255)),
    st.tuples(
        st.just("insert"),
        st.floats(0, 1),
        st.sampled_from([b'"', b",", b"\n", b"\r\n", b"\0", b"\xff", b";"]),
    ),
    st.tuples(st.just("repeat"), st.floats(0, 1)),
)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"])


# what people's files have besides orders: each is planted, and exact, refused or asked about
PLANTS = st.sets(st.sampled_from(["title", "total", "status", "destroyed", "swapped", "second sheet"]))
DESTROYED = "1.23E+15"


def planted(rows: list[tuple[str, ...]], plants: set[str]) -> list[list[str]]:
    """The table with its header, and with what was planted."""
    table = [list(row) for row in rows]
    if "destroyed" in plants:
        table += [[DESTROYED, f"D{n}", "2017-01-15", "3.00"] for n in range(2)]
    if "swapped" in plants:  # 1 to 12 January with day and month exchanged, between the days around them
        table += [
            ["S-1", f"W{n}", f"2017-{n:02d}-01" if n < 13 else f"2017-01-{n}", "1.00"] for n in range(1, 29)
        ]
    if "total" in plants:
        table.append(["合计", "", "2017-01-31", "12345.67"])
    header = list(HEADER)
    if "status" in plants:
        header.append("订单状态")
        table = [[*row, "已取消" if n % 3 == 0 else "已完成"] for n, row in enumerate(table)]
    titles = [["2017 年销售报表", *[""] * (len(header) - 1)], [""] * len(header)] if "title" in plants else []
    return [*titles, header, *table]


def written(rows: list[list[str]], encoding: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode(encoding, "replace")


def damaged(content: bytes, damage: tuple | None) -> bytes:
    if damage is None:
        return content
    kind, place, *what = damage
    at = int(place * len(content))
    if kind == "cut":
        return content[:at]
    if kind == "byte":
        return content[:at] + bytes(what) + content[at + 1 :]
    if kind == "insert":
        return content[:at] + what[0] + content[at:]
    return content + content[at:]


def check_reconciliation(path: Path) -> None:
    """What came in is what is set aside and what is used, in rows and to the cent, and the ledger agrees."""
    orders = read_orders(path, currency="CNY")
    found = orders.reconciliation()
    parts = found[found["effect"].isin(["set aside", "accepted"])]
    whole = found.iloc[0]
    assert parts["rows"].sum() == whole["rows"]
    assert sum(Decimal(str(x)) for x in parts["amount"]) == Decimal(str(whole["amount"]))
    assert len(orders.set_aside) == found.loc[found["effect"] == "set aside", "rows"].sum()
    assert len(orders.accepted) == found.iloc[-1]["rows"]
    minor = orders.connection.execute("SELECT SUM(amount_minor) FROM lines WHERE reason IS NULL").fetchone()
    ledger = Ledger.of(orders)
    assert ledger.reconciliation()["amount"].iloc[-1] == int(minor[0]) / 100
    stored = pd.concat([pd.read_parquet(path) for path in ledger.paths(ledger.first, ledger.last)])
    assert (stored["amount_minor"].sum(), stored["lines"].sum()) == (int(minor[0]), len(orders.accepted))


@settings(
    max_examples=int(os.environ.get("DIRTY_FILES", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(rows=ROWS, encoding=ENCODINGS, damage=DAMAGE, plants=PLANTS)
def test_every_damaged_file_reconciles_or_is_refused(
    rows: list[tuple[str, ...]], encoding: str, damage: tuple | None, plants: set[str], tmp_path: Path
) -> None:
    path = tmp_path / "dirty.csv"
    path.write_bytes(damaged(written(planted(rows, plants), encoding), damage))
    refusal = "dirty.csv"
    try:
        check_reconciliation(path)
    except SegmentationError as error:
        refusal = str(error)
    assert "dirty.csv" in refusal, "a refusal names the file"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, encoding=ENCODINGS)
def test_an_undamaged_file_has_as_many_lines_as_were_written(
    rows: list[tuple[str, ...]], encoding: str, tmp_path: Path
) -> None:
    """Counted by Python's own csv module, and the plain amounts added up with decimals."""
    path = tmp_path / "clean.csv"
    path.write_bytes(written([HEADER, ["z", "S0", "2017-01-01", "1.00"], *map(list, rows)], encoding))
    found = read_orders(path, currency="CNY", options={"decimal": "."}).reconciliation().iloc[0]
    assert found["rows"] == len(rows) + 1
    assert Decimal(str(found["amount"])) == Decimal(1) + sum(cents(amount) for *_, amount in rows)


@settings(
    max_examples=max(12, int(os.environ.get("DIRTY_FILES", "60")) // 10),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(plants=PLANTS, kind=st.sampled_from(["csv", "xlsx"]))
def test_what_people_plant_is_asked_about(plants: set[str], kind: str, tmp_path: Path) -> None:
    """Clean orders, a whole month of them: whatever is planted among them is told, and nothing else is."""
    clean = [(f"K{n % 9}", f"S{n}", f"2017-02-{1 + n:02d}", f"{5 + n}.50") for n in range(28)]
    table, path = planted(clean, plants), tmp_path / f"planted.{kind}"
    if kind == "csv":
        path.write_bytes(written(table, "utf-8"))
    else:
        with pd.ExcelWriter(path) as book:
            if "second sheet" in plants:
                pd.DataFrame({"说明": ["退货见另表"], "联系人": ["李"]}).to_excel(
                    book, sheet_name="说明", index=False
                )
            pd.DataFrame(table).to_excel(book, sheet_name="订单", header=False, index=False)
    check_reconciliation(path)
    orders = read_orders(path, currency="CNY")
    assert len(orders.accepted) == len(table) - 1 - 2 * ("title" in plants)
    said = "\n".join(map(str, questions(orders)))
    signs = {
        "destroyed": DESTROYED,
        "swapped": "day and month swapped",
        "total": "sums up others ('合计' 1: 12,345.67)",
        "status": "已取消",
    }
    assert {plant for plant, sign in signs.items() if sign in said} == plants & set(signs)
    assert (said == "") == (not plants & set(signs))


ODD = {"1,234.50": "1234.50", "(12.50)": "-12.50", "￥7": "7", "１２．５": "12.5", "1e3": "1000"}


def cents(amount: str) -> Decimal:
    """A plain amount to the cent, half to even; what is no number, or too large, adds nothing."""
    try:
        value = Decimal(ODD.get(amount, amount))
    except InvalidOperation:
        return Decimal(0)
    return (
        value.quantize(Decimal("0.01"), ROUND_HALF_EVEN)
        if value.is_finite() and value < 10**13
        else Decimal(0)
    )


@pytest.mark.parametrize(
    "content", [b"", b"\n\n\n", b"\xef\xbb\xbf", b"\xff\xfe", b",,,\n,,,\n", "客户编号".encode()]
)
def test_files_with_nothing_in_them_are_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "nothing.csv"
    path.write_bytes(content)
    with pytest.raises(SegmentationError, match=r"nothing\.csv"):
        read_orders(path)
