"""Who moved between tiers since last month: as a matrix and as a flow."""

from collections.abc import Sequence

import pandas as pd

from segmentation.charts.canvas import INK, SOFT, Canvas, widest
from segmentation.charts.chart import Chart
from segmentation.charts.colours import COLOURS
from segmentation.labels import label

_CELL = 46.0


def movement_matrix(counts: pd.DataFrame, *, title: str, language: str = "en") -> Chart:
    """Return the table of moves as a picture: rows are last month's states, columns this month's.

    counts: customers, index = states before, columns = states after, both best first (new and dormant last).
    Moves to a better tier are tinted in one colour, moves to a worse one in another, by share of the row.
    """
    befores, afters = [str(name) for name in counts.index], [str(name) for name in counts.columns]
    rows = [label(name, language) for name in befores]
    heads = [label(name, language) for name in afters]
    left = widest(rows) + 40
    canvas = Canvas(title, _CELL * len(rows) + 52)
    axes = canvas.axes(left=left, right=4, top=44, bottom=8)
    numbers = counts.fillna(0).to_numpy(int)
    for y, before in enumerate(befores):
        for x, after in enumerate(afters):
            count, total = int(numbers[y, x]), int(numbers[y].sum())
            shade = _direction(before, after, befores, afters)
            _cell(axes, x, y, count, count / total if total else 0.0, shade)
    axes.set(xlim=(-0.5, len(afters) - 0.5), ylim=(len(befores) - 0.5, -0.5))
    axes.set_xticks(range(len(afters)), heads)
    axes.set_yticks(range(len(befores)), rows)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set_xlabel(label("this_month", language), labelpad=8)
    axes.set_ylabel(label("last_month", language), labelpad=8)
    axes.tick_params(length=0, labelcolor=INK, labelsize=10)
    for spine in axes.spines.values():
        spine.set_visible(False)
    told = "; ".join(
        f"{rows[y]} → {heads[x]}: {numbers[y, x]:,}"
        for y in range(len(rows))
        for x in range(len(heads))
        if numbers[y, x]
    )
    return canvas.finished(f"{title}. {label('customers', language)}: {told}")


def _direction(before: str, after: str, befores: Sequence[str], afters: Sequence[str]) -> str:
    """Return the colour of a move: better, worse, or neither (unchanged, or new)."""
    if before == after or before in ("new",) or after not in befores:
        return COLOURS["hue-fall"] if after == "dormant" and before != after else SOFT
    return COLOURS["hue-rise"] if befores.index(after) < befores.index(before) else COLOURS["hue-fall"]


def _cell(axes: "object", x: int, y: int, count: int, share: float, shade: str) -> None:
    from matplotlib.axes import Axes
    from matplotlib.patches import Rectangle

    assert isinstance(axes, Axes)
    axes.add_patch(
        Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, facecolor=shade, alpha=0.06 + 0.44 * share, linewidth=0)
    )
    if not count:
        axes.text(x, y, "0", ha="center", va="center", color=SOFT, size=10)
        return
    axes.text(x, y - 0.12, f"{count:,}", ha="center", va="center", color=INK, size=12, gid="bold")
    axes.text(x, y + 0.24, f"{share:.1%}", ha="center", va="center", color=INK, size=8.5)
