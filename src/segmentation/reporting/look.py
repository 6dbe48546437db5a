"""The one look of everything that is published as HTML: frame, style and content policy around a page's body."""

import base64
import hashlib
from collections.abc import Sequence
from functools import lru_cache, partial
from importlib import resources
from typing import TYPE_CHECKING, Any

from segmentation.words.translations import facts, translated

if TYPE_CHECKING:
    import jinja2


def dressed(
    body: str,
    language: str,
    *,
    title: str,
    heading: str,
    scripts: Sequence[str] = (),
    styles: Sequence[str] = ("page.css",),
    navigation: Sequence[tuple[str, str, bool]] = (),
    **given: Any,
) -> str:
    """Return a whole page, one file without any request to a network.

    body: HTML that this room has made or cleaned. title: of the report, above the navigation. scripts and
    styles: files of `template/`; only these scripts may run. navigation: pages as (href, label, current).
    given: what else `page.html.j2` knows.

    >>> "<h1>All months</h1>" in dressed("<p>none</p>", "en", title="Customer tiers", heading="All months")
    True
    """
    texts = [_template(name) for name in scripts]
    allowed = " ".join(f"'sha256-{_digest(script)}'" for script in texts)
    return _page().render(
        lang=facts(language)["html"],
        policy="default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        + (f"script-src {allowed}; " if allowed else "")
        + "base-uri 'none'; form-action 'none'",
        css=_safe("".join(map(_template, styles)).replace("\n", "")),
        scripts=[_safe(script) for script in texts],
        say=partial(translated, language=language),
        title=title,
        heading=heading,
        navigation=navigation,
        body=_safe(body),
        **{
            "contents": (),
            "others": (),
            "has_code": False,
            "key": "",
            "failure": "",
            "settings": (),
            **given,
        },
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@lru_cache
def _template(name: str) -> str:
    return (resources.files("segmentation.reporting") / "template" / name).read_text("utf-8")


@lru_cache(maxsize=1)
def _page() -> "jinja2.Template":
    import jinja2

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(_template("page.html.j2"))


def _safe(html: str) -> Any:
    """Mark text that this room has made or cleaned as HTML."""
    from markupsafe import Markup

    return Markup(html)
