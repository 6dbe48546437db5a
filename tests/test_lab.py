"""The lab: working copies that no run reads, and a real JupyterLab in which they run."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from project_making import make_project
from test_browser import CHROMIUM, browser  # noqa: F401  the fixture

from segmentation.command.lab import working_copies
from segmentation.command.pages import variants_of
from segmentation.reporting.notebooks import find_pages
from segmentation.study.settings import Settings

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
METHODS = {"ABC": {}, "RFM": {"scores": 3}, "Large": {"use": "Threshold", "cuts": [100, 50]}}
RUN_ALL = """async () => {
  await window.jupyterapp.restored;
  const panel = window.jupyterapp.shell.currentWidget;
  await panel.sessionContext.ready;
  await window.jupyterapp.commands.execute('notebook:run-all-cells');
  const cells = [...panel.content.model.cells].filter(cell => cell.type === 'code');
  return cells.map(cell => ({
    ran: cell.executionCount !== null,
    errors: [...Array(cell.outputs.length).keys()].map(i => cell.outputs.get(i))
      .filter(output => output.type === 'error').map(output => JSON.stringify(output.toJSON())),
  }));
}"""
SHORTER = """() => {
  const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells];
  const cell = cells.find(cell => cell.sharedModel.getSource().includes('window_months'));
  cell.sharedModel.setSource(cell.sharedModel.getSource().replace('window_months = 6', 'window_months = 3'));
}"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with our own notebooks, in Chinese."""
    root = tmp_path_factory.mktemp("lab")
    params = make_project(root, {}, methods=METHODS, language="zh")
    shutil.copytree(NOTEBOOKS, root / "notebooks", dirs_exist_ok=True)
    return params


def test_every_page_has_a_copy_with_the_parameters_filled_in(project: Path) -> None:
    written, kept = working_copies(project)
    assert [path.name for path in written] == [
        *("0-month.ipynb", "1-data.ipynb", "2-abc.ipynb", "3-rfm.ipynb", "method-large.ipynb"),
        *("5-comparison.ipynb", "6-movement.ipynb", "7-life.ipynb", "8-outlook.ipynb", "customers.ipynb"),
    ]
    assert kept == []
    rfm = nbformat.read(written[3], as_version=4)
    nbformat.validate(rfm)
    (cell,) = [cell for cell in rfm.cells if "parameters" in cell.metadata.get("tags", [])]
    given: dict[str, Any] = {}
    exec(cell.source, given)  # noqa: S102
    assert given["about"] == "RFM"
    assert given["methods"] == METHODS
    assert given["month"] == "2017-12"
    assert rfm.cells[0].source.startswith("# RFM：")


def test_a_copy_somebody_works_in_is_kept(project: Path) -> None:
    working_copies(project)
    mine = project.parents[1] / "lab" / "3-rfm.ipynb"
    mine.write_text("mine")
    written, kept = working_copies(project)
    assert (mine.read_text(), written) == ("mine", [])
    assert mine in kept
    mine.unlink()


@pytest.mark.parametrize("stray", ["Untitled.ipynb", "3-rfm-Copy1.ipynb"])
def test_a_stray_notebook_is_no_page(project: Path, stray: str) -> None:
    folder = project.parents[1] / "notebooks"
    cells = json.loads((folder / "3-rfm.ipynb").read_text(encoding="utf-8"))
    (folder / stray).write_text(json.dumps(cells))
    try:
        found = find_pages(folder)
        assert [path.name for path in found.others] == [stray]
        assert stray[:-6] not in variants_of(found.pages, Settings.load(project))
    finally:
        (folder / stray).unlink()


@pytest.fixture(scope="module")
def lab(project: Path) -> Iterator[str]:
    """A running JupyterLab, opened by the command itself."""
    pytest.importorskip("jupyterlab")
    root = project.parents[1]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = root / "jupyter"
    config.mkdir()
    server = {"allow_root": True, "open_browser": False, "port": port, "ip": "127.0.0.1", "port_retries": 0}
    told = {
        "ServerApp": server,
        "LabApp": {"expose_app_in_browser": True},
        "IdentityProvider": {"token": "t"},
    }
    (config / "jupyter_lab_config.json").write_text(json.dumps(told))
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(config), "JUPYTER_DATA_DIR": str(config / "data")}
    command = [sys.executable, "-m", "segmentation", "lab", str(project)]
    with (root / "lab.log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        for _ in range(600):
            assert process.poll() is None, (root / "lab.log").read_text()
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token=t", timeout=5)
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, 15)
        process.wait(30)


@pytest.mark.skipif(CHROMIUM is None and os.environ.get("CI") != "true", reason="no Chromium found")
@pytest.mark.parametrize("name", ["0-month", "3-rfm"])
def test_all_cells_run_in_jupyterlab_and_again_with_another_parameter(
    lab: str,
    browser: Any,  # noqa: F811
    name: str,
    tmp_path: Path,
) -> None:
    page = browser.new_page(viewport={"width": 1300, "height": 1600})
    page.goto(f"{lab}/lab/tree/lab/{name}.ipynb?token=t&reset")
    page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.content?.model?.cells?.length > 3")
    for change in (None, SHORTER):
        if change:
            page.evaluate(change)
        cells = page.evaluate(RUN_ALL)
        assert [cell["errors"] for cell in cells if cell["errors"]] == []
        assert all(cell["ran"] for cell in cells)
        page.screenshot(path=str(tmp_path / f"{name}-{'changed' if change else 'first'}.png"))
    page.evaluate(
        "() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})"
    )
    page.wait_for_timeout(1000)
    page.screenshot(path=str(tmp_path / f"{name}-dark.png"))
    page.close()
