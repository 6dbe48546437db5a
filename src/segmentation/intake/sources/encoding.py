"""The encoding of a text file: found by strict trial, never by a codec that accepts anything."""

import codecs
import math
import re
from collections.abc import Sequence
from pathlib import Path

from segmentation.errors import DataError, Undecided
from segmentation.intake.sources.packing import open_bytes, packing_of
from segmentation.intake.sources.recode import NotText, copy, recode

_SAMPLE = 1 << 20
_LONGEST_LINE = 1 << 25
# so many characters beyond ASCII tell an encoding
_ENOUGH = 1000
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# two bytes of GB18030 whose second is below 0x80: the rare characters outside GB2312, and what accented
# letters of Latin-1 before an ASCII letter look like
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x81-\xfe][\x30-\x39][\x81-\xfe][\x30-\x39]")
# so many characters of Chinese text are of those that GB2312 has
_COMMON = 0.8
# the letters that text in an encoding consists of, beyond ASCII
_SCRIPTS = {
    "shift_jis": "[\u3040-\u30ff\u4e00-\u9fff]",
    "euc_jp": "[\u3040-\u30ff]",
    "euc_kr": "[\uac00-\ud7af]",
    "big5": "[\u4e00-\u9fff]",
    "cp1251": "[\u0430-\u044f\u0451]",
    "koi8-r": "[\u0430-\u044f\u0451]",
    "iso8859-7": "[\u03ac-\u03ce]",
    "cp1255": "[\u05d0-\u05ea]",
    "cp1256": "[\u0621-\u064a]",
    "cp874": "[\u0e01-\u0e5b]",
}


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

    Raises Undecided when they are not: accented letters of another encoding may decode too, into rubbish.
    """
    pairs = _PAIR.findall(sample)
    common = [pair[0] for pair in pairs if len(pair) == 2 and pair[0] >= 0xA1 and pair[1] >= 0xA1]
    is_chinese = _decodes(sample, "gb18030") and len(common) >= _COMMON * len(pairs)
    # each character once, for a short text repeats itself
    neighbour = _of_neighbour([pair[0] for pair in set(pairs) if len(pair) == 2 and min(pair) >= 0xA1])
    if not is_chinese or (neighbour and _decodes(sample, neighbour)):
        first = [neighbour] if is_chinese else []
        choices = list(dict.fromkeys([*first, *likely(sample), *(["gb18030"] if is_chinese else [])]))
        read = "; ".join(f"{name}: {_first_word(sample, name)!r}" for name in choices[:4])
        raise Undecided(
            f"{file.name}: neither UTF-8 nor Chinese (GB18030) text; name its encoding, such as "
            f"`encoding: {choices[0]}`, by what its first word beyond ASCII then reads like ({read})",
            "encoding",
            choices,
        )
    return "gb18030"


def _of_neighbour(leads: Sequence[int]) -> str:
    """The encoding of Korean or Japanese that has the same bytes as Chinese, where hardly any is Chinese.

    Syllables of Korean take a part only of the first bytes that Chinese characters have, and Chinese text has
    no kana.
    """
    letters = [lead for lead in leads if lead >= 0xB0]
    kana = sum(lead in (0xA4, 0xA5) for lead in leads)
    if kana * 10 > len(leads):
        return "euc_jp"
    if len(letters) >= 20 and sum(lead <= 0xC8 for lead in letters) >= 0.97 * len(letters):
        return "euc_kr"
    return ""


def likely(sample: bytes) -> list[str]:
    """The encodings that bytes may be in, the likeliest first; the last of them reads anything.

    Accented letters stand alone among others; words of other scripts are runs of bytes beyond ASCII, and
    the encoding is that in which most of them are letters of its script.
    """
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", sample)]
    western = ["cp1252" if re.search(rb"[\x80-\x9f]", sample) else "latin-1", "cp1250", "mac-roman"]
    other = {
        name: len(re.findall(script, text)) / len(text) * (0.7 if name == "cp874" else 1)
        for name, script in _SCRIPTS.items()
        if _decodes(sample, name)
        for text in [re.sub(r"[\x00-\x7f]", "", sample.decode(name, "ignore"))]
        if text
    }
    scripts = sorted(other, key=lambda name: -other[name])
    first, second = (western, scripts) if 2 * len(runs) > sum(runs) * 1.2 else (scripts, western)
    first = [name for name in [*first, *second] if _decodes(sample, name)]
    return first or ["latin-1"]


def _first_word(sample: bytes, encoding: str) -> str:
    """The first word that is not ASCII, as an encoding reads it."""
    text = sample.decode(encoding, "replace")
    found = re.search(r"[\w.-]*[^\x00-\x7f][^,;\t\r\n\"|]{0,30}", text)
    return found[0].strip() if found else ""


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


def look_through(file: Path) -> bool:
    """Read a file once; say whether it has a quote anywhere, without which no cell can be of several lines.

    Raises DataError for a line so long that no table of orders has it.
    """
    found = False
    length = 0
    with open_bytes(file) as stream:
        while chunk := stream.read(_SAMPLE):
            found = found or b'"' in chunk
            end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            length = length + len(chunk) if end < 0 else len(chunk) - end
            if length > _LONGEST_LINE:
                raise DataError(
                    f"{file.name}: it has a line of more than {_LONGEST_LINE >> 20} MB, and is no table of orders"
                )
    return found


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
        if packing_of(file):
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
