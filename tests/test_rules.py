"""Rules: applied, stored, sent as SQL, said; on literal data small enough to check by eye."""

import json

import duckdb
import numpy as np
import pandas as pd
import pytest

from segmentation.errors import DataError, ParameterError
from segmentation.rules import CentresRule, Cluster, Criterion, Feature, Floor, PointsRule, Rule, Segment

CUSTOMERS = pd.DataFrame(
    {
        "customer_id": ["007", "008", "009", "010"],
        "recency_days": [10, 99, 100, 400],
        "frequency": [9, 3, 2, 1],
        "monetary": [500.0, 100.0, 99.99, -5.0],
    },
    index=[3, 1, 2, 0],
)
R = Criterion(
    code="R", column="recency_days", better="low", cuts=(300.0, 99.0), points=(1.0, 2.0, 3.0), weight=2.0
)
F = Criterion(code="F", column="frequency", cuts=(2.0, 2.0), points=(1.0, 2.0, 3.0))
TWO = PointsRule(method="RFM", tiers=("A", "B", "C"), criteria=(R, F), tier_cuts=(9.0, 5.0), floor=Floor())
TABLE = PointsRule(
    method="RFM",
    tiers=("A", "B"),
    criteria=(R, F),
    segments=(
        Segment(name="Can't 'lose' \\ me", tier="A", where=({"R": (3, 3)}, {"F": (3, 3)})),
        Segment(name="Rest", tier="B"),
    ),
)
CENTRES = CentresRule(
    method="Clusters",
    tiers=("A", "B"),
    features=(Feature(column="monetary", unit=100.0, mean=0.5, sd=2.0),),
    clusters=(Cluster(name="high", tier="A", centre=(0.5,)), Cluster(name="low", tier="B", centre=(-0.25,))),
)


def same_in_duckdb(rule: Rule, customers: pd.DataFrame) -> None:
    """The SQL gives the same score, tier and segment as apply, customer by customer."""
    expected = rule.apply(customers).set_index("customer_id")
    connection = duckdb.connect()
    connection.register("customers", customers)
    found = connection.execute(rule.to_sql("customers")).df().set_index("customer_id")
    names = ["score", "tier", *(["segment"] if rule.segment_names else [])]
    assert list(found.columns) == names
    found = found.loc[expected.index].astype(expected.dtypes[names])
    pd.testing.assert_frame_equal(found, expected[names])


def test_a_value_on_a_cut_belongs_to_the_better_side() -> None:
    tiered = TWO.apply(CUSTOMERS)
    assert tiered["score"].tolist() == [9.0, 9.0, 7.0, 3.0]
    assert tiered["tier"].tolist() == ["A", "A", "B", "C"]
    assert TWO.codes(CUSTOMERS)["F"].tolist() == [3, 3, 3, 1]


def test_rows_order_index_and_attrs_stay() -> None:
    customers = CUSTOMERS.copy()
    customers.attrs["as_of"] = "2017-12"
    tiered = TWO.apply(customers)
    assert tiered.index.tolist() == [3, 1, 2, 0]
    assert tiered.attrs["as_of"] == "2017-12"
    assert "tier" not in customers.columns
    pd.testing.assert_frame_equal(TWO.apply(tiered), tiered)


def test_net_spend_of_zero_or_less_is_the_lowest_tier() -> None:
    customers = CUSTOMERS.assign(monetary=[0.0, 0.01, -1.0, 5.0])
    assert TWO.apply(customers)["tier"].tolist() == ["C", "A", "C", "C"]


def test_first_matching_segment_decides_and_the_last_takes_the_rest() -> None:
    tiered = TABLE.apply(CUSTOMERS)
    assert tiered["segment"].tolist() == ["Can't 'lose' \\ me"] * 3 + ["Rest"]
    assert tiered["tier"].tolist() == ["A", "A", "A", "B"]


def test_a_cell_in_no_segment_is_refused_by_name() -> None:
    gap = TABLE.model_copy(update={"segments": TABLE.segments[:1]})
    with pytest.raises(DataError, match=r"row 4: cell 1-1 is in no segment .*1 such rows"):
        gap.apply(CUSTOMERS)


def test_nested_cuts_hold_within_their_cell_only() -> None:
    nested = F.model_copy(update={"within": {"3": (9.0, 10.0)}})
    rule = TWO.model_copy(update={"criteria": (R, nested)})
    assert rule.codes(CUSTOMERS)["F"].tolist() == [2, 1, 3, 1]
    same_in_duckdb(rule, CUSTOMERS)


def test_equally_near_belongs_to_the_better_cluster() -> None:
    middle = 100.0 * np.expm1((0.5 - 0.25) / 2 * 2.0 + 0.5)
    customers = pd.DataFrame({"customer_id": list("abc"), "monetary": [middle, middle * 0.999, -3.0]})
    assert CENTRES.apply(customers)["segment"].tolist() == ["high", "low", "low"]
    same_in_duckdb(CENTRES, customers)


@pytest.mark.parametrize("rule", [TWO, TABLE, CENTRES])
def test_json_round_trip_is_identical(rule: Rule) -> None:
    text = rule.to_json()
    assert Rule.from_json(text) == rule
    assert Rule.from_json(text).to_json() == text


