"""The page in a real browser: no request, nothing fires, tables sort, code folds, a phone can read it."""

import os
import re
import shutil
from collections.abc import Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from chart_data import MAKERS
from page_making import code, of, page, prose, shown, stopped
from payloads import TEXTS

from segmentation.reporting.contents import Failure, Version, contents_page
from segmentation.show import tables
from segmentation.show.search import Records, Search
from segmentation.words.reader import Reader

pytest.importorskip("playwright")

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAYLOADS = {
    "script": "<script>window.fired = 'script'</script>",
    "image": "<img src=x onerror=\"window.fired = 'image'\">",
    "link": "<a class=bait href=\"javascript:void(window.fired = 'link')\">link</a>",
    "svg": "<svg xmlns='http://www.w3.org/2000/svg' onload=\"window.fired = 'svg'\"><rect/></svg>",
}
FRAME = pd.DataFrame(
    {
        "customer_id": ["b", "a", PAYLOADS["script"], "c10", "c9"],
        "tier": ["A", "B", "C", "A", "B"],
        "monetary": [5.0, -1200.0, 300.0, None, 10_000.0],
        "last_order": pd.to_datetime(["2017-02-01", "2016-12-31", "2017-10-01", None, "2017-09-01"]),
    }
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium found; install one or name it in CHROMIUM")
        pytest.skip("no Chromium found; name one in CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


class Opened:
    """A page on screen, with all that it asked for and complained about."""

    def __init__(self, browser: Any, path: Path, **how: Any) -> None:
        self.context = browser.new_context(
            **({"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"} | how)
        )
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(path.as_uri())

    def column(self, table: str, place: int) -> list[str]:
        cells = self.page.locator(f"{table} tbody tr > :nth-child({place})")
        return [text.strip() for text in cells.all_text_contents()]


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Any]:
    contexts: list[Any] = []

    def show(html: str, **how: Any) -> Opened:
        path = tmp_path / "index.html"
        path.write_text(html, encoding="utf-8")
        found = Opened(browser, path, **how)
        contexts.append(found.context)
        return found

    yield show
    for context in contexts:
        context.close()


@lru_cache
def everything() -> str:
    charts = [
        maker(title="A finding that is long enough to need a second line on a phone")
        for maker in MAKERS.values()
    ]
    return page(
        prose("# Which customers are key?\n\nLead."),
        code("month = '2017-12'", tags=["parameters"]),
        code("answer", of(tables.answer("Verdict.", "Grounds.", kind="good"))),
        code("figures", of(tables.figures([("Customers", 2469, "all"), ("Key", "USD 4,082,113", "note")]))),
        code("table", of(tables.table(FRAME, "Customers", Reader()))),
        prose("## Charts\n\n| " + " | ".join("abcdefghij" * 3) + " |\n" + "|---" * 30 + "|\n"),
        *(code(f"chart_{place}", of(chart)) for place, chart in enumerate(charts)),
        prose("## Output"),
        code("print", shown("text/plain", "wide " * 100)),
        code("frame", shown("text/html", FRAME.assign(**{f"column_{n}": n for n in range(20)}).to_html())),
        code("1/0", stopped("ZeroDivisionError", "division " * 30, "line\n" + "x" * 300)),
    )


def test_it_asks_for_nothing_and_complains_of_nothing(opened: Any) -> None:
    shown_page = opened(everything())
    shown_page.page.wait_for_timeout(200)
    assert [url.split("?")[0][:30] for url in shown_page.requests if not url.startswith("data:")] == [
        shown_page.page.url[:30]
    ]
    assert shown_page.complaints == []


@pytest.mark.parametrize("name", PAYLOADS)
def test_nothing_injected_fires(opened: Any, name: str) -> None:
    payload = PAYLOADS[name]
    cells = [
        prose(f"# {payload}\n\n{payload}"),
        code("x", of(tables.table(pd.DataFrame({"customer_id": [payload] * 3}), payload, Reader()))),
        code("x", of(MAKERS["sizes"](title=payload))),
        *(code("x", shown(mime, payload)) for mime in ("text/html", "text/markdown", "image/svg+xml")),
        code("x", {"output_type": "stream", "name": "stdout", "text": payload}),
        code("x", stopped("E", payload, payload)),
        code(f"month = {payload!r}", tags=["parameters"]),
    ]
    found = opened(page(*cells, title=payload)).page
    for bait in found.locator(".bait").all():
        bait.click(timeout=1000)
    found.wait_for_timeout(50)
    assert found.evaluate("window.fired") is None


@pytest.mark.parametrize("name", PAYLOADS)
def test_the_payloads_do_fire_without_the_page(opened: Any, name: str) -> None:
    """Otherwise the test above could not fail."""
    found = opened(f"<!doctype html><body>{PAYLOADS[name]}</body>").page
    for bait in found.locator(".bait").all():
        bait.click()
    found.wait_for_timeout(50)
    assert found.evaluate("window.fired") == name


@pytest.mark.parametrize("name", PAYLOADS)
def test_the_policy_alone_stops_them_too(opened: Any, name: str) -> None:
    html = page(prose("here")).replace("<p>here</p>", PAYLOADS[name])
    assert PAYLOADS[name] in html
    found = opened(html).page
    for bait in found.locator(".bait").all():
        bait.click()
    found.wait_for_timeout(50)
    assert found.evaluate("window.fired") is None


def test_tables_sort_numbers_dates_and_words_and_go_back(opened: Any) -> None:
    found = opened(page(code("x", of(tables.table(FRAME, "c", Reader())))))
    head = partial(found.page.get_by_role, "columnheader")
    before = found.column("table", 1)
    head(name="Spend").click()
    assert found.column("table", 3) == ["10,000", "300", "5", "−1,200", "–"]
    assert head(name="Spend").get_attribute("aria-sort") == "descending"
    head(name="Spend").click()
    assert found.column("table", 3) == ["−1,200", "5", "300", "10,000", "–"]
    head(name="Spend").click()
    assert found.column("table", 1) == before
    assert head(name="Spend").get_attribute("aria-sort") == "none"
    head(name="Last order").click()
    assert found.column("table", 4) == ["2016-12-31", "2017-02-01", "2017-09-01", "2017-10-01", "–"]
    head(name="Customer").focus()
    found.page.keyboard.press("Enter")
    assert found.column("table", 1)[1:] == ["a", "b", "c9", "c10"]


def test_a_click_sorts_all_rows_and_not_those_shown(opened: Any) -> None:
    many = pd.DataFrame(
        {"customer_id": [f"c{n}" for n in range(60)], "monetary": [float(n) for n in range(60)]}
    )
    found = opened(page(code("x", of(tables.table(many, "c", Reader(), limit=25)))))

    def visible() -> list[str]:
        return found.page.locator("tbody tr:visible th").all_text_contents()

    assert visible() == [f"c{n}" for n in range(25)]
    found.page.get_by_role("columnheader", name="Spend").click()
    assert visible() == [f"c{n}" for n in range(59, 34, -1)]
    found.page.get_by_role("button", name="Show all").click()
    assert len(visible()) == 60
    assert not found.page.locator(".all").is_visible()
    found.page.get_by_role("columnheader", name="Customer").click()
    assert visible()[:3] == ["c0", "c1", "c2"]


def test_growth_from_nearly_nothing_is_sorted_above_every_figure(opened: Any) -> None:
    grown = pd.DataFrame({"customer_id": list("abcd"), "growth": [0.5, 4301.81, None, 9.0]})
    found = opened(page(code("x", of(tables.table(grown, "c", Reader())))))
    found.page.get_by_role("columnheader", name="Growth").click()
    assert found.column("table", 1) == ["b", "d", "a", "c"]


def test_an_excerpt_is_not_sorted_for_it_would_mislead(opened: Any) -> None:
    short = tables.table(FRAME, "c", Reader(), limit=3, name="lost", rest="1-data.html#t-lost")
    found = opened(page(code("x", of(short)), pages={"1-data.html": "1-data.zh.html"})).page
    assert found.locator("th[aria-sort]").count() == 0
    assert found.get_by_role("link", name="All 5").get_attribute("href") == "1-data.zh.html#t-lost"
    assert found.locator("#t-lost").count() == 1


def test_a_link_to_a_page_that_is_not_there_is_plain_text(opened: Any) -> None:
    short = tables.table(FRAME, "c", Reader(), limit=3, name="lost", rest="1-data.html#t-lost")
    found = opened(page(code("x", of(short)), pages={})).page
    assert found.get_by_text("All 5").is_visible()
    assert found.get_by_role("link", name="All 5").count() == 0


@pytest.mark.parametrize(("width", "columns"), [(1440, 2), (390, 1)])
def test_short_lists_stand_side_by_side_where_there_is_room(opened: Any, width: int, columns: int) -> None:
    lists = tables.beside(*(tables.table(FRAME, f"list {n}", Reader()) for n in range(4)))
    found = opened(page(code("x", of(lists))), viewport={"width": width, "height": 844}).page
    lefts = found.locator(".beside > div").evaluate_all(
        "all => all.map(e => Math.round(e.getBoundingClientRect().left))"
    )
    assert len(set(lefts)) == columns
    assert found.locator(".beside").evaluate("e => e.scrollHeight <= e.clientHeight"), "none is cut off"


def test_code_folds_out_and_in(opened: Any) -> None:
    found = opened(everything()).page
    button = found.locator("#code")
    block = found.locator("pre.code", has_text="chart_3")
    assert not block.is_visible()
    button.click()
    assert block.is_visible()
    assert (button.inner_text(), button.get_attribute("aria-pressed")) == ("Hide code", "true")
    button.click()
    assert not block.is_visible()
    assert button.inner_text() == "Show code"


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_width_makes_the_page_scroll_sideways(opened: Any, width: int) -> None:
    found = opened(everything(), viewport={"width": width, "height": 844}).page
    found.locator("#code").click()
    assert found.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_wide_screen_everything_stands_on_one_edge(opened: Any) -> None:
    found = opened(everything(), viewport={"width": 1920, "height": 1000}).page
    found.locator("#code").click()
    edges = found.locator("main > *").evaluate_all("all => all.map(e => e.getBoundingClientRect().left)")
    assert len(edges) > 20
    assert max(edges) - min(edges) < 1


def test_contents_are_open_on_a_desk_and_folded_on_a_phone(opened: Any) -> None:
    assert opened(everything()).page.locator(".contents").evaluate("e => e.open")
    phone = opened(everything(), viewport={"width": 390, "height": 844}).page
    assert not phone.locator(".contents").evaluate("e => e.open")


def test_the_answer_is_on_the_first_screen_of_a_phone(opened: Any) -> None:
    found = opened(everything(), viewport={"width": 390, "height": 844}).page
    box = found.locator(".answer.good").bounding_box()
    assert box["y"] + box["height"] < 844


def contrast(found: Any, selector: str) -> float:
    """The WCAG contrast of an element's text with the page's paper."""
    return found.evaluate(
        """selector => {
            const rgb = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
            const light = text => rgb(text).map(v => v / 255)
                .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
                .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
            const style = getComputedStyle(document.querySelector(selector));
            const ink = light(style.fill !== "rgb(0, 0, 0)" ? style.fill : style.color);
            const paper = light(getComputedStyle(document.querySelector("main")).backgroundColor);
            return (Math.max(ink, paper) + .05) / (Math.min(ink, paper) + .05);
        }""",
        selector,
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_the_paper_in_light_and_dark(opened: Any, scheme: str) -> None:
    found = opened(everything(), color_scheme=scheme).page
    for selector in (
        "h1",
        ".lead p",
        "thead th",
        "figcaption",
        ".chart svg text",
        ".note",
        "footer",
        "main a",
    ):
        assert contrast(found, selector) >= 4.5, selector


def test_it_prints_on_white_with_its_name_and_without_buttons(opened: Any) -> None:
    found = opened(everything(), color_scheme="dark").page
    found.emulate_media(media="print", color_scheme="dark")
    assert found.locator(".brand").is_visible()
    assert not found.locator(".pages").is_visible()
    assert not found.locator("#code").is_visible()
    assert (
        found.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor")
        == "rgb(255, 255, 255)"
    )


def test_a_long_table_prints_over_pages_with_its_head_repeated(opened: Any) -> None:
    many = pd.DataFrame({"customer_id": [f"c{n}" for n in range(120)], "monetary": 5.0})
    lists = tables.beside(*(tables.table(FRAME, f"list {n}", Reader()) for n in range(4)))
    found = opened(page(code("x", of(lists)), code("y", of(tables.table(many, "c", Reader()))))).page
    found.emulate_media(media="print")
    assert found.locator("thead").last.evaluate("e => getComputedStyle(e).display") == "table-header-group"
    assert found.locator("figure.table").last.evaluate("e => getComputedStyle(e).breakInside") == "auto"
    assert found.locator("tbody tr").last.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
    assert found.locator(".links").count() == 0 or not found.locator(".links").first.is_visible()
    pages = len(re.findall(rb"/Type\s*/Page[^s]", found.pdf(format="A4")))
    assert 3 <= pages <= 5, "120 rows of a line each take three pages, no row a page of its own"


def test_chinese_headings_do_not_break_inside_a_word(opened: Any) -> None:
    heading = tables.table(
        pd.DataFrame({"money_at_risk": [1.0], "tier_ahead": ["B"]}), "c", Reader("zh", "CNY")
    )
    found = opened(page(code("x", of(heading)), language="zh"), viewport={"width": 390, "height": 844}).page
    assert found.locator("thead th").first.evaluate("e => getComputedStyle(e).wordBreak") == "keep-all"


def test_a_failed_page_leads_to_where_it_stopped(opened: Any) -> None:
    found = opened(everything()).page
    found.get_by_role("link", name="See where it stopped.").click()
    assert found.locator("#error").evaluate("e => Math.abs(e.getBoundingClientRect().top) < innerHeight")


def records(ids: list[str]) -> str:
    """A page on which these customers can be searched, each with a text of its own everywhere."""
    told = Records(ids)
    own = told.column("own", ids)
    cell = told.cell([own] * len(ids))
    payload = {
        "label": "Search",
        "found": "Found: {n}",
        "none": "Nobody.",
        "note": ids[0],
        "title": "Customer {id}",
        "badge": cell,
        "hues": {ids[0]: ids[0], "A": "hue-1"},
        "names": [1],
        "says": [cell],
        "figures": [[ids[0], cell]],
        "picture": {
            "label": cell,
            "heads": ["January", ids[0]],
            "heights": told.picture("p", [[1, 2]] * len(ids)),
        },
        "table": {"caption": ids[0], "heads": ["Method", "Tier", ids[0]], "rows": [[cell, cell, cell]]},
        "pool": told.pool,
    }
    return page(code("search", of(Search("<p>x</p>", "x", payload))))


def test_any_customer_is_found_by_typing_and_by_keyboard(opened: Any) -> None:
    found = opened(records(["1042", "042", "7", "é-Ｘ1"]))
    field = found.page.get_by_role("searchbox", name="Search")
    field.fill("042")
    assert found.page.locator(".matches button").all_inner_texts()[0].startswith("042")
    assert found.page.get_by_role("status").inner_text() == "Found: 2"
    field.press("Enter")
    assert found.page.locator(".record h2").inner_text().startswith("Customer 042")
    field.fill("É-x1")
    assert found.page.locator(".record h2").inner_text().startswith("Customer é-Ｘ1"), (
        "case and width do not count"
    )
    field.fill("nobody")
    assert found.page.get_by_role("status").inner_text() == "Nobody."
    assert found.complaints == []
    assert [url for url in found.requests if not url.startswith(("data:", "file:"))] == []


def test_no_text_of_a_customer_fires_or_is_lost_where_it_is_searched(opened: Any) -> None:
    texts = [text for text in TEXTS if text.strip()]
    found = opened(records(texts))
    for place, text in enumerate(texts):
        found.page.evaluate(
            "c => { history.replaceState(null, '', '#c=' + encodeURIComponent(c));"
            "window.dispatchEvent(new HashChangeEvent('hashchange')) }",
            text,
        )
        shown_text = found.page.locator(".record .says").evaluate("e => e.textContent")
        assert shown_text == text, place
    found.page.wait_for_timeout(50)
    assert found.page.evaluate("window.fired") is None
    assert found.complaints == []


def test_no_text_of_a_table_fires_or_is_lost(opened: Any) -> None:
    frame = pd.DataFrame({"customer_id": TEXTS, "account_manager": TEXTS, "why": TEXTS})
    cells = [code("x", of(tables.table(frame, text, Reader(), note=text))) for text in TEXTS[40:60]]
    found = opened(page(*cells, title=TEXTS[44], navigation=[("index.html", text, False) for text in TEXTS]))
    found.page.wait_for_timeout(100)
    assert found.page.evaluate("window.fired") is None
    assert found.complaints == []
    shown_texts = (
        found.page.locator("figure")
        .first.locator("tbody th")
        .evaluate_all("all => all.map(e => e.textContent)")
    )
    # HTML itself knows no return and no NUL, and its parser takes a return for the end of a line
    assert shown_texts == [text.replace("\r\n", "\n").replace("\r", "\n") for text in TEXTS]


def one_record(opened: Any, **how: Any) -> Any:
    """The page of a search with a customer found whose every text is long."""
    long = "a name of forty characters without an end"
    found = opened(records([long, "other"]), **how)
    found.page.get_by_role("searchbox").fill(long[:9])
    return found


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_a_customer_who_is_found_fits_every_width(opened: Any, width: int) -> None:
    found = one_record(opened, viewport={"width": width, "height": 844}).page
    assert found.locator(".record h2").is_visible()
    assert found.evaluate("document.documentElement.scrollWidth <= innerWidth")
    inside = "e => e.getBoundingClientRect().right <= innerWidth"
    assert found.locator(".record .figures, .record .says, .year").evaluate_all(f"all => all.every({inside})")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_words_of_a_search_stand_out_and_the_field_has_a_name(opened: Any, scheme: str) -> None:
    found = one_record(opened, color_scheme=scheme).page
    for selector in (
        ".search label",
        ".count",
        ".record h2",
        ".record .says",
        ".record dt",
        ".year figcaption",
    ):
        assert contrast(found, selector) >= 4.5, selector
    field = found.get_by_role("searchbox")
    assert found.locator(f"label[for={field.get_attribute('id')}]").count() == 1


def test_a_found_customer_prints_without_the_field(opened: Any) -> None:
    found = one_record(opened).page
    found.emulate_media(media="print")
    assert not found.get_by_role("searchbox").is_visible()
    assert found.locator(".record h2").is_visible()
    assert found.locator(".record table").is_visible()


@pytest.mark.parametrize("width", [390, 768, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_of_months_fits_and_stands_out(opened: Any, width: int, scheme: str) -> None:
    figure = {"label": {"text": "Customers", "values": {}}, "format": "money", "value": 1_234_567}
    summary = {
        "verdict": {"text": "A verdict of the month that needs more than one line on a phone.", "values": {}},
        "reader": {"currency": "USD", "minor_units": 2, "tiers": {}},
        "figures": {str(n): figure for n in range(6)},
    }
    months = [
        (f"2017-{n:02d}", [Version(f"r{v:03d}-{n:08d}", "2018-01-01T00:00", {}, summary) for v in (2, 1)])
        for n in (12, 11)
    ]
    failures = [Failure("2017-12", "f001-data", "2018-01-01T00:00", "why " * 40)]
    shown_as = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    found = opened(contents_page(months, failures), **shown_as)
    assert found.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert found.page.locator("svg.spark").count() == 6
    found.page.locator("summary").first.click()
    for selector in (
        "h1",
        "dt",
        ".note",
        ".months td",
        ".months small",
        ".months li",
        ".failed td",
        "main a",
    ):
        assert contrast(found.page, selector) >= 4.5, selector
    assert found.complaints == []
    assert [url for url in found.requests if not url.startswith(("data:", "file:"))] == []
