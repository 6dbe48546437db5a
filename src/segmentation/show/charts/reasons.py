"""Why customers changed tier: the customer, the boundary, both together, or only time."""

import pandas as pd

from segmentation.show.charts.canvas import INK, SOFT, Canvas, beside, nothing, number_axis, widest
from segmentation.show.charts.chart import Chart
from segmentation.show.charts.colours import COLOURS
from segmentation.words.labels import label


def causes(frame: pd.DataFrame, *, title: str, language: str = "en") -> Chart:
    """Return, for each cause, how many customers it moved down (to the left) and up (to the right).

    frame: columns cause, up, down (customers) and within_noise (how many of both are within noise).
    """
    if frame.empty or not frame[["up", "down"]].to_numpy().sum():
        return nothing(title, language)
    rows = frame.to_dict("records")
    names = [label(row["cause"], language) for row in rows]
    noise = [label("of_noise", language).format(n=f"{row['within_noise']:,}") for row in rows]
    canvas = Canvas(title, 38.0 * len(rows) + 64)
    axes = canvas.axes(left=widest(names) + 16, right=widest(noise, 9) + 16, top=24, bottom=40)
    room = 1.25 * max(max(row["up"], row["down"]) for row in rows)
    for y, (row, remark) in enumerate(zip(rows, noise)):
        for count, sign, shade in ((row["down"], -1, "hue-fall"), (row["up"], 1, "hue-rise")):
            axes.barh(y, sign * count, height=0.6, color=COLOURS[shade], alpha=0.75, linewidth=0)
            beside(axes, sign * count, y, f"{count:,}", 6 * sign, align="left" if sign > 0 else "right")
        beside(axes, 1, y, remark, 8, edge=True, color=SOFT)
    axes.axvline(0, color=INK, linewidth=1.2)
    axes.set(xlim=(-room, room), ylim=(len(rows) - 0.5, -0.5))
    for key, at, side in (("down", -room, "left"), ("up", room, "right")):
        axes.text(at, -0.66, label(key, language), size=9, color=SOFT, ha=side)
    axes.set_yticks(range(len(rows)), names)
    axes.tick_params(length=0)
    axes.tick_params(axis="y", labelcolor=INK, labelsize=10)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(label("customers", language))
    number_axis(axes.xaxis, lambda value: f"{abs(value):,.0f}")
    told = "; ".join(
        f"{name}: {label('up', language)} {row['up']:,}, {label('down', language)} {row['down']:,}, {remark}"
        for name, row, remark in zip(names, rows, noise)
    )
    return canvas.finished(f"{title}. {told}")
