"""What came in, does it reconcile, is it good enough to publish, and is tiering worthwhile?"""

import pandas as pd

from segmentation.intake.reconciliation import first_of_each
from segmentation.questions.gates import OK, gates
from segmentation.questions.worthwhile import LITTLE, WORTHWHILE, worth_tiering
from segmentation.show import charts
from segmentation.show.charts.chart import Chart
from segmentation.show.tables import Block
from segmentation.study.facts import fact
from segmentation.study.presenting import Kind
from segmentation.study.study import Study
from segmentation.words.reader import sentence

_SHOWN = 20
_ROLES = {
    "cost": "goods_cost",
    "status": "order_status",
}  # the columns of the catalogue that are called otherwise
_KINDS: dict[str, Kind] = {WORTHWHILE: "good", LITTLE: "bad"}


@fact
def reconciliation(study: Study) -> pd.DataFrame:
    """Every line that came in accounted for, rule by rule, in rows, orders, customers and money."""
    return study.ledger.reconciliation()


def answer(study: Study) -> Block:
    """Whether every line is accounted for."""
    came, used = _ends(study)
    aside = int(came["rows"] - used["rows"])
    share = aside / max(int(came["rows"]), 1)
    return study.answer(
        "Every one of {came:integer} {came:line|lines} is accounted for: {used:integer} {used:is|are} used, "
        "{aside:integer} {aside:is|are} set aside, each with its reason."
        if aside
        else "All {came:integer} {came:line|lines} are used; none had to be set aside.",
        "The ledger holds {amount:exact} for {customers:integer} {customers:customer|customers} in "
        "{months:integer} {months:month|months}, {first:month} to {last:month}; it equals the accepted lines to "
        "the last minor unit.",
        came=int(came["rows"]),
        used=int(used["rows"]),
        aside=aside,
        amount=used["amount"],
        customers=int(used["customers"]),
        months=len(study.ledger.months),
        first=study.ledger.first,
        last=study.ledger.last,
        kind="good" if share < 0.05 else "caution",
    )


def totals(study: Study) -> Block:
    """Lines, customers, orders and money, as they were used."""
    came, used = _ends(study)
    return study.figures(
        ("Lines that came in", int(came["rows"]), sentence("{source}", source=study.ledger.source)),
        ("Lines used", int(used["rows"]), ""),
        ("Orders", int(used["orders"]), ""),
        ("Customers", int(used["customers"]), ""),
        ("Money", study.say("{amount:money}", amount=used["amount"]), ""),
    )


def reconciled(study: Study) -> Block:
    """Every rule that found something, with the rows, orders, customers and money; the ledger comes last."""
    lines = reconciliation(study)
    quiet = lines[(lines["rows"] == 0) & lines["effect"].isin(["counted", "set aside"])]
    note = sentence("Looked for and not found: {rules:list}.", rules=list(quiet["rule"]))
    return study.table(
        lines.drop(quiet.index).reset_index(drop=True),
        "From the lines that came in to the ledger",
        note=note if len(quiet) else None,
        name="reconciliation",
    )


def gates_found(study: Study) -> Block:
    """What each gate found of the month, and whether it passes, warns or stops the run."""
    found = gates(study)
    caption = sentence("Is the data of {month:month} good enough to publish?", month=study.month)
    return study.table(found[["found", "level"]], caption, highlight=found["level"] != OK, name="gates")


def is_it_worthwhile(study: Study) -> Block:
    """Whether tiers can mean something for these customers, with every figure looked at."""
    worth = worth_tiering(study)
    reasons = [reason.sentence for reason in worth.reasons]
    return study.answer(worth.headline, *reasons, kind=_KINDS.get(worth.outcome, "neutral"))


def columns(study: Study) -> Block:
    """Which column of the source was taken for what, and which ones were not used."""
    found = study.ledger.columns_found
    meanings = [study.reader.heading(_ROLES.get(role, role), unit=False) for role in found]
    unused = [column for column in study.ledger.columns if column not in found.values()]
    return study.table(
        pd.DataFrame({"taken_for": meanings, "column": list(found.values()), "key": list(found)}),
        "Which column was taken for what",
        note=sentence("Not used: {columns}", columns=", ".join(unused)) if unused else None,
    )


def set_aside(study: Study) -> Block:
    """The first lines that were set aside for each reason."""
    lines = study.set_aside()
    if lines.empty:
        return study.note("No line was set aside.")
    shown = first_of_each(lines, _SHOWN)
    note = sentence(
        "{shown:integer} of {n:integer} {n:line is|lines are} shown.", shown=len(shown), n=len(lines)
    )
    return study.table(shown, "Lines set aside: the first for each reason", note=note)


def over_the_months(study: Study) -> Chart:
    """Customers and money of every month up to this one."""
    figures = study.ledger.figures()
    figures = figures[figures["month"] <= study.month]
    last = figures.iloc[-1]
    title = study.say(
        "{month:month}: {n:integer} {n:customer|customers} bought for {amount:money}",
        month=study.month,
        n=int(last["customers"]),
        amount=last["amount"],
    )
    one = figures.rename(columns={"amount": "value"}).assign(tier="all")
    return charts.months(one, title, study.reader.with_(tiers={"all": "All"}))


def _ends(study: Study) -> tuple[pd.Series, pd.Series]:
    """The first and the last line of the reconciliation."""
    lines = reconciliation(study)
    return lines.iloc[0], lines.iloc[-1]
