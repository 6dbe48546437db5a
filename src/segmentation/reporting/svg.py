"""An SVG figure made part of the page: checked against an allow-list, ids its own, with alternative text."""

import re
from html import escape
from xml.etree import ElementTree

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_ELEMENT_NAMES = (
    "circle clipPath defs ellipse g image line linearGradient marker mask path pattern polygon polyline "
    "radialGradient rect stop svg symbol text tspan use"
)
_ATTRIBUTE_NAMES = (
    "clip-path clip-rule clipPathUnits cx cy d dominant-baseline dx dy fill fill-opacity fill-rule "
    "font-family font-size font-style font-weight fx fy gradientTransform gradientUnits height "
    "letter-spacing marker-end marker-mid marker-start markerHeight markerUnits markerWidth mask offset "
    "opacity orient patternTransform patternUnits points preserveAspectRatio r refX refY rotate rx ry "
    "spreadMethod stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap "
    "stroke-linejoin stroke-miterlimit stroke-opacity stroke-width style text-anchor textLength "
    "transform viewBox width x x1 x2 y y1 y2"
)
# what may stand in a style: looks of shapes and text, nothing that loads, moves or covers the page
_STYLE_NAMES = (
    "clip-path clip-rule dominant-baseline fill fill-opacity fill-rule font font-family font-size font-style "
    "font-variant font-weight letter-spacing mask opacity stop-color stop-opacity stroke stroke-dasharray "
    "stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor "
    "image-rendering white-space"
)
_STYLES = frozenset(_STYLE_NAMES.split())
_ELEMENTS = frozenset(_ELEMENT_NAMES.split())
_ATTRIBUTES = frozenset(_ATTRIBUTE_NAMES.split())
_LEFT_OUT = frozenset({"metadata", "style", "title", "desc"})
_FOREIGN_URL = re.compile(r"url\(\s*(?!['\"]?#)", re.IGNORECASE)
_LOCAL_URL = re.compile(r"url\(\s*['\"]?#([^)'\"]+)['\"]?\s*\)")
_ACTIVE_STYLE = re.compile(r"@import|expression\s*\(|javascript:|\\", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=\s]*\Z")


class RefusedSVG(ValueError):
    """The picture holds something that acts or points outside the page; the message says what."""


def inline_svg(text: str, *, prefix: str, alt: str, cut: float = 0.0) -> str:
    """Return the `<svg>` element to put into a page.

    prefix: put before every id and every reference to one, so that two figures never share an id.
    alt: alternative text, written as `aria-label`.
    cut: height in the picture's own units to take off the top, with the group of id `title` that stands there
    (the page writes the title as text of its own).

    Raises RefusedSVG on scripts, event handlers, embedded documents, animation, references outside the
    picture (except PNG and JPEG data) and entity declarations.

    >>> picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g id="a"/></svg>'
    >>> inline_svg(picture, prefix="f1", alt="x")
    '<svg viewBox="0 0 9 9" role="img" aria-label="x"><g/></svg>'
    """
    if "<!ENTITY" in text:
        raise RefusedSVG("an entity declaration")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise RefusedSVG(f"XML that cannot be read ({error})") from None
    if root.tag != f"{_SVG}svg":
        raise RefusedSVG(f"a root element {root.tag!r} that is not svg")
    box = _view_box(root)
    if cut:
        box = (box[0], box[1] + cut, box[2], box[3] - cut)
    values = [value for element in root.iter() for value in element.attrib.values()]
    used = {name for value in values for name in _LOCAL_URL.findall(value)}
    used |= {value[1:] for value in values if value.startswith("#")}
    parts = [f'<svg viewBox="{" ".join(f"{v:g}" for v in box)}" role="img" aria-label="{escape(alt)}">']
    for child in root:
        _write(child, prefix, used, bool(cut), parts)
    return "".join([*parts, "</svg>"])


def _view_box(root: ElementTree.Element) -> tuple[float, float, float, float]:
    numbers = re.findall(r"-?\d+(?:\.\d+)?", root.get("viewBox", ""))
    if len(numbers) == 4:
        x, y, width, height = map(float, numbers)
        return x, y, width, height
    sizes = [re.match(r"\d+(?:\.\d+)?", root.get(side, "")) for side in ("width", "height")]
    if not all(sizes):
        raise RefusedSVG("neither a viewBox nor a width and height")
    width, height = (float(size.group()) for size in sizes if size)
    return 0.0, 0.0, width, height


def _write(
    element: ElementTree.Element, prefix: str, used: set[str], untitled: bool, parts: list[str]
) -> None:
    """Append `element` and what is inside it to `parts`, or raise RefusedSVG."""
    if not element.tag.startswith(_SVG):
        return
    name = element.tag.removeprefix(_SVG)
    if name in _LEFT_OUT or (untitled and element.get("id") == "title"):
        return
    if name not in _ELEMENTS:
        raise RefusedSVG(f"an element <{name}>")
    attributes = "".join(_attribute(name, key, value, prefix, used) for key, value in element.attrib.items())
    content: list[str] = [escape(element.text, quote=False)] if element.text and element.text.strip() else []
    for child in element:
        _write(child, prefix, used, untitled, content)
        if name in {"text", "tspan"} and child.tail:
            content.append(escape(child.tail, quote=False))
    if content or name in {"text", "tspan"}:
        parts += [f"<{name}{attributes}>", *content, f"</{name}>"]
    else:
        parts.append(f"<{name}{attributes}/>")


def _attribute(element: str, key: str, value: str, prefix: str, used: set[str]) -> str:
    """Return ` key="value"`, empty for one that is not needed; raise RefusedSVG for a foreign one."""
    if key.rsplit("}", 1)[-1].lower().startswith("on"):
        raise RefusedSVG(f"an event handler {key!r}")
    if key in ("href", _HREF):
        if value.startswith("#"):
            return f' href="#{prefix}-{escape(value[1:])}"'
        if element == "image" and _PICTURE.match(value):
            return f' href="{"".join(value.split())}"'
        raise RefusedSVG(f"a reference to {value[:60]!r}")
    if key == "id":
        return f' id="{prefix}-{escape(value)}"' if value in used else ""
    if key not in _ATTRIBUTES:
        return ""
    if _FOREIGN_URL.search(value) or _ACTIVE_STYLE.search(value):
        raise RefusedSVG(f"a foreign reference in {key!r}")
    if key == "style":
        value = _allowed(value)
    value = _LOCAL_URL.sub(lambda m: f"url(#{prefix}-{m.group(1)})", value)
    return f' {key}="{escape(" ".join(value.split()))}"'


def _allowed(style: str) -> str:
    """The declarations of a style that may stand in a picture; others would reach beyond it.

    >>> _allowed("fill: red; position: fixed; stroke-width: 2")
    'fill: red; stroke-width: 2'
    """
    declared = [part.strip() for part in re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL).split(";")]
    return "; ".join(part for part in declared if part.partition(":")[0].strip().lower() in _STYLES)
