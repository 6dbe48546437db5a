"""How much of the value the largest customers bring, and where the tiers are cut."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from segmentation.show.charts.canvas import INK, LINE, SOFT, Canvas, share_axis, text_width
from segmentation.show.charts.chart import Chart
from segmentation.show.charts.colours import colour
from segmentation.words.formats import show
from segmentation.words.reader import Reader

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_POINTS = 300


def pareto(values: pd.Series, title: str, reader: Reader, *, tiers: pd.Series | None = None) -> Chart:
    """Return the curve of cumulative value against cumulative customers, cut into tiers.

    values: value of each customer. tiers: the tier of each, in the same order; then customers are taken tier
    by tier, the largest first, and each tier's share of customers and value is written under its piece.
    """
    tier_names = tuple(reader.tiers)
    order = _best_first(values, tiers, tier_names)
    curve = np.concatenate([[0.0], np.cumsum(values.to_numpy(float)[order])])
    curve = curve / curve[-1] if curve[-1] > 0 else curve
    share = np.linspace(0, 1, len(curve))
    canvas = Canvas(title, 330)
    axes = canvas.axes(left=58, right=20, top=12, bottom=44)
    axes.plot([0, 1], [0, 1], color=SOFT, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.text(0.8, 0.755, reader.say("if all customers were equal"), color=SOFT, size=9, ha="left", va="top")
    words = []
    for name, first, last in _pieces(order, tiers):
        shade = colour(name, tier_names) if name else INK
        at = _thinned(first, last)
        axes.fill_between(share[at], curve[at], color=shade, alpha=0.13, linewidth=0)
        axes.plot(share[at], curve[at], color=shade, linewidth=2.4, solid_capstyle="butt")
        if name:
            sizes = (share[last] - share[first], curve[last] - curve[first])
            words.append((name, first, last, sizes))
    for name, first, last, (customers, value) in words:
        _name_piece(axes, name, share[[first, last]], customers, value, tier_names)
    axes.set(xlim=(0, 1), ylim=(0, max(1.02, curve.max() * 1.02)))
    axes.set_xlabel(reader.say("Customers, largest first (share)"))
    axes.set_ylabel(reader.say("Value brought by them (share)"))
    axes.yaxis.grid(True)
    for axis in (axes.xaxis, axes.yaxis):
        share_axis(axis)
    told = [
        (name, f"{show(customers, 'share')} / {show(value, 'share')}")
        for name, _, _, (customers, value) in words
    ]
    if not told:
        most = int(np.argmax(curve >= 0.8))
        told = [(reader.say("All"), f"{show(share[most], 'share')} / {show(curve[most], 'share')}")]
    what = f"{reader.heading('share_of_customers')} / {reader.heading('share_of_value')}"
    return canvas.finished(reader, what, told)


def _best_first(values: pd.Series, tiers: pd.Series | None, names: Sequence[str]) -> np.ndarray:
    """Return the row positions tier by tier (in the order of names, else alphabetical), the largest first."""
    amounts = values.to_numpy(float)
    if tiers is None:
        return np.argsort(-amounts, kind="stable")
    ranks = {name: place for place, name in enumerate(names or sorted(tiers.unique()))}
    return np.lexsort([-amounts, tiers.map(ranks).to_numpy()])


def _pieces(order: np.ndarray, tiers: pd.Series | None) -> list[tuple[str, int, int]]:
    """Return (tier, first point, last point) of each piece of the curve."""
    if tiers is None:
        return [("", 0, len(order))]
    sizes = tiers.iloc[order].value_counts(sort=False)
    ends = np.cumsum(sizes.to_numpy())
    return [(str(name), int(end - size), int(end)) for name, size, end in zip(sizes.index, sizes, ends)]


def _thinned(first: int, last: int) -> np.ndarray:
    """Return at most some hundred points between two, both included: more cannot be seen."""
    return np.unique(np.linspace(first, last, _POINTS).round().astype(int))


def _name_piece(
    axes: "Axes",
    name: str,
    span: np.ndarray,
    customers: float,
    value: float,
    tier_names: Sequence[str],
) -> None:
    """Write the tier's name and shares under its piece of curve, where there is room for them."""

    axes.axvline(span[1], color=LINE, linewidth=1) if span[1] < 1 else None
    shares = f"{show(customers, 'share')} → {show(value, 'share')}"
    room = customers * 650
    middle = float(span.mean())
    axes.text(middle, 0.135, name, color=colour(name, tier_names), gid="bold", size=15, ha="center")
    if room > text_width(shares, 9):
        axes.text(middle, 0.065, shares, color=INK, size=9, ha="center")
