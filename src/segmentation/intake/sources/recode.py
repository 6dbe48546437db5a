"""Files written again as UTF-8, strictly; as a script, the helper process for the second half of one.

It imports nothing but the standard library, so that a helper starts in some milliseconds.
"""

import codecs
import io
import subprocess
import sys
from pathlib import Path
from typing import IO

# stays in a processor's cache while it is decoded and encoded
_CHUNK = 1 << 18
# from this size on a second process is worth its start
_WORTH_HALVING = 1 << 25
# encodings in which the byte of a line's end is never part of another character
_LINES_ARE_SAFE = ("utf-8", "gb18030", "gbk", "gb2312", "big5", "iso8859-1", "cp1252")


class NotText(Exception):
    """A byte that does not fit the encoding; its place is in `at`."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


def recode(file: Path, encoding: str, target: Path, plain_ends: bool) -> None:
    """Write a file again as UTF-8, a large one in two processes; `plain_ends`: let every line end alike.

    Raises NotText with the first byte that does not fit.
    """
    size = file.stat().st_size
    if size < _WORTH_HALVING or codecs.lookup(encoding).name not in _LINES_ARE_SAFE:
        with file.open("rb") as stream, target.open("wb") as out:
            copy(stream, out, encoding, plain_ends)
        return
    half = _line_after(file, size // 2)
    part = target.with_name(target.name + ".half")
    script = [sys.executable, "-I", "-S", __file__, str(file), encoding, str(part), str(half)]
    script += ["plain_ends"] if plain_ends else []
    with subprocess.Popen(script, stdout=subprocess.PIPE, text=True) as helper:
        try:
            with file.open("rb") as stream, target.open("wb") as out:
                copy(stream, out, encoding, plain_ends, half)
        except BaseException:
            helper.kill()
            raise
        said, _ = helper.communicate()
    if helper.returncode:
        raise NotText(int(said or half))
    with target.open("ab") as out, part.open("rb") as rest:
        while chunk := rest.read(_CHUNK):
            out.write(chunk)
    part.unlink()


def copy(
    stream: IO[bytes], out: IO[bytes], encoding: str, plain_ends: bool, stop: int | None = None, at: int = 0
) -> None:
    """Write what a stream has (up to the byte `stop`) as UTF-8; `at` is where it stands.

    Raises NotText with the first byte that does not fit.
    """
    strict = codecs.getincrementaldecoder(encoding)("strict")
    decoder = io.IncrementalNewlineDecoder(strict, translate=True) if plain_ends else strict
    while True:
        chunk = stream.read(_CHUNK if stop is None else min(_CHUNK, stop - at))
        try:
            out.write(decoder.decode(chunk, final=not chunk).encode("utf-8"))
        except UnicodeError as error:
            raise NotText(at + getattr(error, "start", 0)) from None
        at += len(chunk)
        if not chunk:
            return


def _line_after(file: Path, place: int) -> int:
    """The beginning of the first line after a place."""
    with file.open("rb") as stream:
        stream.seek(place)
        stream.readline()
        return stream.tell()


def _main(file: str, encoding: str, target: str, start: str, *plain_ends: str) -> int:
    with Path(file).open("rb") as stream, Path(target).open("wb") as out:
        stream.seek(int(start))
        try:
            copy(stream, out, encoding, bool(plain_ends), at=int(start))
        except NotText as error:
            print(error.at)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
