"""What a run says while it works, with and without a terminal."""

import os
import pty
import subprocess
import sys

PROGRAM = """
from segmentation.reporting.progress import Progress
progress = Progress()
with progress.live():
    progress("reading the orders")
    progress.passing("3-rfm: cell 2 of 9 [bold]")
    progress("100 % [red]done[/red]")
print("reports/index.html")
"""


def said(terminal: bool) -> str:
    if not terminal:
        return subprocess.run(
            [sys.executable, "-c", PROGRAM],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=True,
        ).stdout
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "xterm"}
    ):
        os.close(theirs)
        parts = []
        try:
            while part := os.read(ours, 65536):
                parts.append(part)
        except OSError:  # the other end is closed
            pass
    os.close(ours)
    return b"".join(parts).decode().replace("\r\n", "\n")


def test_without_a_terminal_there_are_plain_lines() -> None:
    lines = said(terminal=False).splitlines()
    assert [line.split(" s  ")[-1] for line in lines] == [
        "reading the orders",
        "100 % [red]done[/red]",
        "reports/index.html",
    ]


def test_on_a_terminal_the_same_lines_stay_and_a_live_one_passes() -> None:
    shown = said(terminal=True)
    for text in (
        "reading the orders\n",
        "100 % [red]done[/red]\n",
        "reports/index.html\n",
        "cell 2 of 9 [bold]",
    ):
        assert text in shown
    assert shown.endswith("reports/index.html\n")
