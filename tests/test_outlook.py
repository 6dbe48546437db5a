"""Outlook, cells and next steps: by hand, and what must not change them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from life_making import shop
from test_life import study_of

from segmentation import Study, months
from segmentation.movement.outlook import steps
from segmentation.movement.outlook.forecast import by_line, drift_of, outlook
from segmentation.movement.outlook.potential import cells, ranking
from segmentation.questions import next_steps, value_loyalty
from segmentation.questions import outlook as page
from segmentation.questions.value_loyalty import valued

FACTS = ("outlook", "value_loyalty", "value_moves", "criteria", "benefit_costs")
LISTS = ("growth_candidates", "next_tier", "falling")
PIECES = (
    *(
        page.answer,
        page.by_tier,
        page.next_month,
        value_loyalty.answer,
        value_loyalty.by_cell,
        value_loyalty.moved,
        value_loyalty.growing,
    ),
    *(next_steps.answer, next_steps.near, next_steps.about_to_fall),
    *(next_steps.as_told, next_steps.what_benefits_cost),
)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return study_of(shop(), tmp_path_factory.mktemp("usual"))


# -- by hand ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ratios", "drift"),
    [
        ([], 1.0),
        ([1.2, 1.3], 1.0),  # two tell nothing
        ([1.2, 1.3, 1.4], 1.3),
        ([9.0, 1.2, 1.3, 1.4, 1.3], 1.3),  # the last four
        ([3.0, 3.1, 3.2], 2.0),
        ([0.2, 0.21, 0.22], 0.5),
        ([0.5, 1.0, 2.0], 1.0),  # they spread more than they say
        ([np.nan, 1.2, 1.3, 1.4], 1.3),
    ],
)
def test_drift(ratios: list[float], drift: float) -> None:
    assert drift_of(np.array(ratios)) == pytest.approx(drift)


def test_a_drift_is_used_only_after_it_beat_the_same_again() -> None:
    halves = np.array([64.0, 32, 16, 8, 4, 2])  # each month brings half of the last one
    came = np.array([32.0, 16, 8, 4, 2, np.nan])
    found = outlook(halves, came, 1)
    assert (found.expected, found.drift) == (1.0, 0.5)
    # at the fourth month end the drift was untried and "the same again" was used; then it was exact
    assert found.origins == 2
    assert found.mase == pytest.approx(4 / 6)
    untried = outlook(halves[:4], np.array([32.0, 16, 8, np.nan]), 1)
    assert (untried.expected, untried.drift) == (8.0, 1.0)


def test_too_few_or_too_large_errors_give_no_interval() -> None:
    level = np.full(6, 100.0)
    came = np.array([90.0, 110, 95, 105, 120, np.nan])
    found = outlook(level, came, 1)
    assert (found.low, found.high) == pytest.approx((80.0, 120.0))  # of five errors the largest
    assert np.isnan(outlook(level[2:], came[2:], 1).low)
    assert np.isnan(outlook(level, came * 3, 1).low)


def test_the_line_of_all_is_the_sum_of_the_lines() -> None:
    rows = [
        (f"2025-0{n}", line, last, last if n < 6 else np.nan)
        for n in range(1, 7)
        for line, last in (("A", 10.0), ("new", 2.0))
    ]
    found = by_line(pd.DataFrame(rows, columns=["origin", "line", "last", "following"]), ["A", "B", "new"], 1)
    assert found["line"].tolist() == ["A", "new", "all"]
    assert found["expected"].tolist() == [10.0, 2.0, 12.0]
    assert found[["low", "high"]].iloc[-1].tolist() == [12.0, 12.0]


def test_cells_and_ranking_by_hand() -> None:
    spend, loyal = np.array([1.0, 2, 3, 4, 5]), np.array([0.9, 0.1, 0.1, 0.1, 0.9])
    assert cells(spend, loyal).tolist() == ["small_loyal", *["small_loose"] * 3, "big_loyal"]
    found = ranking(np.array([0.0, 10, 0, 0, -5]), spend, spend)
    assert found == {"missed": 1.0, "captured": 0.0}
    assert ranking(np.array([0.0, 0, 0, 0, 5]), spend, spend) == {"missed": 0.0, "captured": 1.0}


def test_next_to_rise_and_to_fall_by_hand() -> None:
    customers = pd.DataFrame(
        {
            "customer_id": list("abcde"),
            "tier": ["A", "B", "B", "C", "C"],
            "monetary": [100.0, 90, 60, 49, -5],
            "average_order": [10.0, 10, 10, 1, -5],
        }
    )
    near = steps.next_tier(customers, "ABC", (100.0, 50.0))
    assert near[["customer_id", "next_tier", "short_by"]].to_numpy().tolist() == [
        ["b", "A", 10.0],
        ["d", "B", 1.0],
    ]
    fall = steps.falling(customers, "ABC", (100.0, 50.0), np.array([60.0, 40, 10, 40, 0]))
    # b keeps 50, which is on the cut; c keeps 50 too
    assert fall[["customer_id", "would_be", "below_by"]].to_numpy().tolist() == [["a", "C", 60.0]]
    costs = steps.benefit_costs(customers.assign(profit=10.0), "ABC")
    assert costs.loc[0, ["tier", "discount", "costs"]].tolist() == ["A", 0.1, 10.0]
    assert costs.loc[0, "of_profit"] == pytest.approx(0.2)


# -- what must not change it -------------------------------------------------------------------------------------


def test_a_tiers_outlook_is_the_sum_of_its_customers(usual: Study) -> None:
    """Without drift, each customer's last month, scaled to the days of the next one."""
    found = usual.ask("outlook")
    found = found[found["months_ahead"] == 1].set_index("line")
    spent = usual.later_value(usual.month, usual.month).set_index("customer_id")["value"]
    scored = usual.scored()
    own = scored["customer_id"].map(spent).fillna(0.0).groupby(scored["tier"]).sum() * 31 / 28
    for tier in usual.tier_names:
        assert found["last"][tier] == pytest.approx(own[tier])
        assert found["expected"][tier] == pytest.approx(own[tier] * found["drift"][tier])
    lines = found["expected"].drop("all")
    assert found["expected"]["all"] == pytest.approx(lines.sum())


