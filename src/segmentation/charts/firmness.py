"""How firm the tiers are: stability under resampling, confidence in each, sensitivity to every choice."""

from collections.abc import Sequence

import pandas as pd

from segmentation.charts.canvas import (
    INK,
    LINE,
    SOFT,
    WIDTH,
    Canvas,
    nothing,
    number_axis,
    text_width,
    widest,
)
from segmentation.charts.chart import Chart
from segmentation.charts.colours import colour
from segmentation.formats import show
from segmentation.labels import label

_ROW = 24.0
_VERDICTS = (
    (0.5, 0.6, "dissolved"),
    (0.6, 0.75, "doubtful"),
    (0.75, 0.85, "valid"),
    (0.85, 1.0, "highly_stable"),
)
_STRENGTHS = {"sure": 0.6, "likely": 0.33, "coin_toss": 0.14}
SURE, TOSS = 0.9, 0.6


def stability(
    frame: pd.DataFrame, *, title: str, language: str = "en", tier_names: Sequence[str] = ()
) -> Chart:
    """Return the mean bootstrap Jaccard of every tier or cluster, against the bounds of its named verdicts.

    frame: columns method (or the cluster's name), tier, jaccard (0 to 1).
    """
    if frame.empty:
        return nothing(title, language)
    rows = frame.to_dict("records")
    names = list(dict.fromkeys(row["method"] for row in rows))
    canvas = Canvas(title, 38.0 * len(names) + 66)
    axes = canvas.axes(left=widest(names) + 16, right=12, top=24, bottom=42)
    low = min(0.4, *(row["jaccard"] - 0.05 for row in rows))
    for start, end, verdict in _VERDICTS:
        axes.axvline(start, color=LINE, linewidth=1)
        axes.text((start + end) / 2, -0.78, label(verdict, language), size=8.5, color=SOFT, ha="center")
    for row in rows:
        y = names.index(row["method"])
        shade = colour(row["tier"], tier_names)
        axes.plot(row["jaccard"], y, "o", color=shade, markersize=13, alpha=0.9, markeredgewidth=0)
        axes.text(row["jaccard"], y - 0.29, str(row["tier"]), size=8.5, color=INK, ha="center", gid="bold")
    axes.set(xlim=(low, 1.01), ylim=(len(names) - 0.4, -0.6))
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(length=0)
    axes.tick_params(axis="y", labelcolor=INK, labelsize=10)
    axes.set_xlabel(label("jaccard", language))
    told = "; ".join(f"{row['method']} {row['tier']}: {row['jaccard']:.2f}" for row in rows)
    return canvas.finished(f"{title}. {label('jaccard', language)}: {told}")


def confidence(
    frame: pd.DataFrame, *, title: str, language: str = "en", tier_names: Sequence[str] = ()
) -> Chart:
    """Return, for each tier, how many of its customers are sure of it, likely, or a coin toss.

    frame: one row a customer: tier, probability (of that tier, or the steadiness).
    """
    if frame.empty:
        return nothing(title, language)
    kind = pd.cut(
        frame["probability"], [-1, TOSS, SURE, 2], right=False, labels=["coin_toss", "likely", "sure"]
    )
    counts = pd.crosstab(frame["tier"], kind).reindex(columns=list(_STRENGTHS), fill_value=0)
    order = [name for name in tier_names if name in counts.index] or sorted(counts.index)
    numbers = counts.loc[order].to_numpy(int)
    canvas = Canvas(title, 42.0 * len(order) + 54)
    axes = canvas.axes(left=widest(order, 12) + 22, right=20, top=26, bottom=28)
    told = []
    for y, tier in enumerate(order):
        start = 0.0
        for (part, strength), count in zip(_STRENGTHS.items(), numbers[y]):
            share = count / numbers[y].sum()
            axes.barh(
                y, share, left=start, height=0.66, color=colour(tier, tier_names), alpha=strength, linewidth=0
            )
            text = f"{count:,}  ({show(share, 'share')})"
            if share * (WIDTH - 70) > text_width(text, 9) + 8:
                axes.text(start + 0.01, y, text, size=9, va="center", color=INK)
            told.append(f"{tier} {label(part, language)}: {count:,}")
            start += share
    _strengths(canvas, language)
    axes.set(xlim=(0, 1), ylim=(len(order) - 0.5, -0.5))
    axes.set_yticks(range(len(order)), order)
    axes.tick_params(length=0)
    axes.tick_params(axis="y", labelcolor=INK, labelsize=12)
    axes.spines["left"].set_visible(False)
    number_axis(axes.xaxis, lambda value: f"{value:.0%}")
    return canvas.finished(f"{title}. {'; '.join(told)}")


def sensitivity(frame: pd.DataFrame, *, title: str, language: str = "en") -> Chart:
    """Return how much of tier A is left under each other defensible choice.

    frame: columns choice (what was set otherwise), survives (share of A that stays A, 0 to 1) and, if given,
    group (choices of the same kind stand together).
    """
    if frame.empty:
        return nothing(title, language)
    rows = frame.to_dict("records")
    names = [str(row["choice"]) for row in rows]
    canvas = Canvas(title, _ROW * len(rows) + 48)
    axes = canvas.axes(left=widest(names) + 16, right=48, top=2, bottom=42)
    shade = colour("A")
    for y, row in enumerate(rows):
        axes.plot([0, 1], [y, y], color=LINE, linewidth=1)
        axes.plot([0, row["survives"]], [y, y], color=shade, linewidth=3, alpha=0.5, solid_capstyle="butt")
        axes.plot(row["survives"], y, "o", color=shade, markersize=9)
        axes.annotate(
            show(row["survives"], "share"),
            (1, y),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            size=9,
            color=INK,
        )
    axes.set(xlim=(0, 1), ylim=(len(rows) - 0.4, -0.6))
    axes.set_yticks(range(len(rows)), names)
    axes.tick_params(length=0)
    axes.tick_params(axis="y", labelcolor=INK, labelsize=10)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(label("survives", language))
    number_axis(axes.xaxis, lambda value: f"{value:.0%}")
    told = "; ".join(f"{name}: {show(row['survives'], 'share')}" for name, row in zip(names, rows))
    return canvas.finished(f"{title}. {label('survives', language)}: {told}")


def _strengths(canvas: Canvas, language: str) -> None:
    """Write what the three strengths of colour mean, above the bars."""
    axes = canvas.axes(left=34, right=0, top=0, bottom=canvas.height - 20)
    axes.set(xlim=(0, WIDTH - 34), ylim=(0, 20))
    axes.axis("off")
    at = 0.0
    for part, strength in _STRENGTHS.items():
        text = label(part, language)
        axes.fill_between([at, at + 14], 4, 14, color=SOFT, alpha=strength, linewidth=0)
        axes.text(at + 20, 9, text, size=9, color=SOFT, va="center")
        at += 44 + text_width(text, 9)
