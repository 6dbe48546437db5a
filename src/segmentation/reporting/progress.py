"""Says what a run is doing: a live line on a terminal, plain lines elsewhere, and a record for the log."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from segmentation.errors import printable, without_passwords

if TYPE_CHECKING:
    from rich.status import Status


class Progress:
    """Call it with a short text for every step; `lines` keeps them all, with the seconds since the start.

    >>> progress = Progress(quiet=True)
    >>> progress("reading orders")
    >>> progress.lines[0].endswith("reading orders")
    True
    """

    def __init__(self, quiet: bool = False) -> None:
        self.lines: list[str] = []
        self._began = time.monotonic()
        self._quiet = quiet
        self._lock = threading.Lock()
        self._status: Status | None = None

    def __call__(self, text: str) -> None:
        """Report a step."""
        line = f"{self.seconds:6.1f} s  {printable(without_passwords(text))}"
        with self._lock:
            self.lines.append(line)
            if self._status is not None:
                self._status.console.print(line, markup=False, highlight=False)
            elif not self._quiet:
                print(line, file=sys.stderr, flush=True)

    def passing(self, text: str) -> None:
        """Show what is going on just now, on a terminal only."""
        if self._status is not None:
            from rich.text import Text

            self._status.update(Text(printable(text)))

    @property
    def seconds(self) -> float:
        """The seconds since the start."""
        return time.monotonic() - self._began

    @contextmanager
    def live(self) -> Iterator[None]:
        """Show a live line while the block runs, where standard error is a terminal."""
        if self._quiet or not sys.stderr.isatty():
            yield
            return
        from rich.console import Console

        with Console(stderr=True).status("starting") as self._status:
            try:
                yield
            finally:
                self._status = None