@pytest.mark.parametrize("rule", [TWO, TABLE, CENTRES])
def test_sql_gives_the_same(rule: Rule) -> None:
    same_in_duckdb(rule, CUSTOMERS)


@pytest.mark.parametrize(
    ("missing", "scores", "tiers"),
    [
        ("lowest", [6.0 + 1.0, 2.0 + 3.0, 2.0 + 1.0], ["B", "B", "C"]),
        ("share", [6.0 / 2.0 * 3.0, 3.0 / 1.0 * 3.0, None], ["A", "A", None]),
        ("refuse", [None, None, None], [None, None, None]),
    ],
)
def test_empty_values(missing: str, scores: list[float | None], tiers: list[str | None]) -> None:
    customers = pd.DataFrame(
        {
            "customer_id": ["a", "b", "c"],
            "recency_days": [5.0, None, None],
            "frequency": [None, 8.0, None],
            "monetary": [1.0, 1.0, 1.0],
        }
    )
    rule = TWO.model_copy(update={"missing": missing})
    tiered = rule.apply(customers)
    assert tiered["score"].astype(object).where(tiered["score"].notna(), None).tolist() == scores
    assert tiered["tier"].astype(object).where(tiered["tier"].notna(), None).tolist() == tiers
    same_in_duckdb(rule, customers)
    with pytest.raises(DataError, match=r"row 2 \(customer 'b'\): recency_days is empty \(2 such rows\)"):
        TWO.apply(customers)


def test_sql_never_lifts_an_empty_value() -> None:
    customers = CUSTOMERS.assign(recency_days=[None, 1.0, 1.0, 1.0])
    for rule in (TWO, TABLE):
        connection = duckdb.connect()
        connection.register("customers", customers)
        row = connection.execute(rule.to_sql("customers") + " WHERE `customer_id` = '007'").fetchone()
        assert row is not None
        assert set(row[1:]) == {None}


def test_categories_give_points_to_texts() -> None:
    points = {"listed": 2.0, "owner's": 1.0}
    rule = PointsRule(
        method="Scorecard",
        tiers=("A", "B"),
        criteria=(Criterion(code="T", column="type", categories=points, weight=3.0),),
        tier_cuts=(6.0,),
    )
    prospects = pd.DataFrame({"customer_id": ["a", "b"], "type": ["listed", "owner's"]})
    assert rule.apply(prospects)["score"].tolist() == [6.0, 3.0]
    same_in_duckdb(rule, prospects)
    with pytest.raises(DataError, match="row 2: type 'club' has no points; known: listed, owner's"):
        rule.apply(prospects.assign(type=["listed", "club"]))


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_infinite_values_are_refused(value: float) -> None:
    with pytest.raises(DataError, match="monetary is infinite"):
        TWO.apply(CUSTOMERS.assign(monetary=[1.0, value, 1.0, 1.0]))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 9}, "version 9 is newer than this package reads"),
        ({"version": "1"}, "version '1' is not a schema version"),
        ({"kind": "magic"}, "kind 'magic' is not known"),
        ({"colour": "red"}, "rule: colour: unknown key"),
        ({"tier_cuts": [5.0, 9.0]}, "tier_cuts are out of order"),
        ({"tier_cuts": [5.0]}, "3 tiers need 2 cuts"),
        ({"tier_cuts": ["9", 5]}, "rule: tier_cuts.0.*got '9'"),
        ({"tier_cuts": None}, "give tier_cuts .* or segments"),
        ({"tiers": ["A", "A", "C"]}, "the names must be distinct"),
        ({"criteria": []}, "criteria"),
    ],
)
def test_malformed_rules_are_refused(change: dict[str, object], message: str) -> None:
    text = json.dumps({**json.loads(TWO.to_json()), **change})
    with pytest.raises(ParameterError, match=message):
        Rule.from_json(text)


def test_cuts_out_of_order_are_refused() -> None:
    text = TWO.to_json().replace("99.0", "999.0")
    with pytest.raises(ParameterError, match=r"recency_days: cuts are out of order: \[300.0, 999.0\].*desc"):
        Rule.from_json(text)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"kind": "points", "kind": "points"}', '{"version": NaN}'])
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(ParameterError, match="rule: "):
        Rule.from_json(text)


def test_no_part_of_a_rule_changes_after_it_is_made() -> None:
    with pytest.raises(ValueError, match="frozen"):
        TWO.method = "ABC"  # type: ignore[misc]


def test_the_statement_says_every_cut_with_its_closed_side() -> None:
    said = TWO.statement().splitlines()
    assert (
        "R (days since last order): 3: 99 days or less; 2: from 100 days to 300 days; 1: above 300 days."
        in said
    )
    assert "F (orders): 3: 2 or more; 2: nobody reached it; 1: below 2." in said
    assert "Score = 2 × R + F." in said
    assert "Tier B: score from 5 to below 9." in said
    assert said[-1].startswith("Not used: days with an order, profit, returns,")
    assert "spend" not in said[-1]


def test_the_statement_in_chinese_says_the_same_cuts() -> None:
    said = TWO.statement("zh")
    assert "R（距上次下单天数）：3：不高于 99 天；2：100 天～300 天（均含）；1：高于 300 天。" in said
    with pytest.raises(ParameterError, match="language: 'fr'"):
        TWO.statement("fr")
