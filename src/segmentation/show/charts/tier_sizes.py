"""How large each tier is in customers and in value, for every method at once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from segmentation.show.charts.canvas import (
    INK,
    SOFT,
    WIDTH,
    Canvas,
    beside,
    nothing,
    share_axis,
    text_width,
    widest,
)
from segmentation.show.charts.chart import Chart
from segmentation.show.charts.colours import colour
from segmentation.words.formats import show
from segmentation.words.reader import Reader

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW = 46.0


def sizes(frame: pd.DataFrame, title: str, reader: Reader) -> Chart:
    """Return two bars for each method: how its tiers share out the customers, and how the value.

    frame: columns method, tier, share_of_customers, share_of_value (fractions that sum to one for each
    method); the tiers of a method in the order of its rows.
    """
    if frame.empty:
        return nothing(title, reader)
    methods = list(dict.fromkeys(frame["method"]))
    called = {method: reader.word(method) for method in methods}
    kinds = ("share_of_customers", "share_of_value")
    names = [reader.heading(kind) for kind in kinds]
    left = widest(list(called.values()), 11) + widest(names, 9) + 26
    canvas = Canvas(title, _ROW * len(methods) + 34)
    axes = canvas.axes(left=left, right=20, top=2, bottom=28)
    for row, method in enumerate(methods):
        tiers = frame[frame["method"] == method]
        for line, kind in enumerate(kinds):
            _bar(axes, row + 0.22 * (2 * line - 1), tiers, kind, tuple(reader.tiers), WIDTH - left - 20)
            beside(axes, 0, row + 0.22 * (2 * line - 1), names[line], -6, align="right", color=SOFT)
        beside(axes, 0, row, called[method], -left + 2, size=11, bold=True)
    axes.set(xlim=(0, 1), ylim=(len(methods) - 0.48, -0.52), yticks=[])
    axes.spines["left"].set_visible(False)
    share_axis(axes.xaxis)
    told = [
        (
            f"{called[row.method]} · {row.tier}",
            f"{show(row.share_of_customers, 'share')} / {show(row.share_of_value, 'share')}",
        )
        for row in frame.itertuples()
    ]
    return canvas.finished(reader, " / ".join(names), told)


def _bar(
    axes: "Axes", y: float, tiers: pd.DataFrame, kind: str, tier_names: Sequence[str], room: float
) -> None:
    """Draw one bar of pieces over so many points, each with its tier and share where they fit."""
    start = 0.0
    for tier, share in zip(tiers["tier"], tiers[kind]):
        shade = colour(tier, tier_names)
        axes.barh(y, share, left=start, height=0.36, color=shade, alpha=0.5, linewidth=0)
        axes.barh(y, 0.004, left=start, height=0.36, color=shade, linewidth=0)
        text = f"{tier}  {show(share, 'share')}"
        if share * room > text_width(text, 9) + 12:
            axes.text(start + 0.012, y, text, color=INK, size=9, va="center")
        start += max(share, 0.0)
