"""The proof that a rule covers every customer exactly once, and that it finds what is wrong with others."""

import pandas as pd
import pytest

from segmentation.errors import ParameterError
from segmentation.methods import RFM, Clusters, Threshold
from segmentation.rules import CentresRule, Cluster, Criterion, Feature, PointsRule, Segment

SCORES = {
    "points": (1.0, 2.0, 3.0, 4.0, 5.0),
}
CRITERIA = (
    Criterion(code="R", column="recency_days", better="low", cuts=(90.0, 60.0, 30.0, 10.0), **SCORES),
    Criterion(code="F", column="frequency", cuts=(2.0, 3.0, 5.0, 9.0), **SCORES),
    Criterion(code="M", column="monetary", cuts=(10.0, 20.0, 50.0, 100.0), **SCORES),
)

# The eleven segments as marketing pages print them, by ranges of R, F and M (a score of 0 there is a 1 here).
WELL_KNOWN = {
    "Champions": ((4, 5), (4, 5), (4, 5)),
    "Loyal Customers": ((2, 5), (3, 5), (3, 5)),
    "Potential Loyalist": ((3, 5), (1, 3), (1, 3)),
    "New Customers": ((4, 5), (1, 1), (1, 1)),
    "Promising": ((3, 4), (1, 1), (1, 1)),
    "Need Attention": ((2, 3), (2, 3), (2, 3)),
    "About To Sleep": ((2, 3), (1, 2), (1, 2)),
    "At Risk": ((1, 2), (2, 5), (2, 5)),
    "Can't Lose Them": ((1, 1), (4, 5), (4, 5)),
    "Hibernating": ((1, 2), (1, 2), (1, 2)),
    "Lost": ((1, 2), (1, 2), (1, 2)),
}


Range = tuple[int, int]


def ranges(r: Range, f: Range, m: Range) -> tuple[dict[str, Range], ...]:
    return ({"R": r, "F": f, "M": m},)


def table(segments: tuple[Segment, ...]) -> PointsRule:
    return PointsRule(method="RFM", tiers=("A", "B", "C"), criteria=CRITERIA, segments=segments)


def test_the_well_known_table_overlaps_and_leaves_gaps() -> None:
    segments = tuple(Segment(name=n, tier="B", where=ranges(*box)) for n, box in WELL_KNOWN.items())
    audit = table(segments).audit()
    assert audit.cells == 125
    assert len(audit.overlapping) == 42
    assert len(audit.uncovered) == 36
    assert audit.unreachable == ("New Customers", "Promising", "Can't Lose Them", "Lost")
    assert not audit.ok
    assert dict(audit.overlapping)["5-1-1"] == ("Potential Loyalist", "New Customers")
    assert "NOT every possible customer" in audit.summary()
    assert "36 个组合不属于任何细分群体" in audit.summary("zh")


def test_a_complete_table_is_proved() -> None:
    segments = (
        Segment(name="Best", tier="A", where=ranges((4, 5), (4, 5), (4, 5))),
        Segment(name="Rest", tier="C"),
    )
    audit = table(segments).audit()
    assert audit.ok
    assert audit.empty_tiers == ("B",)
    assert str(audit).startswith("125 cells: every possible customer is in exactly one of them")


def test_better_and_yet_lower_is_named() -> None:
    segments = (
        Segment(name="Odd", tier="C", where=({"R": (5, 5)},)),
        Segment(name="Rest", tier="A"),
    )
    audit = table(segments).audit()
    assert len(audit.non_monotone) == 25
    assert "5-1-1 (C) over 4-1-1 (A)" in map(str, audit.non_monotone)


def test_segments_between_coinciding_cuts_are_out_of_reach() -> None:
    frequency = CRITERIA[1].model_copy(update={"cuts": (2.0, 2.0, 5.0, None)})
    segments = (
        Segment(name="Twos", tier="A", where=({"F": (2, 2)},)),
        Segment(name="Fives", tier="A", where=({"F": (5, 5)},)),
        Segment(name="Rest", tier="C"),
    )
    rule = table(segments).model_copy(update={"criteria": (CRITERIA[0], frequency, CRITERIA[2])})
    audit = rule.audit()
    assert audit.ok
    assert audit.out_of_reach == ("Twos", "Fives")
    assert audit.empty_tiers == ("A", "B")
    assert [str(found) for found in audit.coinciding] == ["F: 2 cuts at 2", "F: 1 cut that nobody reached"]


