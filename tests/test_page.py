"""The page: self-contained, safe with any content, in one language, and the same bytes every time."""

import base64
import hashlib
import json
import re
import subprocess
import sys

import pytest
from chart_data import MAKERS
from page_making import NAVIGATION, code, of, page, prose, shown, stopped

from segmentation.reporting.clean import clean_html
from segmentation.reporting.svg import RefusedSVG, inline_svg
from segmentation.show import tables
from segmentation.show.packing import SEARCH
from segmentation.words.reader import Reader

NAMES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
SVG = f'<svg {NAMES} viewBox="0 0 9 9">{{}}</svg>'


def main_of(html: str) -> str:
    found = re.search(r"<main.*?</main>", html, re.DOTALL)
    assert found
    return found.group()


def test_an_empty_page_is_small_and_asks_for_nothing() -> None:
    html = page()
    assert len(html.encode()) < 25_000
    assert re.findall(r"(?:src|href|action)=\"(?!#|data:,|index\.html|1-data\.html)", html) == []
    assert re.findall(r"url\(|@import|https?:", html) == []


def test_the_policy_names_the_only_script() -> None:
    html = page(code("x", shown("text/html", "<script>x()</script>")))
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy
    assert policy.group(1).replace("&#39;", "'") == (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert html.index("Content-Security-Policy") < html.index("<style>")


def test_the_same_notebook_gives_the_same_bytes() -> None:
    cells = [
        prose("# A\n\n## B\n\n## C"),
        code("x", of(MAKERS["pareto"](title="t")), of(MAKERS["sizes"](title="t"))),
    ]
    assert page(*cells) == page(*cells)


def test_heading_contents_and_navigation_are_found() -> None:
    html = page(prose("# Who *matters* & why?\n\nLead."), prose("## One & two\n\n### Three\n\n## 四"))
    assert "<h1>Who matters &amp; why?</h1>" in html
    assert "<title>Who matters &amp; why? · Customer tiers</title>" in html
    assert '<div class="prose lead"><p>Lead.</p>' in html
    assert re.findall(r'<a href="#(s\d)">([^<]*)</a>', html) == [
        ("s1", "One &amp; two"),
        ("s2", "Three"),
        ("s3", "四"),
    ]
    assert re.findall(r'<h(\d) id="(s\d)">', html) == [("2", "s1"), ("3", "s2"), ("2", "s3")]
    assert '<a href="index.html" aria-current="page">The month</a>' in html
    assert '<a href="1-data.html">Data</a>' in html


def test_without_a_heading_the_title_is_the_heading() -> None:
    assert "<h1>Customer tiers</h1>" in page(prose("Only words."))


def test_the_key_is_printed() -> None:
    html = page()
    assert "1a2b3c4d" * 8 in main_of(html)
    assert "<footer>" not in page(key="")


@pytest.mark.parametrize(
    ("language", "code", "own"), [("en", "en", "Show code"), ("zh", "zh-Hans", "显示代码")]
)
def test_the_pages_own_words_are_in_its_language(language: str, code: str, own: str) -> None:
    html = page(prose("Hello"), language=language)
    assert f'<html lang="{code}">' in html
    assert "Hello" in main_of(html)


def test_the_other_language_is_one_link_away() -> None:
    assert '<a href="index.zh.html">中文</a>' in page(others=[("index.zh.html", "中文")])


def test_the_search_links_to_the_table_that_has_all_customers() -> None:
    records = {"csv": "customers", "pool": []}
    cell = code("search", shown(SEARCH, json.dumps(records)))
    assert '<a href="tables/customers.zh.csv">CSV</a>' in page(cell, tables="tables/{name}.zh.csv")
    assert "CSV</a>" not in page(cell)


def test_a_link_to_a_table_leads_to_the_languages_own_or_nowhere() -> None:
    cell = code("x", shown("text/html", '<p><a href="tables/lost.csv">CSV</a> <a href="x.csv">x</a></p>'))
    assert '<a href="tables/lost.zh.csv" rel' in page(cell, tables="tables/{name}.zh.csv")
    assert '<a rel="noopener noreferrer">CSV</a>' in page(cell)


def test_hidden_cells_are_left_out_unless_they_failed() -> None:
    assert "secret" not in page(code("secret", shown("text/plain", "secret"), tags=["hide"]))
    assert "secret" in page(code("secret", stopped("E", "v", "t"), tags=["hide"]))


def test_settings_are_folded_at_the_end_and_injected_ones_win() -> None:
    html = page(
        prose("# T"),
        code('month = None  # the last\nwindow_months: int = 6\nname = ""', tags=["parameters"]),
        code('month = "2017-12"\nmethods = {"ABC": {"cuts": [1, 2]}}', tags=["injected-parameters"]),
        prose("The end"),
    )
    block = html[html.index('<details class="settings">') :]
    rows = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', block)
    assert [(name, value.replace("&#39;", "'")) for name, value in rows] == [
        ("month", "2017-12"),
        ("window_months", "6"),
        ("name", "''"),
        ("methods", "{'ABC': {'cuts': [1, 2]}}"),
    ]
    assert html.index("The end") < html.index('<details class="settings">')


def test_a_failed_notebook_says_so_on_top_and_stays_readable() -> None:
    trace = "\x1b[31mZeroDivisionError\x1b[39m: division\n  File <a & b>"
    html = main_of(page(prose("# T"), code("1/0", stopped("ZeroDivisionError", "division by zero", trace))))
    assert html.index("This page is not complete") < html.index('<pre class="code">')
    assert 'ZeroDivisionError: division by zero <a href="#error">' in html
    assert "<pre>ZeroDivisionError: division\n  File &lt;a &amp; b&gt;</pre>" in html
    assert "Cell 3 took longer than 60 s." in page(failure="Cell 3 took longer than 60 s.")
    assert 'href="#error"' not in page(failure="The kernel died.")


def test_outputs_of_every_kind_are_shown_in_their_best_form() -> None:
    html = main_of(
        page(
            code("a", shown("text/plain", "<plain>")),
            code("b", shown("text/markdown", "**bold** <b onclick=x()>b</b>")),
            code("c", {"output_type": "stream", "name": "stdout", "text": ["one\n", "\x1b[1mtwo\x1b[0m"]}),
            code("d", {"output_type": "stream", "name": "stderr", "text": "a warning"}),
            code("e", shown("image/png", base64.b64encode(b"png").decode() + "\n", alt="a & b")),
            code("f", shown("application/javascript", "x()")),
        )
    )
    assert "<pre>&lt;plain&gt;</pre>" in html
    assert "<strong>bold</strong> <b>b</b>" in html
    assert '<pre class="stream">one\ntwo</pre>' in html
    assert "<summary>Messages</summary>" in html
    assert '<img src="data:image/png;base64,cG5n" alt="a &amp; b">' in html
    assert "x()" not in html


def test_code_is_there_but_hidden() -> None:
    html = page(code("study.verdict()  # <why>"))
    assert ".code{display:none;" in html
    assert '<pre class="code">' in html
    assert "&lt;why&gt;" in html
    assert '<button id="code"' in html
    assert '<button id="code"' not in page(prose("no code"))


def test_charts_stand_inline_with_their_words_and_own_ids() -> None:
    charts = [MAKERS[name](title="A & b") for name in ("pareto", "movement_flow", "clusters", "capture")]
    html = main_of(page(code("x", *map(of, charts))))
    assert html.count("<figcaption>A &amp; b</figcaption>") == 4
    assert html.count('role="img" aria-label="A &amp; b. ') == 4
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    used = re.findall(r'(?:href="#|url\(#)([^")]+)', html)
    assert used
    assert set(used) <= set(ids)
    assert html.count(">A &amp; b<") == 4, "the title is not drawn a second time inside the picture"


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("<script>x()</script>", "script"),
        ('<rect onload="x()"/>', "onload"),
        ('<a href="javascript:x()"><rect/></a>', "<a>"),
        ("<foreignObject><b/></foreignObject>", "foreignObject"),
        ('<image href="https://example.org/a.png"/>', "https://example.org"),
        ('<image xlink:href="data:image/svg+xml;base64,AAAA"/>', "svg"),
        ('<use href="other.svg#a"/>', "other.svg"),
        ('<rect style="fill: url(https://example.org/a)"/>', "style"),
        ('<rect fill="url( //example.org/a)"/>', "fill"),
        ('<animate attributeName="href" to="javascript:x()"/>', "animate"),
        ('<set attributeName="onclick" to="x()"/>', "set"),
        ("<rect", "read"),
    ],
)
def test_a_picture_that_acts_is_refused_and_said(inside: str, what: str) -> None:
    with pytest.raises(RefusedSVG, match=re.escape(what)):
        inline_svg(SVG.format(inside), prefix="f1", alt="")
    html = main_of(page(code("x", shown("image/svg+xml", SVG.format(inside)))))
    assert "<svg" not in html
    assert "A figure was left out" in html


