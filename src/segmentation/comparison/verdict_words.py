"""The verdict in plain words, English and Chinese: every figure in a sentence comes from the verdict."""

from collections.abc import Callable

from segmentation.comparison.contest import HIATUS, SPEND
from segmentation.comparison.verdict import Verdict

Sentences = tuple[str, str, str]


def _share(share: float) -> str:
    return f"{100 * share:.1f} %"


def _points(share: float) -> str:
    """Percentage points with as many decimals as it takes to tell them from none."""
    points = abs(100 * share)
    return f"{points:.1f}" if points >= 0.1 or points == 0 else f"{points:.2g}"


def _span(low: float, high: float) -> tuple[str, str]:
    """Both ends of an interval on one side of zero, without sign, the smaller first."""
    near, far = sorted((abs(low), abs(high)))
    return _points(near), _points(far)


def _interval(low: float, high: float) -> tuple[str, str]:
    """Both ends of an interval of points, with their signs."""
    ends = [f"{'-' if end < 0 else '+'}{_points(end)}" for end in (low, high)]
    return ends[0], ends[1]


def _english(v: Verdict) -> Sentences:
    def named(name: str) -> str:
        if name == HIATUS:
            return f"the hiatus rule (silent for {v.hiatus_days} days: last; then spend)"
        return "spend alone" if name == SPEND else name

    first = f"{v.official} decides the tiers."
    if v.status == "untried":
        return (
            first,
            f"There is no trial yet: it needs a month with {v.window_months} months before it to learn from "
            f"and {v.holdout_months} months after it to judge by.",
            "What a switch would gain cannot be said.",
        )
    who = f"{100 * v.capacity:g} % of the customers" if v.capacity < 1 else f"{v.capacity:,.0f} customers"
    times = f"{v.origins} past month{'s' if v.origins > 1 else ''}"
    did = f"choosing {who} in {times}, it captured {_share(v.captured)} of what customers brought afterwards"
    low, high = (_interval if v.status == "level" else _span)(v.low, v.high)
    if v.status == "beaten":
        better = ", ".join(named(name) for name in v.better)
        return (
            first,
            f"The trial does not support it: {did}, clearly less than {better}.",
            f"Switching to {named(v.other)} would have captured {_points(v.gain)} points more "
            f"({low} to {high}).",
        )
    if not v.other:
        return first, f"The trial cannot tell: {did}, and all methods chose alike.", "A switch gains nothing."
    if v.status == "clear":
        return (
            first,
            f"The trial supports it: {did}, clearly more than every method that ranks differently.",
            f"Switching would lose: the next best, {named(v.other)}, captured {_points(v.gain)} points less "
            f"({low} to {high}).",
        )
    lead = "more" if v.gain > 0 else "less" if v.gain < 0 else "just as much"
    by = f"{_points(v.gain)} points {lead}" if v.gain else lead
    return (
        first,
        f"The trial does not speak against it: {did}, and no method did clearly better.",
        f"No switch is shown to gain anything: the closest, {named(v.other)}, captured {by} "
        f"({low} to {high}, so it may be chance).",
    )


def _chinese(v: Verdict) -> Sentences:
    def named(name: str) -> str:
        if name == HIATUS:
            return f"沉默规则（超过 {v.hiatus_days} 天未购买者排后，其余按消费额）"
        return "单按消费额" if name == SPEND else name

    first = f"本月分级由 {v.official} 决定。"
    if v.status == "untried":
        return (
            first,
            f"目前无法回测：需要一个之前有 {v.window_months} 个月可供学习、"
            f"之后有 {v.holdout_months} 个月可供检验的月份。",
            "更换方法能带来什么，尚无法判断。",
        )
    who = f" {100 * v.capacity:g} % 的客户" if v.capacity < 1 else f" {v.capacity:,.0f} 位客户"
    did = f"在过去 {v.origins} 个月末各选出{who}，它抓住了其后客户贡献的 {_share(v.captured)}"
    low, high = (_interval if v.status == "level" else _span)(v.low, v.high)
    if v.status == "beaten":
        better = "、".join(named(name) for name in v.better)
        return (
            first,
            f"回测不支持它：{did}，明显少于{better}。",
            f"若改用{named(v.other)}，可多抓住 {_points(v.gain)} 个百分点（{low} 至 {high}）。",
        )
    if not v.other:
        return first, f"回测无法区分：{did}，而各方法所选相同。", "更换方法没有任何收益。"
    if v.status == "clear":
        return (
            first,
            f"回测支持它：{did}，明显多于其他每一种排序不同的方法。",
            f"更换方法会有损失：次优的{named(v.other)}少抓住 {_points(v.gain)} 个百分点（{low} 至 {high}）。",
        )
    lead = "多" if v.gain > 0 else "少"
    by = f"{lead}抓住 {_points(v.gain)} 个百分点" if v.gain else "抓住的一样多"
    return (
        first,
        f"回测不否定它：{did}，没有方法明显更好。",
        f"没有证据表明更换方法有收益：最接近的{named(v.other)}{by}（{low} 至 {high}，可能只是偶然）。",
    )


WORDS: dict[str, Callable[[Verdict], Sentences]] = {"en": _english, "zh": _chinese}
