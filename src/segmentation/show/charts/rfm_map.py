"""Where the customers are among the recency and frequency scores, and what they spend there."""

import math
from typing import TYPE_CHECKING

import pandas as pd

from segmentation.show.charts.canvas import INK, Canvas, nothing
from segmentation.show.charts.chart import Chart
from segmentation.show.charts.colours import COLOURS
from segmentation.words.formats import compact
from segmentation.words.reader import Reader

if TYPE_CHECKING:
    from matplotlib.patches import Rectangle

_CELL = 52.0
_STRONGEST = 0.55  # dark text stays readable on it


def rfm_heat(scored: pd.DataFrame, title: str, reader: Reader) -> Chart:
    """Return a grid of R scores (rows, best on top) by F scores (columns, best to the right).

    scored: columns r, f (scores from 1, best highest) and monetary (net spend in the window, currency).
    Each cell: how many customers, and their mean spend; the stronger the colour, the higher the mean.
    """
    if scored.empty:
        return nothing(title, reader)
    cells = scored.groupby(["r", "f"])["monetary"].agg(["size", "mean"])
    scores = range(1, int(max(scored["r"].max(), scored["f"].max())) + 1)
    canvas = Canvas(title, _CELL * len(scores) * 0.86 + 64)
    axes = canvas.axes(left=54, right=4, top=18, bottom=46)
    low, high = (
        math.log(max(value, 1e-9)) for value in (cells["mean"].clip(lower=1).min(), cells["mean"].max())
    )
    told = []
    for (r, f), count, mean in zip(cells.index, cells["size"], cells["mean"]):
        place = (math.log(max(mean, 1)) - low) / (high - low) if high > low else 0.5
        shade = 0.05 + (_STRONGEST - 0.05) * max(place, 0.0)
        axes.add_patch(_cell(f, r, shade))
        axes.text(f, r + 0.1, f"{count:,}", size=12, gid="bold", color=INK, ha="center", va="center")
        axes.text(f, r - 0.24, compact(mean, reader.language), size=9, color=INK, ha="center", va="center")
        told.append((f"R{r} F{f}", f"{count:,} / {compact(mean, reader.language)}"))
    axes.set(xlim=(0.5, len(scores) + 0.5), ylim=(0.5, len(scores) + 0.5), xticks=scores, yticks=scores)
    axes.tick_params(length=0, labelsize=10)
    axes.set_xlabel(reader.say("F score (high = orders often)"))
    axes.set_ylabel(reader.say("R score (high = ordered recently)"))
    for spine in axes.spines.values():
        spine.set_visible(False)
    key = reader.say("Customers, and below their mean spend")
    axes.annotate(
        key,
        (1, 1),
        xycoords="axes fraction",
        xytext=(0, 6),
        textcoords="offset points",
        ha="right",
        size=9,
        color=COLOURS["chart-soft"],
    )
    return canvas.finished(reader, key, told)


def _cell(x: float, y: float, strength: float) -> "Rectangle":
    from matplotlib.patches import Rectangle

    return Rectangle(
        (x - 0.48, y - 0.47), 0.96, 0.94, facecolor=COLOURS["hue-1"], alpha=round(strength, 2), linewidth=0
    )
