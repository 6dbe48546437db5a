"""Parameters of a notebook: what papermill injects, what a person types, and what nobody knows."""

import subprocess
import sys
from pathlib import Path

import pytest
from notebook_making import notebook, write_notebooks

from segmentation.errors import ParameterError
from segmentation.study.notebook import given

OWN = "month = '2017-12'\nwindow_months = 6\nlimit = 5"


def namespace(*cells: str) -> dict[str, object]:
    found: dict[str, object] = {"In": ["", *cells]}
    for cell in cells:
        exec(cell, found)  # noqa: S102  what a kernel does
    return found


def test_the_settings_keys_are_picked_out() -> None:
    found = given(
        namespace(OWN, "# Parameters\nwindow_months = 12\nseed = 3\n", "import json as currency_of")
    )
    assert found == {"month": "2017-12", "window_months": 12, "seed": 3}
    assert given({"month": "2017-12", "window_month": 12}) == {"month": "2017-12"}, "no notebook"


@pytest.mark.parametrize(
    ("cells", "nearest"),
    [
        (
            (OWN, "# Parameters\nwindow_month = 12\n"),
            "unknown key 'window_month'; did you mean 'window_months'",
        ),
        ((OWN, "# Parameters\nLimit = 12\n"), "unknown key 'Limit'; did you mean 'limit'"),
        ((OWN, "# Parameters\nseed = 1\nq = 12\n"), "unknown key 'q'; there are: orders, "),
        ((OWN.replace("months", "month"),), "unknown key 'window_month'; did you mean 'window_months'"),
    ],
    ids=["injected", "nearly the notebook's own", "like nothing", "typed"],
)
def test_what_nobody_knows_is_refused(cells: tuple[str, ...], nearest: str) -> None:
    with pytest.raises(ParameterError, match=nearest):
        given(namespace(*cells))


def test_a_parameter_of_the_notebook_itself_may_be_injected() -> None:
    assert given(namespace(OWN, "# Parameters\nlimit = 9\n"))["window_months"] == 6


def test_a_mended_cell_counts_and_the_slip_before_it_does_not() -> None:
    slip = OWN.replace("window_months", "window_month")
    assert given(namespace(slip, "study = 1", OWN))["window_months"] == 6
    assert given(namespace(OWN, "# Parameters\nwindow_month = 1\n", OWN))["window_months"] == 6


def test_names_of_later_cells_are_nobodys_business() -> None:
    assert "months" not in given(namespace(OWN, "months = [1]\nmethod = 'ABC'\ntier = 'A'", "order = 3"))


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["-p", "window_month", "12"], 1, "unknown key 'window_month'; did you mean 'window_months'?"),
        (["-y", "windows_months: 12"], 1, "unknown key 'windows_months'; did you mean 'window_months'?"),
        (["-p", "window_months", "12", "-y", "{seed: 1, gates: {fewer_rows: 'off'}}"], 0, ""),
    ],
)
def test_papermill_ends_where_a_key_is_misspelt(
    tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    page = notebook(
        "# Page",
        "from segmentation import Study",
        "study = Study.open(globals())\nprint(study.settings.window_months)",
        parameters="orders = 'demo:cdnow'\nmonth = '1997-12'\nwindow_months = 6",
    )
    page.metadata["language_info"] = {"name": "python"}
    write_notebooks(tmp_path, {"page": page})
    command = [sys.executable, "-m", "papermill", "page.ipynb", "out.ipynb", "-k", "python3", *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    assert ('"12\\n"' in (tmp_path / "out.ipynb").read_text()) == (code == 0)


@pytest.mark.parametrize("named", ["-f=absolute", "-f relative", "--cwd"])
def test_papermill_from_another_folder_finds_the_project_of_the_params_file(
    tmp_path: Path, named: str
) -> None:
    """Relative paths start at the project of the file, wherever papermill was called."""
    project, elsewhere = tmp_path / "crm", tmp_path / "elsewhere"
    for folder in (project / "params", project / "data", elsewhere):
        folder.mkdir(parents=True)
    lines = "".join(f"c{n},2017-{m:02}-15,{n * m}\n" for n in range(1, 9) for m in range(1, 13))
    (project / "data" / "sales.csv").write_text("customer_id,date,amount\n" + lines)
    params = project / "params" / "mine.yaml"
    params.write_text("orders: data/sales.csv\nmonth: 2017-06\nwindow_months: 3\n")
    page = notebook(
        "# Page",
        "from segmentation import Study",
        "study = Study.open(globals())\nprint(len(study.profile()), study.settings.store)",
        parameters="month = '2017-12'",
    )
    page.metadata["language_info"] = {"name": "python"}
    write_notebooks(project / "notebooks", {"page": page})
    given = {
        "-f=absolute": [f"--parameters_file={params}"],
        "-f relative": ["-f", "../crm/params/mine.yaml"],
        "--cwd": ["-f", "../crm/params/mine.yaml", "--cwd", str(project)],
    }
    command = [sys.executable, "-m", "papermill", str(project / "notebooks" / "page.ipynb"), "out.ipynb"]
    done = subprocess.run(
        [*command, "-k", "python3", *given[named]], cwd=elsewhere, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert '"8 .segmentation\\n"' in (elsewhere / "out.ipynb").read_text()
    assert (project / ".segmentation").is_dir()
    assert not (elsewhere / ".segmentation").exists()
