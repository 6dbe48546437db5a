"""Is tiering worthwhile here? Enough customers, enough orders, value concentrated enough to tell apart."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from segmentation.study.facts import fact
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence

WORTHWHILE, CONSIDER, LITTLE = "worthwhile", "consider", "little"

# with fewer customers who ordered twice, recency and frequency tell little
_ENOUGH_REPEAT = 0.20
# below both, value is so even that a boundary between tiers is arbitrary. Equal customers: 0 and .20;
# exponentially distributed spend: .50 and .52
_GINI, _TOP_FIFTH = 0.25, 0.35
_LARGE_SHARE = 0.05
_DOMINATES = 0.25

_SAID = {
    ("customers", "for"): "{n:integer} {n:customer is|customers are} more than people can keep in mind",
    ("customers", "open"): (
        "{n:integer} {n:customer|customers}: tiers may help, personal knowledge may do as well"
    ),
    ("customers", "against"): "{n:integer} {n:customer is|customers are} few enough to know each of them",
    ("repeat", "for"): "{x:share} ordered at least twice in the window",
    ("repeat", "against"): (
        "only {x:share} ordered at least twice in the window: frequency and recency tell little"
    ),
    ("gini", "for"): "value is concentrated: Gini {x:.2f}",
    ("gini", "against"): "value is spread evenly: Gini {x:.2f}",
    ("gini", "open"): "Gini {x:.2f} with the largest customer",
    ("gini_rest", "for"): "without it, value is concentrated all the same: Gini {x:.2f}",
    ("gini_rest", "against"): "without it, value is spread evenly: Gini {x:.2f}",
    ("top_20", "for"): "the top 20% of customers bring {x:share}",
    ("top_20", "against"): "the top 20% of customers bring only {x:share}",
    ("top_20", "open"): "the top 20% of customers bring {x:share} with the largest customer",
    ("top_20_rest", "for"): "without it, the top 20% of customers bring {x:share}",
    ("top_20_rest", "against"): "without it, the top 20% of customers bring only {x:share}",
    ("top_5", "open"): "the top 5% of customers bring {x:share}",
    ("largest", "for"): "no customer brings 5% of the money or more: the largest {x:share}",
    ("largest", "against"): (
        "in a book this small no customer brings 5% of the money (the largest {x:share}): nobody stands out"
    ),
    ("largest", "open"): "the largest customer brings {x:share}",
    ("largest", "risk"): (
        "one customer brings {x:share} of the money: losing it is a risk of its own, whatever its tier"
    ),
}
_FIGURES = {
    "customers": "Customers",
    "repeat": "Ordered at least twice",
    "gini": "Gini coefficient",
    "top_5": "Top 5% of customers",
    "top_20": "Top 20% of customers",
    "largest": "Largest customer",
    "gini_rest": "Gini coefficient without the largest customer",
    "top_20_rest": "Top 20% of customers without the largest one",
}
_SPEAKS = {"for": "for tiers", "against": "against tiers", "open": "neither", "risk": "a risk of its own"}
_HEADLINES = {
    WORTHWHILE: "Tiers are worthwhile here",
    CONSIDER: "Tiers may be worthwhile here",
    LITTLE: "Tiers would mean little here",
}


@dataclass(frozen=True)
class Reason:
    """A figure that was looked at.

    Attributes:
        figure: "customers", "repeat", "gini", "top_5", "top_20" or "largest"; where one customer brings so
            much that the others cannot be seen, also "gini_rest" and "top_20_rest", without it.
        value: the number of customers, else a share of 1 (Gini: 0 even, 1 all with one).
        speaks: "for", "against", "open", or "risk".
    """

    figure: str
    value: float
    speaks: str

    @property
    def sentence(self) -> Sentence:
        """What it says."""
        return sentence(_SAID[self.figure, self.speaks], n=int(self.value), x=self.value)


@dataclass(frozen=True)
class Worth:
    """Whether tiering is worthwhile, with its reasons.

    Attributes:
        outcome: "worthwhile", "consider" or "little".
        reasons: every figure looked at.
    """

    outcome: str
    reasons: tuple[Reason, ...]

    @classmethod
    def of(cls, profile: pd.DataFrame, span: int = 50) -> Self:
        """Judge whether tiers can mean something for these customers, before any method.

        Args:
            profile: one row per customer, with `frequency` and `monetary`.
            span: how many customers a team can know personally. Above twice as many tiers are valuable; from
                half as many on (dozens) to be considered; below, everybody is known anyway.

        Value that is not concentrated makes tiers mean little, whatever else speaks for them; where one
        customer brings a quarter of the money or more, the others are judged without it. Negative amounts
        count as zero.

        >>> even = pd.DataFrame({"frequency": [3] * 400, "monetary": [100.0] * 400})
        >>> print(Worth.of(even).sentence)
        Tiers would mean little here: value is spread evenly: Gini 0.00; the top 20% of customers bring only
        20.0%.
        """
        value = np.sort(profile["monetary"].clip(lower=0).to_numpy(dtype=float))[::-1]
        count = len(value)
        largest = _top(value, 0)
        gini, top_20 = _gini(value), _top(value, 0.20)
        dominated = largest >= _DOMINATES and count > 1
        rest = (_gini(value[1:]), _top(value[1:], 0.20)) if dominated else (gini, top_20)
        uneven = rest[0] >= _GINI or rest[1] >= _TOP_FIFTH
        said = "for" if uneven else "against"
        whole = "open" if dominated else said
        repeat = float((profile["frequency"] >= 2).mean()) if count else 0.0
        many = "for" if count > 2 * span else "open" if count >= span / 2 else "against"
        reasons = (
            Reason("customers", count, many),
            Reason("repeat", repeat, "for" if repeat >= _ENOUGH_REPEAT else "against"),
            Reason("gini", gini, whole),
            Reason("top_5", _top(value, 0.05), "open"),
            Reason("top_20", top_20, whole),
            Reason("largest", largest, _largest(largest, count, span)),
            *(
                (Reason("gini_rest", rest[0], said), Reason("top_20_rest", rest[1], said))
                if dominated
                else ()
            ),
        )
        against = {reason.figure for reason in reasons if reason.speaks == "against"}
        if not uneven or many == "against":
            outcome = LITTLE
        else:
            outcome = WORTHWHILE if many == "for" and not against else CONSIDER
        return cls(outcome, reasons)

    @property
    def headline(self) -> Sentence:
        """The outcome alone."""
        return sentence("{outcome}.", outcome=sentence(_HEADLINES[self.outcome]))

    @property
    def sentence(self) -> Sentence:
        """The outcome with what speaks against it, or else what speaks for it; then risks and open points."""
        speaks = {
            word: [r for r in self.reasons if r.speaks == word] for word in ("for", "against", "open", "risk")
        }
        risk = speaks["risk"]
        beside = [r for r in self.reasons if risk and r.figure in ("gini_rest", "top_20_rest")]
        first = [r for r in speaks["against"] or speaks["for"] if r not in beside]
        still = [r for r in speaks["open"] if r.figure in ("customers", "largest")]
        chosen = [reason.sentence for reason in (*first, *risk, *beside, *still)]
        outcome = sentence(_HEADLINES[self.outcome])
        return sentence("{outcome}: {reasons:semicolon}.", outcome=outcome, reasons=chosen)


@fact
def worthwhile(study: Study) -> pd.DataFrame:
    """Whether tiers can mean something for these customers: every figure looked at, and what it speaks for."""
    return pd.DataFrame(
        [
            {
                "figure": _FIGURES[r.figure],
                "measured": r.value,
                "speaks": _SPEAKS[r.speaks],
                "found": r.sentence,
            }
            for r in worth_tiering(study).reasons
        ]
    )


def worth_tiering(study: Study) -> Worth:
    """Whether tiers can mean something for the customers of the study's month."""
    return Worth.of(study.profile(), study.settings.span)


def _largest(share: float, count: int, span: int) -> str:
    """What the largest customer's share says."""
    if share >= _DOMINATES:
        return "risk"
    if share >= _LARGE_SHARE:
        return "open"
    return "against" if count <= 2 * span else "for"


def _top(value: np.ndarray, share: float) -> float:
    """The share of all value that the top share of customers brings, at least one of them."""
    total = value.sum()
    return float(value[: max(1, int(np.ceil(share * len(value))))].sum() / total) if total > 0 else 0.0


def _gini(value: np.ndarray) -> float:
    """The Gini coefficient of values in descending order: 0 all equal, near 1 all with one."""
    total, count = value.sum(), len(value)
    if total <= 0 or count < 2:
        return 0.0
    ranks = np.arange(count, 0, -1)
    return float(2 * (ranks * value).sum() / (count * total) - (count + 1) / count)
