"""Who is this customer, asked of any of them: what the page of customers shows of the one that is searched."""

from collections.abc import Mapping

import pandas as pd

from segmentation.questions.customers import customers, last_year
from segmentation.questions.lists import LISTS, lists
from segmentation.questions.responsible import with_responsible
from segmentation.rules import Rule
from segmentation.rules.changes import smallest_changes
from segmentation.rules.explain import codes_of, reasons
from segmentation.rules.values import measured
from segmentation.show.charts.colours import hue
from segmentation.show.search import Records, Search
from segmentation.study.facts import FACTS
from segmentation.study.study import Study
from segmentation.words.columns import column_of
from segmentation.words.formats import write
from segmentation.words.reader import sentence

MOST = 5000
# what is shown of a customer beside the tiers, by the fact that has it; a fact that is not there shows nothing
FIGURES: dict[str, tuple[str, ...]] = {
    "customers": (
        *("monetary", "profit", "frequency", "recency_days", "last_order", "first_order", "mean_gap_days"),
        *("growth", "chance", "stage", "p_churn", "changes"),
    ),
    "credit": ("credit_grade", "late_share", "overdue"),
}


def search(study: Study, limit: int = MOST) -> Search:
    """Search every customer, or those with the most money: tiers, why, what is next, a year, the lists."""
    everybody = _everybody(study)
    shown = everybody.head(limit)
    reader = study.reader
    records = Records(shown["customer_id"].tolist())
    named = [name for name in ("customer_name", *study.responsible().columns[1:]) if name in shown]
    payload = {
        "csv": "customers",  # the fact that has all of them
        "label": study.say("Search a customer"),
        "found": study.say("Found: {n}", n="{n}"),
        "none": study.say("Nobody is called so."),
        "note": _who_is_here(study, len(shown), len(everybody)),
        "title": study.say("Customer {customer}", customer="{id}"),
        "badge": records.cell(reader.cells(shown["tier"], "tier")),
        "hues": {
            reader.cells(pd.Series([tier]), "tier")[0]: hue(tier, study.tier_names)
            for tier in (*study.tier_names, "dormant")
        },
        "names": [int(_column(study, records, shown, name).strip("\x00")) for name in named],
        "says": [records.cell(_placed(study, shown)), records.cell(_on_lists(study, shown))],
        "figures": [
            [reader.heading(name), records.cell([_column(study, records, shown, name)] * len(shown))]
            for name in (*named, *(n for names in FIGURES.values() for n in names))
            if name in shown and shown[name].notna().any()
        ],
        "picture": _year(study, records, shown),
        "table": {
            "caption": study.say("The tier by every method"),
            "heads": [
                *(reader.heading(name) for name in ("method", "tier", "segment", "score")),
                study.say("Why it is there"),
                study.say("The smallest change to a better tier"),
            ],
            "rows": [_by_method(study, records, shown, name) for name in study.settings.methods],
        },
        "pool": records.pool,
    }
    known = [name for name in ("customer_id", *named, "tier", "monetary", "last_order") if name in shown]
    fallback = study.table(shown[known], "Every customer, the most spend first", limit=25, name="customers")
    return Search(fallback.html, fallback.text, payload)


def _everybody(study: Study) -> pd.DataFrame:
    """The customers of the window, the most spend first, then the dormant, the last to order first."""
    found = customers(study)
    for name in FIGURES:
        if name != "customers" and name in FACTS and FACTS[name].missing(study) is None:
            more = study.ask(name)
            new = [column for column in FIGURES[name] if column in more and column not in found]
            found = found.merge(more[["customer_id", *new]], on="customer_id", how="left")
    dormant = study.dormant().sort_values(["last_order", "customer_id"], ascending=[False, True])
    found = found.sort_values(["monetary", "customer_id"], ascending=[False, True])
    together = pd.concat([found, dormant.assign(tier="dormant")], ignore_index=True)
    listed = {customer for frame in lists(study).values() for customer in frame["customer_id"]}
    first = together["customer_id"].isin(listed) | (together["tier"] == study.tier_names[0])
    order = pd.concat([together[first], together[~first]]).head(MOST).index
    return with_responsible(study, pd.concat([together.loc[sorted(order)], together.drop(index=order)]))


