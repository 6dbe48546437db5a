"""reports/index.html: months with verdict and figures, what superseded what and why, failed runs, any language."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from segmentation.reporting.archive import Archive
from segmentation.reporting.manifest import readable

MADE_FROM = {
    "month": "2017-12",
    "settings": {"official": "ABC", "window_months": 6},
    "ledger": {"2017-11": "a"},
}


def publish(
    archive: Archive, month: str, key: int, many: int = 0, currency: str = "USD", **made_from: Any
) -> str:
    """A run with a summary of `many` customers, or from before there were any; its name."""
    figures = {
        "customers": {"label": {"text": "Customers", "values": {}}, "format": "integer", "value": many},
        "lost": {"label": {"text": "Lost", "values": {}}, "format": "integer", "value": None},
    }
    summary = {
        "verdict": {
            "text": "{official:word} decides who is {top:tier} in {month:month}; there is no trial yet.",
            "values": {"official": "Clusters", "top": "A", "month": month},
        },
        "reader": {"currency": currency, "minor_units": 2, "tiers": {"A": "Key"}},
        "figures": figures,
    }
    with archive.lock(), archive.staging() as folder:
        (folder / "index.html").write_text("a run")
        digest = f"{key:08d}" * 8
        (folder / "manifest.json").write_text(
            readable({"key": digest, "made_from": {**MADE_FROM, **made_from}})
        )
        (folder / "run.json").write_text(f'{{"finished": "2018-01-0{key}T03:04:05+00:00"}}')
        if many:
            (folder / "summary.json").write_text(json.dumps(summary))
        return archive.publish(folder, month, digest).name


def page_of(archive: Archive) -> str:
    return (archive.folder / "index.html").read_text(encoding="utf-8")


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", page.partition("<body>")[2])))


def test_a_month_is_told_with_its_verdict_and_figures(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    publish(archive, "2017-12", 1, many=1200)
    said = plain(page_of(archive))
    assert (
        "December 2017 made 2018-01-01 03:04 Clusters decides who is A (Key) in December 2017; there" in said
    )
    assert "no trial yet. 1,200 – " in said
    assert "<svg" not in page_of(archive), "one month has no line"


def test_in_chinese_whatever_the_run_was_made_in(tmp_path: Path) -> None:
    archive = Archive(tmp_path, "zh")
    publish(archive, "2017-12", 1, many=1200)
    page = page_of(archive)
    assert '<html lang="zh-CN">' in page or '<html lang="zh' in page
    assert "客户分级：所有月份" in page
    assert "2017年12月的 A（关键）客户由聚类确定" in page
    for word in ("Month", "Verdict", "Made", "Every published"):
        assert word not in plain(page)


def test_a_figure_is_drawn_over_the_months_and_a_missing_month_breaks_the_line(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for number, (month, many) in enumerate([("2017-08", 100), ("2017-09", 150), ("2017-11", 120)], 1):
        publish(archive, month, number, many=many)
    page = page_of(archive)
    lines = re.findall(r'<path d="([^"]*)"', page)
    assert [line.count("M") for line in lines] == [2], "one line, of the one figure that is known"
    heights = [float(place.split()[1]) for place in re.split("[ML]", lines[0])[1:]]
    assert heights[0] > heights[2] > heights[1], "more is higher"
    assert "Customers 120" in plain(page)
    assert "100 in August 2017" in plain(page)


def test_money_of_another_currency_is_not_in_the_line(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    publish(archive, "2017-10", 1, many=5, currency="EUR")
    publish(archive, "2017-11", 2, many=6)
    assert "<svg" not in page_of(archive)
    publish(archive, "2017-12", 3, many=7)
    assert "6 in November 2017" in plain(page_of(archive))


@pytest.mark.parametrize(
    ("made_from", "why"),
    [
        ({"settings": {"official": "RFM", "window_months": 6}}, 'official: "ABC" → "RFM"'),
        ({"ledger": {"2017-11": "b"}}, "the data of November 2017 changed"),
        ({"code": {"cli.py": "1"}, "versions": {"pandas": "3.1"}}, "another version of the program"),
        ({"notebooks": {"2-abc.ipynb": "1"}}, "changed notebooks: 2-abc.ipynb"),
        ({"overrides": "1"}, "other tiers set by hand"),
        ({}, "published again without a change"),
    ],
)
def test_a_version_says_what_superseded_it_and_why(
    tmp_path: Path, made_from: dict[str, Any], why: str
) -> None:
    archive = Archive(tmp_path)
    publish(archive, "2017-12", 1, many=3)
    second = publish(archive, "2017-12", 2, many=3, **made_from)
    said = plain(page_of(archive))
    assert f"1 earlier version r001-00000001 made 2018-01-01 03:04; superseded by {second}: {why}" in said


def test_failed_runs_are_told_with_their_reason_and_what_came_of_them(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for month in ("2017-11", "2017-12"):
        with archive.lock(), archive.staging() as folder:
            (folder / "index.html").write_text("why")
            (folder / "reason.txt").write_text(f"no <b>orders</b> in {month}\nmore\n")
            archive.keep_evidence(folder, month, "data")
    assert plain(page_of(archive)).count("not published") == 2
    with archive.lock(), archive.staging() as folder:
        (folder / "index.html").write_text("a run")
        (folder / "manifest.json").write_text(readable({"key": "1" * 64}))
        (folder / "run.json").write_text('{"finished": "2999-01-01T03:04:05+00:00"}')
        archive.publish(folder, "2017-12", "1" * 64)
    page = page_of(archive)
    assert "no &lt;b&gt;orders&lt;/b&gt; in 2017-11" in page
    assert '<a href="_failed/2017-12/f001-data/index.html">December 2017</a>' in page
    assert re.search(r"in 2017-12 published since.*in 2017-11 not published", plain(page))


def test_a_summary_that_is_damaged_hides_no_month(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    run = publish(archive, "2017-12", 1, many=3)
    (tmp_path / "2017-12" / run / "summary.json").chmod(0o644)
    for damage in ("{", "[]", "{}", '{"verdict": 3}'):
        (tmp_path / "2017-12" / run / "summary.json").write_text(damage)
        publish(archive, "2017-11", 2, many=3)
        assert f"2017-12/{run}/index.html" in page_of(archive), damage
