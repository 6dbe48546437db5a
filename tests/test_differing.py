"""`segmentation diff`: what two runs were made from, the customers in another tier, the files; also as a page."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from segmentation.command.differing import as_page, difference, in_lines
from segmentation.errors import ParameterError
from segmentation.reporting.manifest import write_manifest

SETTINGS = {"language": "en", "currency": "USD", "tiers": {"A": "Key", "B": "Main"}, "official": "ABC"}
TIERS = {"007": "A", "a<b>": "B", "gone": "B", "same": "A"}


def run(
    folder: Path, tiers: dict[str, str], pseudonyms: str | None = None, month: str = "2017-12", **given: Any
) -> Path:
    folder.mkdir()
    frame = pd.DataFrame({"customer_id": list(tiers), "tier": list(tiers.values())}, dtype="str")
    frame.to_parquet(folder / "tiers.parquet", index=False)
    (folder / "summary.json").write_text(json.dumps(tiers))
    settings = {**SETTINGS, **given}
    write_manifest(
        folder,
        {"month": month, "settings": settings, "code": {"cli.py": str(given)}, "pseudonyms": pseudonyms},
    )
    return folder


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", page.partition('<main id="main">')[2])))


def test_the_customers_in_another_tier_are_named_the_best_tier_first(tmp_path: Path) -> None:
    new = {"007": "B", "a<b>": "A", "come": "B", "same": "A"}
    found = difference(run(tmp_path / "r001", TIERS), run(tmp_path / "r002", new, official="RFM"))
    assert found.moved is not None
    assert found.moved.fillna("–").to_numpy().tolist() == [
        ["007", "A", "B"],
        ["a<b>", "B", "A"],
        ["gone", "B", "–"],
        ["come", "–", "B"],
    ]
    lines = list(in_lines(found))
    assert 'setting official: "ABC" → "RFM"' in lines
    assert "2 of 3 customers in another tier, 1 only in the second, 1 only in the first" in lines
    assert "  a<b>: B → A" in lines


def test_the_page_says_the_same_and_runs_nothing(tmp_path: Path) -> None:
    new = {**TIERS, "a<b>": "A"}
    page = as_page(difference(run(tmp_path / "r001", TIERS), run(tmp_path / "r002", new, official="RFM")))
    said = plain(page)
    assert "What differs between December 2017 (r001) and December 2017 (r002)" in said
    assert "1 of 4 customers in another tier" in said
    assert 'setting official : "ABC" → "RFM"' in said or 'setting official: "ABC" → "RFM"' in said
    assert "the program: 1 file or library changed" in said.replace(" : ", ": ")
    assert "a&lt;b&gt;" in page
    assert "a<b>" not in page
    assert "://" not in page


def test_in_chinese_when_the_second_run_is(tmp_path: Path) -> None:
    new = run(tmp_path / "r002", {**TIERS, "007": "B"}, language="zh")
    found = difference(run(tmp_path / "r001", TIERS), new)
    page = as_page(found)
    assert "4 位客户中有 1 位等级不同" in page
    shown = re.sub(r"[a-z_]+\.(json|parquet|py)|cli|tiers\S*|summary\S*|language|official", "", plain(page))
    assert not re.search(r"\b(the|and|only|differs|changed|setting|In)\b", shown), shown


def test_equal_runs_differ_in_nothing(tmp_path: Path) -> None:
    one = run(tmp_path / "r001", TIERS)
    found = difference(one, one)
    assert list(in_lines(found)) == ["no difference"]
    assert "the two runs say the same" in plain(as_page(found))


@pytest.mark.parametrize(
    ("names", "month", "compared"),
    [
        (("key1", "key1"), "2017-11", True),  # the same secret: the same pseudonyms in every month
        (("key1", "key2"), "2017-12", False),
        ((None, "key1"), "2017-12", False),
        (("", ""), "2017-11", False),  # ranks are of one month
        (("", ""), "2017-12", True),
    ],
)
def test_pseudonyms_are_compared_only_where_they_are_the_same(
    tmp_path: Path, names: tuple[str | None, str | None], month: str, compared: bool
) -> None:
    first = run(tmp_path / "r001", TIERS, names[0], month)
    found = difference(first, run(tmp_path / "r002", {**TIERS, "007": "B"}, names[1]))
    assert (found.moved is not None) == compared
    assert any("other pseudonyms" in line for line in in_lines(found)) != compared


def test_a_folder_that_is_no_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="not a published run"):
        difference(tmp_path, tmp_path)