def _who_is_here(study: Study, shown: int, everybody: int) -> str:
    if shown == everybody:
        return study.say("All {n:integer} customers can be found here, also the dormant ones.", n=shown)
    return study.say(
        "{shown:integer} of {all:integer} customers can be found here: those on a list and of the best tier, then "
        "those with the most spend. `segmentation explain` knows all of them.",
        shown=shown,
        all=everybody,
    )


def _column(study: Study, records: Records, shown: pd.DataFrame, name: str) -> str:
    """The mark of a figure; what a rule reads is written exactly, as `explain` writes it."""
    if name in records:
        return records.column(name, [])
    reader = study.reader
    rules = [study.rule(method) for method in study.settings.methods if not study.failed(method)]
    read = {column for rule in rules if rule is not None for column in rule.columns}
    if column_of(name).format in ("money", "exact") or (name in read and column_of(name).format == "days"):
        known = {value: _exact(study, value, name) for value in shown[name].unique()}
        said = [known[value] if pd.notna(value) else "–" for value in shown[name]]
    elif column_of(name).format == "integer":
        said = [f"{value:,.0f}" if pd.notna(value) else "–" for value in shown[name]]
    else:
        said = reader.cells(shown[name], name)
    return records.column(name, said)


def _exact(study: Study, value: float, name: str) -> str:
    """A value as a rule's explanation says it, money without its currency."""
    return "–" if pd.isna(value) else study.say(measured(float(value), name, "", study.settings.minor_units))


def _placed(study: Study, shown: pd.DataFrame) -> list[str]:
    """The tier that counts, and the rule's where it says another one; since when a customer is dormant."""
    official = study.settings.official
    said = {
        (tier, by_rule): study.say(
            "{tier:tier} in {month:month}, by {official:word}."
            if tier == by_rule
            else "{tier:tier} in {month:month}; {official:word} alone says {rule:tier}.",
            tier=tier,
            rule=by_rule,
            month=study.month,
            official=official,
        )
        for tier, by_rule in set(zip(shown["tier"], shown["tier_by_rule"]))
        if tier != "dormant"
    }
    dormant = study.say(
        "Dormant: no order in the {n:integer} {n:month|months} up to {month:month}.",
        n=study.window_months,
        month=study.month,
    )
    return [said.get(pair, dormant) for pair in zip(shown["tier"], shown["tier_by_rule"])]


def _on_lists(study: Study, shown: pd.DataFrame) -> list[str]:
    """The lists that each customer stands on; empty for none."""
    where: dict[str, list[str]] = {}
    for name, frame in lists(study).items():
        for customer in dict.fromkeys(frame["customer_id"]):
            where.setdefault(customer, []).append(LISTS[name][0])
    said = {tuple(names): study.say("On the lists: {names:list}.", names=names) for names in where.values()}
    return [said.get(tuple(where.get(customer, [])), "") for customer in shown["customer_id"]]


def _year(study: Study, records: Records, shown: pd.DataFrame) -> dict[str, object]:
    spent = shown[["customer_id"]].merge(last_year(study), on="customer_id", how="left").fillna(0.0)
    rows = spent[[month for month in spent if month != "customer_id"]]
    most = rows.max(axis="columns")
    when = [study.reader.month(str(month)) for month in rows.idxmax(axis="columns")]
    top = records.column("most", write(most, "money"))
    said = {
        month: study.say(
            "Spend of the last {n:integer} {n:month|months}, the most {money} in {month}.",
            n=rows.shape[1],
            money=f"{study.settings.currency} {top}",
            month=month,
        )
        for month in set(when)
    }
    nothing = study.say("No spend in the last {n:integer} {n:month|months}.", n=rows.shape[1])
    return {
        "label": records.cell([said[month] if value > 0 else nothing for month, value in zip(when, most)]),
        "heads": [study.reader.month(str(month)) for month in rows],
        "heights": records.picture("year", rows.to_numpy().tolist()),
    }


