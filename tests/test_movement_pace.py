"""Where customers are heading: the look ahead by hand, and how its lists turn out where the truth is planted."""

from pathlib import Path

import pandas as pd
import pytest

from segmentation import Study
from segmentation.questions.actions import actions
from segmentation.questions.key import key_customers
from segmentation.questions.list_record import list_record, said
from segmentation.questions.lost import lost
from segmentation.questions.pace import pace
from segmentation.questions.watch import rising, slipping

GIVEN = {"month": "2025-09", "window_months": 6, "methods": {"T": {"use": "Threshold", "cuts": [500, 100]}}}


def spends(name: str, *amounts: float) -> list[tuple[str, str, float]]:
    """One order on the tenth of every month from January 2025 on; none where nothing was spent."""
    return [(name, f"2025-{m:02d}-10", amount) for m, amount in enumerate(amounts, start=1) if amount]


ROWS = [
    *(row for n in range(8) for row in spends(f"steady{n}", *[200 + n] * 9)),
    *spends("fading", 200, 200, 200, 200, 200, 200, 80, 20, 10),
    *spends("faded", 200, 200, 200, 10, 10, 10, 10, 10, 10),
    *spends("star", 20, 20, 20, 20, 20, 20, 100, 120, 140),
    *spends("gone", 0, 300, 300, 0, 0, 0, 0, 0, 0),
    *spends("new", 0, 0, 0, 0, 0, 0, 0, 0, 900),
]


@pytest.fixture
def study(tmp_path: Path) -> Study:
    orders = tmp_path / "orders.csv"
    pd.DataFrame(ROWS, columns=["customer_id", "order_date", "amount"]).to_csv(orders, index=False)
    return Study.open({**GIVEN, "orders": str(orders), "store": str(tmp_path / "store")})


def test_the_look_ahead_by_hand(study: Study) -> None:
    found = pace(study).set_index("customer_id")
    # fading: 110 in July to September, which stay, and 110 more
    assert found.loc["fading", ["monetary_ahead", "tier_ahead"]].tolist() == [220.0, "B"]
    assert found.loc["star", ["monetary_ahead", "tier_ahead", "tier_ahead_less"]].tolist() == [
        720.0,
        "A",
        "A",
    ]
    assert found["tier_ahead"].loc["steady0"] == "A"


def test_the_lists_name_who_is_on_the_way(study: Study) -> None:
    assert slipping(study)["customer_id"].tolist() == ["fading"]
    assert rising(study)[["customer_id", "tier_ahead"]].values.tolist() == [["star", "A"]]


def test_the_record_is_what_followed_the_earlier_lists(study: Study) -> None:
    """At the end of June faded is on the way out: 600 + 30, A in June, C in September."""
    held = list_record(study).set_index(["watch_list", "month"])
    june = held.loc[("slips", "2025-06")]
    assert june[["named", "came_true", "share_true"]].tolist() == [1, 1, 1.0]
    # of eight steady ones, fading, faded and gone two are not A three months later
    assert june["base_rate"] == pytest.approx(2 / 11)
    assert "1 customer named so at 1 earlier month end" in str(said(study, "slips"))
    assert list_record(study.with_(window_months=1)).empty
    assert "untried" in str(said(study.with_(window_months=1), "slips"))


def test_every_key_customer_of_last_month_who_is_not_key_now_is_lost_and_to_be_acted_on(study: Study) -> None:
    august = study.with_(month="2025-08")
    was, now = (s.scored().query("tier == 'A'")["customer_id"] for s in (august, study))
    missing = sorted(set(was) - set(now))
    assert sorted(lost(study)["customer_id"]) == missing
    assert set(missing) <= set(actions(study)["customer_id"])


def test_an_action_has_what_happened_money_and_a_day(study: Study) -> None:
    found = actions(study).set_index("customer_id")
    assert found.index.is_unique
    assert found.loc["fading", ["tier", "event"]].tolist() == ["A", "slips"]
    # the last order is 20 days old, the usual gap 30: due in ten days or so, not at the month's end
    assert str(found.loc["fading", "by_when"].date()) == "2025-10-10"
    assert str(found.loc["star", "by_when"].date()) == "2025-10-31"
    assert found["at_stake"].is_monotonic_decreasing


def test_the_key_customers_are_a_list(study: Study) -> None:
    found = key_customers(study)
    assert found["customer_id"].tolist()[0] == "steady7"
    assert set(found["customer_id"]) == set(study.scored().query("tier == 'A'")["customer_id"])
    assert found["monetary"].is_monotonic_decreasing
