"""The process that notebooks' kernels are forked from: it imports the heavy modules once.

Runs as `python -m segmentation.reporting.launcher fork|become FOLDER MODULE ...`. Each line on standard
input is a request (JSON: connection, cwd, environment), answered by the kernel's process id. When the input
ends, which it also does when the runner is killed, every kernel goes with it and the work folder is removed.
Where a process that imported so much must not be forked, it becomes the one kernel asked for.
"""

import importlib
import json
import logging
import os
import shutil
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from segmentation.reporting.kernels import SAID


def serve(fork: bool, work: Path, modules: list[str]) -> None:
    """Import the modules, then start a kernel for every request until the input ends."""
    for name in ["ipykernel.kernelapp", "ipykernel.ipkernel", *modules]:
        importlib.import_module(name)
    if fork:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # finished kernels leave no zombies
    for line in sys.stdin.buffer:
        request = json.loads(line)
        if not fork:
            _answer(os.getpid())
            _become_kernel(request, parent=None)
            return
        parent = os.getpid()
        if (child := os.fork()) == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _become_kernel(request, parent)
            os._exit(0)
        _answer(child)
    shutil.rmtree(work, ignore_errors=True)
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)


def _answer(pid: int) -> None:
    sys.stdout.write(f"{pid}\n")
    sys.stdout.flush()


def _end_with(runner: int) -> None:
    """End this process when its runner closes the pipe, which it also does when it is killed."""
    while os.read(runner, 1):
        pass
    os._exit(1)


def _become_kernel(request: dict[str, Any], parent: int | None) -> None:
    """Turn this process into the IPython kernel that the request describes.

    It ends with `parent`, or without one with the runner.
    """
    from ipykernel.kernelapp import IPKernelApp

    said = logging.FileHandler(Path(request["connection"]).with_name(SAID), encoding="utf-8", delay=True)
    logging.getLogger("segmentation").addHandler(said)
    logging.getLogger("segmentation").propagate = False

    if parent is None:
        threading.Thread(target=_end_with, args=(os.dup(0),), daemon=True).start()
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)  # whatever is written past Python lands in the run's stderr.log
    os.environ.update(request["environment"])
    os.chdir(request["cwd"])
    sys.argv = ["ipykernel_launcher"]
    sys.path[0:0] = [request["cwd"]]
    app = IPKernelApp.instance()
    app.initialize(
        [
            f"--f={request['connection']}",
            *([f"--IPKernelApp.parent_handle={parent}"] if parent else []),
            "--HistoryManager.enabled=False",
        ]
    )
    app.start()


if __name__ == "__main__":
    serve(sys.argv[1] == "fork", Path(sys.argv[2]), sys.argv[3:])
