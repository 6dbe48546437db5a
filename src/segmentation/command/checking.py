"""`segmentation check`: read and judge the data and audit the rules, for the terminal; publish nothing."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from segmentation.command.refusals import check_surroundings
from segmentation.errors import DataError, SegmentationError
from segmentation.intake.orders import Orders, read_orders
from segmentation.intake.suggesting import suggestions
from segmentation.ledger.ledger import Ledger
from segmentation.ledger.restating import sentences
from segmentation.questions import data, known_customers, receivables
from segmentation.questions.gates import NOT_COVERED, STOP, Finding, findings, thresholds
from segmentation.questions.worthwhile import Worth, worth_tiering
from segmentation.show.tables import Block
from segmentation.study.settings import Settings
from segmentation.study.store import Store, ledger_folder
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence

_ROWS = 10
_MONTHS = 13
_BEGIN = {
    "day": "dates such as 3/4/2017 begin with the day",
    "month": "dates such as 3/4/2017 begin with the month",
    "year": "dates such as 17-01-05 begin with the year",
}


@dataclass(frozen=True)
class Check:
    """What was found.

    Attributes:
        month: the month that was judged.
        reconciliation: every line accounted for, the ledger last.
        findings: what each gate found.
        worth: whether tiers are worthwhile, or None where nobody ordered in the window.
        blocks: everything to show, in order; each prints as text.
        refusal: why a run would end whatever the gates say, or None.
    """

    month: str
    reconciliation: pd.DataFrame
    findings: list[Finding]
    worth: Worth | None
    blocks: list[Block]
    refusal: SegmentationError | None = None

    @property
    def stopped(self) -> bool:
        """Whether a gate would stop the month's run."""
        return any(finding.level == STOP for finding in self.findings)

    @property
    def text(self) -> str:
        """Everything as text for a terminal."""
        return "\n\n".join(repr(block) for block in self.blocks)


def check(settings: Settings) -> Check:
    """Read the orders, judge the month that the settings name (or the last complete one), audit every method.

    Raises:
        ParameterError: a wrong key or value, also among the gates and methods, and overrides, notebooks or
            folders that a run cannot use.
        DataError: as reading the orders does; what a gate or a method finds is not raised.
    """
    study = Study(settings)
    thresholds(settings.gates)
    check_surroundings(settings)
    study.methods()
    orders = read_orders(
        settings.orders,
        currency=settings.currency,
        minor_units=settings.minor_units,
        timezone=settings.timezone,
        root=settings.root,
    )
    before = _kept(settings)
    ledger = study.remembered("ledger", lambda: Ledger.of(orders, before=before))
    suggested = suggestions(orders)
    with tempfile.TemporaryDirectory(prefix="check-") as scratch:
        study.store = Store(Path(scratch))  # what a check computes is kept nowhere
        blocks = [
            study.note(_written(orders, ledger)),
            data.columns(study),
            data.reconciled(study),
            data.set_aside(study),
            *_spanning(study, orders),
            *(study.note("To decide: {what}", what=what) for what in suggested),
            study.table(ledger.figures().tail(_MONTHS), "The last months"),
            *(study.note(said) for said in (sentences(before, ledger) if before else ())),
            data.gates_found(study),
        ]
        worth, refusal = None, None
        found = findings(study)
        if found[-1].gate == NOT_COVERED and found[-1].level == STOP:
            blocks.append(study.note(found[-1].sentence))
        else:
            try:
                worth = worth_tiering(study)
                blocks.append(study.note(worth.sentence))
                audits, refusal = _audits(study)
                blocks.append(audits)
                beside, refused = _tables(study)
                blocks += beside
                refusal = refusal or refused
            except SegmentationError as error:
                blocks.append(study.note("{why}", why=str(error)))
    return Check(study.month, ledger.reconciliation(), found, worth, blocks, refusal)


def _kept(settings: Settings) -> Ledger | None:
    """The ledger that the store keeps of these orders, as it stands, or None."""
    try:
        return Ledger.open(ledger_folder(settings))
    except DataError:
        return None


def _written(orders: Orders, ledger: Ledger) -> Sentence:
    """From when to when the orders reach, and how they are written."""
    said = [
        sentence(
            "{source}: orders from {first} to {last} in {currency}",
            source=orders.source,
            first=ledger.first,
            last=ledger.last_day.isoformat(),
            currency=ledger.currency,
        )
    ]
    if begins := orders.conventions.first:
        said.append(sentence(_BEGIN[begins]))
    if orders.kinds[orders.columns_found["date"]] == "TIMESTAMP WITH TIME ZONE":
        said.append(sentence("days begin in the time zone {zone} (timezone)", zone=orders.timezone or "UTC"))
    if orders.conventions.decimal == ",":
        said.append(sentence("the comma is the decimal sign"))
    return sentence("{said:semicolon}", said=said)


def _spanning(study: Study, orders: Orders) -> Iterator[Block]:
    """The orders that lie in two months."""
    spanning = orders.spanning()
    if len(spanning):
        yield study.table(spanning, "Orders that lie in two months, and count in both", limit=_ROWS)


def _tables(study: Study) -> tuple[list[Block], SegmentationError | None]:
    """The tables beside the orders, accounted for as a run would; and the reason why a run would end."""
    blocks: list[Block] = []
    try:
        if study.settings.customers is not None:
            blocks += [known_customers.answer(study), known_customers.accounted(study)]
        if study.settings.payments is not None:
            blocks.append(receivables.accounted(study))
    except SegmentationError as error:
        return [*blocks, study.note("{why}", why=str(error))], error
    return blocks, None


def _audits(study: Study) -> tuple[Block, SegmentationError | None]:
    """Each method's rule, learned as a run would and proved; and the first reason why a run would end."""
    found: list[dict[str, Any]] = []
    refusal: SegmentationError | None = None
    for name in study.settings.methods:
        said: Sentence | str
        try:
            rule = study.rule(name)
            why = study.failed(name)
            if rule is not None:
                said = " ".join(rule.audit().summary(study.reader.language).split())
            else:
                said = (
                    sentence("not audited: {why}", why=why) if why else sentence("it gives scores, no rule")
                )
        except SegmentationError as error:
            refusal = refusal or error
            said = sentence("not audited: {why}", why=str(error))
        found.append({"method": name, "found": said})
    caption = "The rules that the methods would learn, and their proofs"
    return study.table(pd.DataFrame(found), caption), refusal
