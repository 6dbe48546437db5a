"""customers.xlsx, what the team works from: the lists of the month, every customer, and a sheet for each manager."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from segmentation import months
from segmentation.questions.customers import customers
from segmentation.questions.lists import LISTS, lists
from segmentation.questions.responsible import with_responsible
from segmentation.show.workbook import Sheet, write_workbook
from segmentation.study.study import Study
from segmentation.words.reader import sentence

_MOST_MANAGERS = 100


def write(study: Study, path: Path, tables: str = "tables/{name}.csv") -> None:
    """Write the workbook in the study's first language; `tables` is where the CSV of a fact is."""
    title = study.say("Customer tiers {month:month}", month=study.month)
    note = study.say(
        "{customers:integer} customers, {window:integer} {window:month|months} up to {month:month}; money in "
        "{currency}; tiers by {official:word}.",
        customers=len(study.profile()),
        window=study.window_months,
        month=study.month,
        currency=study.settings.currency,
        official=study.settings.official,
    )
    sheets = list(_sheets(study, tables))
    write_workbook(path, title, sheets, study.reader, months.last_day(study.month), note)


def _sheets(study: Study, tables: str) -> Iterator[Sheet]:
    found = lists(study)
    for name, frame in found.items():
        called, about = LISTS[name]
        yield Sheet(study.say(called), study.say(about), frame, _instead(study, tables, name))
    ranked = customers(study).sort_values(
        ["monetary", "customer_id"], ascending=[False, True], ignore_index=True
    )
    everybody = ranked.drop(columns=_repeats(study, ranked), errors="ignore").dropna(
        axis="columns", how="all"
    )
    yield Sheet(
        study.say("All customers"),
        study.say("Every customer with an order in the window, the most spend first."),
        with_responsible(study, everybody),
        _instead(study, tables, "customers"),
    )
    yield from _by_manager(study, found)


def _instead(study: Study, tables: str, name: str) -> str:
    return study.say(
        "These are more rows than a sheet holds; all of them are in {file}.", file=tables.format(name=name)
    )


def _repeats(study: Study, found: pd.DataFrame) -> list[str]:
    """The columns that say again what another one says."""
    again = [f"{study.settings.official}_tier"]
    if (found["tier"] == found["tier_by_rule"]).all():
        again.append("tier_by_rule")
    scores = [f"{name}_score" for name in study.settings.methods]
    return again + [name for name in scores if name in found and (found[name] == found["monetary"]).all()]


def _by_manager(study: Study, by_name: dict[str, pd.DataFrame]) -> Iterator[Sheet]:
    """A sheet for everybody who looks after customers: all the lists below each other, to be filtered."""
    if len(study.responsible().columns) < 2:
        return
    who = study.responsible().columns[1]
    parts = [
        frame.assign(list=study.say(LISTS[name][0]))[["list", *frame.columns]]
        for name, frame in by_name.items()
    ]
    together = pd.concat(parts, ignore_index=True)
    in_order = together.groupby(who)["list"].size().sort_values(ascending=False, kind="stable").index
    for name in sorted(in_order[:_MOST_MANAGERS]):
        found = together[together[who] == name].dropna(axis="columns", how="all")
        about = sentence("The lists of {who}, {n:integer} {n:row|rows}.", who=str(name), n=len(found))
        yield Sheet(str(name), study.say(about), found.reset_index(drop=True))
