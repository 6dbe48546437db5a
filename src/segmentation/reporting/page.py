"""One executed notebook as one self-contained HTML page: no network, no foreign code, the same bytes."""

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from html import escape, unescape
from typing import Any

from segmentation.reporting.clean import clean_html
from segmentation.reporting.look import dressed
from segmentation.reporting.settings_block import settings_of
from segmentation.reporting.svg import RefusedSVG, inline_svg
from segmentation.show.packing import SEARCH
from segmentation.words.translations import translated

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_HEADING = re.compile(r"<h([23])>(.*?)</h\1>", re.DOTALL)
# characters that a text output, and all outputs of a page together, may take
_MOST_TEXT, _MOST = 100_000, 1_500_000
_LINK = re.compile(r'<a href="(?:tables/(\w+)\.csv|([\w.-]+\.html)((?:#[\w-]*)?))"')
_H1 = re.compile(r"\s*<h1>(.*?)</h1>", re.DOTALL)


def render(
    notebook_node: Mapping[str, Any],
    *,
    title: str,
    navigation: Sequence[tuple[str, str, bool]],
    key: str,
    language: str = "en",
    others: Sequence[tuple[str, str]] = (),
    tables: str = "",
    failure: str = "",
    by_data: bool = False,
    pages: Mapping[str, str] | None = None,
) -> str:
    """Return the page as HTML text, without any request to a network and byte for byte reproducible.

    notebook_node: an executed notebook, as nbformat reads it (nbformat 4).
    title: of the report, shown above the navigation; the page's heading is the notebook's first `# heading`.
    navigation: the pages of the run as (href, label, current).
    key: the run's key, printed on the page; empty prints none.
    language: of the page's own words; the notebook's are in it already.
    others: the same page elsewhere as (href, label), usually in the other language.
    tables: where the published tables are in this language, such as "tables/{name}.zh.csv"; without any, a link
    to one becomes plain text.
    failure: why the notebook was judged failed, shown on top; by default the first error output.
    by_data: it was not a notebook that failed but the data, before any.
    pages: what a notebook calls each page of the report, such as 6-movement.html, and its file in this
    language; a link to a page that is not there becomes plain text. None leaves every link as it is.

    Cells tagged `hide` are left out; cells tagged `parameters` or `injected-parameters` become a folded block
    of settings at the end.

    >>> page = render({"cells": []}, title="Customer tiers", navigation=[], key="1a2b")
    >>> "<h1>Customer tiers</h1>" in page
    True
    """
    say = partial(translated, language=language)
    cells = [cell for cell in notebook_node["cells"] if _is_shown(cell)]
    page = _Page(say, pages, tables)
    body = [page.cell(cell) for cell in cells]
    return dressed(
        "\n".join(part for part in body if part),
        language,
        title=title,
        heading=page.heading or title,
        scripts=("page.js", *(["search.js"] if page.searches else [])),
        styles=("page.css", *(["search.css"] if page.searches else [])),
        navigation=navigation,
        others=others,
        key=key,
        contents=page.contents if len(page.contents) > 1 else [],
        has_code=any(cell["cell_type"] == "code" for cell in cells),
        failed=say(
            "Nothing was published: the data or the parameters do not allow it."
            if by_data
            else "This page is not complete: its notebook stopped before the end."
        ),
        failure=failure or page.error,
        error_anchor="error" if page.error else "",
        settings=settings_of(notebook_node),
    )


def _tags(cell: Mapping[str, Any]) -> Sequence[str]:
    return cell.get("metadata", {}).get("tags", ())


def _is_shown(cell: Mapping[str, Any]) -> bool:
    stopped = any(output["output_type"] == "error" for output in cell.get("outputs", ()))
    return stopped or "hide" not in _tags(cell)


def _text(value: Any) -> str:
    """Return a notebook's text, which may be stored as a list of lines."""
    return value if isinstance(value, str) else "".join(value)


