"""What holds for every method on every population: no tier hangs on order, ids, units, threads or luck."""

import duckdb
import numpy as np
import pandas as pd
import pytest
from customers import FORMS, INDEPENDENT, in_other_units, make, profiles
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.methods import ABC, RFM, Clusters, Scorecard, Threshold
from segmentation.rules import CentresRule, PointsRule, Rule

CONNECTION = duckdb.connect()
every_form = pytest.mark.parametrize("name", FORMS)
examples = settings(max_examples=7, deadline=None)


def learn(name: str, profile: pd.DataFrame) -> Rule:
    """The rule that a fresh copy of the form learns."""
    form = FORMS[name]
    options = form.get_params()
    if isinstance(form, Scorecard) and profile["mean_gap_days"].isna().all():
        options["criteria"] = {k: v for k, v in options["criteria"].items() if k != "mean_gap_days"}
    return type(form)(**options).fit(profile).rule_


def tiers(name: str, profile: pd.DataFrame) -> pd.Series:
    return learn(name, profile).apply(profile).set_index("customer_id")["tier"]


@every_form
@examples
@given(profile=profiles(), order=st.randoms(use_true_random=False))
def test_rows_and_ids_in_any_order_give_the_same_tiers(name: str, profile: pd.DataFrame, order) -> None:
    places = list(range(len(profile)))
    order.shuffle(places)
    new_ids = [f"z{place}" for place in places]
    renamed = dict(zip(profile["customer_id"], new_ids))
    shuffled = profile.assign(customer_id=new_ids).iloc[places]
    expected = tiers(name, profile).rename(index=renamed)
    pd.testing.assert_series_equal(tiers(name, shuffled).sort_index(), expected.sort_index())


@every_form
@examples
@given(profile=profiles())
def test_another_currency_unit_gives_the_same_tiers(name: str, profile: pd.DataFrame) -> None:
    if isinstance(FORMS[name], Threshold):
        return  # its amounts are the user's own
    pd.testing.assert_series_equal(tiers(name, in_other_units(profile, 100)), tiers(name, profile))


@every_form
@examples
@given(profile=profiles())
def test_equal_customers_get_equal_tiers(name: str, profile: pd.DataFrame) -> None:
    tiered = learn(name, profile).apply(profile)
    alike = tiered.groupby([c for c in profile.columns if c != "customer_id"], dropna=False)
    assert (alike["tier"].nunique() == 1).all()
    assert (alike["score"].nunique() == 1).all()


@pytest.mark.parametrize("name", INDEPENDENT)
@examples
@given(profile=profiles(largest=15))
def test_better_on_every_criterion_is_never_lower(name: str, profile: pd.DataFrame) -> None:
    rule = learn(name, profile)
    assert isinstance(rule, PointsRule)
    tiered = rule.apply(profile)
    better = {criterion.column: criterion.better for criterion in rule.criteria} | {"monetary": "high"}
    values = np.column_stack(
        [tiered[c] if way == "high" else -tiered[c] for c, way in better.items()]
    ).astype(float)
    rank = tiered["tier"].map({tier: place for place, tier in enumerate(rule.tiers)}).to_numpy()
    if np.isnan(values).any():
        values = values[:, ~np.isnan(values).any(axis=0)]
        rank = None  # a shared-out weight compares customers on different criteria
    for one in range(len(values)):
        dominated = (values[one] >= values).all(axis=1)
        if rank is not None:
            assert (rank[dominated] >= rank[one]).all()


@every_form
@examples
@given(profile=profiles())
def test_json_there_and_back_is_the_same_rule(name: str, profile: pd.DataFrame) -> None:
    rule = learn(name, profile)
    again = Rule.from_json(rule.to_json())
    assert again == rule
    assert again.to_json() == rule.to_json()
    pd.testing.assert_frame_equal(again.apply(profile), rule.apply(profile))


@every_form
@examples
@given(profile=profiles(), other=profiles())
def test_sql_on_duckdb_equals_apply(name: str, profile: pd.DataFrame, other: pd.DataFrame) -> None:
    rule = learn(name, profile)
    for customers in (profile, other):
        expected = rule.apply(customers).set_index("customer_id")
        CONNECTION.register("customers", customers)
        found = CONNECTION.execute(rule.to_sql("customers")).df().set_index("customer_id")
        found = found.loc[expected.index].astype(expected.dtypes[found.columns])
        pd.testing.assert_frame_equal(found, expected[list(found.columns)], check_exact=True)


