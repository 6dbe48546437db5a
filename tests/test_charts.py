"""Charts: text stays text, every colour has a name, the words say what the picture says, bytes repeat."""

import re
import subprocess
import sys
import warnings

import pandas as pd
import pytest
from chart_data import EN, MAKERS, MOVES

from segmentation.reporting.svg import inline_svg
from segmentation.show import charts
from segmentation.show.charts.canvas import text_width, wrapped
from segmentation.show.charts.colours import COLOURS, colour, hue
from segmentation.words.reader import Reader

FINDING = "客户 <b> & spend $1 or $2"


def test_every_public_chart_has_data_here() -> None:
    assert set(MAKERS) == set(charts.__all__) - {"Chart"}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", MAKERS)
def test_charts_are_text_with_named_colours_and_alternative_text(name: str, language: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a missing glyph would be a warning on every server without the font
        chart = MAKERS[name](FINDING, Reader(language))
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", chart.svg)
    assert "客户 &lt;b&gt; &amp; spend $1 or $2" in "".join(texts)
    assert set(re.findall(r"(?<!, )#[0-9a-f]{6}\b", chart.svg)) == set(), (
        "a colour that the page cannot turn dark"
    )
    assert chart.alt.startswith(FINDING)
    assert re.search(r"\d", chart.alt.removeprefix(FINDING)), "the words hold figures"
    assert inline_svg(chart.svg, prefix="f1", alt=chart.alt).startswith("<svg ")
    assert len(chart.svg) < 60_000


@pytest.mark.parametrize("name", MAKERS)
def test_the_same_frame_gives_the_same_bytes(name: str) -> None:
    assert MAKERS[name](title="x") == MAKERS[name](title="x")


def test_a_notebook_gets_the_alternative_text_with_the_picture() -> None:
    chart = MAKERS["sizes"](title="A finding")
    data, about = chart._repr_mimebundle_()
    assert data["image/svg+xml"] == chart.svg
    assert about["image/svg+xml"] == {
        "alt": chart.alt,
        "title": "A finding",
        "title_height": chart.title_height,
    }


@pytest.mark.parametrize(
    ("draw", "columns"),
    [
        (
            lambda frame: charts.sizes(frame, "t", EN),
            ["method", "tier", "share_of_customers", "share_of_value"],
        ),
        (lambda frame: charts.rfm_heat(frame, "t", EN), ["r", "f", "monetary"]),
        (lambda frame: charts.clusters(frame, "t", EN), ["recency_days", "monetary", "tier", "segment"]),
        (lambda frame: charts.capture(frame, "t", EN, official="ABC"), ["method", "share", "captured"]),
        (lambda frame: charts.differences(frame, "t", EN, official="ABC"), ["method", "difference"]),
        (lambda frame: charts.stability(frame, "t", EN), ["method", "tier", "jaccard"]),
        (
            lambda frame: charts.confidence(frame, "t", EN),
            ["tier", "sure", "likely", "coin_toss", "doubtful"],
        ),
        (lambda frame: charts.sensitivity(frame, "t", EN), ["method", "choice", "kept"]),
        (lambda frame: charts.months(frame, "t", EN), ["month", "tier", "customers", "value"]),
    ],
)
def test_an_empty_frame_says_so(draw: "object", columns: list[str]) -> None:
    assert callable(draw)
    assert draw(pd.DataFrame(columns=columns)).alt == "t. Nothing to show"


def test_no_moves_at_all_say_so() -> None:
    assert charts.movement_flow(MOVES * 0, "t", EN).alt == "t. Nothing to show"


def test_pareto_tells_each_tier_with_its_shares() -> None:
    # 50 + 30 of 100 from two of four customers
    alt = MAKERS["pareto"](title="t").alt
    assert "A: 50.0% / 80.0%; B: 25.0% / 15.0%; C: 25.0% / 5.0%" in alt


def test_pareto_does_not_depend_on_the_order_of_rows() -> None:
    values, tiers = pd.Series([5.0, 50, 15, 30]), pd.Series(["C", "A", "B", "A"])
    assert charts.pareto(values, "t", EN, tiers=tiers).svg == MAKERS["pareto"](title="t").svg


@pytest.mark.parametrize("values", [[], [0.0, 0.0], [-5.0, 3.0], [7.0]])
def test_pareto_of_poor_data_is_still_a_picture(values: list[float]) -> None:
    assert charts.pareto(pd.Series(values, dtype=float), "t", EN).svg.endswith("</svg>\n")


def test_confidence_tells_every_grade_and_leaves_out_empty_tiers() -> None:
    alt = MAKERS["confidence"](title="t").alt
    assert "A · Sure: 6; A · Likely: 3; A · Coin toss: 1; A · Doubtful: 0; B · Sure: 1" in alt
    assert "C · Sure" not in alt


def test_differences_leave_out_the_bounds() -> None:
    row = {"difference": -0.5, "low": -0.6, "high": -0.4, "low_all": -0.6, "high_all": -0.4, "clear": True}
    rows = [{"method": name, **row} for name in ("random", "RFM")]
    alt = charts.differences(pd.DataFrame(rows), "t", EN, official="ABC").alt
    assert "RFM: −50.0" in alt
    assert "Random" not in alt


def test_where_less_is_better_the_lower_one_wears_the_better_colour() -> None:
    row = {"difference": -0.5, "low": -0.6, "high": -0.4, "low_all": -0.6, "high_all": -0.4, "clear": True}
    frame = pd.DataFrame([{"method": "RFM", **row}])
    drawn = {
        m: charts.differences(frame, "t", EN, official="ABC", measure=m).svg for m in ("missed", "captured")
    }
    assert "--hue-rise" in drawn["missed"]
    assert "--hue-fall" in drawn["captured"]


def test_many_points_are_a_picture_inside_the_picture() -> None:
    many = pd.DataFrame({"recency_days": range(20_000), "monetary": 1.0, "tier": "A", "segment": "everybody"})
    chart = charts.clusters(many, "t", EN)
    assert "data:image/png;base64," in chart.svg
    assert len(chart.svg) < 150_000
    assert "A · everybody: 20,000" in chart.alt


def test_tiers_have_one_colour_whatever_they_are_called() -> None:
    assert [hue(name) for name in "ABC"] == ["hue-1", "hue-2", "hue-3"]
    assert [hue(name, ("Gold", "Silver", "B")) for name in ("Gold", "Silver", "B")] == [
        "hue-1",
        "hue-2",
        "hue-3",
    ]
    assert colour("dormant") == COLOURS["hue-gone"]
    assert hue("A", ("Gold",)) == ""


def test_the_colours_of_tiers_differ_in_lightness() -> None:
    def lightness(name: str) -> float:
        red, green, blue = (int(COLOURS[name][i : i + 2], 16) / 255 for i in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    assert lightness("hue-2") - lightness("hue-1") > 0.2


def test_wrapping_keeps_every_character_and_the_width() -> None:
    for text in (
        "one two three four",
        "近期且频繁的客户消费最多，这里写得长一些。",
        "A 级 customers 客户",
        "x" * 50,
        "",
    ):
        lines = wrapped(text, 10, 80)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert all(text_width(line, 10) <= 90 for line in lines if " " in line or "的" in line)
        assert not any(line.startswith(("，", "。")) for line in lines)


def test_importing_costs_no_matplotlib_and_drawing_no_pyplot() -> None:
    code = (
        "import sys, pandas, segmentation.show.charts as c, segmentation.show.tables;"
        "from segmentation.words.reader import Reader;"
        "print('matplotlib' in sys.modules);"
        "c.pareto(pandas.Series([2.0, 1.0]), 't', Reader());"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "False"]


def test_drawing_leaves_matplotlibs_settings_alone() -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    MAKERS["pareto"](title="t")
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize("name", MAKERS)
def test_the_words_of_a_picture_are_said_in_the_readers_language(name: str) -> None:
    chart = MAKERS[name]("标题", Reader("zh", tiers={"A": "Key", "B": "Main", "C": "Ordinary"}))
    assert chart.alt.startswith("标题。")
    assert "：" in chart.alt
    texts = " ".join([chart.alt, *re.findall(r"<text[^>]*>([^<]*)</text>", chart.svg)])
    ours = {"ABC", "RFM", "Jaccard", "recent", "high", "spend", "rare"}  # methods, and a cluster's own name
    assert set(re.findall(r"[A-Za-z]{3,}", texts.replace("&lt;", "<"))) <= ours
