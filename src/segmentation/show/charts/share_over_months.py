"""A share over the months, with its interval."""

import pandas as pd

from segmentation.show.charts.canvas import INK, Canvas, nothing, share_axis
from segmentation.show.charts.chart import Chart
from segmentation.show.charts.colours import COLOURS
from segmentation.words.formats import show
from segmentation.words.reader import Reader


def share_over_months(frame: pd.DataFrame, column: str, title: str, reader: Reader) -> Chart:
    """Return a line of shares over the months, within the band of their intervals.

    frame: columns month ("2017-12"), the share, and half_width (of its interval).
    """
    found = frame.dropna(subset=[column])
    if found.empty:
        return nothing(title, reader)
    canvas = Canvas(title, 220)
    axes = canvas.axes(left=48, right=20, top=12, bottom=26)
    at, shares, width = range(len(found)), found[column].to_numpy(), found["half_width"].to_numpy()
    shade = COLOURS["hue-fall"]
    axes.fill_between(at, shares - width, shares + width, color=shade, alpha=0.2, linewidth=0)
    axes.plot(at, shares, "o-", color=shade, linewidth=2, markersize=6, markeredgewidth=0)
    for place in sorted({0, len(found) - 1}):
        axes.text(
            place,
            shares[place] + width[place],
            show(shares[place], "share"),
            size=9,
            color=INK,
            ha="center",
            va="bottom",
        )
    axes.set(xlim=(-0.5, len(found) - 0.5), ylim=(0, float((shares + width).max()) * 1.15 or 1.0))
    axes.set_xticks(list(at), list(found["month"]))
    axes.tick_params(length=0)
    axes.spines["left"].set_visible(False)
    axes.yaxis.grid(True)
    share_axis(axes.yaxis)
    told = [(reader.month(m), show(s, "share")) for m, s in zip(found["month"], shares)]
    return canvas.finished(reader, reader.heading(column), told)