def test_tiers_that_nobody_can_have() -> None:
    rule = PointsRule(method="RFM", tiers=("A", "B", "C", "D"), criteria=CRITERIA, tier_cuts=(16.0, 9.0, 9.0))
    assert rule.audit().empty_tiers == ("A", "C")
    customers = pd.DataFrame({"monetary": [1.0, 1.0]})
    assert Threshold(cuts=(5, 10)).fit(customers).rule_.audit().ok


def test_points_that_fall_and_nested_cuts_are_named() -> None:
    falling = CRITERIA[2].model_copy(update={"points": (1.0, 5.0, 3.0, 2.0, 1.0)})
    nested = CRITERIA[1].model_copy(update={"within": {"5": (1.0, 2.0, 3.0, 4.0)}})
    rule = PointsRule(method="X", tiers=("A", "B"), criteria=(CRITERIA[0], nested, falling), tier_cuts=(9.0,))
    assert [str(found).split(":")[0] for found in rule.audit().non_monotone] == ["F", "M"]


def test_one_centre_behind_another_is_never_reached() -> None:
    clusters = tuple(Cluster(name=name, tier="A", centre=(0.0,)) for name in ("one", "two"))
    rule = CentresRule(
        method="Clusters",
        tiers=("A", "B"),
        features=(Feature(column="monetary", mean=0, sd=1),),
        clusters=clusters,
    )
    assert rule.audit().unreachable == ("two",)
    assert rule.audit().empty_tiers == ("B",)


CUSTOMERS = pd.DataFrame(
    {
        "recency_days": [1, 20, 40, 70, 100],
        "frequency": [10, 6, 4, 2, 1],
        "monetary": [500.0, 90.0, 30.0, 15.0, 5.0],
    }
)


def test_a_table_of_ones_own_may_not_leave_gaps() -> None:
    gap = RFM(segments={"Best": {"R": "4-5"}}, segment_tiers={"Best": "A"})
    with pytest.raises(ParameterError, match=r"75 of 125 cells are in no segment \(1-1-1, .*end it with"):
        gap.fit(CUSTOMERS)


def test_a_table_of_ones_own_says_where_the_first_match_decides() -> None:
    own = {"Best": {"R": [4, 5]}, "Often": [{"F": 5}, {"F": 4, "M": "4-5"}], "Rest": "else"}
    tiers = {"Best": "A", "Often": "B", "Rest": "C"}
    rule = RFM(segments=own, segment_tiers=tiers).fit(CUSTOMERS).rule_
    assert "The first match decides." in rule.notes
    assert any(note.startswith("14 cells match several segments: 4-4-4, ") for note in rule.notes)
    assert rule.audit().uncovered == ()


@pytest.mark.parametrize(
    ("segments", "mapping", "message"),
    [
        ({"Best": {"X": 5}}, {"Best": "A"}, "'X' is not one of R, F, M"),
        ({"Best": {"R": "4-6"}}, {"Best": "A"}, "'4-6' is not a range within 1-5"),
        ({"Best": {"R": "high"}}, {"Best": "A"}, "expected a range such as 4-5, not 'high'"),
        ({"Best": 5}, {"Best": "A"}, "expected {R: 4-5, F: 5} or 'else', not 5"),
        ({"Best": "else"}, None, "segment_tiers is needed"),
        ({"Best": "else"}, {"Best": "Z"}, "'Z' is not one of A, B, C"),
        ({"Best": "else"}, {"Bets": "A"}, "no segment is called 'Bets'"),
        ({"Best": {"R": 5}, "Rest": "else"}, {"Best": "A"}, "no tier is given for Rest"),
        ("twelve", None, "'twelve' is not known; use eight, ten, eleven, three or a table"),
    ],
)
def test_what_is_wrong_with_a_table_is_named(segments: object, mapping: object, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        RFM(segments=segments, segment_tiers=mapping).fit(CUSTOMERS)  # type: ignore[arg-type]


def test_clusters_are_proved_too() -> None:
    assert Clusters(k=3).fit(CUSTOMERS).rule_.audit().ok
