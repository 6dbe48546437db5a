"""One customer explained: tier and reason by every method, the months before, the dormant, the unknown."""

import re
from pathlib import Path

import pandas as pd
import pytest

from segmentation.command.explaining import explain
from segmentation.errors import ParameterError
from segmentation.study.settings import Settings

# January to April: 007 falls from A to B and goes, steady stays, late comes in March
SPENT = {"007": [120, 60, 0, 0], "steady": [200, 200, 200, 200], "late": [0, 0, 10, 10]}


@pytest.fixture
def settings(tmp_path: Path):
    rows = [
        (customer, f"2017-{month:02d}-28", amount)
        for customer, amounts in SPENT.items()
        for month, amount in enumerate(amounts, 1)
        if amount
    ]
    rows += [("steady", "2017-04-30", 1)]
    frame = pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
    frame.to_csv(tmp_path / "orders.csv", index=False)

    def settings(**given: object) -> Settings:
        whole = {
            "orders": "orders.csv",
            "month": "2017-04",
            "window_months": 1,
            "methods": {"Threshold": {"cuts": [100, 50]}, "ABC": {}},
        }
        return Settings.of({**whole, **given}, root=tmp_path)

    return settings


def test_a_customer_has_every_tier_with_its_reason_and_the_months_before(settings) -> None:
    text = explain(settings(month="2017-02"), "007")
    assert text.startswith("Customer 007 is B (Main) in February 2017, by Threshold.")
    assert re.search(r"Threshold +B +60\nABC +A +60", text)
    assert text.count("USD 100.00") == 1, "what would lift the tier"
    assert re.search(r"2017-01 +A +120.00 .*2017-01-28\n2017-02 +B +60.00 .*2017-02-28", text)


def test_the_dormant_and_those_not_yet_there_have_a_history(settings) -> None:
    gone = explain(settings(), "007")
    assert "dormant: the last order is of 2017-02-28, none in the 1 month up to April 2017" in gone
    assert re.search(r"2017-03 +Dormant +–.*\n2017-04 +Dormant", gone)
    assert "ABC" not in gone
    late = explain(settings(), "late")
    assert "2017-03" in late
    assert "2017-02" not in late, "who was not there yet has no row"


def test_the_first_language_is_spoken(settings) -> None:
    text = explain(settings(language=["zh", "en"]), "steady")
    assert text.startswith("按固定分界，客户 steady 在2017年4月为 A（关键）。")
    words = set(re.findall("[A-Za-z]{2,}", text)) - {"ABC", "USD", "steady"}
    assert words == set()


def test_a_tier_by_hand_is_said_beside_the_rules(settings, tmp_path: Path) -> None:
    (tmp_path / "by-hand.csv").write_text("customer_id,tier,who,why,until\nlate,A,Li,bid,2017-12-31\n")
    text = explain(settings(overrides="by-hand.csv"), "late")
    assert "Customer late is A (Key) in April 2017; Threshold alone says C (Ordinary)." in text


@pytest.mark.parametrize(("asked", "nearest"), [("7", "007"), ("Steady", "steady"), ("stedy", "steady")])
def test_an_unknown_customer_names_the_nearest(settings, asked: str, nearest: str) -> None:
    with pytest.raises(ParameterError, match=f"no customer {asked!r} ordered .*; did you mean {nearest!r}"):
        explain(settings(), asked)
    with pytest.raises(ParameterError, match=r"ordered up to the end of 2017-04$"):
        explain(settings(), "zzzzzzzz")


def test_a_method_that_fails_or_has_no_rule_says_so(settings) -> None:
    text = explain(
        settings(methods={"ABC": {}, "Mine": {"use": "Threshold", "column": "no", "cuts": [2, 1]}}), "late"
    )
    assert "Mine failed: " in text


def test_the_lists_and_the_months_stand_there_too(settings) -> None:
    text = explain(settings(month="2017-02"), "007")
    assert "On the lists: To do, Lost," in text
    assert re.search(r"Spend of the last months\nMonth +Spend, USD\n2017-01 +120.00\n2017-02 +60.00", text)
    assert "On the lists: Key customers." in explain(settings(month="2017-02"), "steady")
