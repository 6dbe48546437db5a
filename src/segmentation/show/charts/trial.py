"""Who would have found the customers that mattered: capture curves, and differences with intervals."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from segmentation.show.charts.canvas import (
    INK,
    LINE,
    SOFT,
    WIDTH,
    Canvas,
    beside,
    nothing,
    number_axis,
    share_axis,
    widest,
)
from segmentation.show.charts.chart import Chart
from segmentation.show.charts.colours import COLOURS
from segmentation.words.formats import compact_share, show
from segmentation.words.reader import Reader

_BOUNDS = ("oracle", "random")
_DASHES = ("solid", (0, (6, 2)), (0, (2, 1.5)), (0, (7, 2, 1.5, 2)))


def capture(
    curve: pd.DataFrame,
    title: str,
    reader: Reader,
    *,
    official: str,
    capacity: Sequence[float] = (0.2,),
) -> Chart:
    """Return, for every method, the share of later value captured against the share of customers chosen.

    curve: columns method, share (of customers chosen), captured (share of later value). capacity: where the
    company stands, as shares; the first orders the legend and gives its figures.
    """
    if curve.empty:
        return nothing(title, reader)
    until = min(1.0, max(0.5, 2 * max(capacity)))
    wide = curve.pivot(index="share", columns="method", values="captured").sort_index()
    at = {name: float(np.interp(capacity[0], wide.index, wide[name])) for name in wide.columns}
    ranked = sorted(at, key=lambda name: (-at[name], name))
    styles = _styles(ranked, official)
    names = [reader.word(name) for name in ranked]
    right = min(widest(names, 10) + 92, 260)
    canvas = Canvas(title, 330)
    axes = canvas.axes(left=54, right=right, top=10, bottom=44)
    for share in capacity:
        axes.axvline(share, color=SOFT, linewidth=1, linestyle=(0, (3, 3)))
        axes.text(share + 0.004, 0.02, compact_share(share), color=SOFT, size=9)
    for name in reversed(ranked):
        shade, width, dash = styles[name]
        axes.plot(wide.index, wide[name], color=shade, linewidth=width, linestyle=dash)
    head = reader.say(
        "{measure} at {share:share}", measure=reader.heading("captured"), share=float(capacity[0])
    )
    _legend(canvas, names, [at[name] for name in ranked], [styles[name] for name in ranked], right, head)
    top = float(wide[wide.index <= until].max().max())
    axes.set(xlim=(0, until), ylim=(0, min(1.0, top * 1.05)))
    axes.set_xlabel(reader.say("Share of customers chosen"))
    axes.set_ylabel(reader.heading("captured"))
    axes.grid(True)
    axes.tick_params(length=0)
    for axis in (axes.xaxis, axes.yaxis):
        share_axis(axis)
    told = [(name, show(at[key], "share")) for key, name in zip(ranked, names)]
    return canvas.finished(reader, head, told)


def differences(
    frame: pd.DataFrame, title: str, reader: Reader, *, official: str, measure: str = "captured"
) -> Chart:
    """Return each method's difference to the official one as a dot with its interval; zero is no difference.

    Random choice and the oracle are left out: they are bounds, and would flatten everything else.

    frame: columns method, difference, low, high (fractions; the interval for this method alone), low_all,
    high_all (the interval that allows for the number of methods) and clear (it excludes zero); one row a
    method, all of one measure, capacity and origin.
    """
    frame = frame[~frame["method"].isin(_BOUNDS)]
    if frame.empty:
        return nothing(title, reader)
    better = -1.0 if measure in ("missed", "wasted", "cost") else 1.0
    rows = frame.sort_values("difference", ascending=better < 0, kind="stable").to_dict("records")
    names = [reader.word(row["method"]) for row in rows]
    spans = [_span(row["difference"], row["low_all"], row["high_all"]) for row in rows]
    canvas = Canvas(title, 30.0 * len(rows) + 58)
    axes = canvas.axes(left=widest(names) + 16, right=widest(spans, 9) + 14, top=6, bottom=46)
    axes.axvline(0, color=INK, linewidth=1.2)
    for y, (row, span) in enumerate(zip(rows, spans)):
        ahead = row["difference"] * better > 0
        shade = (COLOURS["hue-rise"] if ahead else COLOURS["hue-fall"]) if row["clear"] else SOFT
        axes.plot([row["low_all"], row["high_all"]], [y, y], color=shade, linewidth=1.6)
        axes.plot(
            [row["low"], row["high"]], [y, y], color=shade, linewidth=4.5, alpha=0.55, solid_capstyle="round"
        )
        axes.plot(row["difference"], y, "o", color=shade, markersize=8)
        beside(axes, 1, y, span, 10, edge=True)
    axes.set(ylim=(len(rows) - 0.4, -0.6))
    axes.set_yticks(range(len(rows)), names)
    axes.tick_params(length=0)
    axes.tick_params(axis="y", labelcolor=INK, labelsize=10)
    axes.spines["left"].set_visible(False)
    axes.xaxis.grid(True)
    axes.set_xlabel(
        reader.say(
            "{measure}: difference to {official:word}, percentage points",
            measure=reader.heading(measure),
            official=official,
        )
    )
    number_axis(axes.xaxis, lambda value: f"{value * 100:+g}".replace("-", "−").replace("+0", "0"))
    return canvas.finished(reader, axes.get_xlabel(), list(zip(names, spans)))


def _span(difference: float, low: float, high: float) -> str:
    return f"{show(difference, 'points')}  ({show(low, 'points')} … {show(high, 'points')})"


def _styles(ranked: list[str], official: str) -> dict[str, tuple[str, float, object]]:
    """Return colour, width and dash of each method: ink for the official one, grey for the two bounds."""
    styles: dict[str, tuple[str, float, object]] = {}
    others = sorted(name for name in ranked if name != official and name not in _BOUNDS)
    for place, name in enumerate(others):
        styles[name] = (COLOURS[f"line-{place % 6 + 1}"], 1.8, _DASHES[place % len(_DASHES)])
    styles[official] = (INK, 3.0, "solid")
    return styles | dict.fromkeys(_BOUNDS, (SOFT, 1.2, (0, (1, 2))))


def _legend(
    canvas: Canvas,
    names: list[str],
    values: list[float],
    styles: list[tuple[str, float, object]],
    width: float,
    head: str,
) -> None:
    """Write the methods beside the plot, best first, each with its line and its figure."""
    axes = canvas.axes(left=WIDTH - width + 14, right=0, top=10, bottom=44)
    axes.set(xlim=(0, width - 14), ylim=(276, 0))
    axes.axis("off")
    axes.text(0, 8, head, size=9, color=SOFT, va="center")
    axes.plot([0, width - 14], [17, 17], color=LINE, linewidth=0.8)
    for place, (name, value, (shade, thick, dash)) in enumerate(zip(names, values, styles)):
        y = 32 + place * min(20.0, 236 / len(names))
        bold = "bold" if thick > 2 else None
        axes.plot([0, 22], [y, y], color=shade, linewidth=thick, linestyle=dash)
        axes.text(30, y, name, size=10, color=INK, va="center", gid=bold)
        axes.text(width - 16, y, show(value, "share"), size=10, color=INK, va="center", ha="right", gid=bold)
