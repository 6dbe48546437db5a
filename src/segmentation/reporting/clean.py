"""Foreign HTML made harmless: an allow-list keeps tables and text, nothing that acts."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import nh3

_TAGS = (
    "a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 "
    "h2 h3 h4 h5 h6 hr i kbd li mark ol p pre s small span strong sub summary sup table tbody td tfoot "
    "th thead time tr u ul"
)
_ATTRIBUTES = {
    "*": {"class", "lang", "dir", "title", "aria-label", "aria-hidden"},
    "a": {"href"},
    "figure": {"id"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
    "time": {"datetime"},
    "details": {"open"},
}
# what other pages link to: the table of a fact
_ANCHOR = re.compile(r"t-[a-z0-9_]+")


@lru_cache(maxsize=1)
def _cleaner() -> "nh3.Cleaner":
    import nh3

    return nh3.Cleaner(
        tags=set(_TAGS.split()),
        attributes=_ATTRIBUTES,
        clean_content_tags={"script", "style", "template", "iframe", "object", "svg", "math"},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
        attribute_filter=_anchor,
    )


def _anchor(tag: str, name: str, value: str) -> str | None:
    """Every attribute as it is, but for ids that are no table's."""
    return value if name != "id" or _ANCHOR.fullmatch(value) else None


def clean_html(html: str) -> str:
    """Return `html` with only the tags and attributes of a plain document.

    Scripts, styles, handlers, images, forms, embedded documents and ids but those of tables go; text, tables
    with their caption and scope, lists and links to http, https, mailto or files beside the page stay.

    >>> clean_html('<td class="n" onclick="x()">1<script>x()</script></td>')
    '1'
    >>> clean_html('<p>See <a href="javascript:x()">this</a><img src=x onerror=x()></p>')
    '<p>See <a rel="noopener noreferrer">this</a></p>'
    """
    return _cleaner().clean(html)
