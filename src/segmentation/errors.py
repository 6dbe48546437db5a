"""The errors a user can meet, each with the exit code that a scheduler sees."""

import difflib
import os
import re
from collections.abc import Sequence

# scheme:/user:password@, up to the last @ of the line, for a password may hold any sign; password=...
_ADDRESS = re.compile(r"(\b[a-z][a-z0-9+.-]+:/+[^\s:/@]*(?:[/#?][^\s:@]*)?:).*@", re.IGNORECASE)
# an error's text may be coloured between the name and the value
_GAP = r"(?:\s|\x1b\[[0-9;]*m)*"
_NAMES = (
    r"(?:password|passwd|passfile|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|"
    r"secret[_-]?key|credentials?)"
)
# name=value; or name: value where the value is quoted, or all that stands there, so that prose stays
_KEYWORD = re.compile(
    rf"""({_NAMES}['"]?{_GAP}(?:={_GAP}|:{_GAP}(?=['"])|:{_GAP}(?=[^\s,;&}}'"]+{_GAP}(?:$|[,;&}}\])]))))"""
    r"""('[^']*'|"[^"]*"|[^\s,;&}'"\x1b]+)""",
    re.IGNORECASE | re.MULTILINE,
)
_HINTS = ("pass", "pwd", "secret", "token", "credential", "api", "access", "private")  # one is in each name
_BEARER = re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}")
# what a terminal acts on: controls but the end of a line and the tab, and marks of another direction
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# variables of the environment whose values are nobody's business
_SECRET = re.compile(
    r"PASS(WORD|WD|PHRASE)?$|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIAL|_KEY$"
)
_SHORTEST = 6


class SegmentationError(Exception):
    """A message for the user: what is wrong (file, row, column or key), the value, and the remedy.

    >>> print(SegmentationError("postgresql://me:secret@host/sales: not there"))
    postgresql://me:***@host/sales: not there
    """

    exit_code = 2

    def __init__(self, message: str = "") -> None:
        super().__init__(without_passwords(message))


def without_passwords(text: str) -> str:
    """Give a text without what looks like a password in it, and without any secret of the environment.

    >>> without_passwords("host=db password=secret; passwd: unknown column")
    'host=db password=***; passwd: unknown column'
    """
    for name, value in os.environ.items():
        if len(value) >= _SHORTEST and value in text and _SECRET.search(name.upper()):
            text = text.replace(value, "***")
    if "@" in text and ":/" in text:
        text = _ADDRESS.sub(r"\1***@", text)
    lower = text.lower()
    if any(hint in lower for hint in _HINTS):
        text = _KEYWORD.sub(r"\1***", text)
    return _BEARER.sub(r"\1 ***", text)


def printable(text: str) -> str:
    """Give a text as a terminal may have it: control characters, and marks that turn text around, as escapes.

    Ends of lines and tabs stay.

    >>> printable("a\\x1b[2Jb\\u202ec")
    'a\\\\x1b[2Jb\\\\u202ec'
    """
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Name the known word nearest to one that is not known, or all of them, for the end of a message.

    >>> did_you_mean("window_month", ["window_months", "tiers"]), did_you_mean("x", ["tiers"])
    ("; did you mean 'window_months'?", '; there are: tiers')
    """
    near = difflib.get_close_matches(word.casefold(), [k.casefold() for k in known], n=1, cutoff=0.4)
    original = next((k for k in known if near and k.casefold() == near[0]), None)
    return f"; did you mean {original!r}?" if original else f"; there are: {', '.join(known)}"


class ParameterError(SegmentationError):
    """A parameter, a rule file or the command's usage is wrong (exit 2)."""

    exit_code = 2


class DataError(SegmentationError):
    """The data cannot be used, or failed a gate (exit 3)."""

    exit_code = 3


class Undecided(DataError):
    """The data can be read in several ways, and only its owner knows which (exit 3).

    Attributes:
        key: the key under `orders` that says it.
        choices: what may be said, the likeliest first.
    """

    def __init__(self, message: str, key: str, choices: Sequence[str]) -> None:
        super().__init__(message)
        self.key = key
        self.choices = tuple(choices)


class NotebookError(SegmentationError):
    """A notebook failed or did not run to its end (exit 4)."""

    exit_code = 4


class NotebookTimeout(SegmentationError):
    """A notebook took too long, or its kernel died (exit 5)."""

    exit_code = 5


class WriteError(SegmentationError):
    """A file or folder of the project cannot be read or written: disk full, no permission (exit 73)."""

    exit_code = 73


class Locked(SegmentationError):
    """Another run holds the lock (exit 75)."""

    exit_code = 75
