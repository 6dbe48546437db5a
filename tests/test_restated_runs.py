"""Corrected orders: the next run names the months, the money, and the published tiers now different."""

from project_making import make_project

from segmentation.command.monthly import run_month, with_month
from segmentation.reporting.progress import Progress
from segmentation.study.settings import Settings
from segmentation.study.study import Study

ALLOWED = dict.fromkeys(("incomplete_month", "fewer_rows", "fewer_customers"), "warn")


def test_a_correction_is_told_with_its_money_and_its_tiers(tmp_path):
    settings = Settings.load(make_project(tmp_path))
    first = run_month(settings, Progress())
    published = first.page.read_bytes()
    orders = tmp_path / "orders.csv"
    orders.write_text(orders.read_text() + "C00,2017-11-20,5000.00\n")
    progress = Progress()
    second = run_month(settings, progress)
    said = "\n".join(map(str, progress.lines))
    assert "restated 2017-11: 1 customer, " in said
    assert "1 tier published for 2017-12 would now be different: C00 C → A" in said
    assert second.page != first.page
    assert first.page.read_bytes() == published  # the earlier version stays


def test_a_correction_is_told_by_the_next_published_run_whatever_happened_between(tmp_path):
    settings = Settings.load(make_project(tmp_path))
    run_month(settings, Progress())
    orders = tmp_path / "orders.csv"
    orders.write_text(orders.read_text() + "C00,2017-11-20,5000.00\n")
    assert Study(settings).ledger.last == "2017-12"  # a notebook is opened
    orders.write_text(orders.read_text() + "C00,2018-01-31,1.00\n")
    progress = Progress()
    run_month(with_month(settings, "2018-01").model_copy(update={"gates": ALLOWED}), progress)
    said = "\n".join(map(str, progress.lines))
    assert "restated 2017-11: 1 customer, " in said
    assert "1 tier published for 2017-12 would now be different: C00 C → A" in said
    progress = Progress()
    orders.write_text(orders.read_text() + "C01,2018-01-31,1.00\n")
    run_month(with_month(settings, "2018-01").model_copy(update={"gates": ALLOWED}), progress)
    said = "\n".join(map(str, progress.lines))
    assert "restated 2018-01" in said
    assert "restated 2017-11" not in said  # it was told


def test_a_month_that_was_only_added_restates_nothing(tmp_path):
    settings = Settings.load(make_project(tmp_path))
    run_month(settings, Progress())
    orders = tmp_path / "orders.csv"
    orders.write_text(orders.read_text() + "C00,2018-01-20,5000.00\n")
    progress = Progress()
    assert not run_month(settings, progress).published  # later orders change nothing
    assert "restated" not in "\n".join(map(str, progress.lines))
