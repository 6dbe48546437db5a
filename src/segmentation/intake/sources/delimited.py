"""Orders in delimited text files: every value is read as text, and judged later."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from segmentation import engine
from segmentation.errors import DataError
from segmentation.intake.options import Origin
from segmentation.intake.sources.base import (
    Opened,
    Source,
    check_files,
    common_folder,
    digest_of,
    kinds_of,
    literal,
    size_of,
    unpacked_size,
)
from segmentation.intake.sources.blanks import blank_rows
from segmentation.intake.sources.dialect import Dialect, dialect_of
from segmentation.intake.sources.encoding import (
    chinese,
    encoding_of,
    is_damaged_utf8,
    look_through,
    mixes_line_ends,
    sample_text,
    to_utf8,
    wide_sample,
)
from segmentation.intake.sources.packing import packing_of
from segmentation.intake.sources.quotes import suspicion, swallowing

_READ = """
SELECT {columns}, replace(replace(_path, $folder_{n}, ''), $rewritten_{n}, '') AS _file
FROM read_csv($paths_{n}, auto_detect = FALSE, columns = {{{kinds}}}, delim = $delimiter_{n}, quote = '"',
  escape = '"', header = $header_{n}, skip = $skip_{n}, comment = '', encoding = 'utf-8',
  compression = $compression_{n},
  filename = '_path', ignore_errors = TRUE, store_rejects = TRUE){sound}
"""
# most cells are told by their length, which the engine knows without looking at them
_SOUND = "WHERE CASE WHEN {suspect} THEN error('a quote may swallow rows') ELSE TRUE END"
_SUSPECT = """(strlen({name}) > 8 AND (contains({name}, chr(10)) OR contains({name}, chr(13)))
  AND regexp_matches({name}, $suspicion_{n}_{place}))"""
# a line may have several faults; a source may have been read twice
_REJECTED = """
CREATE OR REPLACE TABLE unreadable AS
SELECT file, line AS row_number, any_value(text) AS text
FROM (SELECT replace(replace(file_path, $folder, ''), $rewritten, '') AS file, CAST(line AS BIGINT) AS line,
             csv_line AS text
      FROM reject_errors JOIN reject_scans USING (scan_id, file_id))
GROUP BY file, line
"""
_HAS_REJECTS = "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'reject_errors'"
_REJECTS = """
SELECT count(*), count(*) FILTER (error_type = 'INVALID ENCODING'),
       count(*) FILTER (error_type IN ('UNQUOTED VALUE', 'LINE SIZE OVER MAXIMUM'))
