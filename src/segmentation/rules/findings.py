"""What is found out about a rule: the audit's proof, and the explanation of one customer."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from segmentation.words.reader import Reader, Sentence

_MOST_NAMED = 60


class Audit(NamedTuple):
    """What an audit found. Cells are named by their codes, criterion by criterion: "5-4-1".

    overlapping: cells that several segments match (the first one decides), with these segments;
    uncovered: cells in no segment; unreachable: segments that are never the first to match;
    out_of_reach: segments whose cells all need a code that no value has, because cuts coincide;
    empty_tiers: tiers that no customer can have; coinciding: criteria with coinciding or unreached cuts;
    non_monotone: where being better on a criterion can mean a lower tier or a lower score.
    """

    cells: int
    overlapping: tuple[tuple[str, tuple[str, ...]], ...] = ()
    uncovered: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()
    out_of_reach: tuple[str, ...] = ()
    empty_tiers: tuple[str, ...] = ()
    coinciding: tuple[Sentence, ...] = ()
    non_monotone: tuple[Sentence, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every possible customer is in exactly one segment, and every segment can be reached."""
        return not (self.overlapping or self.uncovered or self.unreachable)

    def summary(self, language: str = "en") -> str:
        """The findings in words, a line each, the verdict first."""
        reader = Reader(language)
        if self.ok:
            said = "{n} {n:cell|cells}: every possible customer is in exactly one of them, with one tier."
        else:
            said = "{n} {n:cell|cells}: NOT every possible customer is in exactly one segment."
        return "\n".join([reader.say(said, n=self.cells), *map(reader.say, self.faults())])

    def faults(self) -> list[Sentence]:
        """What is wrong or must be known, a sentence each; nothing for a sound rule."""
        found: list[tuple[Sequence[object], str]] = [
            (
                [cell for cell, _ in self.overlapping],
                "{n} {n:cell matches|cells match} several segments: {named:list}{more}.",
            ),
            (self.uncovered, "{n} {n:cell is|cells are} in no segment: {named:list}{more}."),
            (
                self.unreachable,
                "{n} {n:segment is|segments are} never reached, an earlier one always matches: "
                "{named:list}{more}.",
            ),
            (
                self.out_of_reach,
                "{n} {n:segment is|segments are} out of reach, because cuts coincide: {named:list}{more}.",
            ),
            (self.empty_tiers, "{n} {n:tier|tiers} that no customer can have: {named:list}{more}."),
            (self.coinciding, "Cuts that coincide or that nobody reached: {named:list}{more}."),
            (
                self.non_monotone,
                "{n} {n:time|times} better on a criterion means lower: {named:list}{more}.",
            ),
        ]
        return [
            Sentence(
                text,
                {
                    "n": len(named),
                    "named": list(named[:_MOST_NAMED]),
                    "more": Sentence(", …") if len(named) > _MOST_NAMED else "",
                },
            )
            for named, text in found
            if named
        ]

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        return as_html(self.summary().splitlines())


class Change(NamedTuple):
    """One column's value that would change the tier, everything else unchanged; verified by the rule."""

    column: str
    value: float
    changed: float
    tier: str

    @property
    def size(self) -> float:
        """How large the change is, as a share of the larger of the two values: 0 to 2."""
        return abs(self.changed - self.value) / max(abs(self.changed), abs(self.value), 1e-300)


class Explanation(NamedTuple):
    """Why a customer has this tier. `lift` and `lower` are the smallest single changes, or None.

    `lifts` and `lowers` hold the smallest change of every column that can do it, the smallest one first;
    `reasons` and `sentences` are in the language that was asked for.
    """

    tier: str | None
    score: float
    segment: str | None
    reasons: tuple[str, ...]
    lifts: tuple[Change, ...]
    lowers: tuple[Change, ...]
    sentences: tuple[str, ...]

    @property
    def lift(self) -> Change | None:
        """The smallest single change to a better tier."""
        return self.lifts[0] if self.lifts else None

    @property
    def lower(self) -> Change | None:
        """The smallest single change to a lower tier."""
        return self.lowers[0] if self.lowers else None

    def __str__(self) -> str:
        return "\n".join(self.sentences)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return as_html(self.sentences)


def as_html(lines: Sequence[str]) -> str:
    """The first line in bold and the others as a list, as a notebook shows them.

    >>> as_html(["Tier A", "1 < 2"])
    '<p><strong>Tier A</strong></p><ul><li>1 &lt; 2</li></ul>'
    """
    first, *others = map(escape, lines)
    listed = "".join(f"<li>{line}</li>" for line in others)
    return f"<p><strong>{first}</strong></p>" + (f"<ul>{listed}</ul>" if listed else "")
