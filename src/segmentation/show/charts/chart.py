"""A finished chart: one SVG with text as text, its finding as a title and its content in words."""

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from segmentation.show.charts.colours import COLOURS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Both are in matplotlib itself; the second has a box for any character, so that text measures alike on every
# server. Readers see their own fonts, because text stays text.
_MEASURED_IN = ["DejaVu Sans", "Last Resort High-Efficiency"]
_NAMES = {value: name for name, value in COLOURS.items()}
_HEX = re.compile(r"#[0-9a-f]{6}\b")
_FAMILY = re.compile(r"font-family: [^;\"]*; ?|font: (?=[^;\"]*')")
_BOLD = re.compile(r'<g id="(?:title|bold)">.*?</g>', re.DOTALL)
_UPRIGHT = re.compile(r' transform="rotate\(-0 [^"]*\)"')
_PATH = re.compile(r' (d|points|x|y)="([^"]*)"')
_LONG = re.compile(r"(\d+\.\d\d)\d+")
_FONTS = (
    "system-ui, 'Segoe UI', 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
)


@dataclass(frozen=True)
class Chart:
    """A picture that a notebook or page shows.

    svg: the picture; its colours are CSS variables with fallbacks, so that a page can turn them dark.
    title: the finding. alt: what the picture shows, for those who cannot see it.
    title_height: how much of the picture's top the title takes, for pages that write it as text of their own.
    """

    svg: str
    title: str
    alt: str
    title_height: float

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        about = {"alt": self.alt, "title": self.title, "title_height": self.title_height}
        return {"image/svg+xml": self.svg, "text/plain": repr(self)}, {"image/svg+xml": about}

    def __repr__(self) -> str:
        return f"{self.title}\n{self.alt}"


def finished(figure: "Figure", *, title: str, alt: str, title_height: float) -> Chart:
    """Return the drawn figure as a Chart; the same drawing gives the same bytes."""
    import matplotlib
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        text.set(fontfamily=_MEASURED_IN, parse_math=False)  # a $ is a dollar
    stream = io.StringIO()
    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": title}
    with matplotlib.rc_context(settings | {"font.family": _MEASURED_IN, "text.parse_math": False}):
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None}, dpi=150)
    return Chart(_themed(stream.getvalue()), title, alt, title_height)


def _themed(svg: str) -> str:
    """Return the SVG without prolog and metadata, colours by name, coordinates to a hundredth of a point.

    Groups called `bold` become bold here, because only one of the two measuring fonts has a bold weight.
    """
    svg = svg[svg.index("<svg ") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = _FAMILY.sub("", svg)
    svg = _HEX.sub(lambda m: f"var(--{_NAMES[m[0]]}, {m[0]})" if m[0] in _NAMES else m[0], svg)
    svg = _PATH.sub(_short_path, svg)
    svg = _UPRIGHT.sub("", re.sub(r">\s+<", "><", svg))
    svg = _BOLD.sub(lambda m: m[0].replace('style="', 'style="font-weight: 700; '), svg)
    return svg.replace("<svg ", f'<svg font-family="{_FONTS}" ', 1)


def _short_path(match: re.Match[str]) -> str:
    numbers = _LONG.sub(lambda m: m[1], " ".join(match[2].split()))
    return f' {match[1]}="{numbers}"'
