"""What a run publishes beside its pages: complete, harmless in a spreadsheet, the same bytes every time."""

import hashlib

import duckdb
import pandas as pd
import pytest

from segmentation import Study
from segmentation.command.artefacts import tables, write_artefacts
from segmentation.rules import Rule
from segmentation.show.spreadsheets import harmless, in_words, write_csv
from segmentation.study.facts import FACTS
from segmentation.words.reader import Reader, sentence

GIVEN = {
    "orders": "demo:cdnow",
    "month": "1997-12",
    "window_months": 6,
    "methods": ["ABC", "RFM"],
    "origins": 1,
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    store, folder = tmp_path_factory.mktemp("store"), tmp_path_factory.mktemp("run")
    study = Study.open({**GIVEN, "store": str(store)})
    write_artefacts(study, folder)
    return study, folder


def test_two_stores_give_the_same_bytes(run, tmp_path):
    _, folder = run
    other = tmp_path / "run"
    write_artefacts(Study.open({**GIVEN, "store": str(tmp_path / "another store")}), other)

    def digests(root):
        return {
            str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in root.rglob("*.*")
        }

    assert digests(other) == digests(folder)


def test_every_customer_is_listed_with_every_tier(run):
    study, folder = run
    customers = pd.read_csv(folder / "tables" / "customers.csv", dtype={"Customer": str})
    assert customers["Customer"].tolist() == study.profile()["customer_id"].tolist()
    assert customers["Tier"].tolist() == customers["ABC: tier"].tolist()
    assert pd.read_parquet(folder / "tiers.parquet")["RFM_tier"].tolist() == customers["RFM: tier"].tolist()
    assert customers["Customer"].str.len().eq(5).all()  # CDNOW's ids keep their leading zeros


@pytest.mark.parametrize("name", ["ABC", "RFM"])
def test_published_rules_give_the_published_tiers(run, name):
    study, folder = run
    rule = Rule.from_json((folder / "rules" / f"{name}.json").read_text("utf-8"))
    tiers = pd.read_parquet(folder / "tiers.parquet")
    assert rule.apply(study.profile())["tier"].tolist() == tiers[f"{name}_tier"].tolist()
    with duckdb.connect() as engine:
        engine.register("customers", study.profile())
        sql = (folder / "rules" / f"{name}.sql").read_text("utf-8")
        found = engine.sql(f"FROM ({sql.strip().rstrip(';')}) ORDER BY customer_id").df()
    assert found["tier"].tolist() == tiers[f"{name}_tier"].tolist()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum(a)", "\t=1", "\r=1", "\n=1", "＝1", " =cmd"])
def test_no_text_is_run_as_a_formula(text):
    assert harmless(pd.DataFrame({"customer_id": [text, "safe"]}))["customer_id"].tolist() == [
        f"'{text}",
        "safe",
    ]


def test_chinese_opens_in_a_spreadsheet(tmp_path):
    write_csv(pd.DataFrame({"客户": ["张三", None]}), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes() == '\ufeff"客户"\n"张三"\n""\n'.encode()


def test_every_fact_that_is_there_is_a_file_and_no_other(run):
    study, folder = run
    there = {name for name, fact in FACTS.items() if fact.publish and not fact.missing(study)}
    assert {path.stem for path in (folder / "tables").iterdir()} == there
    assert {"customers", "moves", "trial", "gates", "worthwhile", "reconciliation", "lost"} <= there
    assert not {"overrides", "by_account_manager"} & there, "nobody set a tier, nobody looks after anybody"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_headings_and_words_are_the_readers_and_the_rest_is_as_it_was(run, language):
    study, _ = run
    reader = Reader(language, "USD", tiers=study.settings.tiers)
    for name, table in tables(study).items():
        said = in_words(table, reader)
        assert said.shape == table.shape, name
        headings = [heading for heading in said if "_" in heading or (language == "zh" and heading.isascii())]
        assert headings == [], name
        for column, heading in zip(table, said):
            assert said[heading].isna().equals(table[column].isna()), (name, column)
            if table[column].dtype.kind in "iM":
                assert said[heading].equals(table[column].rename(heading)), (name, column)
            if table[column].dtype.kind == "f":  # as shown
                again = said[heading].rename(column)
                assert reader.cells(again, column) == reader.cells(table[column], column), (name, column)
                assert again.map(lambda value: len(f"{value}".partition(".")[2]) <= 3).all(), (name, column)


def test_words_of_a_column_are_said_once_and_empty_cells_stay_empty():
    moved = pd.DataFrame({"kind": ["up", None, "up"], "within_noise": [True, False, None]})
    said = in_words(moved, Reader("zh"))
    assert said.fillna("").values.tolist() == [["升级", "是"], ["", "否"], ["升级", ""]]
    found = pd.DataFrame({"found": [sentence("{n:integer} {n:month|months}", n=1)]})
    assert in_words(found, Reader()).values.tolist() == [["1 month"]]
    assert in_words(moved.head(0), Reader("zh")).empty
    with pytest.raises(ValueError, match="the same heading"):
        in_words(pd.DataFrame({"frequency": [1], "orders": [1]}), Reader())
