"""A run where fork, groups of processes, SIGKILL, sockets as files and folders on the disk are absent."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
import zmq
from project_making import PLAIN, make_project
from test_archive import check_whole

from segmentation.cli import main


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what macOS and Windows have not."""
    for module, name in ((os, "fork"), (os, "killpg"), (signal, "SIGKILL"), (signal, "SIGHUP")):
        monkeypatch.delattr(module, name)
    monkeypatch.setattr(zmq, "has", lambda capability: capability != "ipc")
    opened = os.open

    def no_folders(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if os.path.isdir(path) and "reports" in os.fspath(path):
            raise PermissionError(13, "Permission denied", path)
        return opened(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", no_folders)
    monkeypatch.setattr("segmentation.command.monthly.PRELOAD", ())


@pytest.mark.usefixtures("elsewhere")
def test_a_month_is_published_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    params = make_project(tmp_path, PLAIN)
    monkeypatch.setattr(sys, "argv", ["segmentation", "run", str(params), "--quiet"])
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    assert (ended.value.code or 0, err) == (0, "")
    assert check_whole(tmp_path / "reports") == [Path(out.strip()).parent]
    below = psutil.Process().children(recursive=True)
    assert not [child for child in below if "segmentation.reporting.launcher" in child.cmdline()]
