"""The workbook for the team: read back as it was written, harmless, printed well, the same bytes every time."""

import datetime
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import fastexcel
import pandas as pd
import pytest
from payloads import TEXTS

from segmentation import Study
from segmentation.command import workbook as of_month
from segmentation.questions.lists import LISTS, lists
from segmentation.show import workbook
from segmentation.show.workbook import Sheet, sheet_names, write_workbook
from segmentation.words.reader import Reader

CREATED = datetime.date(2017, 12, 31)
TIERS = {"A": "Key", "B": "Main", "C": "Ordinary"}
FRAME = pd.DataFrame(
    {
        "customer_id": ["007", "=1+1", "1e5", "2017-01-02"],
        "tier": ["A", "B", "C", None],
        "monetary": [1234.5, -0.25, 3.0, float("nan")],
        "growth": [0.123, float("inf"), None, -1.0],
        "frequency": [3, 1, 2, 9],
        "last_order": pd.to_datetime(["2017-12-31", "2017-01-02", None, "2016-02-29"]),
        "reasons": ["falling, silent", "", None, "below"],
    }
)


def written(path: Path, frame: pd.DataFrame, language: str = "en") -> fastexcel.ExcelReader:
    reader = Reader(language, "USD", tiers=TIERS)
    write_workbook(path, "Tiers", [Sheet("All", "Everybody.", frame)], reader, CREATED, "note")
    return fastexcel.read_excel(str(path))


