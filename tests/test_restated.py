"""Orders that are not what they were when last month was published: a line on the first page, the same each time."""

from pathlib import Path

import pytest
from project_making import make_project

from segmentation.command.monthly import describe, run_month, with_month
from segmentation.questions import notices, restated
from segmentation.reporting.progress import Progress
from segmentation.study.settings import Settings
from segmentation.study.study import Study


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segmentation.command.monthly.PRELOAD", ())


def published(root: Path, **settings: object) -> Settings:
    """A project whose November is published; its December's settings."""
    given = Settings.load(make_project(root, **settings))
    run_month(with_month(given, "2017-11"), Progress(quiet=True))
    return given


def add(root: Path, *lines: str) -> None:
    path = root / "orders.csv"
    path.write_text(path.read_text() + "".join(f"{line}\n" for line in lines))


def test_a_correction_is_told_with_its_money_and_the_tiers_of_last_month(tmp_path: Path) -> None:
    settings = published(tmp_path)
    assert restated.said(Study(settings)) is None
    add(tmp_path, "C00,2017-10-20,5000.00")
    study = Study(settings)
    was, now = restated.restated(study).months["2017-10"]
    assert now - was == pytest.approx(5000)
    text = str(notices.notices(study))
    assert "Orders are not what they were when November 2017 was published: October 2017 " in text
    assert "tiers of November 2017 would now be different" in text or "1 tier of November 2017" in text
    assert "订单与2017年11月的报告发布时不同" in str(notices.notices(Study(settings).with_(language="zh")))


def test_it_is_part_of_what_the_report_is_made_from_and_stays_the_same(tmp_path: Path) -> None:
    settings = published(tmp_path)
    add(tmp_path, "C00,2017-10-20,5000.00")
    assert describe(Study(settings))["restated"]["months"].keys() == {"2017-10"}
    assert run_month(settings, Progress(quiet=True)).published
    assert not run_month(settings, Progress(quiet=True)).published
    run_month(with_month(settings, "2017-11"), Progress(quiet=True))  # put right
    assert describe(Study(settings))["restated"] is None


def test_orders_of_this_month_restate_nothing(tmp_path: Path) -> None:
    settings = published(tmp_path)
    add(tmp_path, "C00,2017-12-20,5000.00")
    assert restated.said(Study(settings)) is None


def test_many_months_are_summed_up(tmp_path: Path) -> None:
    settings = published(tmp_path)
    add(tmp_path, *(f"C00,2017-{month:02d}-20,100.00" for month in range(6, 12)))
    text = str(restated.said(Study(settings)))
    assert text.startswith("Orders of 6 months, June 2017 to November 2017, are not what they were when")


def test_nobody_is_followed_where_ids_are_hidden(tmp_path: Path) -> None:
    settings = published(tmp_path, show_customer_ids=False)
    add(tmp_path, "C00,2017-10-20,5000.00")
    found = restated.restated(Study(settings))
    assert found is not None
    assert found.tiers is None
    assert "would now be different" not in str(restated.said(Study(settings)))
