"""Tables, figures and answers: escaped, semantic, told in the reader's language."""

import re
from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.errors import ParameterError
from segmentation.reporting.clean import clean_html
from segmentation.show import tables
from segmentation.words.formats import compact, show, write
from segmentation.words.reader import Reader, sentence

FRAME = pd.DataFrame(
    {
        "customer_id": ["007", "<script>x()</script>", 'a,"b"\n'],
        "tier": ["A", "B", "Z"],
        "monetary": [1234.5, -0.004, np.nan],
        "share": [0.2, 0.0, 1.0],
        "last_order": pd.to_datetime(["2017-12-31", None, "2017-01-02"]),
    }
)
EN, ZH = Reader(), Reader("zh")


def cells(html: str) -> list[list[str]]:
    """The text of every cell, row by row."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", html, re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in rows
    ]


def test_a_table_is_semantic_escaped_and_formatted() -> None:
    html = tables.table(FRAME, "Who & what", EN).html
    assert "<caption>Who &amp; what</caption>" in html
    assert cells(html) == [
        ["Customer", "Tier", "Spend", "Share", "Last order"],
        ["007", "A", "1,234", "20.0%", "2017-12-31"],
        ["&lt;script&gt;x()&lt;/script&gt;", "B", "0", "0.0%", "–"],
        ["a,&quot;b&quot;\n", "Z", "–", "100.0%", "2017-01-02"],
    ]
    assert html.count('<th scope="col"') == 5
    assert html.count('<th scope="row"') == 3
    assert html.count('<td class="n">') == 6


def test_tiers_are_badges_in_their_colour() -> None:
    assert '<span class="badge hue-1">A</span>' in tables.table(FRAME, "", EN).html
    named = tables.table(
        pd.DataFrame({"tier": ["Silver"]}), "", Reader(tiers={"Gold": "Key", "Silver": "Main"})
    ).html
    assert '<span class="badge hue-2">Silver</span>' in named


def test_the_page_keeps_our_tables_as_they_are() -> None:
    for block in (
        tables.table(FRAME, "c", EN, highlight=[True, False, False], note="n", limit=2),
        tables.figures([("Customers", 3, "all"), ("Key", "<2>", "")]),
        tables.figures([("Value", "USD 4,082,113", "long")]),
        tables.answer("Yes & no", "because", kind="caution"),
        tables.words("Tier A: from 100 & more\n\n- ties\n- stay\nNo colon"),
        tables.note("<quiet>"),
    ):
        cleaned = clean_html(block.html)
        assert cleaned.replace("&nbsp;", " ") == block.html.replace("&quot;", '"').replace("&#x27;", "'")


def test_words_name_their_lines_and_escape_them() -> None:
    html = tables.words("<A>: 1 < 2\n等级：一\n- one\n- <two>: 2\nno name\nat 12:30 sharp").html
    assert html == (
        '<div class="words"><p><strong>&lt;A&gt;</strong>: 1 &lt; 2</p><p><strong>等级</strong>：一</p>'
        "<ul><li>one</li><li><strong>&lt;two&gt;</strong>: 2</li></ul>"
        "<p>no name</p><p>at 12:30 sharp</p></div>"
    )


def test_a_limit_says_how_many_there_are() -> None:
    shown = tables.table(FRAME, "c", EN, limit=2)
    assert "2 of 3 rows are shown." in shown.html
    assert "2 of 3 rows are shown." in repr(shown)
    assert repr(shown).count("\n") == 4, "a terminal shows the two, and says that there are three"
    assert [row.count("held") for row in shown.html.split("<tr")[2:]] == [0, 0, 1], (
        "held, to be sorted with them"
    )
    assert "Show all" in shown.html
    assert "shown" not in tables.table(FRAME, "c", EN, limit=3).html
    assert "共 3 行，显示 2 行" in tables.table(FRAME, "c", ZH, limit=2).html


def test_a_page_holds_at_most_200_rows_of_a_table_and_says_so() -> None:
    many = pd.DataFrame({"customer_id": [str(n) for n in range(500)]})
    shown = tables.table(many, "c", EN, limit=25).html
    assert shown.count("<tr") == 201
    assert "25 of 500 rows are shown; the page holds the first 200." in shown


def test_an_excerpt_holds_what_it_shows_and_leads_to_the_rest_and_the_csv() -> None:
    shown = tables.table(FRAME, "c", EN, limit=2, name="lost", rest="6-movement.html#t-lost").html
    assert len(cells(shown)) == 3
    assert '<a href="6-movement.html#t-lost">All 3</a> · <a href="tables/lost.csv">CSV</a>' in shown
    assert 'class="table excerpt" id="t-lost"' in shown
    assert "excerpt" not in tables.table(FRAME, "c", EN, limit=3, name="lost", rest="x.html").html


def test_growth_without_bounds_is_said_in_words() -> None:
    grown = pd.DataFrame({"growth": [4301.81, 10.0, -0.5, None]})
    assert cells(tables.table(grown, "c", EN).html)[1:] == [
        *(["from nearly nothing"], ["1,000.0%"], ["−50.0%"], ["–"]),
    ]


def test_headings_and_words_come_from_the_catalogue() -> None:
    frame = pd.DataFrame(
        {
            "customer_id": ["007"],
            "monetary": [5.0],
            "cause": ["boundary"],
            "reasons": ["rising, close"],
            "whose": pd.Series([sentence("For {method:word} only", method="RFM")], dtype="object"),
        }
    )
    assert cells(tables.table(frame, "c", ZH.with_(currency="CNY")).html) == [
        ["客户", "消费金额（元）", "变动原因", "原因", "最高等级"],
        ["007", "5.00", "分界移动", "购买额上升、接近上一级", "仅 RFM 评为最高等级"],
    ]


def test_a_meaningful_index_is_shown_and_a_counting_one_is_not() -> None:
    crossed = pd.DataFrame([[1, 2], [3, 4]], index=pd.Index(["A", "B"], name="before"), columns=["A", "B"])
    assert cells(tables.table(crossed, "c", EN).html) == [
        ["Before", "A", "B"],
        ["A", "1", "2"],
        ["B", "3", "4"],
    ]
    some = FRAME[["tier"]].iloc[[2, 0]]
    assert cells(tables.table(some, "c", EN).html) == [["Tier"], ["Z"], ["A"]]


def test_highlighted_rows_are_marked() -> None:
    html = tables.table(FRAME, "c", EN, highlight=FRAME["tier"] == "B").html
    assert html.count('<tr class="mark">') == 1
    assert re.search(r'<tr class="mark"><th scope="row">&lt;script', html)


def test_an_empty_table_keeps_its_headings() -> None:
    assert cells(tables.table(FRAME.head(0), "c", EN).html) == [cells(tables.table(FRAME, "c", EN).html)[0]]


def test_an_unknown_kind_of_answer_is_refused() -> None:
    with pytest.raises(ParameterError, match="sad"):
        tables.answer("x", kind="sad")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (999.994, "money", "999.99"),
        (1000, "money", "1,000"),
        (-12.5, "money", "−12.50"),
        (-0.0001, "share", "0.0%"),
        (0.0, "points", "0.0"),
        (-0.021, "points", "−2.1"),
        (3.0, "number", "3"),
        (0.1234, "number", "0.123"),
        (12.34, "number", "12.3"),
        (5.0, "days", "5"),
        (float("inf"), "number", "∞"),
        (None, "integer", "–"),
        (datetime(2017, 12, 31, 23, 59), "date", "2017-12-31"),
        ("ab", "text", "ab"),
    ],
)
def test_each_format_writes_as_said(value: object, kind: str, text: str) -> None:
    assert show(value, kind) == text


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=8))
def test_written_numbers_read_back_to_what_is_shown(values: list[float]) -> None:
    for kind, scale, step in (("integer", 1, 0.5), ("share", 100, 0.05), ("points", 100, 0.05)):
        for value, text in zip(values, write(pd.Series(values), kind)):
            read = float(text.replace(",", "").replace("−", "-").rstrip("%"))
            assert abs(read - value * scale) <= step * 1.01 + abs(value) * 1e-9


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_no_text_can_leave_its_cell(text: str) -> None:
    html = tables.table(pd.DataFrame({"customer_id": [text], "tier": [text]}), text, EN, note=text).html
    assert set(re.findall(r"</?([a-z]+)", html)) <= {
        *("figure", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "p", "span")
    }


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [
        (950, "950", "950"),
        (12_345, "12.3k", "1.2万"),
        (2.5e8, "250M", "2.5亿"),
        (3e9, "3bn", "30亿"),
        (0.25, "0.25", "0.25"),
    ],
)
def test_compact_numbers(value: float, en: str, zh: str) -> None:
    assert (compact(value), compact(value, "zh")) == (en, zh)


def test_a_notebook_gets_a_style_that_the_page_drops() -> None:
    block = tables.figures([("Customers", 3, "all")])
    shown = block._repr_html_()
    assert shown.startswith("<style>dl.figures")
    assert shown.endswith(f"</style>{block.html}")
    assert ".badge.hue-1{" in shown
    assert "<style" not in block.html
    assert clean_html(shown) == clean_html(block.html), "the published page does not grow"


def test_the_page_keeps_what_a_column_means() -> None:
    html = clean_html(tables.table(FRAME[["monetary"]], "c", ZH).html)
    assert f'title="{ZH.meaning("monetary")}"' in html
