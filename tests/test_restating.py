from pathlib import Path

import pandas as pd

from segmentation.ledger.ledger import Ledger
from segmentation.ledger.profiles import profile
from segmentation.ledger.restating import changed_tiers, restatement, sentences
from segmentation.methods import Threshold
from segmentation.words.reader import Reader

LINES = [
    ("a", "2017-01-31", 100.0),
    ("b", "2017-01-31", 60.0),
    ("c", "2017-01-31", 5.0),
    ("c", "2017-02-28", 5.0),
]


def update(tmp_path: Path, lines: list[tuple[str, str, float]], **keys: object) -> Ledger:
    pd.DataFrame(lines, columns=["customer_id", "date", "amount"]).to_csv(tmp_path / "sales.csv", index=False)
    return Ledger.update({"path": str(tmp_path / "sales.csv"), **keys}, tmp_path / "ledger")


def stood(ledger: Ledger) -> dict[str, str]:
    return {month: ledger.checksum(month) for month in ledger.months}


def said(before: Ledger, after: Ledger, language: str = "en") -> list[str]:
    reader = Reader(language, after.currency, after.minor_units)
    return [reader.say(sentence) for sentence in sentences(before, after)]


def test_late_and_corrected_rows_are_said_with_customers_and_money(tmp_path: Path) -> None:
    was = stood(update(tmp_path, LINES))
    after = update(tmp_path, [*LINES[1:], ("a", "2017-01-31", 40.5), ("d", "2017-01-01", 70.0)])
    before = after.at(was, 2)
    assert restatement(before, after).values.tolist() == [["2017-01", 2, 165.0, 175.5, 10.5]]
    assert said(before, after) == ["restated 2017-01: 2 customers, USD 165.00 before, USD 175.50 now"]
    assert said(before, after, "zh") == ["已重述 2017-01：2 位客户，金额由 165.00 美元变为 175.50 美元"]
    assert profile(before, as_of="2017-01")["monetary"].tolist() == [100, 60, 5], "the earlier version stays"


def test_what_happens_to_the_ledger_in_between_hides_nothing(tmp_path: Path) -> None:
    was = stood(update(tmp_path, LINES))
    corrected = [("a", "2017-01-31", 1.0), *LINES[1:]]
    update(tmp_path, corrected)
    after = update(tmp_path, [*corrected, ("e", "2017-03-31", 1.0)])
    assert said(after.at(was, 2), after) == ["restated 2017-01: 1 customer, USD 165.00 before, USD 66.00 now"]


def test_a_month_whose_earlier_file_is_gone_is_said_without_it(tmp_path: Path) -> None:
    after = update(tmp_path, LINES)
    before = after.at({"2017-01": "0123456789abcdef" * 2}, 2)
    assert said(before, after) == [
        "restated 2017-01: USD 165.00 now, how it stood before is no longer in the store"
    ]
    rule = Threshold(column="monetary", cuts=(50, 20)).fit(profile(after, as_of="2017-01")).rule_
    assert changed_tiers(rule, before, after, "2017-01", 12).empty


def test_tiers_that_would_now_be_different_are_named(tmp_path: Path) -> None:
    ledger = update(tmp_path, LINES)
    was = stood(ledger)
    rule = Threshold(column="monetary", cuts=(50, 20)).fit(profile(ledger, as_of="2017-01")).rule_
    assert changed_tiers(rule, ledger.at(was, 2), ledger, "2017-01", 12).empty
    after = update(tmp_path, [*LINES[1:], ("a", "2017-01-31", 40.5), ("d", "2017-01-01", 70.0)])
    found = changed_tiers(rule, after.at(was, 2), after, "2017-01", 12)
    assert found.fillna("").values.tolist() == [["a", "A", "B"], ["d", "", "A"]]


def test_a_new_month_restates_nothing(tmp_path: Path) -> None:
    was = stood(update(tmp_path, LINES[:3]))
    after = update(tmp_path, LINES)
    assert restatement(after.at(was, 2), after).empty


def test_a_month_that_vanishes_is_restated_to_nothing(tmp_path: Path) -> None:
    was = stood(update(tmp_path, LINES))
    after = update(tmp_path, LINES[:3])
    assert restatement(after.at(was, 2), after).values.tolist() == [["2017-02", 1, 5.0, 0.0, -5.0]]


def test_amounts_are_said_in_the_decimal_digits_of_their_time(tmp_path: Path) -> None:
    was = stood(update(tmp_path, LINES))
    pd.DataFrame(LINES, columns=["customer_id", "date", "amount"]).to_csv(tmp_path / "sales.csv", index=False)
    after = Ledger.update({"path": str(tmp_path / "sales.csv")}, tmp_path / "ledger", minor_units=0)
    assert restatement(after.at(was, 2), after)["difference"].tolist() == [0, 0]
