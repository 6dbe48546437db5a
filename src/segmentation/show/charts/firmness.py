"""How firm the tiers are: stability under resampling, and confidence in each."""

import pandas as pd

from segmentation.show.charts.canvas import (
    INK,
    LINE,
    SOFT,
    WIDTH,
    Canvas,
    nothing,
    share_axis,
    text_width,
    widest,
)
from segmentation.show.charts.chart import Chart
from segmentation.show.charts.colours import colour
from segmentation.words.formats import show, write
from segmentation.words.reader import Reader

_VERDICTS = {"dissolved": 0.4, "weak": 0.5, "doubtful": 0.6, "valid": 0.75, "highly stable": 0.85}
_GRADES = {
    "sure": (0.6, "≥ 90%"),
    "likely": (0.36, "60–90%"),
    "coin_toss": (0.2, "40–60%"),
    "doubtful": (0.07, "< 40%"),
}


def stability(frame: pd.DataFrame, title: str, reader: Reader) -> Chart:
    """Return the mean bootstrap Jaccard of every tier or cluster, against the bounds of its named verdicts.

    frame: columns method (or the cluster's name), tier, jaccard (0 to 1), and perhaps verdict; where that is
    empty in a row, no bounds are shown: the named verdicts are of clusters only (Hennig 2007).
    """
    if frame.empty:
        return nothing(title, reader)
    rows = frame.to_dict("records")
    names = list(dict.fromkeys(row["method"] for row in rows))
    canvas = Canvas(title, 38.0 * len(names) + 66)
    axes = canvas.axes(left=widest([reader.word(name) for name in names]) + 16, right=12, top=24, bottom=42)
    low = min(0.4, *(row["jaccard"] - 0.05 for row in rows))
    named = all(row.get("verdict", True) for row in rows)
    bounds = list(_VERDICTS.items()) if named else []
    for (verdict, start), end in zip(bounds, [*list(_VERDICTS.values())[1:], 1.0]):
        axes.axvline(start, color=LINE, linewidth=1)
        axes.text((start + end) / 2, -0.78, reader.word(verdict), size=8.5, color=SOFT, ha="center")
    for row in rows:
        y = names.index(row["method"])
        shade = colour(row["tier"], tuple(reader.tiers))
        axes.plot(row["jaccard"], y, "o", color=shade, markersize=13, alpha=0.9, markeredgewidth=0)
        axes.text(row["jaccard"], y - 0.29, str(row["tier"]), size=8.5, color=INK, ha="center", gid="bold")
    axes.set(xlim=(low, 1.01), ylim=(len(names) - 0.4, -0.6))
    axes.set_yticks(range(len(names)), [reader.word(name) for name in names])
    axes.tick_params(length=0)
    axes.tick_params(axis="y", labelcolor=INK, labelsize=10)
    axes.set_xlabel(reader.heading("jaccard"))
    told = [
        (f"{reader.word(row['method'])} · {row['tier']}", figure)
        for row, figure in zip(rows, write(frame["jaccard"], "number"))
    ]
    return canvas.finished(reader, reader.heading("jaccard"), told)


def confidence(frame: pd.DataFrame, title: str, reader: Reader) -> Chart:
    """Return, for each tier, how many of its customers are sure of it, likely, a coin toss or doubtful.

    frame: columns tier (best first), sure, likely, coin_toss, doubtful: numbers of customers whose own tier
    has a chance (or steadiness) of at least .90, .60, .40, or less. A tier without customers is left out.
    """
    frame = frame[frame[list(_GRADES)].sum(axis=1) > 0] if len(frame) else frame
    if frame.empty:
        return nothing(title, reader)
    tiers = [str(tier) for tier in frame["tier"]]
    numbers = frame[list(_GRADES)].to_numpy(int)
    canvas = Canvas(title, 42.0 * len(tiers) + 54)
    axes = canvas.axes(left=widest(tiers, 12) + 22, right=20, top=26, bottom=28)
    told = []
    for y, tier in enumerate(tiers):
        start = 0.0
        for (grade, (strength, _)), count in zip(_GRADES.items(), numbers[y]):
            share = count / numbers[y].sum()
            shade = colour(tier, tuple(reader.tiers))
            axes.barh(y, share, left=start, height=0.66, color=shade, alpha=strength, linewidth=0)
            text = f"{count:,}  ({show(share, 'share')})"
            if share * (WIDTH - 70) > text_width(text, 9) + 8:
                axes.text(start + 0.01, y, text, size=9, va="center", color=INK)
            told.append((f"{tier} · {reader.heading(grade)}", f"{count:,}"))
            start += share
    _strengths(canvas, reader)
    axes.set(xlim=(0, 1), ylim=(len(tiers) - 0.5, -0.5))
    axes.set_yticks(range(len(tiers)), tiers)
    axes.tick_params(length=0)
    axes.tick_params(axis="y", labelcolor=INK, labelsize=12)
    axes.spines["left"].set_visible(False)
    share_axis(axes.xaxis)
    return canvas.finished(reader, reader.heading("customers"), told)


def _strengths(canvas: Canvas, reader: Reader) -> None:
    """Write what the strengths of colour mean, above the bars."""
    axes = canvas.axes(left=34, right=0, top=0, bottom=canvas.height - 20)
    axes.set(xlim=(0, WIDTH - 34), ylim=(0, 20))
    axes.axis("off")
    at = 0.0
    for grade, (strength, bounds) in _GRADES.items():
        text = f"{reader.heading(grade)} ({bounds})"
        axes.fill_between([at, at + 14], 4, 14, color=SOFT, alpha=strength, linewidth=0)
        axes.text(at + 20, 9, text, size=9, color=SOFT, va="center")
        at += 44 + text_width(text, 9)
