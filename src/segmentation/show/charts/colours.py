"""One colour per tier everywhere: names that the page knows in light and dark, and their values for print."""

from collections.abc import Sequence

# Tiers (hue-…) differ in lightness as well as in hue (blue, amber, grey …): readable with any kind
# of colour blindness and in greyscale. Methods (line-…) never wear a tier's colour. The page's style
# sheet holds the same names for dark mode.
COLOURS = {
    "hue-1": "#1f5fa8",
    "hue-2": "#e0930f",
    "hue-3": "#8c99a8",
    "hue-4": "#9c5a96",
    "hue-5": "#7d6242",
    "hue-6": "#3f7f7a",
    "hue-new": "#2a9d74",
    "hue-gone": "#c3cad2",
    "hue-rise": "#2a7fb8",
    "hue-fall": "#c8553d",
    "line-1": "#0b8a83",
    "line-2": "#8a4fa8",
    "line-3": "#c23b5a",
    "line-4": "#6f7d1b",
    "line-5": "#a5622a",
    "line-6": "#5a6bc0",
    "chart-ink": "#1c2530",
    "chart-soft": "#56636f",
    "chart-line": "#dfe4ea",
    "chart-paper": "#ffffff",
}
_STATES = {"new": "hue-new", "returned": "hue-new", "dormant": "hue-gone", "gone": "hue-gone"}
_LETTERS = "ABCDEF"


def hue(tier: object, tiers: Sequence[str] = ()) -> str:
    """Return the name of a tier's colour; empty for what is neither a tier nor a state.

    tiers: the ordered tiers, best first; needed only where they are not called A, B, C …

    >>> hue("A"), hue("Gold", ("Gold", "Silver")), hue("dormant"), hue("?")
    ('hue-1', 'hue-1', 'hue-gone', '')
    """
    name = str(tier)
    if name in tiers:
        return f"hue-{min(list(tiers).index(name), 5) + 1}"
    if name in _STATES:
        return _STATES[name]
    if not tiers and len(name) == 1 and name in _LETTERS:
        return f"hue-{_LETTERS.index(name) + 1}"
    return ""


def colour(tier: object, tiers: Sequence[str] = ()) -> str:
    """Return a tier's colour as `#rrggbb`; the soft ink for what is neither a tier nor a state.

    >>> colour("A")
    '#1f5fa8'
    """
    return COLOURS[hue(tier, tiers) or "chart-soft"]
