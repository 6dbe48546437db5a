"""A verdict on the official method, and what it says: the evidence, what a switch would gain, and doubts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from segmentation.comparison.contest import HIATUS, OFFICIAL, SPEND
from segmentation.comparison.draws import CAPTURED, MISSED
from segmentation.comparison.tail import TRUSTED
from segmentation.words.reader import Sentence, sentence

Status = Literal["clear", "level", "alike", "lots", "beaten", "untried"]
Kind = Literal["good", "neutral", "caution", "bad"]
_KINDS: Mapping[Status, Kind] = {
    "clear": "good",
    "level": "neutral",
    "alike": "neutral",
    "lots": "caution",
    "beaten": "bad",
    "untried": "caution",
}


@dataclass(frozen=True)
class Lead:
    """By how much a contestant is better than the official method, as a share, with an interval for all."""

    name: str
    by: float
    low: float
    high: float


@dataclass(frozen=True)
class Verdict:
    """What the trial says of the official method, at one capacity, pooled over origins.

    `status`: "beaten" (a contestant is clearly better), "lots" (the official method does no better than
    drawing lots), "alike" (every contestant chooses the same customers), "clear" (it is clearly better than
    lots and than everyone who chooses otherwise), "level" (none of these), "untried" (no trial).
    `share`, `places`: how many customers were chosen, of all and in number, means of `origins`.
    `basis`: the measure that the leads are of: "captured"; or "missed" where costs are given, or the tail of
    later value is too heavy for an interval of captured.
    `other`: the one to switch to, or the closest rival; `lots`: random choice; `worth`: money that a lead of
    1 is in one hold-out (NaN where that is not known).
    `better`: who is clearly better, best first; `same`: who chooses the same customers.
    `doubts`: contestants whose lead would be clear by the interval alone, and why it is not: "measures"
    (captured and missed do not agree), "largest" (one customer decides), "holdouts" (hold-outs that do not
    overlap disagree).
    `holdouts`: how many do not overlap, and the least and the most that the lead of `other` came to in one.
    """

    official: str
    status: Status
    capacity: str
    share: float
    places: float
    origins: int
    window_months: int
    holdout_months: int
    hiatus_days: int
    hiatus_void: bool
    captured: float
    missed: float
    basis: str
    priced: bool
    tail_index: float
    other: Lead | None
    lots: Lead | None
    worth: float
    better: tuple[str, ...]
    same: tuple[str, ...]
    doubts: tuple[tuple[str, str], ...]
    holdouts: tuple[int, float, float]

    @property
    def kind(self) -> Kind:
        """The tone for a page: good only where the evidence speaks for the official method."""
        return _KINDS[self.status]

    def sentences(self) -> tuple[Sentence, Sentence, Sentence]:
        """Who decides, whether the evidence supports it, what a switch would gain."""
        first = sentence("{official:word} decides the tiers.", official=self.official)
        return first, _support(self), _gain(self)

    def notes(self) -> tuple[Sentence, ...]:
        """What must be known beside it: money, copies, who was left out, doubts, and how far it reaches."""
        return tuple(_notes(self)) if self.status != "untried" else ()


def _named(v: Verdict, name: str) -> Sentence:
    if name == HIATUS:
        return sentence("the hiatus rule (silent for {n:integer} days: last; then spend)", n=v.hiatus_days)
    return Sentence("spend alone") if name == SPEND else sentence("{name:word}", name=name)


def _points(share: float, signed: bool = False) -> str:
    """Percentage points with as many decimals as it takes to tell them from none."""
    points = abs(100 * share)
    text = f"{points:.1f}" if points >= 0.1 or points == 0 else f"{points:.2g}"
    return f"{'−' if share < 0 else '+'}{text}" if signed and points else text


_AS_BEST = (
    "choosing as many customers as its best tier held ({n:integer}, {share:share} of all) at {k:integer} past "
    "month {k:end|ends}, it captured {captured:share} of what customers brought afterwards and missed "
    "{missed:share} of those who mattered most"
)
_SO_MANY = (
    "choosing {n:integer} {n:customer|customers} ({share:share} of all) at {k:integer} past month {k:end|ends}, "
    "it captured {captured:share} of what customers brought afterwards and missed {missed:share} of those who "
    "mattered most"
)
_LOTS = {
    CAPTURED: "It does no better than drawing lots: {did}; lots would capture {lots:share}, and its lead "
    "over them ({low} to {high} points) may be chance.",
    MISSED: "It does no better than drawing lots: {did}; lots would miss {lots:share}, and its lead over "
    "them ({low} to {high} points) may be chance.",
}
_UNTRIED = (
    "There is no trial yet: it needs a month with {w:integer} {w:month|months} before it to learn from and "
    "{h:integer} {h:month|months} after it to judge by."
)


def _support(v: Verdict) -> Sentence:
    if v.status == "untried":
        return sentence(_UNTRIED, w=v.window_months, h=v.holdout_months)
    chosen = _AS_BEST if v.capacity == OFFICIAL else _SO_MANY
    did = sentence(
        chosen, n=round(v.places), share=v.share, k=v.origins, captured=v.captured, missed=v.missed
    )
    if v.status == "lots" and v.lots is not None:
        return sentence(
            _LOTS[v.basis],
            did=did,
            lots=v.share if v.basis == CAPTURED else 1.0 - v.share,
            low=_points(-v.lots.high, signed=True),
            high=_points(-v.lots.low, signed=True),
        )
    told = {
        "clear": "The trial supports it: {did}, clearly better than every contestant that chooses otherwise.",
        "beaten": "The trial does not support it: {did}, clearly worse than {better:list}.",
        "alike": "The trial cannot tell: {did}, and every contestant chose the same customers.",
        "level": "The trial does not speak against it: {did}, and no method did clearly better.",
    }
    return sentence(told[v.status], did=did, better=[_named(v, name) for name in v.better])


_DIFFERS = {
    CAPTURED: (
        "{other} captured {by} points more ({low} to {high})",
        "{other} captured {by} points less ({low} to {high})",
    ),
    MISSED: (
        "{other} missed {by} points fewer of those who mattered most ({low} to {high})",
        "{other} missed {by} points more of those who mattered most ({low} to {high})",
    ),
}


_EQUALS = {
    CAPTURED: "{other} captured as much ({low} to {high} points)",
    MISSED: "{other} missed as many of those who mattered most ({low} to {high} points)",
}
# a twentieth of a point, which no page shows
_NOTHING = 0.0005


def _is_nothing(difference: Lead) -> bool:
    """Whether a difference is too small to be shown, and may be none."""
    return abs(difference.by) < _NOTHING and difference.low <= 0 <= difference.high


def _gain(v: Verdict) -> Sentence:
    if v.status == "untried":
        return Sentence("What a switch would gain cannot be said.")
    if v.other is None:
        return Sentence("A switch gains nothing.")
    ahead, behind = _DIFFERS[v.basis]
    way = 1.0 if v.other.by >= 0 or _is_nothing(v.other) else -1.0
    low, high = sorted((way * v.other.low, way * v.other.high))
    text = ahead if way > 0 else behind
    if _is_nothing(v.other):
        text = _EQUALS[v.basis]
    differs = sentence(
        text,
        other=_named(v, v.other.name),
        by=_points(v.other.by),
        low=_points(low, signed=low < 0),
        high=_points(high, signed=low < 0),
    )
    told = {
        "beaten": "A switch would have gained: {differs}.",
        "clear": "A switch would lose: of the others, {differs}.",
    }
    nothing = "No switch is shown to gain anything: of the others, {differs}."
    return sentence(told.get(v.status, nothing), differs=differs)


_DOUBTS = {
    "measures": "The difference to {name} is clear by one measure only: captured and missed do not agree.",
    "largest": "The difference to {name} is not clear without the one customer who brought most.",
    "holdouts": "The difference to {name} is not the same in hold-outs that do not overlap.",
}


# by whether costs are given, and whether the switch would lose
_MONEY = {
    (
        True,
        False,
    ): "By the costs given, a switch to {other} would save {by:money} in {n:integer} {n:month|months} "
    "({low:money} to {high:money}).",
    (
        True,
        True,
    ): "By the costs given, a switch to {other} would cost {by:money} in {n:integer} {n:month|months} "
    "({low:money} to {high:money}).",
    (False, False): "In money, a switch to {other} would capture {by:money} more in {n:integer} "
    "{n:month|months} ({low:money} to {high:money}).",
    (False, True): "In money, a switch to {other} would capture {by:money} less in {n:integer} "
    "{n:month|months} ({low:money} to {high:money}).",
}


def _notes(v: Verdict) -> list[Sentence]:
    found = []
    if v.other is not None and pd.notna(v.worth) and not _is_nothing(v.other):
        by, low, high = (v.worth * end for end in (v.other.by, v.other.low, v.other.high))
        text = _MONEY[v.priced, by < 0]
        if by < 0:
            by, low, high = -by, -high, -low
        other = _named(v, v.other.name)
        found.append(sentence(text, other=other, by=by, low=low, high=high, n=v.holdout_months))
    if v.same:
        text = "The same choice as {official:word}, not rivals: {names:list}."
        found.append(sentence(text, official=v.official, names=[_named(v, name) for name in v.same]))
    if v.hiatus_void:
        text = (
            "The hiatus rule ({d:integer} days) was left out: within a window of {n:integer} "
            "{n:month|months} nobody can be silent for longer."
        )
        found.append(sentence(text, d=v.hiatus_days, n=v.window_months))
    if v.tail_index < TRUSTED:
        text = (
            "Spend is so unequal (tail index {tail:.1f}) that no interval of captured value can be trusted: "
            "the verdict rests on whom the methods missed."
        )
        found.append(sentence(text, tail=v.tail_index))
    found.extend(sentence(_DOUBTS[why], name=_named(v, name)) for name, why in v.doubts)
    count, least, most = v.holdouts
    if count > 1 and v.other is not None:
        text = "In {n:integer} hold-outs that do not overlap, {other} was ahead by {low} to {high} points."
        if most <= 0:
            text = (
                "In {n:integer} hold-outs that do not overlap, {other} was behind by {low} to {high} points."
            )
            least, most = -most, -least
        ends = {"low": _points(least, signed=least < 0), "high": _points(most, signed=least < 0)}
        found.append(sentence(text, n=count, other=_named(v, v.other.name), **ends))
    elif count == 1:
        found.append(Sentence("Only one hold-out is known: another may decide otherwise."))
    found.append(Sentence("The intervals speak of customers like these, not of another year."))
    return found