def rows(book: fastexcel.ExcelReader, sheet: str | int) -> list[list[object]]:
    return book.load_sheet(sheet, header_row=None, dtypes="string").to_pandas().values.tolist()


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Twelve months of sixty customers whom two managers look after; one of them is called like a formula."""
    folder = tmp_path_factory.mktemp("workbook")
    lines = [
        (f"00{n}", f"2017-{month:02d}-{n % 27 + 1:02d}", n * (40 - 3 * month if n % 3 else 10 + month), who)
        for n in range(1, 61)
        for month in range(1, 13)
        if (n + month) % 4 and (n % 7 or month < 7)
        for who in ["=HYPERLINK(1)" if n % 2 else "Li: 张/三"]
    ]
    frame = pd.DataFrame(lines, columns=["customer_id", "date", "amount", "account_manager"])
    frame.to_csv(folder / "orders.csv", index=False)
    given = {"month": "2017-12", "window_months": 6, "methods": {"ABC": {}, "RFM": {}}, "origins": 1}
    return Study.open({**given, "orders": str(folder / "orders.csv"), "store": str(folder / "store")})


def test_every_cell_reads_back_as_what_it_is(tmp_path: Path) -> None:
    book = written(tmp_path / "t.xlsx", FRAME)
    assert book.sheet_names == ["Contents", "All"]
    found = book.load_sheet("All").to_pandas()
    assert list(found) == [
        *("Customer", "Tier", "Spend, USD", "Growth", "Orders", "Last order", "Why"),
    ]
    assert found["Customer"].tolist() == FRAME["customer_id"].tolist()
    assert found["Spend, USD"].fillna(0).tolist() == [1234.5, -0.25, 3.0, 0]
    assert found["Orders"].tolist() == [3, 1, 2, 9]
    assert (found["Last order"] == FRAME["last_order"]).tolist() == [True, True, False, True]
    assert found["Why"].fillna("").tolist()[0] == Reader().cells(FRAME["reasons"].head(1), "reasons")[0]


def test_headings_tiers_and_reasons_are_in_the_readers_language(tmp_path: Path) -> None:
    book = written(tmp_path / "t.xlsx", FRAME, "zh")
    said = "".join(str(cell) for row in rows(book, 1) for cell in row[1:]) + "".join(rows(book, 1)[0])
    assert not {letter for letter in said if letter.isascii() and letter.isalpha()} - set("ABCUSDnaone")
    assert rows(book, 1)[0][0] == "客户"


@pytest.mark.parametrize("text", TEXTS)
def test_no_text_is_a_formula_or_lost(tmp_path: Path, text: str) -> None:
    frame = pd.DataFrame({"customer_id": [text], "account_manager": [text], text or "empty": [text]})
    book = written(tmp_path / "t.xlsx", frame)
    assert rows(book, 1)[1] == [text or None] * 3
    with zipfile.ZipFile(tmp_path / "t.xlsx") as parts:
        sheets = [parts.read(name) for name in parts.namelist() if "worksheets/sheet" in name]
        assert not any(b"<f>" in sheet for sheet in sheets)
        assert b"hyperlink" not in sheets[1].replace(b"HYPERLINK", b"")


def test_filters_frozen_header_and_print_set_up(tmp_path: Path) -> None:
    written(tmp_path / "t.xlsx", FRAME)
    with zipfile.ZipFile(tmp_path / "t.xlsx") as parts:
        sheet = parts.read("xl/worksheets/sheet2.xml").decode()
        names = parts.read("xl/workbook.xml").decode()
    assert '<autoFilter ref="A1:G5"' in sheet
    assert 'topLeftCell="B2"' in sheet
    assert 'state="frozen"' in sheet
    assert 'orientation="landscape"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert "All!$1:$1" in names


def test_the_same_sheets_are_the_same_bytes_and_hold_no_clock(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        written(tmp_path / name, FRAME)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        assert {info.date_time[0] for info in parts.infolist()} == {1980}
        assert b"2017-12-31T00:00:00Z" in parts.read("docProps/core.xml")


def test_more_rows_than_a_sheet_holds_are_named_with_their_table(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(workbook, "ROWS", 3)
    sheets = [Sheet("All", "x", FRAME, "They are in tables/customers.csv."), Sheet("Few", "y", FRAME.head(3))]
    write_workbook(tmp_path / "t.xlsx", "Tiers", sheets, Reader(tiers=TIERS), CREATED)
    book = fastexcel.read_excel(str(tmp_path / "t.xlsx"))
    assert book.sheet_names == ["Contents", "Few"]
    assert any("tables/customers.csv" in str(row) for row in rows(book, 0))


def test_names_of_sheets_are_allowed_and_all_different() -> None:
    wanted = ["a" * 40, "A" * 40, "History", "[x]:*?/\\", "''", "", "客" * 40, "😀" * 20]
    names = sheet_names(wanted)
    assert len({name.casefold() for name in names}) == len(wanted)
    assert all(0 < len(name.encode("utf-16-le")) <= 62 and not set(name) & set("[]:*?/\\") for name in names)


def test_a_month_has_its_lists_all_customers_and_a_sheet_for_each_manager(
    study: Study, tmp_path: Path
) -> None:
    of_month.write(study, tmp_path / "customers.xlsx")
    book = fastexcel.read_excel(str(tmp_path / "customers.xlsx"))
    named = list(lists(study))
    assert {"actions", "key_customers", "lost", "slipping"} <= set(named)
    assert book.sheet_names == [
        *("Contents", *(LISTS[name][0] for name in named), "All customers"),
        *("=HYPERLINK(1)", "Li 张 三"),
    ]
    for name in named:
        listed = [row[0] for row in rows(book, LISTS[name][0])[1:]]
        assert listed == study.ask(name)["customer_id"].tolist(), name
    everybody = [row[0] for row in rows(book, "All customers")[1:]]
    assert sorted(everybody) == study.profile()["customer_id"].tolist()
    key = rows(book, "Key customers")[1:]
    assert len(key) == study.ask("tier_shares").query("method == 'ABC' and tier == 'A'")["customers"].iloc[0]
    theirs = rows(book, "=HYPERLINK(1)")
    assert {row[theirs[0].index("Account manager")] for row in theirs[1:]} == {"=HYPERLINK(1)"}
    both = len(theirs) + len(rows(book, "Li 张 三")) - 2
    assert both == sum(len(study.ask(name)) for name in named), "nobody on a list is nobody's"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_libreoffice_opens_it_and_reads_what_was_written(study: Study, tmp_path: Path, language: str) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no LibreOffice found; install libreoffice-calc")
        pytest.skip("no LibreOffice found")
    path = tmp_path / "customers.xlsx"
    of_month.write(study.with_(language=language), path)
    # every sheet as a CSV of its own (-1), UTF-8 (76), cells as they are shown
    how = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={(tmp_path / 'office').as_uri()}",
            "--headless",
            "--convert-to",
            how,
            path,
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=300,
    )
    book = fastexcel.read_excel(str(path))
    sheets = sorted(tmp_path.glob("customers-*.csv"))
    assert len(sheets) == len(book.sheet_names)
    every = study.with_(language=language).say("All customers")
    shown = pd.read_csv(tmp_path / f"customers-{every}.csv", dtype=str)
    ranked = study.ask("customers").sort_values(["monetary", "customer_id"], ascending=[False, True])
    assert shown.iloc[:, 0].tolist() == ranked["customer_id"].tolist(), "leading zeros stay"
    money = shown[Reader(language, "USD").heading("monetary")]
    assert money.str.replace(",", "").astype(float).tolist() == ranked["monetary"].tolist()
    assert shown.iloc[:, 1].isin(["=HYPERLINK(1)", "Li: 张/三"]).all()
    days = shown[Reader(language).heading("last_order")]
    assert days.tolist() == ranked["last_order"].dt.strftime("%Y-%m-%d").tolist()
    assert json.dumps(shown.values.tolist()).count("#") == 0, "nothing is too wide for its column"
