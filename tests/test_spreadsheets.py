"""CSV for a spreadsheet and for programs: every cell reads back as it was, and none is run as a formula."""

import csv
import re
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from payloads import TEXTS

from segmentation.show.spreadsheets import harmless, in_words, write_csv
from segmentation.words.reader import Reader

READERS = {
    "csv": lambda path: list(csv.reader(path.open(encoding="utf-8-sig", newline="")))[1:],
    "pandas": lambda path: pd.read_csv(path, dtype=str, keep_default_na=False).values.tolist(),
    "duckdb": lambda path: [
        [cell or "" for cell in row]
        for row in duckdb.sql(f"FROM read_csv('{path}', all_varchar = true, header = true)").fetchall()
    ],
}
# what Excel, LibreOffice and Google Sheets run, whatever stands before it that they do not count
RUN = re.compile(r"^(?:[\t\r\n]|[\s\x00-\x1f\x7f\u200b\ufeff\xa0]*[=+\-@＝＋－＠])")


def guarded(text: str) -> str:
    """The text as a program takes the guard away: one apostrophe before what would be run."""
    return text[1:] if text.startswith("'") and RUN.match(text.lstrip("'")) else text


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("text", TEXTS)
def test_every_cell_reads_back_as_it_was_and_none_is_run(tmp_path: Path, name: str, text: str) -> None:
    rows = [[text, "1", "x"], ["x", "2", text], [text, "3", text]]
    write_csv(pd.DataFrame(rows, columns=["客户", "n", "Why"]), tmp_path / "t.csv")
    found = READERS[name](tmp_path / "t.csv")
    assert [[guarded(cell) for cell in row] for row in found] == rows
    assert not [cell for row in found for cell in row if RUN.match(cell)]


@pytest.mark.parametrize("name", READERS)
def test_all_of_them_in_one_file_read_back(tmp_path: Path, name: str) -> None:
    write_csv(pd.DataFrame({"id": TEXTS, "n": [str(n) for n in range(len(TEXTS))]}), tmp_path / "t.csv")
    assert [guarded(row[0]) for row in READERS[name](tmp_path / "t.csv")] == TEXTS


def test_a_name_with_a_return_in_a_heading_stays_one_heading(tmp_path: Path) -> None:
    write_csv(pd.DataFrame({"a\rb": ["1"], "=c": ["2"]}), tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["a\rb", "'=c"], ["1", "2"]]


def test_the_guard_can_be_taken_away_again() -> None:
    texts = [text for text in TEXTS if text]
    safe = harmless(pd.DataFrame({"id": texts}))["id"].tolist()
    assert [guarded(text) for text in safe] == texts
    assert len(set(safe)) == len(set(texts))


def test_numbers_are_rounded_as_they_are_shown_and_money_to_its_minor_unit() -> None:
    frame = pd.DataFrame(
        {"monetary": [1234.5678], "share": [0.123456], "difference": [-0.04321], "mean_gap_days": [3.7]}
    )
    assert in_words(frame, Reader(currency="USD")).values.tolist() == [[1234.57, 0.123, -0.043, 4.0]]
    assert in_words(frame, Reader(currency="JPY", minor_units=0)).values.tolist()[0][0] == 1235.0
