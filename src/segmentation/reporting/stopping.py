"""Ends the command when it is told to (Ctrl-C, SIGTERM, a closed terminal): at any instant, and at once.

Python would raise KeyboardInterrupt wherever the main thread happens to be. In the middle of an import, while
another thread imports too, that leaves locks that nobody gives back, and the command would hang for ever with
the archive locked. So nothing is raised: a thread of its own waits for the signal, ends what must not be left
behind, says so in one sentence and ends the process. That is safe because a run killed at any instant leaves
the old state or the new one; the next run clears what was being built.
"""

import atexit
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

# what to do before the end; none of it may import, wait for a lock, or take long
_BEFORE: list[Callable[[], object]] = []
_SAID = {
    "SIGINT": "interrupted",
    "SIGTERM": "ended from outside (SIGTERM)",
    "SIGHUP": "ended with its terminal (SIGHUP)",
}
_SECONDS = 2
_SHOW_CURSOR = "\r\x1b[2K\x1b[?25h"


def before_the_end(do: Callable[[], object]) -> Callable[[], None]:
    """Have something done before a signal ends the command; give what takes it back."""
    _BEFORE.append(do)

    def no_longer() -> None:
        with suppress(ValueError):
            _BEFORE.remove(do)

    return no_longer


def end_on_signals() -> None:
    """From now on a signal ends this process: 130 for Ctrl-C, 143 for SIGTERM, 129 for a closed terminal.

    A closed terminal that the process was started to ignore (nohup) stays ignored; the other two are asked
    for by somebody, also where a shell starts its background processes deaf to Ctrl-C. For the main thread.
    """
    here, there = socket.socketpair()
    there.setblocking(False)
    threading.Thread(target=_wait, args=(here, there), daemon=True).start()
    signal.set_wakeup_fd(there.fileno(), warn_on_full_buffer=False)
    for number, name in _numbers().items():
        if name != "SIGHUP" or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: None)  # the thread does it


def own_temporary_folder() -> None:
    """Keep every temporary file of this process in one folder, which goes with it however it ends."""
    folder = tempfile.mkdtemp(prefix="segmentation-")
    tempfile.tempdir = folder
    before_the_end(lambda: shutil.rmtree(folder, ignore_errors=True))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)


def end(code: int) -> NoReturn:
    """End this process now. Python would first take itself apart, deaf to signals for half a second."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    for do in reversed(_BEFORE):
        with suppress(Exception):
            do()
    os._exit(code)


def _numbers() -> dict[int, str]:
    """The signals that end a command, as far as this system has them."""
    return {int(getattr(signal, name)): name for name in _SAID if hasattr(signal, name)}


def _wait(here: socket.socket, there: socket.socket) -> None:
    while told := here.recv(1):
        if name := _numbers().get(told[0]):
            _end(told[0], name)


def _end(number: int, name: str) -> None:
    sentence = (
        f"segmentation: {_SAID[name]}; what was published stands, nothing is half-written: run it again\n"
    )
    with suppress(OSError, ValueError):
        cursor = _SHOW_CURSOR if os.isatty(2) else ""
        os.write(2, (cursor + sentence).encode())
    late = threading.Timer(_SECONDS, os._exit, [128 + number])
    late.daemon = True
    late.start()
    for do in reversed(_BEFORE):
        with suppress(BaseException):
            do()
    os._exit(128 + number)
