"""The encoding of a text file: found by strict trial, never by a codec that accepts anything."""

import codecs
import math
import re
from pathlib import Path
from typing import IO

from segmentation.errors import DataError
from segmentation.intake.sources.recode import NotText, copy, recode

_SAMPLE = 1 << 20
# so many characters beyond ASCII tell an encoding
_ENOUGH = 1000
_PACKED = {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd"}
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# two bytes of GB18030 whose second is below 0x80: the rare characters outside GB2312, and what accented
# letters of Latin-1 before an ASCII letter look like
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x81-\xfe][\x30-\x39][\x81-\xfe][\x30-\x39]")


def open_bytes(file: Path) -> IO[bytes]:
    """Open a file, unpacking gzip and zstd."""
    import pyarrow as pa

    kind = _PACKED.get(file.suffix.lower())
    stream: IO[bytes] = pa.input_stream(str(file), compression=kind) if kind else file.open("rb")
    return stream


def encoding_of(file: Path, given: str | None) -> str:
    """Find a file's encoding: UTF-8 with or without byte-order mark, UTF-16, else GB18030 where it fits.

    Only the first megabyte is looked at; `to_utf8` is strict about the rest.

    Raises DataError when none fits, or `given` is not an encoding.
    """
    if given is not None:
        return _named(file, given)
    try:
        with open_bytes(file) as stream:
            sample = stream.read(_SAMPLE)
    except OSError as error:
        raise DataError(f"{file.name}: cannot be unpacked ({error})") from None
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return name
    if sample[:2000].count(0) > len(sample[:2000]) // 4:
        return "utf-16-le" if sample[1:2000:2].count(0) >= sample[0:2000:2].count(0) else "utf-16-be"
    if _decodes(sample, "utf-8") or is_damaged_utf8(file, _ENOUGH):
        return "utf-8"
    return chinese(file, sample)


def _named(file: Path, given: str) -> str:
    """The encoding that the parameters name, if it is one of text and the file can begin in it."""
    try:
        "".encode(given)
        decoder = codecs.getincrementaldecoder(given)("replace")
        decoder.decode(b"")
    except (LookupError, UnicodeError):
        raise DataError(
            f"{file.name}: {given!r} is not the name of an encoding of text; "
            f"name one such as gb18030, or leave it out to have it found"
        ) from None
    try:
        with open_bytes(file) as stream:
            decoder.decode(stream.read(4))
    except UnicodeError:
        raise DataError(
            f"{file.name}: does not begin with the byte-order mark of {given}; name the order of the bytes, "
            f"such as `encoding: utf-16-le`, or leave it out to have it found"
        ) from None
    return codecs.lookup(given).name


def chinese(file: Path, sample: bytes) -> str:
    """Give GB18030 for bytes that are plausibly Chinese in it.

    Raises DataError when they are not: accented letters of another encoding may decode too, into rubbish.
    """
    pairs = _PAIR.findall(sample)
    common = sum(1 for pair in pairs if len(pair) == 2 and pair[0] >= 0xA1 and pair[1] >= 0xA1)
    if not _decodes(sample, "gb18030") or common * 2 < len(pairs):
        raise DataError(
            f"{file.name}: neither UTF-8 nor Chinese (GB18030) text; "
            f"name its encoding, such as `encoding: latin-1`"
        )
    return "gb18030"


def is_damaged_utf8(file: Path, enough: float = math.inf) -> bool:
    """Say whether a file that is not UTF-8 throughout is so but for a few places.

    It looks until it has seen `enough` characters beyond ASCII, faulty ones included.
    """
    with open_bytes(file) as stream:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        wide = broken = 0
        while chunk := stream.read(_SAMPLE):
            if not chunk.isascii():
                text = decoder.decode(chunk)
                broken += text.count("\ufffd")
                wide += len(text) - len(text.encode("ascii", "ignore"))
            if wide > enough:
                break
    return wide > 5 * broken


def mixes_line_ends(file: Path) -> bool:
    """Say whether the lines of a file end in more than one way, as after putting two files together."""
    pairs = feeds = returns = 0
    after_return = False
    with open_bytes(file) as stream:
        while chunk := stream.read(_SAMPLE):
            feeds += chunk.count(b"\n")
            returns += chunk.count(b"\r")
            pairs += chunk.count(b"\r\n") + (after_return and chunk.startswith(b"\n"))
            after_return = chunk.endswith(b"\r")
    return sum(ends > 0 for ends in (pairs, feeds - pairs, returns - pairs)) > 1


def has_quotes(file: Path) -> bool:
    """Say whether a file has a quote anywhere; where it has none, no cell can be of several lines."""
    with open_bytes(file) as stream:
        while chunk := stream.read(_SAMPLE):
            if b'"' in chunk:
                return True
    return False


def wide_sample(file: Path) -> bytes:
    """Give the stretch of a file where the first byte beyond ASCII stands."""
    with open_bytes(file) as stream:
        while chunk := stream.read(_SAMPLE):
            if not chunk.isascii():
                return chunk
    return b""


def to_utf8(file: Path, encoding: str, target: Path, plain_ends: bool) -> None:
    """Write a file again as UTF-8, strictly, in bounded memory; `plain_ends`: let every line end alike.

    Raises DataError naming the first byte that does not fit.
    """
    try:
        if file.suffix.lower() in _PACKED:
            with open_bytes(file) as stream, target.open("wb") as out:
                copy(stream, out, encoding, plain_ends)
        else:
            recode(file, encoding, target, plain_ends)
    except NotText as error:
        raise DataError(
            f"{file.name}: not {encoding} text (near byte {error.at:,}); name its encoding with `encoding`"
        ) from None


def sample_text(file: Path, encoding: str) -> str:
    """Give the beginning of a file as text, up to its last whole line."""
    with open_bytes(file) as stream:
        sample = stream.read(_SAMPLE // 4)
        more = bool(stream.read(1))
    text = codecs.getincrementaldecoder(encoding)("replace").decode(sample, final=not more)
    text = text.removeprefix("\ufeff")
    return text[: text.rfind("\n") + 1] if more and "\n" in text else text


def _decodes(sample: bytes, encoding: str) -> bool:
    """Whether bytes decode, the last character being cut off perhaps."""
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(sample, final=len(sample) < _SAMPLE)
    except UnicodeDecodeError:
        return False
    return True
