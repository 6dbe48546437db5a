"""What every defensible choice does to the best tier: one cell for each method, choice and window."""

from typing import TYPE_CHECKING

import pandas as pd

from segmentation.show.charts.canvas import INK, SIZE, SOFT, Canvas, beside, nothing, text_width, widest
from segmentation.show.charts.chart import Chart
from segmentation.show.charts.colours import COLOURS
from segmentation.words.formats import show, write
from segmentation.words.reader import Reader

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW = 23.0
_GAP = 0.45  # between two methods, in rows


def sensitivity(specifications: pd.DataFrame, title: str, reader: Reader) -> Chart:
    """Return how much of the best tier as it is set stays in it under each other choice.

    specifications: columns method, choice, window_months, kept (0 to 1; empty where nobody was in the tier)
    and base (whether this is the one as set, drawn with a frame). Rows are a method's choices, columns the
    windows; a stronger colour means that more of the tier is kept.
    """
    if specifications.empty:
        return nothing(title, reader)
    rows = specifications.to_dict("records")
    windows = sorted({row["window_months"] for row in rows})
    keys = list(dict.fromkeys((row["method"], row["choice"]) for row in rows))
    methods = list(dict.fromkeys(method for method, _ in keys))
    height = {key: place + _GAP * methods.index(key[0]) for place, key in enumerate(keys)}
    names = [reader.word(choice) for _, choice in keys]
    lowest = _ROW * (len(keys) + _GAP * (len(methods) - 1))
    called = {method: reader.word(method) for method in methods}
    left = widest(names) + max(text_width(name, 10) for name in called.values()) * 1.2 + 40
    canvas = Canvas(title, lowest + 44)
    axes = canvas.axes(left=left, right=4, top=40, bottom=4)
    axes.set(xlim=(-0.5, len(windows) - 0.5), ylim=(lowest / _ROW - 0.5, -0.5))
    for row in rows:
        _cell(axes, windows.index(row["window_months"]), height[row["method"], row["choice"]], row)
    axes.set_xticks(
        range(len(windows)),
        [reader.say("{n:integer} {n:month|months} window", n=window) for window in windows],
    )
    axes.set_yticks([height[key] for key in keys], names)
    for method in methods:
        first = min(place for key, place in height.items() if key[0] == method)
        beside(axes, 0, first, called[method], -left + 2, edge=True, size=SIZE, bold=True)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    said = reader.say("Share of the best tier that stays in it, by window (framed: as set)")
    axes.set_xlabel(said, color=SOFT, labelpad=6)
    axes.tick_params(length=0, labelcolor=INK, labelsize=10)
    for spine in axes.spines.values():
        spine.set_visible(False)
    told = [
        (f"{called[row['method']]} · {reader.word(row['choice'])} · {row['window_months']}", kept)
        for row, kept in zip(rows, write(specifications["kept"], "share"))
    ]
    return canvas.finished(reader, reader.heading("kept"), told)


def _cell(axes: "Axes", x: float, y: float, row: dict) -> None:
    """Draw one specification: its share kept, with a frame around the one that is set."""
    from matplotlib.patches import Rectangle

    kept = row["kept"] if row["kept"] == row["kept"] else 0.0
    box = (x - 0.49, y - 0.44), 0.98, 0.88
    axes.add_patch(
        Rectangle(*box, facecolor=COLOURS["hue-1"], alpha=round(0.04 + 0.5 * kept**2, 2), linewidth=0)
    )
    if row["base"]:
        axes.add_patch(Rectangle(*box, fill=False, edgecolor=INK, linewidth=1.2))
    axes.text(x, y, show(row["kept"], "share"), size=9, color=INK, ha="center", va="center")
