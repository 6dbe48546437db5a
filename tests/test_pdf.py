"""--pdf: every page printed where a browser is found; without one an error before anything is run."""

import os
import re
import shutil
from pathlib import Path

import pytest
from project_making import PLAIN, make_project

from segmentation.cli import main
from segmentation.errors import WriteError
from segmentation.reporting.pdf import browser, print_pages


def run(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr("segmentation.command.monthly.PRELOAD", ())
    monkeypatch.setattr("sys.argv", ["segmentation", *map(str, words)])
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_without_a_browser_nothing_is_run_and_the_remedy_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    params = make_project(tmp_path, PLAIN)
    for named in ("", "no-such-program"):
        monkeypatch.setenv("CHROMIUM", named)
        monkeypatch.setattr("segmentation.reporting.pdf._NAMES", ("no-such-browser",))
        assert run(monkeypatch, "run", params, "--pdf") == 2
        assert (
            "install one, or name its program in the environment variable CHROMIUM" in capsys.readouterr().err
        )
    assert not (tmp_path / "reports").exists()


def test_every_page_is_printed_apart_from_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))):
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium found")
        pytest.skip("no Chromium found")
    params = make_project(tmp_path, PLAIN)
    assert run(monkeypatch, "run", params, "--pdf", "-q") == 0
    (published,) = (tmp_path / "reports").glob("2017-12/r001-*")
    assert not list(published.rglob("*.pdf"))
    printed = {
        path.name: path.read_bytes()
        for path in (tmp_path / "reports" / "_pdf").rglob("*.*")
        if path.is_file()
    }
    assert set(printed) == {"index.pdf", "2-abc.pdf"}
    for content in printed.values():
        assert content.startswith(b"%PDF")
        assert len(re.findall(rb"/Type\s*/Page\b", content)) >= 1


def test_a_page_that_cannot_be_printed_is_named_with_what_the_browser_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "browser"
    program.write_text("#!/bin/sh\necho 'no display' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(program))
    run_folder = tmp_path / "reports" / "2017-12" / "r001-1a2b3c4d"
    run_folder.mkdir(parents=True)
    (run_folder / "customers.html").write_text('<div class="search"></div>')
    print_pages(run_folder, browser())  # nothing to type on paper: no page, no error
    (run_folder / "index.html").write_text("<p>x</p>")
    with pytest.raises(WriteError, match=r"index.html could not be printed by .*: no display"):
        print_pages(run_folder, browser())
