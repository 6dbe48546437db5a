"""A whole report from its notebooks: pages, languages, failures and evidence, the same bytes anywhere."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
import pytest
from notebook_making import notebook, write_notebooks

from segmentation.errors import NotebookError, NotebookTimeout, ParameterError
from segmentation.reporting.evidence import write_evidence
from segmentation.reporting.kernels import Kernels
from segmentation.reporting.manifest import artefacts, digests
from segmentation.reporting.notebooks import Leaf, Variant, find_pages, read_leaves
from segmentation.reporting.press import Failure, Order, press
from segmentation.reporting.progress import Progress

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
TITLES = {"en": "Customer tiers", "zh": "客户分级"}


@pytest.fixture(scope="module")
def kernels() -> Iterator[Kernels]:
    with Kernels() as started:
        yield started


def order(**changes: object) -> Order:
    given = {
        "parameters": {"month": "2017-12"},
        "environment": {},
        "cwd": Path.cwd(),
        "titles": TITLES,
        "key": "1a2b3c4d" * 8,
        "seconds": 60,
    }
    return Order(**{**given, **changes})


def leaves_of(folder: Path, languages: Sequence[str]) -> list[Leaf]:
    """Every notebook of a folder, pressed once a language."""
    pages = find_pages(folder).pages
    return read_leaves(pages, {source.path.stem: [Variant()] for source in pages}, languages)


def pressed(
    kernels: Kernels, notebooks: Path, folder: Path, *languages: str, **changes: object
) -> list[Failure]:
    leaves = leaves_of(notebooks, languages or ("en",))
    _, failures = press(leaves, order(**changes), kernels, folder, Progress(quiet=True))
    return failures


GOOD = {
    "0-month": notebook("# Which customers are key?", "print(month)"),
    "2-abc": notebook("# What did ABC learn?", "print(month, language)"),
    "10-more": notebook("# More", "print('<script>alert(1)</script>')"),
}


def test_pages_come_in_reading_order_and_link_to_each_other(kernels: Kernels, tmp_path: Path) -> None:
    notebooks = write_notebooks(tmp_path / "notebooks", GOOD)
    assert [source.path.stem for source in find_pages(notebooks).pages] == ["0-month", "2-abc", "10-more"]
    assert pressed(kernels, notebooks, tmp_path / "run") == []
    made = {path.relative_to(tmp_path / "run").as_posix() for path in (tmp_path / "run").rglob("*.*")}
    executed = {f"notebooks/{stem}.ipynb" for stem in GOOD}
    assert made == {"index.html", "2-abc.html", "10-more.html", *executed}
    page = (tmp_path / "run" / "index.html").read_text()
    assert page.index("index.html") < page.index("2-abc.html") < page.index("10-more.html")
    assert "What did ABC learn?" in page
    assert "<script>alert" not in (tmp_path / "run" / "10-more.html").read_text()


def test_each_language_has_its_pages_and_its_prose(kernels: Kernels, tmp_path: Path) -> None:
    node = notebook("# The trial", "# Nobody translated this", "print(language)")
    notebooks = write_notebooks(tmp_path / "notebooks", {"0-month": node})
    assert pressed(kernels, notebooks, tmp_path / "run", "en", "zh") == []
    english = (tmp_path / "run" / "index.html").read_text()
    chinese = (tmp_path / "run" / "index.zh.html").read_text()
    assert "The trial" in english
    assert "回测" in chinese
    assert "The trial" not in chinese
    assert "Nobody translated this" in chinese
    assert "index.zh.html" in english
    executed = nbformat.read(tmp_path / "run" / "notebooks" / "0-month.zh.ipynb", 4)
    assert executed.cells[-1].outputs[0].text == "zh\n"


def test_a_notebook_is_pressed_once_a_variant_and_left_out_where_nobody_wants_it(
    kernels: Kernels, tmp_path: Path
) -> None:
    asked = notebook("# {method}: whom?", "print(about)", parameters="about = 'nobody'")
    found = find_pages(write_notebooks(tmp_path / "notebooks", {**GOOD, "3-any": asked})).pages
    pressings = {source.path.stem: [Variant()] for source in found}
    pressings["3-any"] = [
        Variant(f"-{n}", {"about": n}, {"method": n.upper()}) for n in ("abc", "rfm", "bad")
    ]
    leaves = read_leaves(found, pressings, ["en"])
    run = tmp_path / "run"
    _, failures = press(
        leaves, order(), kernels, run, Progress(quiet=True), wanted=lambda leaf: leaf.stem != "3-any-bad"
    )
    assert failures == []
    assert "<h1>RFM: whom?</h1>" in (run / "3-any-rfm.html").read_text()
    assert nbformat.read(run / "notebooks" / "3-any-abc.ipynb", 4).cells[-1].outputs[0].text == "abc\n"
    assert not (run / "3-any-bad.html").exists()
    assert "3-any-bad" not in (run / "index.html").read_text()


def test_a_further_method_of_a_kind_has_its_own_name_in_the_heading() -> None:
    found = [source for source in find_pages(NOTEBOOKS).pages if source.kind == "ABC"]
    variants = {"2-abc": [Variant(), Variant("-by-value", {}, {"method": "ABC by value"})]}
    plain, named = read_leaves(found, variants, ["en"])
    assert (plain.title, named.title) == (
        "ABC: who brings most of the value?",
        "ABC by value: who brings most of the value?",
    )


def test_two_folders_hold_the_same_bytes(kernels: Kernels, tmp_path: Path) -> None:
    told = notebook("# Where", "import os; print(os.environ['STORE'], os.getcwd())", "object()")
    made = []
    for place in ("one", "another"):
        root = tmp_path / place
        notebooks = write_notebooks(root / "notebooks", {**GOOD, "3-told": told})
        failures = pressed(
            kernels,
            notebooks,
            root / "run",
            environment={"STORE": str(root / "store")},
            cwd=root,
            places={str(root / "store"): "<store>", str(root): "<project>"},
        )
        assert failures == []
        made.append(digests(root / "run", artefacts(root / "run")))
    assert made[0] == made[1]


def test_after_a_failure_the_evidence_shows_reason_and_cells(kernels: Kernels, tmp_path: Path) -> None:
    bad = notebook("# Bad", "print('so far')", "raise ValueError('<b>no</b> rows')", "print('never')")
    notebooks = write_notebooks(tmp_path / "notebooks", {**GOOD, "3-bad": bad})
    failures = pressed(kernels, notebooks, tmp_path / "run")
    assert [failure.leaf.stem for failure in failures] == ["3-bad"]
    with pytest.raises(NotebookError, match=r"3-bad\.ipynb, cell 5"):
        raise failures[0].error
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    write_evidence(evidence, "Customer tiers", "en", failures, str(failures[0].error))
    page = (evidence / "index.html").read_text()
    assert page.index("ValueError") < page.index("so far")
    assert "<b>no</b>" not in page
    assert "never" in page  # the code that was not reached is shown
    kept = nbformat.read(evidence / "3-bad.ipynb", 4)
    assert kept.cells[-1].execution_count is None


def test_a_killed_kernel_leaves_its_cells_as_evidence(kernels: Kernels, tmp_path: Path) -> None:
    bad = notebook("# Bad", "print('so far')", "import os; os._exit(1)")
    notebooks = write_notebooks(tmp_path / "notebooks", {"0-month": bad})
    (failure,) = pressed(kernels, notebooks, tmp_path / "run")
    assert isinstance(failure.error, NotebookTimeout)
    (tmp_path / "evidence").mkdir()
    write_evidence(tmp_path / "evidence", "Customer tiers", "en", [failure], str(failure.error))
    page = (tmp_path / "evidence" / "index.html").read_text()
    assert page.index("the kernel died") < page.index("so far")


def test_evidence_without_a_notebook_is_the_reason_alone(tmp_path: Path) -> None:
    write_evidence(tmp_path, "Customer tiers", "zh", [], "orders.csv: 12 % set aside <script>")
    assert "12 % set aside &lt;script&gt;" in (tmp_path / "index.html").read_text()
    assert (tmp_path / "reason.txt").read_text() == "orders.csv: 12 % set aside <script>\n"


def test_the_page_of_data_that_failed_blames_no_notebook_and_shows_what_was_found(tmp_path: Path) -> None:
    found = ["<table><caption>gates</caption></table>", "<p>reconciliation</p>"]
    write_evidence(tmp_path, "Customer tiers", "zh", [], "reason", found)
    page = (tmp_path / "index.html").read_text()
    assert "笔记本没有执行到最后" not in page
    assert (
        page.index("没有发布任何内容")
        < page.index("<p>reason")
        < page.index("gates")
        < page.index("reconciliation")
    )


def test_a_reason_of_many_lines_stays_in_lines(tmp_path: Path) -> None:
    write_evidence(
        tmp_path, "Customer tiers", "en", [], "two gates failed\nset aside: 12 %\n<b>fall</b>: 60 %"
    )
    page = (tmp_path / "index.html").read_text()
    assert page.index("two gates failed") < page.index("set aside: 12 %\n&lt;b&gt;fall&lt;/b&gt;: 60 %")


def test_an_error_in_the_meantime_ends_the_kernels(tmp_path: Path) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    node = notebook("import time; time.sleep(60)")
    leaves = leaves_of(write_notebooks(tmp_path / "notebooks", {"0-month": node}), ["en"])
    with Kernels() as own, pytest.raises(ZeroDivisionError):
        press(leaves, order(), own, tmp_path / "run", Progress(quiet=True), meanwhile=fail)


def test_a_folder_without_notebooks_is_named(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="holds no"):
        find_pages(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 1}', json.dumps({"nbformat": 4})])
def test_a_file_that_is_no_notebook_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "0-month.ipynb").write_text(text)
    with pytest.raises(NotebookError, match=r"0-month\.ipynb: not a notebook"):
        leaves_of(tmp_path, ["en"])


def test_a_notebook_without_a_parameters_cell_is_refused(tmp_path: Path) -> None:
    notebooks = write_notebooks(tmp_path, {"0-month": notebook("1", parameters=None)})
    with pytest.raises(NotebookError, match="no cell is tagged `parameters`"):
        leaves_of(notebooks, ["en"])


def test_cells_without_an_id_get_a_fixed_one(tmp_path: Path) -> None:
    node = notebook("1", "2")
    for cell in node.cells:
        del cell["id"]
    node.nbformat_minor = 4
    node.metadata["segmentation"] = {"page": "0-month"}
    (tmp_path / "0-month.ipynb").write_text(json.dumps(node))
    (leaf,) = leaves_of(tmp_path, ["en"])
    assert [cell["id"] for cell in leaf.notebook.cells] == ["cell-1", "cell-2", "cell-3"]