def _by_method(study: Study, records: Records, shown: pd.DataFrame, method: str) -> list[object]:
    """A row of the table: the method, the tier, segment and score, why, and the smallest change upwards."""
    here = shown["tier"] != "dormant"
    called = records.cell([study.reader.word(method)] * len(shown))
    if f"{method}_tier" not in shown:
        why = study.say("{method:word} failed: {why}", method=method, why=study.failed(method))
        return [called, [], [], [], records.cell([why] * len(shown)), []]
    rule = study.rule(method)
    cells: list[object] = [called]
    for part in ("tier", "segment", "score"):
        name = f"{method}_{part}"
        if name not in shown:
            cells.append([])
        elif part == "score" and shown[name].equals(shown["monetary"].rename(name)):
            cells.append(records.cell([_column(study, records, shown, "monetary")] * len(shown)))
        else:
            said = study.reader.cells(shown[name], part)
            mark = records.column(name, ["" if text == "–" else text for text in said])
            cells.append(records.cell([mark] * len(shown)))
    if rule is None:
        nothing = study.say("{method:word} only gives scores: there is no rule to explain.", method=method)
        return [*cells, records.cell([nothing if there else "" for there in here]), []]
    told = {column: _told(study, records, shown, column) for column in rule.columns}
    return [
        *cells,
        records.cell(_why(study, records, shown, method, rule, told)),
        _next(study, records, shown, method, rule, told),
    ]


def _told(study: Study, records: Records, shown: pd.DataFrame, column: str) -> str:
    """The mark of a column's value with its currency, as sentences say it."""
    mark = _column(study, records, shown, column)
    money = column_of(column).format in ("money", "exact")
    return f"{study.settings.currency} {mark}" if money else mark


def _why(
    study: Study, records: Records, shown: pd.DataFrame, method: str, rule: Rule, told: Mapping[str, str]
) -> list[str]:
    """Why each customer has its tier: what the rule reads of it, the same words for all of them."""
    here = shown["tier"] != "dormant"
    codes = {}
    for code, said in codes_of(rule, shown[here]).items():
        texts = pd.Series("", index=shown.index).mask(
            here, pd.Series(map(str, said), index=shown.index[here])
        )
        codes[code] = records.column((method, code), texts.tolist())
    reader = study.reader
    why = reader.joined([reader.say(reason) for reason in reasons(rule, told, codes)], "semicolon")
    return [why if there else "" for there in here]


def _next(
    study: Study, records: Records, shown: pd.DataFrame, method: str, rule: Rule, told: Mapping[str, str]
) -> object:
    """The smallest change of a single value that would lift each customer's tier, as `explain` says it."""
    here = shown["tier"] != "dormant"
    found = smallest_changes(rule, shown[here]).reindex(shown.index)
    changed = [
        _exact(study, value, str(column)) if pd.notna(value) else ""
        for value, column in zip(found["changed"], found["column"])
    ]
    mark = records.column((method, "changed"), changed)
    said = {}
    for column, tier in set(zip(found["column"].dropna(), found["tier"].dropna())):
        money = f"{study.settings.currency} " if column_of(column).format in ("money", "exact") else ""
        said[column, tier] = study.say(
            sentence(
                "It would rise to {tier} with {column:column} {changed} instead of {value}.",
                tier=tier,
                column=column,
                changed=f"{money}{mark}",
                value=told[column],
            )
        )
    nothing = study.say("No change of a single value would lift it.")
    best = study.tier_names[0]
    stuck = [there and tier != best for there, tier in zip(here, shown[f"{method}_tier"])]
    return records.cell(
        [
            said.get((column, tier), nothing if stays else "")
            for column, tier, stays in zip(found["column"], found["tier"], stuck)
        ]
    )
