from pathlib import Path

import pandas as pd

from segmentation.ledger import Ledger
from segmentation.methods import Threshold
from segmentation.profiles import profile
from segmentation.restating import changed_tiers, restatement

LINES = [
    ("a", "2017-01-31", 100.0),
    ("b", "2017-01-31", 60.0),
    ("c", "2017-01-31", 5.0),
    ("c", "2017-02-28", 5.0),
]


def update(tmp_path: Path, lines: list[tuple[str, str, float]], **keys: object) -> Ledger:
    pd.DataFrame(lines, columns=["customer_id", "date", "amount"]).to_csv(tmp_path / "sales.csv", index=False)
    return Ledger.update({"path": str(tmp_path / "sales.csv"), **keys}, tmp_path / "ledger")


def test_late_and_corrected_rows_are_said_with_customers_and_money(tmp_path: Path) -> None:
    update(tmp_path, LINES)
    after = update(tmp_path, [*LINES[1:], ("a", "2017-01-31", 40.5), ("d", "2017-01-01", 70.0)])
    assert restatement(after).values.tolist() == [["2017-01", 2, 165.0, 175.5, 10.5, "source"]]
    before = after.before()
    assert before is not None
    assert profile(before, as_of="2017-01")["monetary"].tolist() == [100, 60, 5], "the earlier version stays"


def test_tiers_that_would_now_be_different_are_named(tmp_path: Path) -> None:
    ledger = update(tmp_path, LINES)
    rule = Threshold(column="monetary", cuts=(50, 20)).fit(profile(ledger, as_of="2017-01")).rule_
    assert changed_tiers(rule, ledger, "2017-01", 12).empty
    after = update(tmp_path, [*LINES[1:], ("a", "2017-01-31", 40.5), ("d", "2017-01-01", 70.0)])
    found = changed_tiers(rule, after, "2017-01", 12)
    assert found.fillna("").values.tolist() == [["a", "A", "B"], ["d", "", "A"]]


def test_a_new_month_restates_nothing(tmp_path: Path) -> None:
    update(tmp_path, LINES[:3])
    after = update(tmp_path, LINES)
    assert restatement(after).empty
    assert after.before() is None


def test_a_month_that_vanishes_is_restated_to_nothing(tmp_path: Path) -> None:
    update(tmp_path, LINES)
    assert restatement(update(tmp_path, LINES[:3])).values.tolist() == [
        ["2017-02", 1, 5.0, 0.0, -5.0, "source"]
    ]


def test_other_settings_are_not_taken_for_other_orders(tmp_path: Path) -> None:
    update(tmp_path, LINES)
    after = update(tmp_path, LINES, test_customers=["a"])
    assert set(restatement(after)["because"]) == {"settings"}
