"""The command as a scheduler meets it: exit codes, messages, what is published and what is not."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from filelock import FileLock
from notebook_making import notebook, write_notebooks
from project_making import NOTEBOOKS, PLAIN, THRESHOLD, make_project, orders
from test_archive import check_whole

from segmentation.cli import main
from segmentation.reporting.manifest import read_manifest

Command = Callable[..., tuple[int, str, str]]
Project = Callable[..., Path]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the command in this process; give its exit code, output and errors."""

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["segmentation", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return int(ended.value.code or 0), out, err

    return run


@pytest.fixture(autouse=True)
def light(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start kernels without the modules that plain notebooks never import."""
    if "whole" not in request.fixturenames:
        monkeypatch.setattr("segmentation.command.monthly.PRELOAD", ())


@pytest.fixture
def whole() -> None:
    """Run as a user does."""


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One store for all tests that do not ask what is in it: nothing is computed twice."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture
def project(tmp_path: Path, store: Path) -> Project:
    """Make a project of plain notebooks in this test's folder; give its params file."""

    def make(**settings: object) -> Path:
        return make_project(tmp_path, **{"store": str(store), **settings})

    return make


def published(root: Path) -> list[Path]:
    return sorted(path for path in (root / "reports").glob("2*/r*") if path.is_dir())


def bytes_of(run: Path) -> dict[str, bytes]:
    """Every file of a run that must be the same whenever and wherever it is made."""
    differ = {"run.json", "stdout.log", "stderr.log"}
    files = (path for path in run.rglob("*") if path.is_file() and path.name not in differ)
    return {path.relative_to(run).as_posix(): path.read_bytes() for path in files}


def test_help_imports_nothing_heavy() -> None:
    program = "import sys, segmentation.cli; print([m for m in sys.modules if m in sys.argv])"
    heavy = ["pandas", "numpy", "duckdb", "sklearn", "matplotlib", "papermill", "nbformat", "pydantic"]
    done = subprocess.run([sys.executable, "-c", program, *heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_python_m_does_what_the_command_does() -> None:
    done = subprocess.run([sys.executable, "-m", "segmentation", "--help"], capture_output=True, text=True)
    assert done.returncode == 0
    for name in ("run", "check", "init", "apply", "explain", "diff", "verify"):
        assert name in done.stdout


@pytest.mark.usefixtures("whole")
def test_a_month_is_published_once_and_again_only_when_forced(tmp_path: Path, command: Command) -> None:
    params = make_project(tmp_path, NOTEBOOKS)
    code, out, err = command("run", params)
    (first,) = published(tmp_path)
    # the page alone for a program, everything else beside it
    assert (code, out) == (0, f"{first / 'index.html'}\n")
    assert "learning ABC" in err
    assert {path.name for path in first.glob("*.html")} == {"index.html", "2-abc.html"}
    assert (first / "rules" / "ABC.json").is_file()
    assert (first / "tiers.parquet").is_file()

    code, out, err = command("run", params)
    assert (code, published(tmp_path)) == (0, [first])
    assert "unchanged" in err
    assert out == f"{first / 'index.html'}\n"

    assert command("run", params, "--force", "--quiet") == (
        0,
        f"{first.with_name(first.name.replace('r001', 'r002')) / 'index.html'}\n",
        "",
    )
    _, second = published(tmp_path)
    assert second.name == first.name.replace("r001", "r002")
    assert bytes_of(first) == bytes_of(second)
    check_whole(tmp_path / "reports")

    code, out, _ = command("verify", second)
    assert code == 0
    assert out.splitlines()[-1] == f"verified: {len(bytes_of(second))} files, every byte the same"


@pytest.mark.usefixtures("whole")
def test_two_folders_with_two_stores_hold_the_same_bytes(tmp_path: Path, command: Command) -> None:
    runs = []
    for place in ("one", "another"):
        params = make_project(tmp_path / place, NOTEBOOKS, store=f"store-of-{place}")
        assert command("run", params)[0] == 0
        runs += published(tmp_path / place)
    assert bytes_of(runs[0]) == bytes_of(runs[1])
    for name, content in bytes_of(runs[0]).items():
        assert str(tmp_path).encode() not in content, name
    assert "run.json" not in bytes_of(runs[0])


def test_a_changed_setting_is_another_version_and_diff_says_which(
    tmp_path: Path, project: Project, command: Command
) -> None:
    params = project(methods={"ABC": {}, "Threshold": THRESHOLD})
    command("run", params)
    values = json.loads(params.read_text())
    values["methods"]["Threshold"]["cuts"] = [120, 50]
    params.write_text(json.dumps(values))
    command("run", params)
    first, second = published(tmp_path)
    code, out, _ = command("diff", first, second)
    assert code == 0
    assert "setting methods.Threshold.cuts[0]: 100 → 120" in out
    assert "rules/Threshold.json" in out
    assert "ABC.json" not in out
    assert command("diff", first, first)[1] == "no difference\n"


def test_check_shows_the_data_and_publishes_nothing(
    tmp_path: Path, project: Project, command: Command
) -> None:
    params = project()
    before = sorted(tmp_path.rglob("*"))
    code, out, err = command("check", params)
    assert (code, err) == (0, "")
    for said in ("order_date", "Is the data of December 2017 good enough", "Which column was taken for what"):
        assert said in out
    assert sorted(tmp_path.rglob("*")) == before
    assert "Is the data of November 2017 good enough" in command("check", params, "--month", "2017-11")[1]


def test_check_of_data_that_a_gate_stops_is_exit_3(
    tmp_path: Path, project: Project, command: Command
) -> None:
    params = project()
    kept = orders()
    kept[kept["order_date"] < "2017-12-10"].to_csv(tmp_path / "orders.csv", index=False)
    code, out, _ = command("check", params)
    assert code == 3
    assert "stops the run" in out


def test_init_writes_a_file_that_run_understands(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    code, out, _ = command("init", "orders.csv")
    assert code == 0
    assert "params/orders.yaml" in out
    assert command("check", "params/orders.yaml")[0] == 0
    code, _, err = command("init", "orders.csv")
    assert (code, "already" in err) == (2, True)
    # a project elsewhere needs the whole path
    elsewhere = tmp_path / "elsewhere" / "params" / "mine.yaml"
    assert command("init", "orders.csv", "-o", elsewhere)[0] == 0
    assert command("check", elsewhere)[0] == 0
    assert command("init", "nowhere.csv")[0] == 3


def test_a_published_rule_gives_tiers_to_a_file(tmp_path: Path, project: Project, command: Command) -> None:
    params = project()
    command("run", params)
    (run,) = published(tmp_path)
    rule, told = run / "rules" / "ABC.json", tmp_path / "told.csv"
    code, out, err = command("apply", rule, tmp_path / "orders.csv", "-o", told, "--as-of", "2017-12")
    assert (code, err) == (0, "")
    assert "41 customers" in out
    again = pd.read_csv(told, dtype={"customer_id": str}).set_index("customer_id")["tier"]
    then = pd.read_parquet(run / "tiers.parquet").set_index("customer_id")["ABC_tier"]
    assert again.sort_index().to_dict() == then.sort_index().to_dict()

    orders_file = tmp_path / "orders.csv"
    code, _, err = command("apply", rule, orders_file, "-o", told, "--column", "amount")
    assert (code, "--column amount" in err) == (2, True)
    named = command("apply", rule, orders_file, "-o", told, "--column", "amount=amount")
    assert named[0] == 0


def test_a_customer_is_explained(project: Project, command: Command) -> None:
    params = project(methods={"ABC": {}, "Threshold": THRESHOLD})
    code, out, err = command("explain", params, "C39")
    assert (code, err) == (0, "")
    for said in (
        "Customer C39 is B (Main) in December 2017, by ABC.",
        "Threshold",
        "It would rise",
        "2017-11",
    ):
        assert said in out
    assert "in November 2017" in command("explain", params, "C39", "--month", "2017-11")[1]
    code, out, err = command("explain", params, "c39 ")
    assert (code, out) == (2, "")
    assert "no customer 'c39 ' ordered up to the end of 2017-12; did you mean 'C39'?" in err


def test_another_order_of_methods_is_another_report(
    tmp_path: Path, project: Project, command: Command
) -> None:
    params = project(methods={"ABC": {}, "Threshold": THRESHOLD}, official="ABC")
    command("run", params)
    values = json.loads(params.read_text())
    values["methods"] = dict(reversed(values["methods"].items()))
    params.write_text(json.dumps(values))
    command("run", params)
    first, second = published(tmp_path)
    out = command("diff", first, second)[1]
    assert 'setting methods (order): ["ABC", "Threshold"] → ["Threshold", "ABC"]' in out
    # made with the results that the first run left in the store, and the same with an empty one
    assert command("verify", second)[0] == 0


def test_without_a_month_it_is_the_last_complete_one(
    tmp_path: Path, project: Project, command: Command
) -> None:
    params = project(month=None)
    assert command("run", params)[0] == 0
    assert [run.parent.name for run in published(tmp_path)] == ["2017-12"]


def test_orders_that_change_during_the_run_are_not_published(
    tmp_path: Path, project: Project, command: Command
) -> None:
    params = project()
    later = orders()
    later.loc[0, "amount"] = "77.00"
    later.to_csv(tmp_path / "later.csv", index=False)
    move = notebook("# Meanwhile", "import os", "os.replace('later.csv', 'orders.csv')", "print('moved')")
    write_notebooks(tmp_path / "notebooks", {"2-abc": move})
    code, _, err = command("run", params)
    assert code == 3
    assert "data of January 2017: changed" in err
    assert published(tmp_path) == []


def test_a_backfill_publishes_every_month_and_goes_on_past_a_bad_one(
    tmp_path: Path, project: Project, command: Command
) -> None:
    """Nine months: one without an order, one not over, one with a challenger that fails; codes, pages, tally."""
    (tmp_path / "fussy.py").write_text(
        "from segmentation import Threshold\n\n\n"
        "class Fussy(Threshold):\n"
        "    def fit(self, profile):\n"
        "        if str(profile['last_order'].max())[:7] == '2017-06':\n"
        "            raise ValueError('no June')\n"
        "        return super().fit(profile)\n"
    )
    methods = {"ABC": {}, "Fussy": {"use": "fussy:Fussy", **THRESHOLD}}
    params = project(window_months=3, holdout_months=1, methods=methods)
    kept = orders()
    kept = kept[~kept["order_date"].str.startswith("2017-08") & (kept["order_date"] < "2017-12-10")]
    kept.to_csv(tmp_path / "orders.csv", index=False)
    code, out, err = command("run", params, "--from", "2017-04", "--to", "2017-12", "--json")
    told = [json.loads(line) for line in out.splitlines()]
    assert [month["month"] for month in told] == [f"2017-{number:02d}" for number in range(4, 13)]
    bad = {month["month"]: month["exit_code"] for month in told if not month["published"]}
    assert bad == {"2017-08": 3, "2017-12": 3}
    # in July it is on trial with what it learns from June
    assert [month["month"] for month in told if month["exit_code"] == 6] == ["2017-06", "2017-07"]
    assert "Fussy" in next(line for line in command("list", params)[1].splitlines() if "2017-06" in line)
    assert code == 3
    assert [run.parent.name for run in published(tmp_path)] == [
        month["month"] for month in told if month["published"]
    ]
    assert f"9 months: {9 - len(bad)} published, 0 unchanged, {len(bad)} failed" in err
    assert "against October 2017:" in err

    # a corrected month is another version; the newest of each is what counts
    kept.loc[kept.index[0], "amount"] = "77.00"
    kept.to_csv(tmp_path / "orders.csv", index=False)
    code, out, err = command("run", params, "--from", "2017-04", "--to", "2017-06")
    assert (code, len(out.splitlines())) == (6, 3)
    assert "restated 2017-01" in err
    lines = command("list", params)[1].splitlines()
    versions = [line[8:14] for line in lines if line.startswith("2017-04")]
    assert versions == ["* r002", "  r001"]
    assert any(line.startswith("2017-12 !") for line in lines)

    # of months older than the newest two, only the newest version stays
    newest = {month: sorted(runs)[-1] for month, runs in by_month(tmp_path).items()}
    assert "cleared 3 earlier versions" in command("prune", params, "--keep", "2")[1]
    assert by_month(tmp_path) == {month: {name} for month, name in newest.items()}
    check_whole(tmp_path / "reports")
    assert command("run", params, "--month", "2017-06")[0] == 0


def by_month(root: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for run in published(root):
        found.setdefault(run.parent.name, set()).add(run.name)
    return found


def test_the_version_is_told(command: Command) -> None:
    assert command("--version")[1] == "segmentation 0.1.0\n"


def test_later_orders_change_nothing(tmp_path: Path, project: Project, command: Command) -> None:
    params = project(month="2017-09")
    command("run", params)
    later = orders()
    later = later[later["order_date"] < "2017-11"]
    later.to_csv(tmp_path / "orders.csv", index=False)
    assert "unchanged" in command("run", params)[2]


def test_a_failed_challenger_is_exit_6_and_published(
    tmp_path: Path, project: Project, command: Command
) -> None:
    methods = {"ABC": {}, "Mine": {"use": "mine_that_fails:Mine"}}
    params = project(methods=methods)
    (tmp_path / "mine_that_fails.py").write_text(
        "class Mine:\n    def fit(self, profile):\n        raise ValueError('no luck')\n"
    )
    code, out, err = command("run", params)
    assert code == 6
    assert "Mine" in err
    assert "no luck" in err
    assert out.splitlines()[-1] == str(published(tmp_path)[0] / "index.html")


BAD_USE = [
    (["run"], "PARAMS"),
    (["run", "nowhere.yaml"], "nowhere.yaml"),
    (["run", "{params}", "--month", "2017-13"], "2017-13"),
    (["run", "{params}", "--month", "2017-12", "--from", "2017-11"], "--month alone"),
    (["run", "{params}", "--from", "2017-11"], "--from and --to"),
    (["run", "{params}", "--from", "2017-12", "--to", "2017-11"], "later than"),
    (["run", "{params}", "--fast"], "--fast"),
    (["verify", "{root}"], "not a published run"),
    (["diff", "{root}", "{root}"], "not a published run"),
    (["sell"], "sell"),
]


@pytest.mark.parametrize(("arguments", "said"), BAD_USE)
def test_bad_use_is_exit_2(
    tmp_path: Path, project: Project, command: Command, arguments: list[str], said: str
) -> None:
    params = project()
    given = [text.format(params=params, root=tmp_path) for text in arguments]
    code, _, err = command(*given)
    assert code == 2
    assert said in err
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "orders are missing"),
        ("month: 2017-12", "orders are missing"),
        ("widow_months: 6", "window_months"),
        ("window_months: six", "window_months"),
        ("month: !!binary aGVsbG8=", "binary"),
        ("month: !!python/object/apply:os.system [id]", "python"),
        ("month: [", "YAML"),
        ("notebooks: nowhere/at-all\nmonth: 2017-12\norders: orders.csv", "holds no"),
    ],
)
def test_bad_parameters_are_exit_2_and_leave_nothing(
    tmp_path: Path, project: Project, command: Command, text: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = project()
    params.write_text(text)
    monkeypatch.setattr("segmentation.command.pages.PACKED", tmp_path / "absent")
    code, _, err = command("run", params)
    assert code == 2
    assert said in err
    assert list((tmp_path / "reports").glob("[!.]*")) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [("", "orders.csv"), ("thing,order_date,amount\nC1,2017-12-01,5\n", "customer"), (None, "orders.csv")],
)
def test_unusable_orders_are_exit_3_with_evidence(
    tmp_path: Path, project: Project, command: Command, content: str | None, said: str
) -> None:
    params = project()
    (tmp_path / "orders.csv").unlink() if content is None else (tmp_path / "orders.csv").write_text(content)
    code, _, err = command("run", params)
    assert code == 3
    assert said in err
    assert published(tmp_path) == []
    (kept,) = (tmp_path / "reports" / "_failed" / "2017-12").iterdir()
    assert str(kept / "index.html") in err
    assert said in (kept / "index.html").read_text()


@pytest.mark.parametrize(
    ("language", "reason", "gate", "table"),
    [
        ("en", "month 2017-12: the orders end before", "of the lines are set aside", "to the ledger"),
        ("zh", "2017-12：订单数据在该月结束之前就终止了", "的数据行被搁置", "从读入数据到台账"),
    ],
)
def test_the_evidence_of_a_gate_shows_the_reason_every_gate_and_the_reconciliation(
    tmp_path: Path, project: Project, command: Command, language: str, reason: str, gate: str, table: str
) -> None:
    params = project(language=language)
    kept = orders()
    kept[kept["order_date"] < "2017-12-10"].to_csv(tmp_path / "orders.csv", index=False)
    assert command("run", params)[0] == 3
    (failed,) = (tmp_path / "reports" / "_failed" / "2017-12").iterdir()
    page = (failed / "index.html").read_text()
    assert page.index(reason) < page.index(gate) < page.index(table)
    assert reason in (failed / "reason.txt").read_text()


@pytest.mark.parametrize(
    ("sources", "settings", "exit_code", "said"),
    [
        (["1/0"], {}, 4, "ZeroDivisionError"),
        (["import sys; sys.exit(0)", "1"], {}, 4, "last cell"),
        (["while True: pass"], {"notebook_timeout": 3}, 5, "longer than 3 seconds"),
        (["import os; os.kill(os.getpid(), 9)"], {}, 5, "kernel died"),
    ],
)
def test_a_bad_notebook_leaves_its_evidence_and_nothing_else(
    tmp_path: Path,
    project: Project,
    command: Command,
    sources: list[str],
    settings: dict[str, object],
    exit_code: int,
    said: str,
) -> None:
    params = project(**settings)
    bad = notebook("# Bad", "print('as far as', month)", *sources)
    write_notebooks(tmp_path / "notebooks", {"1-bad": bad})
    code, _, err = command("run", params)
    assert code == exit_code
    assert said in err
    assert published(tmp_path) == []
    reports = tmp_path / "reports"
    assert {path.name for path in reports.iterdir()} <= {"_failed", ".lock", "index.html"}
    (kept,) = (reports / "_failed" / "2017-12").iterdir()
    page = (kept / "index.html").read_text()
    assert page.index(said) < page.index("as far as 2017-12")
    assert (kept / "1-bad.ipynb").is_file()


def test_a_notebook_without_a_parameters_cell_is_exit_4(
    tmp_path: Path, project: Project, command: Command
) -> None:
    params = project()
    write_notebooks(tmp_path / "notebooks", {"1-bare": notebook("# Bare", "1", parameters=None)})
    code, _, err = command("run", params)
    assert code == 4
    assert "1-bare.ipynb: no cell is tagged `parameters`" in err
    assert published(tmp_path) == []


def test_awkward_values_reach_the_notebook_and_are_escaped_on_the_page(
    tmp_path: Path, project: Project, command: Command
) -> None:
    labels = {"A": 'it\'s "key" </script><script>alert(1)</script>', "B": "重要", "C": "{month}"}
    params = project(tiers=labels)
    show = notebook("# Labels", "import json", "print(json.dumps(tiers, ensure_ascii=False))")
    write_notebooks(tmp_path / "notebooks", {"3-labels": show})
    assert command("run", params)[0] == 0
    (run,) = published(tmp_path)
    executed = json.loads((run / "notebooks" / "3-labels.ipynb").read_text())
    assert json.loads("".join(executed["cells"][-1]["outputs"][0]["text"])) == labels
    for page in run.glob("*.html"):
        assert "<script>alert" not in page.read_text()


def test_another_run_is_exit_75(tmp_path: Path, project: Project, command: Command) -> None:
    params = project()
    (tmp_path / "reports").mkdir()
    with FileLock(tmp_path / "reports" / ".lock"):
        code, _, err = command("run", params)
    assert code == 75
    assert "another run" in err
    assert published(tmp_path) == []


def test_two_runners_at_once_publish_one_run(tmp_path: Path, project: Project) -> None:
    params = project()
    line = [sys.executable, "-m", "segmentation", "run", str(params)]
    runners = [subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    for runner in runners:
        runner.communicate()
    codes = sorted(runner.returncode for runner in runners)
    assert codes in ([0, 75], [0, 0])  # the second may have come after the first had ended
    assert len(published(tmp_path)) == 1


def test_a_run_killed_at_random_instants_leaves_nothing_half_written(
    tmp_path: Path, project: Project
) -> None:
    chance = random.Random(4)
    params = project()
    line = [sys.executable, "-m", "segmentation", "run", str(params), "--force"]
    for _ in range(4):
        runner = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.5, 6))
        os.kill(runner.pid, signal.SIGKILL)
        runner.wait()
        check_whole(tmp_path / "reports")
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    last = Path(done.stdout.splitlines()[-1]).parent
    runs = check_whole(tmp_path / "reports")
    assert runs[-1] == last
    assert {frozenset(bytes_of(run).items()) for run in runs} == {frozenset(bytes_of(last).items())}
    assert not (tmp_path / "reports" / ".staging").exists()


def test_the_manifest_names_neither_places_nor_credentials(
    tmp_path: Path, project: Project, command: Command
) -> None:
    params = project()
    command("run", params)
    (run,) = published(tmp_path)
    manifest = read_manifest(run)
    assert manifest["made_from"]["month"] == "2017-12"
    assert list(manifest["made_from"]["ledger"]) == [f"2017-{number:02d}" for number in range(1, 13)]
    assert set(manifest["made_from"]["notebooks"]) == {f"{stem}.ipynb" for stem in PLAIN}
    assert "pandas" in manifest["made_from"]["versions"]
    assert "pytest" not in manifest["made_from"]["versions"]
    text = (run / "manifest.json").read_text()
    assert str(tmp_path) not in text
    record = json.loads((run / "run.json").read_text())
    assert record["parameters"] == str(params)
    assert record["finished"] >= record["started"]
