"""`segmentation verify`: a run is made again from its manifest, and every difference is named."""

import json
import shutil
from pathlib import Path

import pytest
from notebook_making import notebook, write_notebooks
from project_making import NOTEBOOKS, OPEN, THRESHOLD, make_project, orders

from segmentation.command.monthly import run_month
from segmentation.command.verifying import verify
from segmentation.errors import DataError, NotebookError, ParameterError
from segmentation.reporting.progress import Progress
from segmentation.study.settings import Settings


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a published December; each test works on a copy."""
    root = tmp_path_factory.mktemp("original")
    params = make_project(root / "project", {"0-month": NOTEBOOKS["2-abc"]})
    run_month(Settings.load(params), Progress(quiet=True), origin=params)
    return root / "project"


@pytest.fixture
def project(original: Path, tmp_path: Path) -> Path:
    shutil.copytree(original, tmp_path / "copy")
    return tmp_path / "copy"


def run_of(project: Path) -> Path:
    (run,) = (project / "reports" / "2017-12").glob("r*")
    return run


def again(project: Path) -> int:
    return verify(run_of(project), Progress(quiet=True), project / "params" / "small.yaml")


def test_an_untouched_run_is_verified_to_the_byte(project: Path) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    files = [path for path in run_of(project).rglob("*") if path.is_file()]
    assert again(project) == len(files) - 3  # run.json, stdout.log, stderr.log
    assert before == {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}


def test_settings_come_from_the_manifest_not_from_the_file_of_today(project: Path) -> None:
    params = project / "params" / "small.yaml"
    values = {**json.loads(params.read_text()), "window_months": 3, "month": "2017-11"}
    params.write_text(json.dumps(values))
    assert again(project) > 0


def test_methods_and_tiers_keep_their_order(tmp_path: Path) -> None:
    methods = {"Threshold": THRESHOLD, "ABC": {}}
    params = make_project(
        tmp_path, methods=methods, official="ABC", tiers={"Z": "top", "M": "mid", "A": "rest"}
    )
    run_month(Settings.load(params), Progress(quiet=True), origin=params)
    assert again(tmp_path) > 0


def test_a_page_altered_afterwards_is_named(project: Path) -> None:
    page = run_of(project) / "index.html"
    page.write_text(page.read_text().replace("A", "B", 1))
    with pytest.raises(NotebookError, match=r"changed after it was published: index\.html"):
        again(project)


def test_an_added_file_is_named(project: Path) -> None:
    (run_of(project) / "tables" / "extra.csv").write_text("x\n")
    with pytest.raises(NotebookError, match=r"tables/extra\.csv"):
        again(project)


def test_restated_orders_are_exit_3_and_the_month_is_named(project: Path) -> None:
    restated = orders()
    restated.loc[restated["order_date"].str.startswith("2017-08").idxmax(), "amount"] = "999.00"
    restated.to_csv(project / "orders.csv", index=False)
    with pytest.raises(DataError, match="data of August 2017: changed"):
        again(project)


def test_a_changed_notebook_is_named(project: Path) -> None:
    write_notebooks(project / "notebooks", {"0-month": notebook("# Changed", *OPEN)})
    with pytest.raises(NotebookError, match=r"notebook 0-month\.ipynb: changed"):
        again(project)


def test_a_missing_params_file_is_asked_for(project: Path) -> None:
    run = run_of(project)
    record = json.loads((run / "run.json").read_text())
    (run / "run.json").write_text(json.dumps({**record, "parameters": str(project / "gone.yaml")}))
    with pytest.raises(ParameterError, match="--params"):
        verify(run, Progress(quiet=True))
