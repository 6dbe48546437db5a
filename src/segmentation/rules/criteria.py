"""The parts of a points rule: criteria with cuts, and segments of cells."""

from itertools import pairwise
from typing import Literal, Self

import numpy as np
from pydantic import Field, field_validator, model_validator

from segmentation.rules.base import Part
from segmentation.words.reader import Sentence

Cuts = tuple[float | None, ...]


class Criterion(Part):
    """One column on which customers are compared.

    `cuts` go from the worst to the best; reaching a cut (the value on it included) is one step up, and
    null is a cut that nobody reached. The customer's **code** is 1 + the number of cuts reached; `points`
    has one entry a code, and `weight` multiplies them. Without cuts the value itself is the points (minus
    the value, where low is better). `within` holds other cuts for customers with given codes on the
    criteria before this one ("5-1"); `categories` gives points to texts instead of cuts to numbers.
    """

    code: str = Field(min_length=1, pattern=r"^\w+$")
    column: str = Field(min_length=1)
    better: Literal["high", "low"] = "high"
    cuts: Cuts | None = None
    points: tuple[float, ...] | None = None
    weight: float = Field(default=1.0, ge=0)
    within: dict[str, Cuts] | None = None
    categories: dict[str, float] | None = None

    @field_validator("cuts")
    @classmethod
    def _some_cuts(cls, cuts: Cuts | None) -> Cuts | None:
        if cuts is not None and not cuts:
            raise ValueError("needs at least one cut, or null where the value itself is the score")
        return cuts

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for name, cuts in [("cuts", self.cuts), *(self.within or {}).items()]:
            if cuts is not None and not in_order(cuts, self.better):
                order = "ascending" if self.better == "high" else "descending"
                raise ValueError(
                    f"{self.column}: {name} are out of order: {list(cuts)}; they go from the worst to the "
                    f"best, which is {order} where {self.better} is better, null last"
                )
        if self.categories is not None and (self.cuts is not None or self.points is not None or self.within):
            raise ValueError(f"{self.column}: give categories or cuts with points, not both")
        if self.cuts is None and (self.points is not None or self.within is not None):
            raise ValueError(f"{self.column}: points and nested cuts need cuts")
        if self.cuts is not None and len(self.points or ()) != len(self.cuts) + 1:
            given = len(self.points or ())
            raise ValueError(
                f"{self.column}: {len(self.cuts)} cuts need {len(self.cuts) + 1} points, not {given}"
            )
        for key, cuts in (self.within or {}).items():
            if self.cuts is not None and len(cuts) != len(self.cuts):
                raise ValueError(f"{self.column}: within {key!r} has {len(cuts)} cuts, not {len(self.cuts)}")
        return self

    @property
    def called(self) -> Sentence:
        """What sentences call it: its code, or the column's name where the code is only the column again."""
        named = self.code == self.column
        return Sentence("{name:column}" if named else "{name}", {"name": self.code})

    @property
    def levels(self) -> int:
        """How many codes there are; 0 where the value itself or a category gives the points."""
        return 0 if self.cuts is None else len(self.cuts) + 1

    @property
    def worth(self) -> tuple[float, ...]:
        """Points times weight of each code, as they enter the sum."""
        return tuple(self.weight * points for points in self.points or ())


class Segment(Part):
    """A named group of cells: `where` lists alternatives, each a range of codes by criterion, ends included.

    A criterion that an alternative does not name may have any code. A last segment without `where` takes
    every cell that is left. Without a tier it is only a name: cuts on the score give the tier.
    """

    name: str = Field(min_length=1)
    tier: str | None = None
    where: tuple[dict[str, tuple[int, int]], ...] = ()


class Silence(Part):
    """Segments whose names speak of time, and what those are called who are not silent for so long.

    Silent is who has a `column` of more days than `beyond`, and than `times` the usual days between orders
    where these are known (the column `gap`; empty after a single order). `names` has the segment that
    takes the others of each such segment; it gives the tier too where segments do.
    """

    column: str = "recency_days"
    beyond: float = Field(ge=0)
    gap: str | None = None
    times: float = Field(default=2.0, ge=0)
    names: dict[str, str] = Field(min_length=1)

    def limits(self, gaps: np.ndarray | None, count: int) -> np.ndarray:
        """The days up to which each of `count` customers is not silent.

        >>> Silence(beyond=90, names={"Lost": "New"}).limits(np.array([np.nan, 30, 100]), 3)
        array([ 90.,  90., 200.])
        """
        if gaps is None:
            return np.full(count, self.beyond)
        return np.fmax(self.beyond, self.times * gaps)


def in_order(cuts: Cuts, better: str) -> bool:
    """Whether the cuts go from the worst to the best, coinciding ones allowed, unreachable ones last."""
    known = [cut for cut in cuts if cut is not None]
    if None in cuts[: len(known)]:
        return False
    return all(a <= b if better == "high" else a >= b for a, b in pairwise(known))


def steps(values: np.ndarray, cuts: Cuts, better: str) -> np.ndarray:
    """How many of the cuts each value reaches; a value on a cut reaches it, an empty value (NaN) none.

    >>> steps(np.array([1.0, 2.0, 3.0]), (2.0, 2.0, 4.0), "high")
    array([0, 2, 2])
    """
    known = [cut for cut in cuts if cut is not None]
    if len(known) > 12:  # a binary search pays
        sign = 1.0 if better == "high" else -1.0
        found = np.searchsorted(sign * np.array(known), sign * values, side="right")
        found[np.isnan(values)] = 0
        return found
    count = np.zeros(len(values), dtype=np.int8)
    for cut in known:
        count += values >= cut if better == "high" else values <= cut
    return count.astype(np.intp)
