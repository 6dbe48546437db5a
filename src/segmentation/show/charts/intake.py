"""From the rows that came in to the rows that count, reason by reason."""

import pandas as pd

from segmentation.show.charts.canvas import INK, LINE, SIZE, Canvas, beside, nothing, widest
from segmentation.show.charts.chart import Chart
from segmentation.show.charts.colours import COLOURS
from segmentation.words.labels import label


def reconciliation(frame: pd.DataFrame, *, title: str, measure: str = "rows", language: str = "en") -> Chart:
    """Return a waterfall: all that came in, what each reason took away, what is left.

    frame: columns rule (the first row all, the last row accepted, a reason between) and the measure, for
    example rows or amount; the rows between add up to the difference.
    """
    if frame.empty:
        return nothing(title, language)
    names = [label(name, language) for name in frame["rule"]]
    values = frame[measure].astype("float64").tolist()
    texts = [
        f"{value:,.0f}" if place in (0, len(values) - 1) else f"−{value:,.0f}"
        for place, value in enumerate(values)
    ]
    canvas = Canvas(title, 28.0 * len(names) + 12)
    axes = canvas.axes(left=widest(names) + 16, right=widest(texts) + 16, top=4, bottom=4)
    left = values[0]
    for y, (value, text) in enumerate(zip(values, texts)):
        whole = y in (0, len(values) - 1)
        start, end = (0.0, value) if whole else (left - value, left)
        left = left if whole else left - value
        shade = COLOURS["chart-soft"] if whole else COLOURS["hue-fall"]
        axes.barh(
            y, end - start, left=start, height=0.62, color=shade, alpha=0.75, linewidth=0.8, edgecolor=shade
        )
        beside(axes, 1, y, text, 10, edge=True, size=SIZE)
        if y + 1 < len(values):
            axes.plot([left, left], [y, y + 1], color=LINE, linewidth=1)
    axes.set(xlim=(0, max(values) or 1), ylim=(len(names) - 0.4, -0.6), xticks=[])
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(length=0, labelcolor=INK, labelsize=10)
    for spine in axes.spines.values():
        spine.set_visible(False)
    told = "; ".join(f"{name}: {text}" for name, text in zip(names, texts))
    return canvas.finished(f"{title}. {label(measure, language)}: {told}")
