"""Is tiering worthwhile here? Enough customers, enough orders, value concentrated enough to tell apart."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from segmentation.words.formats import several

WORTHWHILE, CONSIDER, LITTLE = "worthwhile", "consider", "little"

# with fewer customers who ordered twice, recency and frequency tell little
_ENOUGH_REPEAT = 0.20
# below both, value is so even that a boundary between tiers is arbitrary. Equal customers: 0 and .20;
# exponentially distributed spend: .50 and .52
_GINI, _TOP_FIFTH = 0.25, 0.35
_LARGE_SHARE = 0.05
_DOMINATES = 0.25

_SAID = {
    ("customers", "for"): (
        "{customers} {are} more than people can keep in mind",
        "{n:,} 位客户，人脑难以逐一记住",
    ),
    ("customers", "open"): (
        "{customers}: tiers may help, personal knowledge may do as well",
        "{n:,} 位客户：分级可能有帮助，也可以凭个人了解管理",
    ),
    ("customers", "against"): (
        "{customers} {are} few enough to know each of them",
        "只有 {n:,} 位客户，可以逐一了解",
    ),
    ("repeat", "for"): (
        "{x:.1%} ordered at least twice in the window",
        "{x:.1%} 的客户在窗口期内至少下单两次",
    ),
    ("repeat", "against"): (
        "only {x:.1%} ordered at least twice in the window: frequency and recency tell little",
        "窗口期内至少下单两次的客户只有 {x:.1%}：频率与近度能说明的很少",
    ),
    ("gini", "for"): ("value is concentrated: Gini {x:.2f}", "价值集中：基尼系数 {x:.2f}"),
    ("gini", "against"): ("value is spread evenly: Gini {x:.2f}", "价值分布平均：基尼系数 {x:.2f}"),
    ("top_20", "for"): ("the top 20% of customers bring {x:.1%}", "前 20% 的客户带来 {x:.1%} 的金额"),
    ("top_20", "against"): (
        "the top 20% of customers bring only {x:.1%}",
        "前 20% 的客户只带来 {x:.1%} 的金额",
    ),
    ("top_5", "open"): ("the top 5% of customers bring {x:.1%}", "前 5% 的客户带来 {x:.1%} 的金额"),
    ("largest", "for"): (
        "no customer brings 5% of the money or more: the largest {x:.1%}",
        "没有客户达到金额的 5%：最大的占 {x:.1%}",
    ),
    ("largest", "against"): (
        "in a book this small no customer brings 5% of the money (the largest {x:.1%}): nobody stands out",
        "客户不多，却没有客户达到金额的 5%（最大的占 {x:.1%}）：无人突出",
    ),
    ("largest", "open"): ("the largest customer brings {x:.1%}", "最大的客户占金额的 {x:.1%}"),
    ("largest", "risk"): (
        "one customer brings {x:.1%} of the money: losing it is a risk of its own, whatever its tier",
        "一位客户占金额的 {x:.1%}：无论分级如何，失去它本身就是风险",
    ),
}
_VERDICT = {
    WORTHWHILE: ("Tiers are worthwhile here", "在这里做客户分级是值得的"),
    CONSIDER: ("Tiers may be worthwhile here", "在这里可以考虑客户分级"),
    LITTLE: ("Tiers would mean little here", "在这里做客户分级意义不大"),
}


@dataclass(frozen=True)
class Reason:
    """A figure of the verdict.

    Attributes:
        figure: "customers", "repeat", "gini", "top_5", "top_20" or "largest".
        value: the number of customers, else a share of 1 (Gini: 0 even, 1 all with one).
        speaks: "for", "against", "open", or "risk".
    """

    figure: str
    value: float
    speaks: str

    def sentence(self, language: str = "en") -> str:
        """Say it, in "en" or "zh"."""
        return _SAID[self.figure, self.speaks][language == "zh"].format(
            n=int(self.value),
            x=self.value,
            customers=several(self.value, "customer"),
            are="is" if int(self.value) == 1 else "are",
        )


@dataclass(frozen=True)
class Verdict:
    """Whether tiering is worthwhile, with its reasons.

    Attributes:
        verdict: "worthwhile", "consider" or "little".
        reasons: every figure looked at.
    """

    verdict: str
    reasons: tuple[Reason, ...]

    def headline(self, language: str = "en") -> str:
        """Say the verdict alone."""
        return f"{_VERDICT[self.verdict][language == 'zh']}{'。' if language == 'zh' else '.'}"

    def sentence(self, language: str = "en") -> str:
        """Say the verdict with what speaks against it, or else what speaks for it."""
        zh = language == "zh"
        against = [r for r in self.reasons if r.speaks == "against"]
        chosen = against or [r for r in self.reasons if r.speaks == "for"]
        because = ("；" if zh else "; ").join(reason.sentence(language) for reason in chosen)
        return f"{_VERDICT[self.verdict][zh]}{'：' if zh else ': '}{because}{'。' if zh else '.'}"

    def figures(self, language: str = "en") -> pd.DataFrame:
        """Give the reasons as a frame: figure, value, speaks, found (a sentence)."""
        return pd.DataFrame(
            [
                {"figure": r.figure, "value": r.value, "speaks": r.speaks, "found": r.sentence(language)}
                for r in self.reasons
            ]
        )


def worthwhile(profile: pd.DataFrame, span: int = 50) -> Verdict:
    """Judge whether tiers can mean something for these customers, before any method.

    Args:
        profile: one row per customer, with `frequency` and `monetary`.
        span: how many customers a team can know personally. Above twice as many tiers are valuable; from
            half as many on (dozens) to be considered; below, everybody is known anyway.

    Value that is not concentrated makes tiers mean little, whatever else speaks for them. Negative amounts
    count as zero.

    >>> even = pd.DataFrame({"frequency": [3] * 400, "monetary": [100.0] * 400})
    >>> print(worthwhile(even).sentence())
    Tiers would mean little here: value is spread evenly: Gini 0.00; the top 20% of customers bring only
    20.0%.
    """
    value = np.sort(profile["monetary"].clip(lower=0).to_numpy(dtype=float))[::-1]
    count = len(value)
    largest = _top(value, 0)
    gini, top_20 = _gini(value), _top(value, 0.20)
    uneven = gini >= _GINI or top_20 >= _TOP_FIFTH
    repeat = float((profile["frequency"] >= 2).mean()) if count else 0.0
    many = "for" if count > 2 * span else "open" if count >= span / 2 else "against"
    reasons = (
        Reason("customers", count, many),
        Reason("repeat", repeat, "for" if repeat >= _ENOUGH_REPEAT else "against"),
        Reason("gini", gini, "for" if uneven else "against"),
        Reason("top_5", _top(value, 0.05), "open"),
        Reason("top_20", top_20, "for" if uneven else "against"),
        Reason("largest", largest, _largest(largest, count, span)),
    )
    against = {reason.figure for reason in reasons if reason.speaks == "against"}
    if not uneven or many == "against":
        verdict = LITTLE
    else:
        verdict = WORTHWHILE if many == "for" and not against else CONSIDER
    return Verdict(verdict, reasons)


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