def test_orders_after_the_month_change_nothing(usual: Study, tmp_path: Path) -> None:
    orders = shop()
    later = orders["date"] > "2025-02-28"
    assert later.any()
    doubled = study_of(pd.concat([orders[~later], orders[later].assign(amount=1.0)]), tmp_path)
    for name in (*FACTS, *LISTS):
        pd.testing.assert_frame_equal(doubled.ask(name), usual.ask(name))


def test_the_order_of_rows_and_the_names_do_not_matter(usual: Study, tmp_path: Path) -> None:
    orders = shop().sample(frac=1.0, random_state=5)
    numbers = orders["customer_id"].str[1:].astype(int)
    renamed = study_of(orders.assign(customer_id="z" + (100_000 - numbers).astype(str)), tmp_path)
    for name in FACTS:
        pd.testing.assert_frame_equal(renamed.ask(name), usual.ask(name))
    back = 100_000 - renamed.ask("growth_candidates")["customer_id"].str[1:].astype(int)
    assert set("k" + back.astype(str)) == set(usual.ask("growth_candidates")["customer_id"])


def test_money_times_a_hundred_is_the_same_outlook(usual: Study, tmp_path: Path) -> None:
    scaled = study_of(shop().assign(amount=lambda o: (o["amount"] * 100).round()), tmp_path)
    mine, other = usual.ask("outlook"), scaled.ask("outlook")
    for name in ("expected", "low_80", "high_80"):
        np.testing.assert_allclose(other[name], mine[name] * 100)
    np.testing.assert_allclose(other["drift"], mine["drift"])
    for name in LISTS[1:]:
        assert scaled.ask(name)["customer_id"].tolist() == usual.ask(name)["customer_id"].tolist()
    assert (
        scaled.ask("value_loyalty")["customers"].tolist() == usual.ask("value_loyalty")["customers"].tolist()
    )


def test_pseudonyms_give_the_same_outlook(usual: Study, tmp_path: Path) -> None:
    hidden = study_of(shop(), tmp_path, show_customer_ids=False)
    pd.testing.assert_frame_equal(hidden.ask("outlook"), usual.ask("outlook"))
    pd.testing.assert_frame_equal(hidden.ask("value_loyalty"), usual.ask("value_loyalty"))


def test_every_active_customer_is_in_one_cell_and_has_a_rank(usual: Study) -> None:
    customers = valued(usual).customers
    assert sorted(customers["customer_id"]) == sorted(usual.profile()["customer_id"])
    assert customers["potential_rank"].min() == 1
    assert usual.ask("value_loyalty")["share"].sum() == pytest.approx(1.0)
    assert not set(usual.ask("growth_candidates")["cell"]) & {"big_loyal", "big_loose"}


def test_where_the_orders_begin_nobody_counts_as_new(tmp_path: Path) -> None:
    """One cohort that stays: no newcomers are expected, though everybody was new once."""
    rows = [
        (f"c{n}", f"{month}-15", 5.0 + n) for n in range(40) for month in months.span("2024-01", "2024-12")
    ]
    study = study_of(pd.DataFrame(rows, columns=["customer_id", "date", "amount"]), tmp_path, "2024-12")
    found = study.ask("outlook").set_index(["months_ahead", "line"])["expected"]
    assert found[3, "new"] == 0.0
    assert found[3, "all"] == pytest.approx(found[3, "A"] + found[3, "B"] + found[3, "C"])


# -- too little, and another rule ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_piece_speaks(usual: Study, language: str) -> None:
    assert all(repr(piece(usual.with_(language=language))) for piece in PIECES)


@pytest.mark.parametrize("month", ["2024-01", "2024-02", "2024-04", "2024-08"])
def test_a_short_history_is_no_error(month: str, tmp_path: Path) -> None:
    study = study_of(shop(), tmp_path, month)
    assert all(repr(piece(study)) for piece in PIECES)
    said = repr(page.answer(study))
    assert ("takes orders of as many months" in said) == (month < "2024-03")


def test_a_rule_on_more_than_spend_has_no_next_amount(tmp_path: Path) -> None:
    study = study_of(shop(), tmp_path, methods={"RFM": {}})
    assert "looks at more than spend" in repr(next_steps.answer(study))
    assert study.ask("next_tier").empty
    assert len(study.ask("benefit_costs"))


def test_only_amounts_that_stand_can_be_promised(usual: Study, tmp_path: Path) -> None:
    assert "cannot be promised" in repr(next_steps.as_told(usual))
    fixed = study_of(shop(), tmp_path, methods={"Threshold": {"cuts": [300, 100]}})
    assert "can be told" in repr(next_steps.as_told(fixed))
    assert fixed.ask("criteria")["from_amount"].tolist()[:2] == [300.0, 100.0]
