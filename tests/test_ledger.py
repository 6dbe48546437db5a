import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation import read_orders
from segmentation.errors import DataError
from segmentation.ledger.ledger import Ledger

CSV = """customer_id,order_id,date,amount
b,1,2017-01-05,10.00
a,1,2017-01-06,1.00
a,1,2017-01-06,2.50
a,2,2017-01-06,4.00
a,3,2017-01-09,-2.00
a,4,2017-04-01,0
"""


def rows(ledger: Ledger, month: str) -> pd.DataFrame:
    return pd.read_parquet(ledger.paths(month, month)[0])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "sales.csv"
    path.write_text(CSV)
    return path


def test_a_month_is_one_row_a_customer_in_whole_cents(source: Path, tmp_path: Path) -> None:
    ledger = Ledger.update({"path": str(source)}, tmp_path / "ledger")
    found = rows(ledger, "2017-01")
    assert found["customer_id"].tolist() == ["a", "b"]
    a = found.iloc[0]
    assert (a["orders"], a["order_days"], a["returns"], a["lines"]) == (2, 1, 1, 4)
    assert (a["amount_minor"], a["paid_minor"], a["returns_minor"]) == (550, 750, -200)
    assert a["paid_squared"] == 350**2 + 400**2
    assert str(a["last_order"]) == "2017-01-06", "a return does not refresh recency"


def test_months_without_orders_are_there_and_empty(source: Path, tmp_path: Path) -> None:
    ledger = Ledger.update({"path": str(source)}, tmp_path / "ledger")
    assert ledger.months == ["2017-01", "2017-02", "2017-03", "2017-04"]
    assert len(rows(ledger, "2017-02")) == 0
    assert rows(ledger, "2017-04")["orders"].tolist() == [1], "an order of nothing is an order"
    assert str(ledger.last_day) == "2017-04-01"


def test_the_last_line_of_the_reconciliation_is_the_ledger(source: Path, tmp_path: Path) -> None:
    source.write_text(CSV + ",5,2017-01-01,7\n")
    ledger = Ledger.update({"path": str(source)}, tmp_path / "ledger")
    found = ledger.reconciliation().set_index("rule")
    used = found.loc[(found["rows"] > 0) & (found["effect"] != "counted"), "rows"]
    assert used.to_dict() == {"lines in the source": 7, "no customer": 1, "accepted": 6, "ledger": 6}
    assert found.loc["ledger", "amount"] == ledger.figures()["amount"].sum() == 15.5
    assert ledger.set_aside()[["file", "row", "reason", "amount"]].values.tolist() == [
        ["sales.csv", 8, "no customer", 7.0]
    ]


