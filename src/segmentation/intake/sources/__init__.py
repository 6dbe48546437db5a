"""The kinds of source that orders come from: each opens as one relation of rows in the engine."""

import re
from collections.abc import Sequence
from pathlib import Path

from segmentation.errors import DataError, ParameterError
from segmentation.intake.demo import demo
from segmentation.intake.options import Origin
from segmentation.intake.sources.base import Opened, Source, read_with
from segmentation.intake.sources.delimited import BlankSeparated, Delimited
from segmentation.intake.sources.duckdb_file import DuckDBFile
from segmentation.intake.sources.excel import Workbook
from segmentation.intake.sources.frames import Frame
from segmentation.intake.sources.kinds import SUFFIXES, kind_of, suffix
from segmentation.intake.sources.parquet import LookedUp, Parquet
from segmentation.intake.sources.postgres import SCHEMES, Postgres
from segmentation.intake.sources.sqlite_file import SQLiteFile

__all__ = ["Opened", "Source", "read_with", "source_of"]

# a letter and a colon begin a path on Windows
_ADDRESS = re.compile(r"\s*[a-z][a-z0-9+.-]+:/|\s*postgres(ql)?:", re.IGNORECASE)
_KEYWORDS = re.compile(r"\bpassword\s*=|\b(host|dbname|user)\s*=\s*\S+\s+\w+\s*=", re.IGNORECASE)


def source_of(intake: Origin, root: Path | None = None) -> Source:
    """Choose how to read the table that the parameters name; nothing is read yet.

    Args:
        intake: what the parameters say about the table.
        root: the folder that relative paths start from (default: the current one).

    Raises:
        ParameterError: when nothing is named, or something that cannot be.
        DataError: when a named file is absent.
    """
    key = intake.key
    if intake.frame is not None:
        return Frame(intake.frame)
    if not intake.path:
        raise ParameterError(f"{key}: name a source: `path`, such as {key}: {key}.csv")
    if isinstance(intake.path, str):
        if intake.path.startswith("demo:"):
            return _demo(intake.path, key)
        if intake.path.startswith(SCHEMES):
            return Postgres(intake.path, intake)
        if "://" in intake.path:
            raise ParameterError(
                f"{key}.path: {intake.path.split('://')[0]}:// is not read; "
                f"name a file, a folder, or postgresql://user@host/database"
            )
    _check_no_address([intake.path] if isinstance(intake.path, str) else intake.path, key)
    files = _files(intake.path, root or Path(), key)
    name = Path(intake.path).name if isinstance(intake.path, str) else f"{len(files)} files"
    kinds = {file: kind_of(file) for file in files}
    if len(set(kinds.values())) > 1:
        one, other = (
            next(f.name for f in files if kinds[f] == kind) for kind in sorted(set(kinds.values()))[:2]
        )
        raise DataError(f"{name}: {one} and {other} are files of different kinds, not one source")
    kind = kinds[files[0]]
    if kind == "parquet":
        return Parquet(name, files)
    if kind == "delimited":
        return Delimited(name, files, intake)
    if kind == "workbook":
        return Workbook(name, files, intake)
    if len(files) > 1:
        raise DataError(f"{name}: several databases are not one source; name one of them")
    return (DuckDBFile if kind == "duckdb" else SQLiteFile)(name, files[0], intake)


def _check_no_address(parts: Sequence[str], key: str) -> None:
    """Refuse what is meant for a server but no address that is read, without repeating it."""
    for n, part in enumerate(parts, 1):
        if _ADDRESS.match(part) or _KEYWORDS.search(part):
            where = f"{key}.path" if len(parts) == 1 else f"{key}.path, entry {n}"
            raise ParameterError(
                f"{where}: a database is one source, not a file: name it alone, "
                f"as path: postgresql://user@host/database"
            )


def _demo(name: str, table: str) -> Source:
    data = demo(name, table)
    file = data.path()
    if data.lookup:
        other, key, wanted = data.lookup
        return LookedUp(name, file, data.columns, data.path(other), key, wanted)
    if data.blank_separated:
        return BlankSeparated(name, file, data.columns)
    return Parquet(name, [file], data.columns)


def _files(path: str | list[str], root: Path, key: str) -> list[Path]:
    """The files that a path, a pattern, a folder or a list of them names, in the order of their names."""
    found: list[Path] = []
    for part in [path] if isinstance(path, str) else path:
        whole = root / part
        if whole.is_dir():
            inside = sorted(file for file in whole.rglob("*") if file.is_file() and _is_data(file, whole))
            if not inside:
                raise DataError(f"{whole.name}: the folder has no file of {key} (CSV, Parquet, Excel)")
            found += inside
        elif whole.exists() or not any(sign in part for sign in "*?["):
            found.append(whole)
        else:
            # the folder that the pattern starts from is no part of it
            start = Path(Path(part).anchor) if Path(part).is_absolute() else root
            matching = sorted(start.glob(str(Path(part).relative_to(Path(part).anchor))))
            if not matching:
                raise DataError(f"{part}: no file fits this pattern")
            found += [file for file in matching if file.is_file()]
    return found


def _is_data(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith((".", "_", "~")) for part in file.relative_to(folder).parts)
    return not hidden and suffix(file) in SUFFIXES
