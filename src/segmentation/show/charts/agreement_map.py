"""How far the methods agree, every pair of them."""

import pandas as pd

from segmentation.show.charts.canvas import INK, SOFT, Canvas, nothing, widest
from segmentation.show.charts.chart import Chart
from segmentation.show.charts.colours import COLOURS
from segmentation.words.formats import show
from segmentation.words.labels import label

_CELL = 46.0


def agreement(pairs: pd.DataFrame, *, title: str, measure: str = "kappa", language: str = "en") -> Chart:
    """Return one cell for each pair of methods, stronger in colour the more they agree.

    pairs: columns method_a, method_b and the measure, for example kappa or ari (1 = the same tiers, 0 = as by
    chance) or share_top_common (a share, written in percent); each pair once.
    """
    if pairs.empty:
        return nothing(title, language)
    from matplotlib.patches import Rectangle

    names = list(dict.fromkeys([*pairs["method_a"], *pairs["method_b"]]))
    rows, columns = names[1:], names[:-1]
    canvas = Canvas(title, _CELL * len(rows) + 50)
    axes = canvas.axes(left=widest(rows) + 16, right=4, top=4, bottom=46)
    told = []
    for pair in pairs.to_dict("records"):
        first, second = sorted((pair["method_a"], pair["method_b"]), key=names.index)
        x, y, value = columns.index(first), rows.index(second), pair[measure]
        strength = 0.05 + 0.5 * min(max(value if value == value else 0.0, 0.0), 1.0)
        axes.add_patch(
            Rectangle(
                (x - 0.485, y - 0.46), 0.97, 0.92, facecolor=COLOURS["line-1"], alpha=strength, linewidth=0
            )
        )
        text = show(value, "share") if "share" in measure else f"{value:.2f}".replace("-", "−")
        axes.text(x, y, text, ha="center", va="center", size=11, gid="bold", color=INK)
        told.append(f"{first} – {second}: {text}")
    axes.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5))
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(length=0, labelcolor=INK, labelsize=10)
    axes.set_xlabel(label(measure, language), color=SOFT)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return canvas.finished(f"{title}. {label(measure, language)}: {'; '.join(told)}")
