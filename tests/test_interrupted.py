"""Ctrl-C and SIGTERM at any instant: one sentence, the documented exit code, nothing left running or locked.

The suite interrupts at a few instants; `KILLS=200 pytest tests/test_interrupted.py` at two hundred.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from filelock import FileLock
from project_making import NOTEBOOKS, PLAIN, make_project
from test_archive import check_whole

INTERRUPTS = int(os.environ.get("KILLS", "6"))
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


def end(line: list[str], after: float, number: int) -> tuple[int, str]:
    """Run a command and signal it; give its exit code and its errors."""
    runner = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    time.sleep(after)
    try:
        below = psutil.Process(runner.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        below = []
    runner.send_signal(number)
    try:
        _, err = runner.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        runner.kill()
        raise AssertionError(f"hung after {after:.2f} seconds") from None
    _, alive = psutil.wait_procs(below, timeout=5)
    assert not alive, f"left running after {after:.2f} seconds: {alive}"
    return runner.returncode, err


def test_a_run_interrupted_at_any_instant_ends_at_once(tmp_path: Path) -> None:
    params = make_project(tmp_path, PLAIN)
    line = [sys.executable, "-m", "segmentation", "run", str(params), "--force"]
    began = time.monotonic()
    subprocess.run(line, capture_output=True, check=True)
    lasts = time.monotonic() - began
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", "import segmentation.reporting.stopping"], check=True)
    start = 2 * (time.monotonic() - began)  # until then Python itself is being started, and may end by itself
    chance = random.Random(15)
    reports, ended = tmp_path / "reports", 0
    for turn in range(INTERRUPTS):
        number = list(CODES)[turn % 3] if turn % 2 else signal.SIGINT
        after = chance.uniform(0.1, lasts)
        code, err = end(line, after, number)
        if code in (-number, 1) and after < start:
            continue
        assert "Traceback" not in err
        if code:
            assert code == CODES[number], err
            assert err.splitlines()[-1].startswith("segmentation: ")
            assert "run it again" in err
            ended += 1
        check_whole(reports)
        with FileLock(reports / ".lock", timeout=0):
            pass
    assert ended, "no run was interrupted while it worked"
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    assert check_whole(reports)[-1] == Path(done.stdout.splitlines()[-1]).parent
    assert not (reports / ".staging").exists()


def test_a_signal_that_was_ignored_stays_ignored(tmp_path: Path) -> None:
    params = make_project(tmp_path, PLAIN)
    line = f"trap '' HUP; exec {sys.executable} -m segmentation check {params}"
    runner = subprocess.Popen(["sh", "-c", line], stdout=subprocess.DEVNULL)
    time.sleep(0.5)
    runner.send_signal(signal.SIGHUP)
    assert runner.wait() == 0


@pytest.mark.parametrize("command", ["check", "run"])
def test_temporary_files_go_too(tmp_path: Path, command: str) -> None:
    params = make_project(tmp_path / "project", NOTEBOOKS)
    (tmp_path / "tmp").mkdir()
    line = ["env", f"TMPDIR={tmp_path / 'tmp'}", sys.executable, "-m", "segmentation", command, str(params)]
    end(line, 3.0, signal.SIGINT)
    assert [path.name for path in (tmp_path / "tmp").iterdir()] == []
