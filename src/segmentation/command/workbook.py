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
from segmentation.words.reader import Sentence, sentence

_KEY = [
    *("customer_id", "tier", "tier_by_rule", "chance", "monetary", "profit", "frequency", "recency_days"),
    *("last_order", "mean_gap_days", "recent", "previous", "growth"),
]
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
    everybody = customers(study)
    ranked = everybody.sort_values(["monetary", "customer_id"], ascending=[False, True], ignore_index=True)
    best = study.tier_names[0]
    key = _shown(study, ranked[ranked["tier"] == best])
    in_front = {name: found.pop(name) for name in ("actions",) if name in found}
    for name, frame in in_front.items():
        yield _of(study, name, frame, tables)
    yield Sheet(
        study.say("{top:tier}", top=best),
        study.say("Every customer of the best tier, the most spend first."),
        key,
        _instead(study, tables, "customers"),
    )
    for name, frame in found.items():
        yield _of(study, name, frame, tables)
    yield Sheet(
        study.say("All customers"),
        study.say("Every customer with an order in the window, the most spend first."),
        with_responsible(
            study,
            ranked.drop(columns=_repeats(study, ranked), errors="ignore").dropna(axis="columns", how="all"),
        ),
        _instead(study, tables, "customers"),
    )
    yield from _by_manager(study, {"key": key, **in_front, **found})


def _of(study: Study, name: str, frame: pd.DataFrame, tables: str) -> Sheet:
    called, about = LISTS[name]
    return Sheet(study.say(called), study.say(about), frame, _instead(study, tables, name))


def _instead(study: Study, tables: str, name: str) -> str:
    return study.say(
        "These are more rows than a sheet holds; all of them are in {file}.", file=tables.format(name=name)
    )


def _shown(study: Study, found: pd.DataFrame) -> pd.DataFrame:
    """The columns of the key customers; the rule's own tier only where somebody decided otherwise."""
    shown = [name for name in _KEY if name in found and name not in _repeats(study, found)]
    return with_responsible(study, found[shown].dropna(axis="columns", how="all"))


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
    called: dict[str, str | Sentence] = {"key": sentence("{top:tier}", top=study.tier_names[0])}
    called |= {name: LISTS[name][0] for name in by_name if name != "key"}
    parts = [
        frame.assign(list=study.say(called[name]))[["list", *frame.columns]]
        for name, frame in by_name.items()
    ]
    together = pd.concat(parts, ignore_index=True)
    in_order = together.groupby(who)["list"].size().sort_values(ascending=False, kind="stable").index
    for name in sorted(in_order[:_MOST_MANAGERS]):
        found = together[together[who] == name].dropna(axis="columns", how="all")
        about = sentence("The lists of {who}, {n:integer} {n:row|rows}.", who=str(name), n=len(found))
        yield Sheet(str(name), study.say(about), found.reset_index(drop=True))
