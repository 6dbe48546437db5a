"""Tables of RFM segments: eight classes, ten or eleven names, three against the average, the user's."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from segmentation.errors import ParameterError, did_you_mean
from segmentation.methods.naming import usual_hiatus
from segmentation.rules import Segment
from segmentation.rules.criteria import Silence
from segmentation.words.translations import languages, translated

Box = dict[str, tuple[int, int]]


class Named(NamedTuple):
    """A segment before it has a tier: its name, its cells, and its tier among three (0 is best)."""

    name: str
    where: tuple[Box, ...]
    third: int


def _box(r: str = "", f: str = "", m: str = "") -> Box:
    """Ranges of codes: `_box("4-5", f="1")`; a criterion left out may have any code."""
    named = {"R": r, "F": f, "M": m}
    return {code: (int(text[0]), int(text[-1])) for code, text in named.items() if text}


# R, F and M are 2 (high; for R recent) or 1 (low). M decides whether a customer is important.
EIGHT = tuple(
    Named(name, (_box(r, f, m),), third)
    for name, r, f, m, third in [
        ("Important-Value", "2", "2", "2", 0),
        ("Important-Develop", "2", "1", "2", 0),
        ("Important-Keep", "1", "2", "2", 0),
        ("Important-Win-back", "1", "1", "2", 0),
        ("General-Value", "2", "2", "1", 1),
        ("General-Develop", "2", "1", "1", 1),
        ("General-Keep", "1", "2", "1", 1),
        ("General-Win-back", "1", "1", "1", 2),
    ]
)
# Weights that rank the eight classes in this order: M first, then R, then F.
EIGHT_WEIGHTS = {"R": 2.0, "F": 1.0, "M": 4.0}

# Ten names on the 25 cells of recency and frequency, scores 1 to 5.
TEN = (
    Named("Champions", (_box("5", "4-5"),), 0),
    Named("Loyal", (_box("3-4", "4-5"),), 0),
    Named("Potential Loyalists", (_box("4-5", "2-3"),), 1),
    Named("New", (_box("5", "1"),), 1),
    Named("Promising", (_box("4", "1"),), 1),
    Named("Need Attention", (_box("3", "3"),), 1),
    Named("Can't Lose", (_box("1-2", "5"),), 1),
    Named("At Risk", (_box("1-2", "3-4"),), 2),
    Named("About to Sleep", (_box("3", "1-2"),), 2),
    Named("Hibernating", (_box("1-2", "1-2"),), 2),
)

# Eleven names on the 125 cells of recency, frequency and money, scores 1 to 5; of our own making.
ELEVEN = (
    Named("Champions", (_box("4-5", "4-5", "4-5"),), 0),
    Named("Loyal", (_box("4-5", "4-5", "1-3"), _box("3", "4-5")), 0),
    Named("Big Spenders", (_box("4-5", "1-3", "4-5"),), 0),
    Named("Potential Loyalists", (_box("4-5", "2-3", "1-3"),), 1),
    Named("New", (_box("4-5", "1", "1-3"),), 1),
    Named("Need Attention", (_box("3", "2-3"), _box("3", "1", "4-5")), 1),
    Named("Can't Lose", (_box("1-2", "4-5", "4-5"),), 1),
    Named("At Risk", (_box("1-2", "4-5", "1-3"), _box("1-2", "1-3", "4-5")), 2),
    Named("About to Sleep", (_box("3", "1", "1-3"),), 2),
    Named("Hibernating", (_box("1-2", "2-3", "1-3"),), 2),
    Named("Lost", (_box("1-2", "1", "1-3"),), 2),
)

# Names that speak of time, for customers who have been silent for long only; the others need attention.
OF_TIME = ("Can't Lose", "At Risk", "About to Sleep", "Hibernating", "Lost")
NOT_YET = "Need Attention"


def silence_of(
    segments: Sequence[Segment], hiatus_days: int | None, window_months: int | None, gap: str | None
) -> Silence | None:
    """The silence that the names of a built-in table wait for, or None where no name speaks of time.

    Without `hiatus_days` it is half of the window, at most 180 days; `gap` is the column of the usual days
    between orders, where there is one.
    """
    named = {segment.name for segment in segments}
    waiting = {name: NOT_YET for name in OF_TIME if name in named and NOT_YET in named}
    if not waiting:
        return None
    return Silence(beyond=float(hiatus_days or usual_hiatus(window_months)), gap=gap, names=waiting)


# Below, at and above the average of the money column: two cuts, scores 1 to 3.
THREE = (
    Named("Above average", (_box(m="3"),), 0),
    Named("At average", (_box(m="2"),), 1),
    Named("Below average", (_box(m="1"),), 2),
)

TABLES = {"eight": EIGHT, "ten": TEN, "eleven": ELEVEN, "three": THREE}
SCORES = {"eight": 2, "ten": 5, "eleven": 5, "three": 3}


def with_tiers(
    table: Sequence[Named], tiers: tuple[str, ...], mapping: Mapping[str, str] | None
) -> tuple[Segment, ...]:
    """The table's segments with their tiers: by the mapping, else by thirds where there are three tiers.

    The mapping may call a segment by its name in any language of `words/`.
    """
    names = [named.name for named in table]
    if mapping is None and len(tiers) != 3:
        raise ParameterError(
            f"RFM: segment_tiers is needed for {len(tiers)} tiers: a tier for each of {', '.join(names)}"
        )
    known = {translated(name, language): name for language in languages() for name in names}
    tier_of = {named.name: tiers[named.third] for named in table} if mapping is None else {}
    for name, tier in (mapping or {}).items():
        if name not in known:
            near = did_you_mean(name, list(known))
            raise ParameterError(f"RFM: segment_tiers: no segment is called {name!r}{near}")
        if tier not in tiers:
            raise ParameterError(f"RFM: segment_tiers: {name}: {tier!r} is not one of {', '.join(tiers)}")
        tier_of[known[name]] = tier
    missing = [name for name in names if name not in tier_of]
    if missing:
        raise ParameterError(f"RFM: segment_tiers: no tier is given for {', '.join(missing)}")
    return tuple(Segment(name=named.name, where=named.where, tier=tier_of[named.name]) for named in table)


def only_names(table: str, levels: Mapping[str, int]) -> tuple[Segment, ...]:
    """The segments of a built-in table as names beside scores; none where these do not fit.

    The eight classes take scores above the middle as high; the others need as many scores as they have.
    """
    if table != "eight":
        return tuple(
            Segment(name=named.name, where=named.where)
            for named in TABLES[table]
            if set(levels.values()) == {SCORES[table]}
        )
    sides = {code: ((1, (have + 1) // 2), ((have + 1) // 2 + 1, have)) for code, have in levels.items()}
    return tuple(
        Segment(
            name=named.name,
            where=tuple(
                {code: sides[code][high - 1] for code, (high, _) in box.items()} for box in named.where
            ),
        )
        for named in EIGHT
        if set(levels) == set("RFM")
    )


def users_table(table: Mapping[str, Any], levels: Mapping[str, int]) -> tuple[Named, ...]:
    """A table from the parameters: name → ranges by criterion, or a list of alternatives, or `else`.

    `{"Best": {"R": "4-5", "F": 5}, "Rest": "else"}`: a range is "4-5", 5, or [4, 5].
    """
    found = []
    for name, conditions in table.items():
        if conditions == "else":
            found.append(Named(str(name), (), 2))
            continue
        alternatives = conditions if isinstance(conditions, list) else [conditions]
        boxes = tuple(_users_box(str(name), alternative, levels) for alternative in alternatives)
        found.append(Named(str(name), boxes, 2))
    return tuple(found)


def _users_box(name: str, conditions: Any, levels: Mapping[str, int]) -> Box:
    where = f"RFM: segments: {name}"
    if not isinstance(conditions, Mapping) or not conditions:
        raise ParameterError(f"{where}: expected {{R: 4-5, F: 5}} or 'else', not {conditions!r}")
    box: Box = {}
    for code, given in conditions.items():
        if code not in levels:
            raise ParameterError(f"{where}: {code!r} is not one of {', '.join(levels)}")
        ends = str(given).split("-") if not isinstance(given, list | tuple) else list(given)
        try:
            low, high = int(ends[0]), int(ends[-1])
        except (TypeError, ValueError):
            raise ParameterError(f"{where}: {code}: expected a range such as 4-5, not {given!r}") from None
        if len(ends) > 2 or not 1 <= low <= high <= levels[code]:
            raise ParameterError(f"{where}: {code}: {given!r} is not a range within 1-{levels[code]}")
        box[str(code)] = (low, high)
    return box
