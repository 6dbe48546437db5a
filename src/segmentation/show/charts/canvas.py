"""The sheet every chart is drawn on: size, title, margins, axes and type, without pyplot."""

import unicodedata
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from segmentation.show.charts.chart import Chart, finished
from segmentation.show.charts.colours import COLOURS
from segmentation.words.formats import compact_share
from segmentation.words.reader import Reader, sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

WIDTH = 720.0
SIZE = 10.0
SMALL = 9.0
INK, SOFT, LINE, PAPER = (COLOURS[f"chart-{name}"] for name in ("ink", "soft", "line", "paper"))
_TITLE_SIZE = 13.0


class Canvas:
    """A figure of fixed width, in points, with a title and one or more axes placed by margins."""

    def __init__(self, title: str, height: float) -> None:
        """title: the finding; wrapped to the width. height: of what is drawn below the title, in points."""
        import matplotlib
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure

        self.title = title
        self.height = height
        lines = wrapped(title, _TITLE_SIZE, WIDTH)
        self.title_height = len(lines) * _TITLE_SIZE * 1.35 + 10
        self.total = height + self.title_height
        with matplotlib.rc_context({"font.size": SIZE}):
            self.figure = Figure(figsize=(WIDTH / 72, self.total / 72), facecolor=PAPER)
            FigureCanvasSVG(self.figure)
            self.figure.text(0, 1, "\n".join(lines), gid="title", va="top", size=_TITLE_SIZE, color=INK)

    def axes(self, left: float, right: float, top: float, bottom: float) -> "Axes":
        """Return axes that leave so many points free on each side (top: below the title)."""
        import matplotlib

        style: Any = {
            "font.size": SIZE,
            "axes.facecolor": "none",
            "axes.edgecolor": LINE,
            "axes.labelcolor": SOFT,
            "axes.labelsize": SIZE,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": False,
            "grid.color": LINE,
            "grid.linewidth": 0.8,
            "axes.axisbelow": True,
            "text.color": INK,
            "xtick.color": LINE,
            "ytick.color": LINE,
            "xtick.labelcolor": SOFT,
            "ytick.labelcolor": SOFT,
            "xtick.labelsize": SMALL,
            "ytick.labelsize": SMALL,
        }
        width, height = WIDTH - left - right, self.height - top - bottom
        with matplotlib.rc_context(style):
            box = (left / WIDTH, bottom / self.total, width / WIDTH, height / self.total)
            return self.figure.add_axes(box)

    def finished(self, reader: Reader, what: str, figures: Sequence[tuple[str, str]] = ()) -> Chart:
        """Return the chart with its alternative text: title, what is shown, each name with its figure."""
        named = [sentence("{name}: {figure}", name=name, figure=figure) for name, figure in figures]
        alt = reader.say(
            "{title}. {what}: {figures:semicolon}" if named else "{title}. {what}",
            title=self.title.rstrip(".。"),
            what=what,
            figures=named,
        )
        return finished(self.figure, title=self.title, alt=alt, title_height=self.title_height)


def text_width(text: str, size: float = SIZE) -> float:
    """Return about how wide a text will be, in points, in whatever font the reader has.

    >>> text_width("\uff21\uff22", 10.0), text_width("ab", 10.0)
    (20.0, 11.0)
    """
    return sum(1.0 if _is_wide(c) else 0.66 if c.isupper() or c in "%—" else 0.55 for c in text) * size


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def widest(texts: Sequence[str], size: float = SIZE) -> float:
    """Return the width of the widest of several texts, in points; 0 for none."""
    return max((text_width(text, size) for text in texts), default=0.0)


def wrapped(text: str, size: float, width: float) -> list[str]:
    """Return the text broken into lines of at most `width` points: at spaces or between Chinese characters.

    >>> wrapped("one two three", 10.0, 40.0)
    ['one two', 'three']
    """
    lines, line = [], ""
    for piece in _pieces(text):
        if line and text_width(line + piece.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str) -> list[str]:
    """Return words with the space after them; a wide character is a piece of its own."""
    pieces: list[str] = []
    for character in text:
        sticks = unicodedata.category(character).startswith("P") or character == " "
        breakable = not pieces or _is_wide(character) or _is_wide(pieces[-1][-1]) or pieces[-1].endswith(" ")
        if not pieces or (breakable and not sticks):
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces


def number_axis(axis: "Axis", write: Callable[[float], str]) -> None:
    """Write an axis' numbers with a function of the value."""
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(lambda value, _: write(value)))


def share_axis(axis: "Axis") -> None:
    """Write an axis of shares in percent."""
    number_axis(axis, compact_share)


def beside(
    axes: "Axes",
    x: float,
    y: float,
    text: str,
    shift: float,
    *,
    align: Literal["left", "right"] = "left",
    edge: bool = False,
    size: float = SMALL,
    color: str = INK,
    bold: bool = False,
) -> None:
    """Write text `shift` points to the right of a point of the data (negative: to the left).

    align: which end of the text stands there. edge: x is a fraction of the axes' width instead of a value.
    """
    axes.annotate(
        text,
        (x, y),
        xycoords=("axes fraction", "data") if edge else "data",
        xytext=(shift, 0),
        textcoords="offset points",
        ha=align,
        va="center",
        size=size,
        color=color,
        gid="bold" if bold else None,
    )


def nothing(title: str, reader: Reader) -> Chart:
    """Return a chart that says there is nothing to show."""
    said = reader.say("Nothing to show")
    canvas = Canvas(title, 40)
    canvas.figure.text(0, 0.2, said, color=SOFT, size=SIZE)
    return canvas.finished(reader, said)
