"""What a run publishes beside its pages: tables for the sales team, the rules, and every customer's tier."""

from pathlib import Path

import pandas as pd

import segmentation.questions  # noqa: F401  every question's facts
from segmentation.command import workbook
from segmentation.errors import ParameterError
from segmentation.questions.customers import tiered
from segmentation.questions.responsible import with_responsible
from segmentation.questions.summary import summary
from segmentation.reporting.contents import SUMMARY
from segmentation.reporting.manifest import readable
from segmentation.show.spreadsheets import in_words, write_csv
from segmentation.study.facts import FACTS
from segmentation.study.study import Study

# where they lie in the run's folder; a later language's get its ending
WORKBOOK = "customers{ending}.xlsx"
TABLES = "tables/{name}{ending}.csv"


def write_artefacts(study: Study, folder: Path) -> None:
    """Write tables/*.csv, customers.xlsx, rules/*.json and *.sql, tiers.parquet and summary.json.

    Tables and workbook are written once a language, named as its pages are; the same study gives the same
    bytes.
    """
    for number, language in enumerate(study.settings.languages):
        ending = f".{language}" if number else ""
        told = study.with_(language=language) if number else study
        _into(folder / "tables")
        where = TABLES.replace("{ending}", ending)
        for name, table in tables(told).items():
            write_csv(in_words(table, told.reader), _inside(folder, where.format(name=name)))
        workbook.write(told, folder / WORKBOOK.format(ending=ending), where)
    _into(folder / "rules")
    for name in study.settings.methods:
        rule = study.rule(name)
        if rule is not None:
            _inside(folder, f"rules/{name}.json").write_text(rule.to_json(), encoding="utf-8")
            _inside(folder, f"rules/{name}.sql").write_text(rule.to_sql("customers") + "\n", encoding="utf-8")
    tiered(study).to_parquet(folder / "tiers.parquet", index=False)
    (folder / SUMMARY).write_text(readable(summary(study)), encoding="utf-8")


def tables(study: Study) -> dict[str, pd.DataFrame]:
    """Every published fact that is there, by name; the customers of a list with who looks after them."""
    found = {
        name: fact(study) for name, fact in FACTS.items() if fact.publish and fact.missing(study) is None
    }
    return {
        name: with_responsible(study, table) if "customer_id" in table else table
        for name, table in found.items()
    }


def _inside(folder: Path, name: str) -> Path:
    """The path of a file in the folder; raises ParameterError for a name that leads out of it."""
    path = folder / name
    if path.parent.resolve() != (folder / name.partition("/")[0]).resolve():
        raise ParameterError(f"{name}: leads out of the run's folder; nothing is written")
    return path


def _into(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