FROM reject_errors
"""


class Delimited(Source):
    """CSV or TSV files, alike in their columns; rows are counted as a spreadsheet counts them."""

    def __init__(self, name: str, files: Sequence[Path], intake: Origin) -> None:
        self.name = name
        self.files = list(files)
        self.intake = intake
        check_files(self.files)
        self._encodings: dict[Path, str] = {}
        self._mixed: set[Path] = set()
        self._quotes_are_sound = False
        self._folder = ""
        self._rewritten = tempfile.TemporaryDirectory(prefix="segmentation-")

    def digest(self) -> str | None:
        """Give the digest of the files."""
        return digest_of(self.files)

    def size(self) -> int:
        """Give the size of the files, unpacked."""
        return unpacked_size(self.files)

    def open(self, connection: duckdb.DuckDBPyConnection) -> Opened:
        """Give the engine the rows, every value as text; what is not UTF-8 is written again as such."""
        self._folder = common_folder(self.files)
        for file in self.files:
            self._encodings.setdefault(file, encoding_of(file, self.intake.encoding))
        layouts = {file: self._layout(file) for file in self.files}
        self._check_alike(layouts)
        if not self._quotes_are_sound:
            with_quotes = [file for file in self.files if look_through(file)]  # each file is looked through
            self._quotes_are_sound = not with_quotes
        groups: dict[tuple[Dialect, bool, str], list[Path]] = {}
        for file, layout in layouts.items():
            as_it_stands = self._encodings[file] == "utf-8" and file not in self._mixed
            groups.setdefault((layout, as_it_stands, packing_of(file)), []).append(file)
        first, *others = (
            self._rows(connection, n, files, layout, as_it_stands)
            for n, ((layout, as_it_stands, _), files) in enumerate(groups.items())
        )
        # a union goes by position, so each takes the order of the first
        in_order = ", ".join(map(engine.identifier, first.columns))
        rows = first
        for other in others:
            rows = rows.union(other.select(engine.translate(in_order)[0]))
        several = len(self.files) > 1
        if not several:
            rows = rows.select("* EXCLUDE (_file)")
        rows.create_view("source", replace=True)
        first_row = next(iter(layouts.values())).first_row
        first_rows = (
            {self._shown(file): layout.first_row for file, layout in layouts.items()} if several else {}
        )

        def blanks() -> list[tuple[str, int]]:
            return [
                (self._shown(file), row)
                for file, layout in layouts.items()
                for row in blank_rows(file, self._encodings[file], layout.delimiter, layout.first_row)
            ]

        name = self.files[0].name
        return Opened(kinds_of(rows), first_row, several, name, first_rows, blank_rows=blanks)

    def settle(self, connection: duckdb.DuckDBPyConnection, failed: bool) -> bool:
        """Keep the lines that are no rows; ask to be read again where other reasons for them are found."""
        # the engine makes its table of rejects when a reading comes to its end
        ((known,),) = connection.execute(_HAS_REJECTS).fetchall()
        rejects, broken, quoted = connection.execute(_REJECTS).fetchall()[0] if known else (0, 0, 0)
        again = (failed or rejects) and self._understand(broken > 0)
        if not again and (failed or quoted) and not self._quotes_are_sound:
            self._check_quotes()
            again = failed
        if again:
            if known:
                connection.execute("DELETE FROM reject_errors")
            return True
        if not failed:
            connection.execute(_REJECTED, self._places())
        return False

    def _understand(self, broken: bool) -> bool:
        """Look closely at the files whose lines are no rows: do their lines end in several ways, or are they
        Chinese behind a long stretch of ASCII? Say whether anything new was found.
        """
        plain = [file for file, encoding in self._encodings.items() if encoding == "utf-8"]
        chinese_after_all = [file for file in plain if broken and not is_damaged_utf8(file)]
        self._encodings |= {file: chinese(file, wide_sample(file)) for file in chinese_after_all}
        mixed = {file for file in self.files if file not in self._mixed and mixes_line_ends(file)}
        self._mixed |= mixed
        return bool(chinese_after_all or mixed)

    def _check_quotes(self) -> None:
        """Refuse a file where a quote would make one cell of many rows, which no count would show."""
        for file in self.files:
            layout = self._layout(file)
            found = swallowing(file, self._encodings[file], layout.delimiter, len(layout.columns))
            if found:
                opens, until = found
                raise DataError(
                    f'{file.name}, line {opens:,}: a quote (") opens here and is not closed before line '
                    f"{until:,}: the rows between would be one cell; close or remove the quote"
                )
        self._quotes_are_sound = True

    def _layout(self, file: Path) -> Dialect:
        text = sample_text(file, self._encodings[file])
        intake = self.intake
        return dialect_of(
            text, file.name, intake.columns, intake.delimiter, intake.header, intake.header_rows, intake.roles
        )

    def _check_alike(self, layouts: Mapping[Path, Dialect]) -> None:
        """Refuse files that are not of one source, measured by the first whose header is known."""
        fitting = (file for file in layouts if self.intake.recognises(layouts[file].columns))
        like = next(fitting, next(iter(layouts)))
        for other in layouts:
            odd = set(layouts[like].columns) ^ set(layouts[other].columns)
            if odd:
                named = ", ".join(sorted(map(repr, odd)))
                raise DataError(
                    f"{other.name}: its columns are not those of {like.name} ({named}); several files are "
                    f"one source only with the same columns; correct it, or take it out of the folder"
                )

    def _rows(
        self,
        connection: duckdb.DuckDBPyConnection,
        n: int,
        files: Sequence[Path],
        layout: Dialect,
        as_it_stands: bool,
    ) -> duckdb.DuckDBPyRelation:
        """The rows of the n-th group: files laid out alike, all as they stand or all written again."""
        names = [f"c{place}" for place in range(len(layout.columns))]
        columns = (f"{name} AS {engine.identifier(column)}" for name, column in zip(names, layout.columns))
        kinds = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
        suspect = " OR ".join(
            _SUSPECT.format(name=name, n=n, place=place) for place, name in enumerate(names)
        )
        sound = "" if self._quotes_are_sound else _SOUND.format(suspect=suspect)
        sql = engine.translate(_READ.format(n=n, columns=", ".join(columns), kinds=kinds, sound=sound))[0]
        told: dict[str, Any] = {
            f"{key}_{n}": value
            for key, value in {
                **self._places(),
                "paths": [literal(file if as_it_stands else self._rewrite(file)) for file in files],
                "compression": (as_it_stands and packing_of(files[0])) or "none",
                "delimiter": layout.delimiter,
                "header": layout.header,
                "skip": layout.skip,
            }.items()
        }
        if not self._quotes_are_sound:
            told |= {
                f"suspicion_{n}_{place}": suspicion(place, layout.delimiter) for place in range(len(names))
            }
        return connection.sql(sql, params=told)

    def _places(self) -> dict[str, str]:
        """Where the files and the rewritten ones lie: what comes before a file's name in its path."""
        return {"folder": self._folder, "rewritten": os.path.join(self._rewritten.name, "")}

    def _shown(self, file: Path) -> str:
        """What the rows of one of several files have in `_file`."""
        return str(file).replace(self._folder, "")

    def _rewrite(self, file: Path) -> Path:
        """Write a file again as UTF-8, its lines ending alike where they did not."""
        target = Path(self._rewritten.name) / file.relative_to(self._folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        to_utf8(file, self._encodings[file], target, plain_ends=file in self._mixed)
        return target


class BlankSeparated(Source):
    """One text file whose columns are separated by blanks, with a header in row 1."""

    def __init__(self, name: str, file: Path, columns: Mapping[str, str]) -> None:
        self.name = name
        self.file = file
        self.columns = columns
        check_files([file])

    def digest(self) -> str | None:
        """Give the digest of the file."""
        return digest_of([self.file])

    def size(self) -> int:
        """Give the size of the file."""
        return size_of([self.file])

    def open(self, connection: duckdb.DuckDBPyConnection) -> Opened:
        """Give the engine the rows, every value as text."""
        frame = pd.read_csv(self.file, sep=r"\s+", dtype=str, keep_default_na=False)
        connection.register("source", frame)
        return Opened(kinds_of(connection.table("source")), first_row=2, name=self.file.name)
