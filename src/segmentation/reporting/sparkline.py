"""A small line: how a figure went over the months, drawn to stand beside its last value."""

from collections.abc import Sequence
from html import escape

_WIDTH, _HEIGHT, _EDGE = 160, 36, 4


def sparkline(points: Sequence[tuple[int, float]], label: str) -> str:
    """Return a line through points (month counted from any one, value) as SVG; broken where a month is missing.

    label: what it shows, for whoever cannot see it.

    >>> sparkline([(0, 1.0), (1, 3.0), (3, 2.0)], "Customers").count("M")
    2
    """
    first, last = points[0][0], points[-1][0]
    low, high = min(value for _, value in points), max(value for _, value in points)

    def place(month: int, value: float) -> str:
        across = (month - first) / (last - first) if last > first else 1.0
        up = (value - low) / (high - low) if high > low else 0.5
        x = _EDGE + across * (_WIDTH - 2 * _EDGE)
        y = _HEIGHT - _EDGE - up * (_HEIGHT - 2 * _EDGE)
        return f"{x:.1f} {y:.1f}"

    steps = [
        ("L" if before is not None and month == before + 1 else "M") + place(month, value)
        for before, (month, value) in zip([None, *(month for month, _ in points)], points)
    ]
    x, y = place(*points[-1]).split()
    return (
        f'<svg class="spark" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(label)}">'
        f'<path d="{"".join(steps)}"/><circle cx="{x}" cy="{y}" r="3"/></svg>'
    )
