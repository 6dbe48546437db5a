"""Why a customer has a tier: what is said was tried, and nothing smaller would do."""

import numpy as np
import pandas as pd
import pytest
from customers import FORMS, make, profiles
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.errors import DataError
from segmentation.methods import ABC, RFM, Clusters, Scorecard, Threshold
from segmentation.rules import PointsRule, Rule
from segmentation.rules.explain import Change

CUSTOMERS = make([(1, 9, 90000, None), (20, 5, 9000, None), (60, 2, 3000, None), (300, 1, 500, None)] * 5)


def changed(rule: Rule, row: pd.Series, change: Change) -> str:
    values = {column: row[column] for column in rule.columns} | {change.column: change.changed}
    return str(rule.apply(pd.DataFrame([values]))["tier"].iloc[0])


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=8, deadline=None)
@given(profile=profiles(largest=12), place=st.integers(0, 10**6))
def test_every_change_that_is_named_does_what_it_says(name: str, profile: pd.DataFrame, place: int) -> None:
    if name == "Scorecard" and profile["mean_gap_days"].isna().all():
        return
    form = FORMS[name]
    rule = type(form)(**form.get_params()).fit(profile).rule_
    row = profile.iloc[place % len(profile)]
    tier = rule.apply(profile)["tier"].iloc[place % len(profile)]
    found = rule.explain(row)
    assert found.tier == tier
    for better, changes in ((True, found.lifts), (False, found.lowers)):
        for change in changes:
            assert changed(rule, row, change) == change.tier
            assert (rule.tiers.index(change.tier) < rule.tiers.index(tier)) == better
            assert change.value == row[change.column]
    for language in ("en", "zh"):
        assert str(rule.explain(row, language)).strip()


@settings(max_examples=30, deadline=None)
@given(profile=profiles(largest=12), place=st.integers(0, 10**6))
def test_no_smaller_change_of_days_or_orders_would_do(profile: pd.DataFrame, place: int) -> None:
    rule = RFM(scores=3).fit(profile).rule_
    row = profile.iloc[place % len(profile)]
    found = rule.explain(row)
    for column, lowest in (("recency_days", 0), ("frequency", 1)):
        every = np.arange(lowest, 720)
        rows = pd.DataFrame([{c: row[c] for c in rule.columns}] * len(every)).assign(**{column: every})
        ranks = rule.apply(rows)["tier"].map(rule.tiers.index).to_numpy()
        now = rule.tiers.index(found.tier or "")
        for changes, does in ((found.lifts, ranks < now), (found.lowers, ranks > now)):
            named = [change for change in changes if change.column == column]
            distances = np.abs(every[does] - row[column])
            assert bool(named) == bool(len(distances))
            if named:
                assert abs(named[0].changed - row[column]) == distances.min()


def test_an_amount_is_lifted_to_the_cut_and_lowered_below_it() -> None:
    rule = Threshold(cuts=(50, 100)).fit(CUSTOMERS).rule_
    found = rule.explain(CUSTOMERS.iloc[1])
    assert found.tier == "B"
    assert (found.lift, found.lower) == (
        Change("monetary", 90.0, 100.0, "A"),
        Change("monetary", 90.0, 49.99, "C"),
    )
    assert str(found).splitlines() == [
        "Tier B, score 90: spend USD 90.00.",
        "It would rise to A with spend USD 100.00 instead of USD 90.00.",
        "It would fall to C with spend USD 49.99 instead of USD 90.00.",
    ]
    assert "若消费金额由 USD 90.00 变为 USD 100.00，则升为 A 级。" in str(
        rule.explain(CUSTOMERS.iloc[1], "zh")
    )


def test_the_floor_is_given_as_the_reason() -> None:
    rule = RFM(scores=3).fit(CUSTOMERS).rule_
    found = rule.explain(CUSTOMERS.iloc[0].to_dict() | {"monetary": -5.0})
    assert found.tier == "C"
    assert "The lowest tier because of its spend, whatever the score." in found.sentences
    assert found.lift is not None
    assert (found.lift.column, found.lift.changed) == ("monetary", 0.01)


def test_a_cluster_is_left_at_its_border() -> None:
    rule = Clusters(k=3).fit(CUSTOMERS).rule_
    found = rule.explain(CUSTOMERS.iloc[2])
    assert found.lift is not None
    assert {change.column for change in found.lifts} == {"frequency", "monetary"}
    for change in found.lifts:
        step = 0.01 if change.column == "monetary" else 1.0
        back = step if change.changed < change.value else -step
        nearer = change._replace(changed=round(change.changed + back, 2))
        assert changed(rule, CUSTOMERS.iloc[2], change) == change.tier
        assert changed(rule, CUSTOMERS.iloc[2], nearer) == found.tier


def test_the_best_customer_cannot_rise() -> None:
    found = ABC().fit(CUSTOMERS).rule_.explain(CUSTOMERS.iloc[0])
    assert found.lift is None
    assert len(found.sentences) == 2


def test_an_empty_value_leaves_no_tier_and_says_so() -> None:
    prospects = pd.DataFrame({"assets": [5.0, 1.0, None], "size": ["big", "small", "big"]})
    sizes = {"categories": {"big": 9, "small": 1}}
    card = Scorecard({"assets": {}, "size": sizes}, missing="refuse").fit(prospects)
    found = card.rule_.explain(prospects.iloc[2])
    assert found.tier is None
    assert str(found) == "No tier, because a value is empty: assets – (–); size big."


def test_a_row_without_a_column_is_refused() -> None:
    rule = RFM(scores=3).fit(CUSTOMERS).rule_
    assert isinstance(rule, PointsRule)
    with pytest.raises(DataError, match="the row has no frequency, monetary; the rule reads recency_days"):
        rule.explain({"recency_days": 3})
