"""The docs hold what the code holds: every setting with its default, and the analyst's lines as they run."""

import doctest
import json
import re
from pathlib import Path
from typing import Any

import pytest

from segmentation.intake.options import Intake
from segmentation.study.settings import Settings

DOCS = Path(__file__).parents[1] / "docs"


def test_every_setting_is_told_with_its_default() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", (DOCS / "settings.md").read_text("utf-8"), re.MULTILINE)
    told = {key: None if default == "none" else json.loads(default.strip("`")) for key, default in rows}
    assert told == {key: Settings.model_fields[key].default for key in Settings.names()}


def test_every_key_of_the_orders_is_told() -> None:
    text = (DOCS / "orders.md").read_text("utf-8")
    assert [key for key in Intake.model_fields if f"`{key}" not in text and key != "frame"] == []


def test_what_an_analyst_does_runs_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"getfixture": {"tmp_path": tmp_path}.__getitem__}
    text = (DOCS / "python.md").read_text("utf-8")
    test = doctest.DocTestParser().get_doctest(text, names, "python.md", str(DOCS / "python.md"), 0)
    said: list[str] = []
    failed = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=said.append).failed
    assert not failed, "".join(said)
    assert len(re.findall(r"^\*\*\d+\.", text, re.MULTILINE)) == 10
