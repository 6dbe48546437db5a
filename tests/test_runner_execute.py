"""One notebook in a real kernel: what it is told, what it leaves, and how each kind of failure is judged."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from notebook_making import notebook

from segmentation.errors import NotebookError, NotebookTimeout
from segmentation.reporting.execute import Execution, execute
from segmentation.reporting.judge import judge
from segmentation.reporting.kernels import Kernels
from segmentation.reporting.scrub import scrub


@pytest.fixture(scope="module")
def kernels() -> Iterator[Kernels]:
    with Kernels(["json"]) as started:
        yield started


def ran(kernels: Kernels, node: nbformat.NotebookNode, seconds: int = 60, **parameters: object) -> Execution:
    return execute(
        node, {"month": "2017-12", **parameters}, kernels.start({"PLACE": "here"}, Path.cwd()), seconds
    )


def text_of(execution: Execution) -> str:
    return execution.notebook.cells[-1].outputs[0].text


def test_a_notebook_that_runs_to_its_end_is_accepted(kernels: Kernels) -> None:
    node = notebook("# Title", "a = 1", "", "print(a + 1)")
    execution = ran(kernels, node, month="2017-11")
    judge("0-month.ipynb", node, execution)
    assert text_of(execution) == "2\n"
    assert execution.failure is None


AWKWARD = [
    'it\'s "quoted" \\n',
    "重要客户",
    "<script>alert(1)</script>",
    "{braces}",
    "a\nb",
    "nan",
    "007",
    "",
]


def test_awkward_parameter_values_arrive_as_they_are(kernels: Kernels) -> None:
    given = {"month": "2017-12", "tiers": {text: text for text in AWKWARD}, "empty": None, "yes": True}
    node = notebook("import json", "print(json.dumps([month, tiers, empty, yes]))")
    execution = ran(kernels, node, **given)
    assert json.loads(text_of(execution)) == list(given.values())


def test_the_kernel_is_this_interpreter_with_fixed_conditions_and_no_input(kernels: Kernels) -> None:
    wanted = ["PYTHONHASHSEED", "OMP_NUM_THREADS", "PLACE"]
    node = notebook(
        "import os, sys, json",
        f"values = [os.environ[name] for name in {wanted}]",
        "print(json.dumps([sys.executable, os.getcwd(), values, sys.stdin.read()]))",
    )
    place, folder, values, entered = json.loads(text_of(ran(kernels, node)))
    assert (place, folder) == (sys.executable, os.getcwd())
    assert values == ["0", "1", "here"]
    assert entered == ""


def test_a_registered_kernelspec_named_python3_is_not_used(tmp_path: Path) -> None:
    spec = tmp_path / "kernels" / "python3"
    spec.mkdir(parents=True)
    argv = {"argv": ["/nowhere/python", "{connection_file}"], "display_name": "other", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(argv))
    program = (
        "from pathlib import Path\n"
        "from notebook_making import notebook\n"
        "from segmentation.reporting.execute import execute\n"
        "from segmentation.reporting.kernels import Kernels\n"
        "with Kernels() as kernels:\n"
        "    print(execute(notebook('1'), {}, kernels.start({}, Path.cwd()), 60).failure)\n"
    )
    environment = {**os.environ, "JUPYTER_PATH": str(tmp_path), "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert done.stdout.strip() == "None", done.stderr


def test_kernels_share_no_variables(kernels: Kernels) -> None:
    ran(kernels, notebook("import json; json.leaked = 1; leaked = 1"))
    execution = ran(kernels, notebook("import json; print('leaked' in globals(), hasattr(json, 'leaked'))"))
    assert text_of(execution) == "False False\n"


@pytest.mark.parametrize(
    ("source", "kind", "said"),
    [
        ("1/0", NotebookError, "ZeroDivisionError: division by zero"),
        ("import sys; sys.exit(0)", NotebookError, "must run to its last cell"),
        ("import sys; sys.exit(4)", NotebookError, "must run to its last cell"),
        ("input('name')", NotebookError, "StdinNotImplementedError"),
        ("1 +", NotebookError, "SyntaxError"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", NotebookTimeout, "kernel died"),
        ("import os; os._exit(0)", NotebookTimeout, "kernel died"),
        ("while True: pass", NotebookTimeout, "longer than 2 seconds"),
    ],
)
@pytest.mark.parametrize("after", [(), ("print('after')",)], ids=["last", "middle"])
def test_a_bad_cell_is_found_wherever_it_is(
    kernels: Kernels, source: str, kind: type[Exception], said: str, after: tuple[str, ...]
) -> None:
    node = notebook("print('before')", source, *after)
    execution = ran(kernels, node, seconds=2 if "while" in source else 60)
    with pytest.raises(kind, match=said) as caught:
        judge("3-rfm.ipynb", node, execution)
    assert str(caught.value).startswith("3-rfm.ipynb, cell 4")
    assert execution.notebook.cells[2].outputs[0].text == "before\n"  # the evidence


def test_the_time_is_for_the_whole_notebook_not_for_each_cell(kernels: Kernels) -> None:
    node = notebook(*["import time; time.sleep(1.5)"] * 4)
    execution = ran(kernels, node, seconds=3)
    assert execution.stopped
    assert 0 < len(execution.completed) < 6


def test_an_error_that_the_notebook_allows_is_still_an_error(kernels: Kernels) -> None:
    node = notebook("1/0", "2")
    node.cells[1].metadata["tags"] = ["raises-exception"]
    execution = ran(kernels, node)
    with pytest.raises(NotebookError, match="ZeroDivisionError"):
        judge("x.ipynb", node, execution)


def test_a_cell_that_was_skipped_is_an_error(kernels: Kernels) -> None:
    node = notebook("1", "2")
    node.cells[1].metadata["tags"] = ["skip-execution"]
    execution = ran(kernels, node)
    with pytest.raises(NotebookError, match="never ran"):
        judge("x.ipynb", node, execution)


def test_completed_by_papermills_word_alone_is_not_enough(kernels: Kernels) -> None:
    node = notebook("1", "2")
    execution = ran(kernels, node)
    claimed = Execution(execution.notebook, execution.completed - {3}, 1.0)
    with pytest.raises(NotebookError, match=r"cell 4 \(2\): this cell never ran"):
        judge("x.ipynb", node, claimed)


VARYING = """
import sys, warnings
class Thing: pass
print(Thing(), hash("a"), file=sys.stderr)
warnings.warn("careful")
for n in range(30): print(n, flush=True)
Thing()
"""


def test_two_executions_leave_the_same_bytes(kernels: Kernels) -> None:
    node = notebook("# Title", VARYING)
    once, again = (scrub(ran(kernels, node, month="2017-12").notebook, {}) for _ in range(2))
    assert nbformat.writes(once) == nbformat.writes(again)
    cells = once.cells
    assert [cell["id"] for cell in cells] == ["c0", "injected-parameters", "c1", "c2"]
    kept = nbformat.writes(once)
    for trace in ("papermill", "start_time", "0x7", "ipykernel_", "/tmp"):
        assert trace not in kept
    nbformat.validate(once)


def test_folders_of_this_machine_get_names(kernels: Kernels) -> None:
    node = notebook("print('read', '/srv/crm/store/a.parquet', 'and', '/srv/crm/b.csv')")
    clean = scrub(ran(kernels, node).notebook, {"/srv/crm": "<project>", "/srv/crm/store": "<store>"})
    assert clean.cells[-1].outputs[0].text == "read <store>/a.parquet and <project>/b.csv\n"


def test_a_large_picture_inside_a_page_is_cleaned_in_no_time() -> None:
    node = notebook("1")
    raster = "data:image/png;base64," + "iVBORw0KGgo" * 100_000
    node.cells[1].outputs = [nbformat.v4.new_output("display_data", {"image/svg+xml": raster})]
    # a pattern that starts again at every character would take minutes
    assert scrub(node, {}).cells[1].outputs[0].data["image/svg+xml"] == raster


def test_pictures_are_left_alone() -> None:
    node = notebook("1")
    picture = nbformat.v4.new_output(
        "display_data", {"image/png": "/srv/crm", "text/plain": "<Figure at 0x1f>"}
    )
    node.cells[1].outputs = [picture]
    data = scrub(node, {"/srv/crm": "<project>"}).cells[1].outputs[0].data
    assert data == {"image/png": "/srv/crm", "text/plain": "<Figure at 0x...>"}


def test_nothing_is_left_running_or_lying_about() -> None:
    with Kernels() as kernels:
        kernel = kernels.start({}, Path.cwd())
        work = kernels.work
        assert kernel.alive()
    assert not work.exists()
    assert not kernel.alive()
    with pytest.raises(NotebookTimeout, match="being ended"):
        kernels.start({}, Path.cwd())


def test_where_forking_is_unsafe_each_kernel_is_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segmentation.reporting.kernels._can_fork", lambda: False)
    node = notebook("import json; print(getattr(json, 'leaked', 'clean')); json.leaked = 1")
    with Kernels(["json"]) as kernels:
        for _ in range(2):
            execution = ran(kernels, node)
            judge("x.ipynb", node, execution)
            assert text_of(execution) == "clean\n"
        execution = ran(kernels, notebook("import os; os._exit(1)"))
        assert execution.stopped


def test_kernels_end_with_a_runner_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import os, pathlib, signal\n"
        "from segmentation.reporting.kernels import Kernels\n"
        "with Kernels() as kernels:\n"
        "    kernel = kernels.start({}, pathlib.Path.cwd())\n"
        f"    pathlib.Path({str(tmp_path / 'told')!r}).write_text(f'{{kernel.pid}} {{kernels.work}}')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=False)
    pid, work = (tmp_path / "told").read_text().split()
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists() and not Path(work).exists():
            return
        subprocess.run(["sleep", "0.1"], check=True)
    pytest.fail("the kernel outlived its runner")
