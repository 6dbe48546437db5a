"""Who moved between tiers since last month: as a matrix and as a flow."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from segmentation.show.charts.canvas import INK, SOFT, WIDTH, Canvas, nothing, widest
from segmentation.show.charts.chart import Chart
from segmentation.show.charts.colours import COLOURS, colour
from segmentation.words.formats import show
from segmentation.words.reader import Reader

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_CELL = 46.0
_GAP = 14.0


def movement_matrix(counts: pd.DataFrame, title: str, reader: Reader) -> Chart:
    """Return the table of moves as a picture: rows are last month's states, columns this month's.

    counts: customers, index = states before, columns = states after, both best first (new and dormant last).
    Each cell: customers, and their share of the row. Moves to a better tier are tinted in one colour, moves
    to a worse one in another, the stronger the more customers made them.
    """
    befores, afters = [str(name) for name in counts.index], [str(name) for name in counts.columns]
    rows = [_state(name, reader) for name in befores]
    heads = [_state(name, reader) for name in afters]
    left = widest(rows) + 40
    canvas = Canvas(title, _CELL * len(rows) + 52)
    axes = canvas.axes(left=left, right=4, top=44, bottom=8)
    numbers = counts.fillna(0).to_numpy(int)
    stayed = np.array([[before == after for after in afters] for before in befores])
    most = max(int(numbers[~stayed].max(initial=0)), 1)
    for y, before in enumerate(befores):
        for x, after in enumerate(afters):
            count, total = int(numbers[y, x]), int(numbers[y].sum())
            shade = _direction(before, after, befores, afters)
            strength = 0.2 if stayed[y, x] else 0.08 + 0.42 * count / most
            _cell(
                axes,
                x,
                y,
                count,
                count / max(total, 1),
                shade if count else SOFT,
                strength if count else 0.05,
            )
    axes.set(xlim=(-0.5, len(afters) - 0.5), ylim=(len(befores) - 0.5, -0.5))
    axes.set_xticks(range(len(afters)), heads)
    axes.set_yticks(range(len(befores)), rows)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set_xlabel(reader.say("Tier this month"), labelpad=8)
    axes.set_ylabel(reader.say("Tier last month"), labelpad=8)
    axes.tick_params(length=0, labelcolor=INK, labelsize=10)
    for spine in axes.spines.values():
        spine.set_visible(False)
    told = [
        (f"{rows[y]} → {heads[x]}", f"{numbers[y, x]:,}")
        for y in range(len(rows))
        for x in range(len(heads))
        if numbers[y, x]
    ]
    return canvas.finished(reader, reader.heading("customers"), told)


def _state(state: str, reader: Reader) -> str:
    """A tier by its name, any other state in words."""
    return state if state in reader.tiers else reader.word(state)


def _direction(before: str, after: str, befores: Sequence[str], afters: Sequence[str]) -> str:
    """Return the colour of a move: better, worse, or neither (unchanged, or new)."""
    if before == after or before in ("new",) or after not in befores:
        return COLOURS["hue-fall"] if after == "dormant" and before != after else SOFT
    return COLOURS["hue-rise"] if befores.index(after) < befores.index(before) else COLOURS["hue-fall"]


def _cell(axes: "Axes", x: int, y: int, count: int, share: float, shade: str, strength: float) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, facecolor=shade, alpha=strength, linewidth=0))
    if not count:
        axes.text(x, y, "0", ha="center", va="center", color=SOFT, size=10)
        return
    axes.text(x, y - 0.12, f"{count:,}", ha="center", va="center", color=INK, size=12, gid="bold")
    axes.text(x, y + 0.24, show(share, "share"), ha="center", va="center", color=INK, size=8.5)


def movement_flow(counts: pd.DataFrame, title: str, reader: Reader) -> Chart:
    """Return the same moves as a flow: last month's states on the left, this month's on the right.

    counts: as for `movement_matrix`. A band is as wide as the customers it carries, in the colour of the
    state they come from.
    """
    tier_names = tuple(reader.tiers)
    numbers = counts.fillna(0).to_numpy(int)
    if not numbers.sum():
        return nothing(title, reader)
    befores, afters = [str(name) for name in counts.index], [str(name) for name in counts.columns]
    lefts = [f"{_state(n, reader)}  {v:,}" for n, v in zip(befores, numbers.sum(axis=1))]
    rights = [f"{_state(n, reader)}  {v:,}" for n, v in zip(afters, numbers.sum(axis=0))]
    margin_left, margin_right = widest(lefts) + 12, widest(rights) + 12
    canvas = Canvas(title, 340)
    axes = canvas.axes(left=margin_left, right=margin_right, top=24, bottom=4)
    axes.set(xlim=(0, WIDTH - margin_left - margin_right), ylim=(312, 0))
    axes.axis("off")
    width, scale = WIDTH - margin_left - margin_right, 312 - _GAP * (len(befores) - 1)
    left_tops = _tops(numbers.sum(axis=1), scale)
    right_tops = _tops(numbers.sum(axis=0), scale)
    per = scale / numbers.sum()
    offsets_left, offsets_right = left_tops.copy(), right_tops.copy()
    for y, before in enumerate(befores):
        for x in range(len(afters)):
            if size := numbers[y, x] * per:
                _band(axes, width, offsets_left[y], offsets_right[x], size, colour(before, tier_names))
                offsets_left[y] += size
                offsets_right[x] += size
    sides = (
        (0.0, befores, lefts, left_tops, numbers.sum(axis=1), reader.say("Tier last month")),
        (width, afters, rights, right_tops, numbers.sum(axis=0), reader.say("Tier this month")),
    )
    for edge, names, texts, tops, totals, heading in sides:
        side, outward = ("right", -1) if edge == 0 else ("left", 1)
        axes.text(edge, -12, heading, size=9, color=SOFT, ha="left" if edge == 0 else "right")
        for name, text, top, total in zip(names, texts, tops, totals):
            if total:
                axes.fill_between(
                    [edge, edge - outward * 7],
                    top,
                    top + total * per,
                    color=colour(name, tier_names),
                    linewidth=0,
                )
                axes.text(edge + outward * 7, top + total * per / 2, text, ha=side, va="center", color=INK)
    told = [
        (f"{_state(befores[y], reader)} → {_state(afters[x], reader)}", f"{numbers[y, x]:,}")
        for y, x in zip(*np.nonzero(numbers))
        if befores[y] != afters[x]
    ]
    return canvas.finished(reader, reader.heading("customers"), told)


def _tops(totals: np.ndarray, height: float) -> np.ndarray:
    """Return where each block of a side begins, from the top, with gaps between those that are not empty."""
    sizes = totals / totals.sum() * height
    gaps = np.where(totals > 0, _GAP, 0.0)
    return np.concatenate([[0.0], np.cumsum(sizes + gaps)[:-1]])


def _band(axes: "Axes", width: float, start: float, end: float, size: float, shade: str) -> None:
    """Draw a curved band from the left edge at height `start` to the right edge at `end`."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    a, b, middle = 7.0, width - 7.0, width / 2
    corners = [
        (a, start), (middle, start), (middle, end), (b, end),
        (b, end + size), (middle, end + size), (middle, start + size), (a, start + size), (a, start),
    ]  # fmt: skip
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    axes.add_patch(PathPatch(Path(corners, codes), facecolor=shade, alpha=0.35, linewidth=0))
