"""The clusters in two dimensions that a person can read, each point a customer."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from segmentation.show.charts.canvas import INK, PAPER, Canvas, nothing, number_axis
from segmentation.show.charts.chart import Chart
from segmentation.show.charts.colours import colour
from segmentation.words.formats import compact
from segmentation.words.reader import Reader

if TYPE_CHECKING:
    from matplotlib.axis import Axis

_MOST_POINTS = 4000
_SKEWED = 8.0  # largest over median: beyond it a linear axis shows one dot and a smear


def clusters(
    frame: pd.DataFrame, title: str, reader: Reader, *, x: str = "recency_days", y: str = "monetary"
) -> Chart:
    """Return a scatter of customers, coloured by tier, with each cluster's name at its median.

    frame: columns x, y (any numbers of the profile), tier, segment (the cluster's name). Of many customers
    every n-th is drawn, in the order of x and y. A skewed column gets a logarithmic axis, on which values
    of zero and below stand together at its beginning.
    """
    if frame.empty:
        return nothing(title, reader)
    canvas = Canvas(title, 370)
    axes = canvas.axes(left=64, right=14, top=12, bottom=44)
    data = frame[[x, y, "tier", "segment"]].sort_values([x, y], kind="stable", ignore_index=True)
    data[x] = _scaled(data[x], axes.xaxis, axes.set_xscale, x, reader)
    data[y] = _scaled(data[y], axes.yaxis, axes.set_yscale, y, reader)
    seen = data.iloc[:: -(-len(data) // _MOST_POINTS)]
    tiers = tuple(reader.tiers)
    for shown, points in seen.groupby("tier"):
        axes.scatter(
            points[x],
            points[y],
            s=9,
            color=colour(shown, tiers),
            alpha=0.4,
            linewidths=0,
            rasterized=True,
        )
    axes.autoscale_view()
    told = []
    for named, points in data.groupby(["tier", "segment"]):
        tier, segment = named if isinstance(named, tuple) else ("", named)
        segment = reader.word(segment)
        middle = points[x].median(), points[y].median()
        across = axes.transAxes.inverted().transform(axes.transData.transform(middle))[0]
        axes.text(
            *middle,
            f"{tier} · {segment}",
            color=INK,
            ha="left" if across < 0.2 else "right" if across > 0.8 else "center",
            va="center",
            bbox={"boxstyle": "round,pad=0.3", "facecolor": PAPER, "alpha": 0.85, "linewidth": 1.2}
            | {"edgecolor": colour(tier, tiers)},
        )
        told.append((f"{tier} · {segment}", f"{len(points):,}"))
    axes.grid(True)
    axes.tick_params(length=0)
    return canvas.finished(reader, reader.heading("customers"), told)


def _scaled(
    values: pd.Series, axis: "Axis", set_scale: Callable[..., None], column: str, reader: Reader
) -> pd.Series:
    """Set the axis' scale and label for a column and return the values that can be drawn on it."""
    positive, name = values[values > 0], reader.heading(column)
    number_axis(axis, lambda value: compact(value, reader.language))
    if positive.empty or positive.max() < _SKEWED * positive.median():
        axis.set_label_text(name)
        return values
    set_scale("symlog", linthresh=positive.min(), linscale=0.4)
    axis.set_minor_formatter("")
    number_axis(axis, lambda value: compact(value, reader.language))
    axis.set_label_text(reader.say("{name} (logarithmic scale)", name=name))
    return values.clip(lower=0)
