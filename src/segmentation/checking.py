"""`segmentation check`: read and judge the data and audit the rules, for the terminal; publish nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from segmentation import tables
from segmentation.errors import DataError, SegmentationError
from segmentation.gates import Finding, as_frame, judge, thresholds
from segmentation.ledger import Ledger
from segmentation.methods import build
from segmentation.orders import Orders, read_orders
from segmentation.profiles import profile
from segmentation.reconciliation import first_of_each
from segmentation.restating import sentences
from segmentation.settings import Settings
from segmentation.store import ledger_folder
from segmentation.suggesting import suggestions
from segmentation.worthwhile import Verdict, worthwhile

_ROWS = 10
_MONTHS = 13


@dataclass(frozen=True)
class Check:
    """What was found.

    Attributes:
        month: the month that was judged.
        reconciliation: every line accounted for, the ledger last.
        findings: what each gate found.
        verdict: whether tiers are worthwhile, or None where nobody ordered in the window.
        blocks: everything to show, in order; each prints as text.
    """

    month: str
    reconciliation: pd.DataFrame
    findings: list[Finding]
    verdict: Verdict | None
    blocks: list[tables.Block]

    @property
    def stopped(self) -> bool:
        """Whether a gate would stop the month's run."""
        return any(finding.level == "stop" for finding in self.findings)

    @property
    def text(self) -> str:
        """Everything as text for a terminal."""
        return "\n\n".join(repr(block) for block in self.blocks)


def check(settings: Settings) -> Check:
    """Read the orders, judge the month that the settings name (or the last complete one), audit every method.

    Raises:
        ParameterError: a wrong key or value, also among the gates and methods, as a run would.
        DataError: as reading the orders does; what a gate or a method finds is not raised.
    """
    thresholds(settings.gates)
    methods = _methods(settings)
    orders = read_orders(
        settings.orders,
        currency=settings.currency,
        minor_units=settings.minor_units,
        timezone=settings.timezone,
        root=settings.root,
    )
    before = _kept(settings)
    ledger = Ledger.of(orders, before=before)
    month = settings.month or max(ledger.complete_until, ledger.first)
    findings = judge(ledger, month, settings.gates)
    verdict = None
    try:
        customers = profile(ledger, as_of=month, window_months=settings.window_months)
        verdict = worthwhile(customers, settings.span)
        rules = _audits(methods, customers)
    except SegmentationError as error:
        rules = tables.note(str(error))
    return Check(
        month,
        ledger.reconciliation(),
        findings,
        verdict,
        [*_source(orders, ledger), *_changed(before, ledger), *_judged(month, findings, verdict), rules],
    )


def _kept(settings: Settings) -> Ledger | None:
    """The ledger that the store keeps of these orders, as it stands, or None."""
    try:
        return Ledger.open(ledger_folder(settings))
    except DataError:
        return None


def _changed(before: Ledger | None, ledger: Ledger) -> Iterator[tables.Block]:
    """What a run would say of months that stood before."""
    for sentence in sentences(before, ledger) if before else ():
        yield tables.note(sentence)


def _source(orders: Orders, ledger: Ledger) -> Iterator[tables.Block]:
    """What came in and what was made of it."""
    lines = ledger.reconciliation()
    written = [f"{orders.source}: orders from {ledger.first} to {ledger.last_day} in {ledger.currency}"]
    if orders.conventions.first:
        written.append(f"dates such as 3/4/2017 begin with the {orders.conventions.first}")
    if orders.conventions.decimal == ",":
        written.append("the comma is the decimal sign")
    yield tables.note("; ".join(written))
    taken = [{"taken_for": role, "column": column} for role, column in orders.columns_found.items()]
    unused = [column for column in orders.columns if column not in orders.columns_found.values()]
    yield tables.table(
        pd.DataFrame(taken),
        caption="Which column was taken for what",
        note=f"Not used: {', '.join(unused)}" if unused else None,
    )
    some = lines[(lines["rows"] > 0) | lines["effect"].isin(["in", "accepted", "ledger"])]
    yield tables.table(
        some,
        caption="From the lines that came in to the ledger",
        formats={"amount": "exact"},
        note=f"{len(lines) - len(some)} rules found no line",
        currency=ledger.currency,
        minor_units=orders.minor_units,
    )
    aside = orders.set_aside
    if len(aside):
        shown = first_of_each(aside, _ROWS)
        yield tables.table(
            shown,
            caption="Lines set aside: the first for each reason",
            formats={"amount": "exact"} if "amount" in shown else {},
            note=f"{len(aside):,} lines in all",
            minor_units=orders.minor_units,
        )
    spanning = orders.spanning()
    if len(spanning):
        yield tables.table(
            spanning,
            caption="Orders that lie in two months, and count in both",
            limit=_ROWS,
            formats={"amount": "money"},
        )
    for sentence in suggestions(orders):
        yield tables.note(f"To decide: {sentence}")
    yield tables.table(
        ledger.figures().tail(_MONTHS),
        caption="The last months",
        formats={"amount": "money"},
        currency=ledger.currency,
    )


def _judged(month: str, findings: list[Finding], verdict: Verdict | None) -> Iterator[tables.Block]:
    """What the gates say, and whether tiers are worthwhile."""
    yield tables.table(as_frame(findings)[["gate", "level", "found"]], caption=f"The gates for {month}")
    if verdict is not None:
        yield tables.note(verdict.sentence())


def _methods(settings: Settings) -> dict[str, Any]:
    """The methods as the settings name them, not yet fitted."""
    tiers, seed = tuple(settings.tiers), settings.seed
    return {name: build(name, options, tiers, seed) for name, options in settings.methods.items()}


def _audits(methods: Mapping[str, Any], customers: pd.DataFrame) -> tables.Block:
    """Each method's rule, learned from the month's customers and proved."""
    found: list[dict[str, Any]] = []
    for name, method in methods.items():
        try:
            found.append(
                {"method": name, "found": " ".join(str(method.fit(customers).rule_.audit()).split())}
            )
        except Exception as error:  # a method of the user's may fail in any way; the check goes on
            found.append({"method": name, "found": f"not audited: {error}"})
    return tables.table(
        pd.DataFrame(found), caption="The rules that the methods would learn, and their proofs"
    )
