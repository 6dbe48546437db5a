"""The process that notebooks' kernels are forked from: it imports the heavy modules once.

Runs as `python -m segmentation.reporting.launcher fork|become FOLDER MODULE ...`. Each line on standard
input is a request (JSON: connection, cwd, environment), answered by the kernel's process id. When the input
ends, which it also does when the runner is killed, every kernel goes with it and the work folder is removed.
Where a process that imported so much must not be forked, it becomes the one kernel asked for.
"""

import importlib
import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any


def serve(fork: bool, work: Path, modules: list[str]) -> None:
    """Import the modules, then start a kernel for every request until the input ends."""
    for name in ["ipykernel.kernelapp", "ipykernel.ipkernel", *modules]:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # finished kernels leave no zombies
    for line in sys.stdin.buffer:
        request = json.loads(line)
        if not fork:
            _answer(os.getpid())
            _become_kernel(request, parent=os.getppid())
            return
        parent = os.getpid()
        if (child := os.fork()) == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _become_kernel(request, parent)
            os._exit(0)
        _answer(child)
    shutil.rmtree(work, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def _answer(pid: int) -> None:
    sys.stdout.write(f"{pid}\n")
    sys.stdout.flush()


def _become_kernel(request: dict[str, Any], parent: int) -> None:
    """Turn this process into the IPython kernel that the request describes."""
    from ipykernel.kernelapp import IPKernelApp

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
            f"--IPKernelApp.parent_handle={parent}",
            "--HistoryManager.enabled=False",
        ]
    )
    app.start()


if __name__ == "__main__":
    serve(sys.argv[1] == "fork", Path(sys.argv[2]), sys.argv[3:])
