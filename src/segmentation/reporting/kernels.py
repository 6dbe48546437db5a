"""Kernels of this very interpreter, started from one process that has imported the heavy modules.

No kernelspec is looked up: whatever is registered as `python3` on the machine, the notebooks run in the
environment that runs this code. Sockets are files (transport `ipc`) where the system has such: no ports, no
races, no network. Where processes cannot be forked, every kernel is started by itself.
"""

import json
import os
import queue
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from segmentation.errors import NotebookTimeout
from segmentation.reporting.stopping import before_the_end

SAID = "said.log"  # what the package logs in a kernel, inside the work folder

_STARTUP_SECONDS = 120
_LAUNCHER = "segmentation.reporting.launcher"
# same bytes every time: hashes, the order of floating-point sums, and how figures reach the page
_FIXED = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "MATPLOTLIBRC": os.devnull,
    "NO_COLOR": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


def _can_fork() -> bool:
    """Whether a process that imported the heavy modules may be forked (macOS' frameworks forbid it)."""
    return sys.platform == "linux" and hasattr(os, "fork")


def _transport(name: str) -> dict[str, Any]:
    """The addresses of a kernel: files in the work folder, or free ports of this machine."""
    import zmq

    if os.name != "nt" and zmq.has("ipc"):
        ports = {"shell_port": 1, "iopub_port": 2, "stdin_port": 3, "hb_port": 4, "control_port": 5}
        return {"transport": "ipc", "ip": name, **ports}
    return {"transport": "tcp", "ip": "127.0.0.1"}


def _end(launcher: "subprocess.Popen[bytes]") -> None:
    """Kill a launcher and, where there are groups of processes, all that it started."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(launcher.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        else:
            launcher.terminate()  # on Windows this kills


def _line_of(stream: IO[bytes]) -> bytes:
    """The next line; nothing if it does not come in time. (Pipes cannot be waited for on every system.)"""
    answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=lambda: answers.put(stream.readline()), daemon=True).start()
    try:
        return answers.get(timeout=_STARTUP_SECONDS)
    except queue.Empty:
        return b""


class Kernel:
    """One running kernel; what nbclient asks of a kernel manager, and no more."""

    has_kernel = True

    def __init__(self, pid: int, connection: Path, launcher: "subprocess.Popen[bytes]") -> None:
        self.pid = pid
        self.connection = connection
        self._launcher = launcher
        self._client: Any = None

    def client(self) -> Any:
        """The asynchronous client of this kernel."""
        from jupyter_client.asynchronous.client import AsyncKernelClient

        kernel = self

        class Client(AsyncKernelClient):
            """Asks the process whether it lives, not the heartbeat, which a busy machine delays."""

            def start_channels(self, *wanted: bool, **named: bool) -> None:
                super().start_channels(*wanted, **{**named, "hb": False})

            async def _async_is_alive(self) -> bool:
                return kernel.alive()

            async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
                if not kernel.alive():  # the original would wait for a heartbeat until the timeout
                    raise RuntimeError("the kernel ended before it was ready")
                await super()._async_wait_for_ready(timeout)

            is_alive = _async_is_alive
            wait_for_ready = _async_wait_for_ready

        self._client = Client(connection_file=str(self.connection))
        self._client.load_connection_file()
        return self._client

    def alive(self) -> bool:
        """Whether the kernel's process still runs (its launcher takes it along and clears it away)."""
        if self._launcher.poll() is not None:
            return False
        if self.pid == self._launcher.pid:
            return True
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def close(self) -> None:
        """Kill the kernel: its results are here already, and a graceful end takes most of a second."""
        if self.pid == self._launcher.pid:
            _end(self._launcher)
        else:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        if self._client is not None:
            self._client.stop_channels()
            self._client = None

    async def is_alive(self) -> bool:
        """As `alive`, for nbclient."""
        return self.alive()

    async def shutdown_kernel(self, now: bool = False) -> None:
        """As `close`, for nbclient."""
        self.close()

    async def cleanup_resources(self) -> None:
        """Nothing to do: the folder of sockets goes with the launcher."""


class Kernels:
    """Starts kernels quickly; a context manager that leaves no process behind.

    `modules` are imported once, before any kernel is asked for: notebooks that import them wait for nothing.
    Low-level output of the kernels goes to `log`.
    """

    def __init__(self, modules: Sequence[str] = (), log: IO[bytes] | None = None) -> None:
        self._modules = list(modules)
        self._log = log if log is not None else subprocess.DEVNULL
        self._lock = threading.Lock()
        self._launchers: list[subprocess.Popen[bytes]] = []
        self._started = 0

    def __enter__(self) -> Self:
        self.work = Path(tempfile.mkdtemp(prefix="seg"))
        self._no_longer = before_the_end(self._end_at_once)
        self._launch()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self._no_longer()
        shutil.rmtree(self.work, ignore_errors=True)

    def said(self) -> list[str]:
        """What the package had to say in the kernels, such as that something in the store was damaged."""
        try:
            return (self.work / SAID).read_text(encoding="utf-8").splitlines()
        except OSError:
            return []

    def _end_at_once(self) -> None:
        """End every process now, without waiting for anybody."""
        for launcher in list(self._launchers):
            _end(launcher)
        shutil.rmtree(self.work, ignore_errors=True)

    def kill(self) -> None:
        """End every kernel and what notebooks started; executions under way end within a second."""
        with self._lock:
            while self._launchers:
                launcher = self._launchers[-1]
                _end(launcher)
                with suppress(BrokenPipeError), launcher:  # closes the pipes and waits
                    pass
                self._launchers.remove(launcher)

    def start(self, environment: Mapping[str, str], cwd: Path) -> Kernel:
        """Start a kernel in `cwd` with these variables added to the environment.

        Raises NotebookTimeout if the launcher is gone.
        """
        from jupyter_client.connect import write_connection_file

        with self._lock:
            if not self._launchers:
                raise NotebookTimeout("the run is being ended: no further kernel is started")
            self._started += 1
            if self._started > 1 and not _can_fork():
                self._launch()
            launcher = self._launchers[-1]
            name = str(self.work / f"k{self._started}")
            write_connection_file(f"{name}.json", key=secrets.token_hex(16).encode(), **_transport(name))
            request = {"connection": f"{name}.json", "cwd": str(cwd), "environment": dict(environment)}
            assert launcher.stdin is not None
            assert launcher.stdout is not None
            try:
                launcher.stdin.write(json.dumps(request).encode() + b"\n")
                launcher.stdin.flush()
                answer = _line_of(launcher.stdout)
            except OSError:
                answer = b""
            if not answer:
                raise NotebookTimeout(
                    f"no kernel in {_STARTUP_SECONDS} seconds: the process that starts them is stuck or has "
                    "ended (stderr.log says why); is memory short?"
                )
            return Kernel(int(answer), Path(f"{name}.json"), launcher)

    def _launch(self) -> None:
        how = "fork" if _can_fork() else "become"
        command = [sys.executable, "-m", _LAUNCHER, how, str(self.work), *self._modules]
        self._launchers.append(
            subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                start_new_session=True,
                env={
                    **os.environ,
                    **_FIXED,
                    "IPYTHONDIR": str(self.work / "ipython"),
                    "TMPDIR": str(self.work),
                },
            )
        )
