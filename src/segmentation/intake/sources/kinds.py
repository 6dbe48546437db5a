"""What kind of file something is, by its first bytes: a source of orders, or another, named with a remedy."""

import re
import zipfile
from pathlib import Path

from segmentation.errors import DataError
from segmentation.intake.sources.packing import open_bytes, packing_of

# suffix -> kind of source, where the first bytes do not tell
SUFFIXES = {
    **dict.fromkeys((".parquet", ".pq"), "parquet"),
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"), "workbook"),
    **dict.fromkeys((".duckdb", ".ddb"), "duckdb"),
    **dict.fromkeys((".sqlite", ".sqlite3", ".db3"), "sqlite"),
    **dict.fromkeys((".csv", ".tsv", ".txt", ".tab", ".dat"), "delimited"),
}
_PACKED = (".gz", ".zst", ".zstd")
_START = 1 << 16
_KINDS = (
    (b"PAR1", "parquet"),
    (b"\xd0\xcf\x11\xe0", "workbook"),
    (b"SQLite format 3\0", "sqlite"),
)
_UNPACK = "unpack it, and name the files of orders in it"
_EXPORT = "export the orders as CSV"
_AS_WORKBOOK = "open it in a spreadsheet and save it as a workbook (.xlsx) or CSV"
# first bytes -> what it is, and what to do
_OTHERS = (
    (b"%PDF", "a PDF document, which has no table that can be read", _EXPORT + " from where it came from"),
    (b"Rar!", "a RAR archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"BZh", "packed with bzip2", _UNPACK),
    (b"\xfd7zXZ", "packed with xz", _UNPACK),
    (b"PARE", "an encrypted Parquet file", "write it without a key"),
    (b"ARROW1", "an Arrow (Feather) file", "save it as Parquet or CSV"),
    (b"ORC", "an ORC file", "save it as Parquet or CSV"),
    (b"Obj\x01", "an Avro file", "save it as Parquet or CSV"),
    (b"\x89HDF", "an HDF5 file", "save it as Parquet or CSV"),
    (
        b"\x80\x04\x95",
        "a pickle of Python, which can run code when it is opened",
        "save the frame as Parquet",
    ),
    (b"\x00\x01\x00\x00Standard ", "a database of Microsoft Access", _EXPORT),
    (
        b"PGDMP",
        "a dump of a PostgreSQL database",
        "restore it, and name the database: postgresql://user@host/database",
    ),
    (b"$FL2", "a file of SPSS", "save it as CSV"),
    (b"<stata_dta>", "a file of Stata", "save it as CSV"),
    (b"version https://git-lfs", "a pointer of Git LFS, not the file itself", "fetch it with git lfs pull"),
    (b"{\\rtf", "an RTF document", "save the table in it as CSV"),
)
# text files by how they begin
_TEXTS = (
    (
        r"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|table|meta|style|div)\b",
        "an HTML page",
    ),
    (r"<\?xml[^>]*>\s*(<\?mso-application[^>]*>\s*)?<\w*:?workbook\b", "a workbook of 2003 in XML"),
    (r"<\?xml\b|<\w+(\s+\w+=\"[^\"]*\")*\s*/?>\s*<\w+", "an XML file"),
    (r"\{\s*(\"|\}|'|$)|\[\s*(\{|\[|\]|$)", "a JSON file"),
    (
        r"(--[^\n]*\n|/\*.*?\*/;?|set\s[^;]*;|pragma\s[^;]*;|begin\b[^;]*;|use\s[^;]*;|start\stransaction;|\s)*"
        r"(create\s+(table|database|schema)|insert\s+(or\s+\w+\s+)?into|drop\s+(table|database)|lock\s+tables|"
        r"copy\s+\S+\s*(\([^)]*\))?\s+from\s+stdin)\b",
        "a dump of a database (SQL)",
    ),
)
_REMEDIES = {
    "an HTML page": _AS_WORKBOOK,
    "a workbook of 2003 in XML": _AS_WORKBOOK,
    "an XML file": _EXPORT,
    "a JSON file": "export it as CSV; or make it a frame in Python: read_orders(pandas.json_normalize(...))",
    "a dump of a database (SQL)": "load it into its database and name that, or export its orders as CSV",
}


def kind_of(file: Path) -> str:
    """Say which kind of source a file is: parquet, workbook, duckdb, sqlite or delimited.

    Raises DataError for a file that is something else, naming it and what to do.
    """
    if not file.is_file():
        return SUFFIXES.get(suffix(file), "delimited")
    with file.open("rb") as stream:
        start = stream.read(_START)
    for magic, kind in _KINDS:
        if start.startswith(magic):
            return kind
    if start[8:12] == b"DUCK":
        return "duckdb"
    if start.startswith(b"PK\x03\x04"):
        _check_is_workbook(file)
        return "workbook"
    if packing_of(file):
        start = _unpacked(file)
        if start.startswith((b"PAR1", b"PK\x03\x04", b"SQLite format 3\0", b"\xd0\xcf\x11\xe0")):
            raise DataError(f"{file.name}: a file of another kind, packed; unpack it first")
    _check_is_no_other(file.name, start)
    kind = SUFFIXES.get(suffix(file), "delimited")
    # a text by the name of a workbook, as web shops write them
    return "delimited" if kind == "workbook" and _is_text(start) else kind


def suffix(file: Path) -> str:
    """A file's suffix, without that of its packing."""
    name = file.with_suffix("") if file.suffix.lower() in _PACKED else file
    return name.suffix.lower()


def _unpacked(file: Path) -> bytes:
    """The first bytes of a packed file."""
    try:
        with open_bytes(file) as stream:
            return stream.read(_START)
    except OSError as error:
        raise DataError(f"{file.name}: cannot be unpacked ({error})") from None


def _check_is_workbook(file: Path) -> None:
    """Refuse an archive that is no workbook."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.namelist()
    except zipfile.BadZipFile:
        return  # a damaged workbook says so when it is read
    if any(part.startswith("word/") for part in parts):
        raise DataError(f"{file.name}: a document of Word; save the table in it as CSV")
    if any(part.startswith("Index/") for part in parts):
        raise DataError(f"{file.name}: a workbook of Numbers; export it as Excel or CSV")
    if not any(part.startswith("xl/") or part in ("content.xml", "xl\\workbook.xml") for part in parts):
        raise DataError(f"{file.name}: a ZIP archive; {_UNPACK} (it has {', '.join(sorted(parts)[:5])})")


def _check_is_no_other(name: str, start: bytes) -> None:
    """Refuse what is no source of orders, by its first bytes."""
    for magic, what, remedy in _OTHERS:
        if start.startswith(magic):
            raise DataError(f"{name}: {what}; {remedy}")
    if start[257:262] == b"ustar":
        raise DataError(f"{name}: a tar archive; {_UNPACK}")
    encoding = "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    text = start.decode(encoding, "replace").lstrip("\ufeff \t\r\n")
    for pattern, what in _TEXTS:
        if re.match(pattern, text, re.IGNORECASE | re.DOTALL):
            raise DataError(f"{name}: {what}, not a table of orders; {_REMEDIES[what]}")


def _is_text(start: bytes) -> bool:
    """Whether bytes are text: hardly any of them are signs that text never has."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    strange = sum(start.count(bytes([byte])) for byte in (*range(9), *range(14, 32)))
    return strange * 100 <= len(start)