def test_entities_and_other_roots_are_refused() -> None:
    for text in ('<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "<html/>"):
        with pytest.raises(RefusedSVG):
            inline_svg(text, prefix="f1", alt="")


def test_a_harmless_picture_keeps_what_it_needs() -> None:
    inside = (
        "<metadata>m</metadata><defs><style>*{x:y}</style>"
        '<clipPath id="c"><rect width="1"/></clipPath></defs>'
        '<g id="unused" clip-path="url(#c)" data-x="1"><text x="1">a &lt; b</text><use xlink:href="#c"/></g>'
    )
    assert inline_svg(SVG.format(inside), prefix="f7", alt='"q"') == (
        '<svg viewBox="0 0 9 9" role="img" aria-label="&quot;q&quot;">'
        '<defs><clipPath id="f7-c"><rect width="1"/></clipPath></defs>'
        '<g clip-path="url(#f7-c)"><text x="1">a &lt; b</text><use href="#f7-c"/></g></svg>'
    )


def test_a_plain_matplotlib_figure_is_welcome() -> None:
    import io

    from matplotlib.figure import Figure

    figure = Figure()
    figure.add_subplot().plot([1, 2])
    stream = io.StringIO()
    figure.savefig(stream, format="svg")
    html = main_of(page(code("x", shown("image/svg+xml", stream.getvalue()))))
    assert 'role="img" aria-label="Figure 1"' in html


@pytest.mark.parametrize(
    "payload",
    [
        "<script>x()</script>",
        "<img src=x onerror=x()>",
        '<a href="javascript:x()">a</a>',
        "<svg onload=x()></svg>",
        "<iframe srcdoc='<script>x()</script>'></iframe>",
        "<style>body{background:url(https://example.org)}</style>",
        "<form action=https://example.org><input></form>",
        "<p style='background:url(https://example.org)' id=main onmouseover=x()>p</p>",
        "<math><mtext><table><mglyph><style><img src=x onerror=x()></style></mglyph></table></mtext></math>",
    ],
)
def test_nothing_that_acts_survives_in_html_or_prose(payload: str) -> None:
    inside = "".join(
        main_of(page(cell))
        for cell in (code("x", shown("text/html", payload)), prose(payload), prose(f"a {payload}"))
    )
    assert not re.search(
        r"<script|<img|<svg|<iframe|<style|<form|<input|\son\w+=|javascript:|example\.org", inside
    )


def test_a_data_frame_keeps_its_table() -> None:
    html = clean_html(
        '<style>x</style><table border="1" class="dataframe"><thead><tr><th>a</th></tr></thead></table>'
    )
    assert html == '<table class="dataframe"><thead><tr><th>a</th></tr></thead></table>'


def test_links_beside_the_page_stay() -> None:
    assert 'href="tables/key.csv"' in main_of(page(prose("[key](tables/key.csv)")))


def test_one_hostile_customer_is_only_text() -> None:
    import pandas as pd

    frame = pd.DataFrame({"customer_id": ["</td><script>x()</script>"], "tier": ["A"]})
    html = main_of(page(code("x", of(tables.table(frame, "<i>", Reader())))))
    assert "&lt;/td&gt;&lt;script&gt;x()&lt;/script&gt;" in html
    assert "<caption>&lt;i&gt;</caption>" in html


def test_navigation_and_titles_are_escaped() -> None:
    html = page(title='<x>"', navigation=[('a".html', "<b>", False)], key="<k>", failure="<f>")
    assert "<x>" not in html
    assert 'href="a&#34;.html">&lt;b&gt;' in html
    assert "<k>" not in html
    assert "<f>" not in html


def test_rendering_imports_neither_nbconvert_nor_matplotlib() -> None:
    code_ = (
        "import sys; from segmentation.reporting.page import render;"
        f"render({{'cells': []}}, title='t', navigation={NAVIGATION!r}, key='k');"
        "print([m for m in ('nbconvert', 'nbformat', 'matplotlib', 'pandas') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code_], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_notebook_that_prints_without_end_gives_a_page_that_opens_and_says_so() -> None:
    lines = "".join(f"line {n} of many\n" for n in range(400_000))
    printed = {"output_type": "stream", "name": "stdout", "text": lines}
    html = page(
        code("for", printed), code("x", shown("text/html", f"<p>{'x' * 3_000_000}</p>")), code("y", printed)
    )
    assert len(html.encode()) < 2_000_000
    assert "line 0 of many" in html
    assert "more lines are left out here" in html
    assert "An output of 3,000,007 characters is left out here" in html
    assert page(code("x", shown("text/plain", "short"))).count("left out") == 0
