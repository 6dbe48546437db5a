"""The tiers over the months: how many customers, and how much of the value."""

from collections.abc import Sequence

import pandas as pd

from segmentation.show.charts.canvas import INK, SOFT, WIDTH, Canvas, nothing, number_axis
from segmentation.show.charts.chart import Chart
from segmentation.show.charts.colours import colour
from segmentation.words.formats import compact
from segmentation.words.reader import Reader

_BETWEEN = 64.0


def months(frame: pd.DataFrame, title: str, reader: Reader) -> Chart:
    """Return two rows of stacked bars, one bar a month: customers and value of each tier.

    frame: columns month ("2017-12"), tier, customers, value (currency, in the window); the tiers best first.
    """
    if frame.empty:
        return nothing(title, reader)
    canvas = Canvas(title, 250)
    width = (WIDTH - 2 * 48 - _BETWEEN / 2) / 2
    tier_names = tuple(reader.tiers)
    tiers = [tier for tier in tier_names if tier in set(frame["tier"])] or list(dict.fromkeys(frame["tier"]))
    told = []
    for place, kind in enumerate(("customers", "value")):
        left = 48 + place * (width + _BETWEEN)
        axes = canvas.axes(left=left, right=WIDTH - left - width, top=26, bottom=26)
        wide = frame.pivot(index="month", columns="tier", values=kind).fillna(0).sort_index()
        base = pd.Series(0.0, index=wide.index)
        for tier in reversed([tier for tier in tiers if tier in wide]):
            axes.bar(
                range(len(wide)),
                wide[tier],
                bottom=base,
                width=0.8,
                color=colour(tier, tier_names),
                linewidth=0,
            )
            base = base + wide[tier]
            last = compact(wide[tier].iloc[-1], reader.language)
            told.append((f"{reader.heading(kind)} {reader.tier(tier)}", last))
        axes.set(xlim=(-0.5, len(wide) - 0.5))
        axes.set_title(reader.heading(kind), loc="left", size=10, color=SOFT)
        step = -(-len(wide) // 6)
        at = list(range(len(wide) - 1, -1, -step))[::-1]
        axes.set_xticks(at, [wide.index[place] for place in at])
        axes.tick_params(length=0)
        axes.spines["left"].set_visible(False)
        axes.yaxis.grid(True)
        number_axis(axes.yaxis, lambda value: compact(value, reader.language))
    if len(tiers) > 1:
        _names(canvas, tiers, tier_names)
    return canvas.finished(reader, reader.month(max(frame["month"])), told)


def _names(canvas: Canvas, tiers: Sequence[str], tier_names: Sequence[str]) -> None:
    """Write the tiers with their colours at the top right."""
    axes = canvas.axes(left=WIDTH - 44 * len(tiers), right=0, top=0, bottom=canvas.height - 20)
    axes.set(xlim=(0, 44 * len(tiers)), ylim=(0, 20))
    axes.axis("off")
    for place, tier in enumerate(tiers):
        at = 44 * place
        axes.fill_between([at, at + 12], 4, 14, color=colour(tier, tier_names), linewidth=0)
        axes.text(at + 17, 9, str(tier), size=10, color=INK, va="center")