class _Page:
    """What is gathered while the cells are written one after the other: heading, contents, figures, error."""

    def __init__(self, say: Callable[[str], str], pages: Mapping[str, str] | None, tables: str) -> None:
        self.say, self.pages, self.tables = say, pages, tables
        self.heading = ""
        self.contents: list[tuple[int, str, str]] = []
        self.figures = 0
        self.searches = 0
        self.error = ""
        self.room = _MOST

    def cell(self, cell: Mapping[str, Any]) -> str:
        source = _text(cell["source"])
        if cell["cell_type"] == "markdown":
            return self._prose(source)
        if cell["cell_type"] != "code":
            return ""
        outputs = "".join(self._fitting(output) for output in cell.get("outputs", ()))
        code = f'<pre class="code"><code>{_highlight(source)}</code></pre>' if source.strip() else ""
        return f'{code}<div class="out">{outputs}</div>' if outputs else code

    def _prose(self, source: str) -> str:
        html = _markdown(source)
        kind = "prose"
        if not self.heading and (first := _H1.match(html)):
            self.heading = _plain(first.group(1))
            html = html[first.end() :].strip()
            kind = "prose lead"
        html = _HEADING.sub(self._anchor, html)
        return f'<div class="{kind}">{html}</div>' if html else ""

    def _anchor(self, match: re.Match[str]) -> str:
        level, inner = match.groups()
        anchor = f"s{len(self.contents) + 1}"
        self.contents.append((int(level), anchor, _plain(inner)))
        return f'<h{level} id="{anchor}">{inner}</h{level}>'

    def _fitting(self, output: Mapping[str, Any]) -> str:
        """The output, or where the page would grow too large for a browser, that it is left out."""
        shown = self._output(output)
        if len(shown) <= self.room or output["output_type"] == "error":
            self.room -= len(shown)
            return shown
        said = self.say("An output of {n} characters is left out here; the notebook of this page holds it.")
        return f'<p class="note">{escape(said.format(n=f"{len(shown):,}"))}</p>'

    def _shortened(self, text: str) -> str:
        """A text output as HTML: of a very long one the beginning, and how many lines are left out."""
        text = _ANSI.sub("", text)
        if len(text) <= _MOST_TEXT:
            return escape(text)
        kept = text[:_MOST_TEXT].rpartition("\n")[0] or text[:_MOST_TEXT]
        more = text[len(kept) :].strip("\n").count("\n") + 1
        said = self.say("{n} more lines are left out here; the notebook of this page holds them.")
        return f"{escape(kept)}\n\n… {escape(said.format(n=f'{more:,}'))}"

    def _output(self, output: Mapping[str, Any]) -> str:
        kind = output["output_type"]
        if kind == "error":
            return self._stopped(output)
        if kind == "stream":
            text = f'<pre class="stream">{self._shortened(_text(output["text"]))}</pre>'
            if output.get("name") == "stderr":
                return f'<details class="more"><summary>{self.say("Messages")}</summary>{text}</details>'
            return text
        data, metadata = output.get("data", {}), output.get("metadata", {})
        if SEARCH in data:
            return self._search(_text(data[SEARCH]))
        if "text/html" in data:
            return _LINK.sub(self._linked, clean_html(_text(data["text/html"])))
        if "image/svg+xml" in data:
            return self._figure(_text(data["image/svg+xml"]), metadata.get("image/svg+xml", metadata))
        for mime in ("image/png", "image/jpeg"):
            if mime in data:
                return self._picture(mime, _text(data[mime]), metadata.get(mime, metadata))
        if "text/markdown" in data:
            return _markdown(_text(data["text/markdown"]))
        if "text/plain" in data:
            return f"<pre>{self._shortened(_text(data['text/plain']))}</pre>"
        return ""

    def _linked(self, link: re.Match[str]) -> str:
        """A link to a table or another page, to where it is in this run; plain text where it is not."""
        table, page, place = link.groups()
        if table:
            return f'<a href="{escape(self.tables.format(name=table))}"' if self.tables else "<a"
        if self.pages is None:
            return link[0]
        return f'<a href="{self.pages[page]}{place}"' if page in self.pages else "<a"

    def _stopped(self, output: Mapping[str, Any]) -> str:
        summary = f"{output.get('ename', '')}: {output.get('evalue', '')}".strip(": ")
        summary = _ANSI.sub("", summary)
        self.error = self.error or summary
        trace = escape(_ANSI.sub("", "\n".join(output.get("traceback", ()))))
        return (
            f'<div class="error" id="error"><p><strong>{self.say("The notebook stopped here")}</strong>: '
            f"{escape(summary)}</p>"
            f"<details open><summary>{self.say('Technical details')}</summary>"
            f"<pre>{trace}</pre></details></div>"
        )

    def _search(self, told: str) -> str:
        """A field to search in, and the records that it searches, as data that nothing runs."""
        self.searches += 1
        records = json.loads(told)
        link = _LINK.sub(self._linked, f'<a href="tables/{records.get("csv", "")}.csv">CSV</a>')
        data = json.dumps(records, ensure_ascii=False, separators=(",", ":"))
        for sign in "<>&\u2028\u2029":
            data = data.replace(sign, f"\\u{ord(sign):04x}")
        without = escape(
            self.say("Searching needs scripts, which are turned off here; the tables hold every row.")
        )
        return (
            f'<div class="search"><script type="application/json">{data}</script>'
            f"<noscript><p>{without}</p></noscript></div>"
            + (f'<p class="links">{link}</p>' if "csv" in records and self.tables else "")
        )

    def _figure(self, svg: str, about: Mapping[str, Any]) -> str:
        self.figures += 1
        title = str(about.get("title", ""))
        alt = str(about.get("alt", "")) or title or self.say("Figure {n}").format(n=self.figures)
        cut = float(about.get("title_height", 0)) if title else 0.0
        try:
            drawn = inline_svg(svg, prefix=f"f{self.figures}", alt=alt, cut=cut)
        except RefusedSVG as error:
            left_out = self.say("A figure was left out: it contains {what}.").format(what=error)
            return f'<p class="note">{escape(left_out)}</p>'
        caption = f"<figcaption>{escape(title)}</figcaption>" if title else ""
        return f'<figure class="chart">{caption}<div class="scroll">{drawn}</div></figure>'

    def _picture(self, mime: str, data: str, about: Mapping[str, Any]) -> str:
        self.figures += 1
        alt = str(about.get("alt", "")) or self.say("Figure {n}").format(n=self.figures)
        encoded = base64.b64encode(base64.b64decode(data)).decode()
        return f'<figure class="chart"><img src="data:{mime};base64,{encoded}" alt="{escape(alt)}"></figure>'


@lru_cache(maxsize=1)
def _markdown_reader() -> Any:
    import mistune

    return mistune.create_markdown(escape=False, plugins=["table", "strikethrough"])


def _markdown(source: str) -> str:
    return clean_html(_markdown_reader()(source))


def _plain(html: str) -> str:
    """Return the text of cleaned inline HTML, as Markup's escaping expects it (unescaped)."""
    return unescape(re.sub(r"<[^>]*>", "", html)).strip()


def _highlight(source: str) -> str:
    from pygments import highlight
    from pygments.formatters.html import HtmlFormatter
    from pygments.lexers.python import PythonLexer

    return highlight(source, PythonLexer(), HtmlFormatter(nowrap=True)).rstrip("\n")