@every_form
@examples
@given(profile=profiles())
def test_every_cut_occurs_in_the_data(name: str, profile: pd.DataFrame) -> None:
    rule = learn(name, profile)
    if isinstance(rule, CentresRule) or name in ("Threshold", "Threshold low", "Scorecard", "RFM given"):
        return
    for criterion in rule.criteria:
        known = set(profile[criterion.column])
        tables = [criterion.cuts or (), *(criterion.within or {}).values()]
        assert all(cut in known for table in tables for cut in table if cut is not None)
    if rule.tier_cuts:
        scores = set(rule.apply(profile)["score"])
        assert all(cut in scores for cut in rule.tier_cuts if cut is not None)


@every_form
@examples
@given(profile=profiles())
def test_nobody_without_net_spend_is_above_the_lowest_tier(name: str, profile: pd.DataFrame) -> None:
    rule = learn(name, profile)
    tiered = rule.apply(profile)
    assert (tiered.loc[tiered["monetary"] <= 0, "tier"] == rule.tiers[-1]).all()
    assert sum(rule.counts.values()) == len(profile) == rule.customers


@pytest.mark.parametrize("scores", range(2, 10))
@examples
@given(profile=profiles())
def test_every_cell_is_in_exactly_one_segment(scores: int, profile: pd.DataFrame) -> None:
    table = {"Best": {"R": [scores, scores], "F": [scores, scores]}, "Rest": "else"}
    rule = RFM(scores=scores, segments=table, segment_tiers={"Best": "A", "Rest": "C"}).fit(profile).rule_
    audit = rule.audit()
    assert audit.ok
    assert audit.cells == scores**3


@pytest.mark.parametrize("table", ["eight", "ten", "eleven", "three"])
def test_the_built_in_tables_cover_every_cell_exactly_once(table: str) -> None:
    profile = make([(r, f, 100 * m, None) for r in range(6) for f in range(1, 6) for m in range(1, 6)])
    rule = RFM(segments=table).fit(profile).rule_
    audit = rule.audit()
    assert audit.ok
    assert audit.cells == {"eight": 8, "three": 3}.get(table, 125)
    assert audit.out_of_reach == audit.empty_tiers == ()


@pytest.mark.parametrize("kind", [(30, 1, 1000, None), (30, 1, -5, None)])
@every_form
def test_customers_who_are_all_equal_are_together(name: str, kind: tuple[int, int, int, None]) -> None:
    tiered = learn(name, make([kind] * 5)).apply(make([kind] * 5))
    assert tiered["tier"].nunique() == 1
    if kind[2] < 0:
        assert set(tiered["tier"]) == {"C"}


@pytest.mark.parametrize("threads", [1, 2])
def test_threads_change_no_centre(threads: int) -> None:
    from threadpoolctl import threadpool_limits

    generator = np.random.default_rng(1)
    kinds = [
        (int(r), int(f), int(c), None)
        for r, f, c in zip(
            generator.integers(0, 300, 4000),
            generator.geometric(0.4, 4000),
            generator.lognormal(8, 1, 4000),
        )
    ]
    with threadpool_limits(threads):
        text = Clusters(k=4).fit(make(kinds)).rule_.to_json()
    assert text == Clusters(k=4).fit(make(kinds)).rule_.to_json()


@every_form
def test_scikit_learn_clones_a_method(name: str) -> None:
    from sklearn.base import clone

    form = FORMS[name]
    copy = clone(form)
    assert type(copy) is type(form)
    assert copy.get_params() == form.get_params()
    assert not hasattr(copy, "rule_")


def test_fitting_keeps_no_reference_to_the_data() -> None:
    import gc
    import weakref

    profile = make([(1, 2, 300, None), (5, 1, 100, None), (9, 9, 900, None)])
    kept = weakref.ref(profile)
    fitted = [method.fit(profile) for method in (ABC(), RFM(scores=2), Clusters(k=2))]
    del profile
    gc.collect()
    assert kept() is None
    assert len(fitted) == 3