def test_an_unchanged_source_is_not_read_again(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Ledger.update({"path": str(source)}, tmp_path / "ledger")
    monkeypatch.setattr("segmentation.ledger.ledger.read_orders", lambda *_, **__: pytest.fail("read again"))
    again = Ledger.update({"path": str(source)}, tmp_path / "ledger")
    assert [again.checksum(month) for month in again.months] == [
        first.checksum(month) for month in first.months
    ]
    assert Ledger.open(tmp_path / "ledger").reconciliation().equals(first.reconciliation())


def test_only_changed_months_are_rewritten_and_the_earlier_version_stays(
    source: Path, tmp_path: Path
) -> None:
    before = Ledger.update({"path": str(source)}, tmp_path / "ledger")
    january, april = before.paths("2017-01", "2017-01")[0], before.paths("2017-04", "2017-04")[0]
    written = Path(april).stat().st_mtime_ns
    source.write_text(CSV.replace("a,2,2017-01-06,4.00", "a,2,2017-01-06,5.00") + "c,9,2017-05-01,1\n")
    after = Ledger.update({"path": str(source)}, tmp_path / "ledger")
    assert after.paths("2017-04", "2017-04") == [april]
    assert Path(april).stat().st_mtime_ns == written
    assert after.paths("2017-01", "2017-01") != [january]
    assert pd.read_parquet(january)["amount_minor"].sum() == 1550


def test_other_settings_read_the_source_again(source: Path, tmp_path: Path) -> None:
    Ledger.update({"path": str(source)}, tmp_path / "ledger")
    ledger = Ledger.update({"path": str(source)}, tmp_path / "ledger", minor_units=0)
    assert rows(ledger, "2017-01")["amount_minor"].tolist() == [5, 10]


@settings(max_examples=12, deadline=None)
@given(st.permutations(CSV.splitlines()[1:]))
def test_the_order_of_rows_does_not_change_a_checksum(shuffled: list[str]) -> None:
    header = CSV.splitlines()[0].split(",")
    frames = [[line.split(",") for line in some] for some in (CSV.splitlines()[1:], shuffled)]
    one, other = (Ledger.of(read_orders(pd.DataFrame(frame, columns=header))) for frame in frames)
    assert one.figures().equals(other.figures())
    assert [one.checksum(month) for month in one.months] == [other.checksum(month) for month in other.months]


def test_left_over_parts_of_a_killed_run_are_removed(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    folder.mkdir()
    (folder / "2017-01-abc.parquet.part").write_text("half a file")
    Ledger.update({"path": str(source)}, folder)
    assert not list(folder.glob("*.part"))


def test_an_absent_or_newer_ledger_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no ledger stands in this folder"):
        Ledger.open(tmp_path)
    (tmp_path / "ledger.json").write_text(json.dumps({"format": 99}))
    with pytest.raises(DataError, match="no ledger"):
        Ledger.open(tmp_path)


def test_a_month_outside_the_ledger_says_what_is_covered(source: Path, tmp_path: Path) -> None:
    ledger = Ledger.update({"path": str(source)}, tmp_path / "ledger")
    with pytest.raises(DataError, match="month 2018-01: the orders cover 2017-01 to 2017-04"):
        ledger.checksum("2018-01")


def test_lines_on_disk_taken_in_parts_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Orders of a large file are grouped a few months at a time; here three lines are many."""
    lines = [
        (f"c{n % 7}", f"S{n % 23}", f"2016-{1 + n * 5 % 12:02d}-{1 + n % 28:02d}", f"{n}.{n % 90 + 10}")
        for n in range(300)
    ]
    lines += [
        *lines[:9],
        ("", "S1", "2016-01-01", "5"),
        ("c1", "S1", "?", "7"),
        ("c2", "", "2016-05-31", "8"),
    ]
    frame = pd.DataFrame(lines, columns=["customer_id", "order_id", "date", "amount"])
    frame.to_csv(tmp_path / "sales.csv", index=False)
    whole = read_orders(tmp_path / "sales.csv")
    monkeypatch.setattr("segmentation.intake.orders._LARGE", 0)
    monkeypatch.setattr("segmentation.intake.orders._LINES_A_PART", 3)
    parted = read_orders(tmp_path / "sales.csv")
    assert (len(whole.parts), len(parted.parts)) == (1, 12)
    assert len(whole.spanning())
    pd.testing.assert_frame_equal(parted.spanning(), whole.spanning())
    pd.testing.assert_frame_equal(parted.reconciliation(), whole.reconciliation())
    pd.testing.assert_frame_equal(parted.set_aside, whole.set_aside)
    one, other = Ledger.of(whole), Ledger.of(parted)
    assert one.months == other.months
    assert [one.checksum(month) for month in one.months] == [other.checksum(month) for month in one.months]


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


HARMS: list[Callable[[Path], object]] = [
    lambda folder: (folder / "ledger.json").write_bytes(b"\xff{"),
    lambda folder: (folder / "ledger.json").write_text("[]"),
    lambda folder: (folder / "ledger.json").write_text((folder / "ledger.json").read_text()[:-40]),
    lambda folder: (folder / "ledger.json").write_text(
        (folder / "ledger.json").read_text().replace('"customers": 1,', '"customers": 2,', 1)
    ),
    lambda folder: _flip(next(folder.glob("2*.parquet"))),
    lambda folder: next(folder.glob("2*.parquet")).unlink(),
    lambda folder: next(folder.glob("2*.parquet")).write_bytes(b""),
    lambda folder: _flip(next(folder.glob("set-aside*.parquet"))),
]


@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_ledger_is_said_and_made_anew(
    source: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, harm: Callable[[Path], object]
) -> None:
    folder = tmp_path / "ledger"
    sound = Ledger.update({"path": str(source)}, folder)
    before = {month: rows(sound, month) for month in sound.months}
    harm(folder)
    again = Ledger.update({"path": str(source)}, folder)
    for month, stood in before.items():
        pd.testing.assert_frame_equal(rows(again, month), stood)
    pd.testing.assert_frame_equal(again.figures(), sound.figures())
    caplog.clear()
    Ledger.update({"path": str(source)}, folder)
    assert caplog.text == ""
