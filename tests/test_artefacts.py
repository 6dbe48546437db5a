"""What a run publishes beside its pages: complete, harmless in a spreadsheet, the same bytes every time."""

import hashlib

import duckdb
import pandas as pd
import pytest

from segmentation import Study
from segmentation.rules import Rule
from segmentation.show.spreadsheets import harmless, write_csv

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
    study.write_artefacts(folder)
    return study, folder


def test_two_stores_give_the_same_bytes(run, tmp_path):
    _, folder = run
    other = tmp_path / "run"
    Study.open({**GIVEN, "store": str(tmp_path / "another store")}).write_artefacts(other)

    def digests(root):
        return {
            str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in root.rglob("*.*")
        }

    assert digests(other) == digests(folder)


def test_every_customer_is_listed_with_every_tier(run):
    study, folder = run
    customers = pd.read_csv(folder / "tables" / "customers.csv", dtype={"customer_id": str})
    assert customers["customer_id"].tolist() == study.profile()["customer_id"].tolist()
    assert customers["tier"].tolist() == customers["ABC_tier"].tolist()
    assert pd.read_parquet(folder / "tiers.parquet")["RFM_tier"].tolist() == customers["RFM_tier"].tolist()
    assert customers["customer_id"].str.len().eq(5).all()  # CDNOW's ids keep their leading zeros


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
    assert (tmp_path / "t.csv").read_bytes() == '\ufeff客户\n张三\n""\n'.encode()
