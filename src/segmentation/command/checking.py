"""`segmentation check`: read and judge the data and audit the rules, for the terminal; publish nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from segmentation.errors import DataError, SegmentationError
from segmentation.intake.orders import Orders, read_orders
from segmentation.intake.reconciliation import first_of_each
from segmentation.intake.suggesting import suggestions
from segmentation.ledger.ledger import Ledger
from segmentation.ledger.profiles import profile
from segmentation.ledger.restating import sentences
from segmentation.methods import build
from segmentation.questions.gates import Finding, as_frame, judge, thresholds
from segmentation.questions.worthwhile import Verdict, worthwhile
from segmentation.show import tables
from segmentation.study.settings import Language, Settings
from segmentation.study.store import ledger_folder
from segmentation.words.formats import several
from segmentation.words.labels import label

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
    language = settings.languages[0]
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
        rules = _audits(methods, customers, language)
    except SegmentationError as error:
        rules = tables.note(str(error))
    return Check(
        month,
        ledger.reconciliation(),
        findings,
        verdict,
        [
            *_source(orders, ledger, language),
            *_changed(before, ledger, language),
            *_judged(month, findings, verdict, language),
            rules,
        ],
    )


def _kept(settings: Settings) -> Ledger | None:
    """The ledger that the store keeps of these orders, as it stands, or None."""
    try:
        return Ledger.open(ledger_folder(settings))
    except DataError:
        return None


def _changed(before: Ledger | None, ledger: Ledger, language: Language) -> Iterator[tables.Block]:
    """What a run would say of months that stood before."""
    for sentence in sentences(before, ledger, language) if before else ():
        yield tables.note(sentence)


def _source(orders: Orders, ledger: Ledger, language: Language) -> Iterator[tables.Block]:
    """What came in and what was made of it."""
    zh = language == "zh"
    yield tables.note(_written(orders, ledger, zh))
    taken = [{"taken_for": role, "column": column} for role, column in orders.columns_found.items()]
    unused = [column for column in orders.columns if column not in orders.columns_found.values()]
    not_used = f"{'未使用：' if zh else 'Not used: '}{', '.join(unused)}"
    yield tables.table(
        pd.DataFrame(taken),
        caption="各列的识别结果" if zh else "Which column was taken for what",
        note=not_used if unused else None,
        language=language,
    )
    lines = ledger.reconciliation()
    some = lines[(lines["rows"] > 0) | lines["effect"].isin(["in", "accepted", "ledger"])]
    quiet = len(lines) - len(some)
    yield tables.table(
        _labelled(some, ("rule", "effect"), language),
        caption="从读入数据到台账" if zh else "From the lines that came in to the ledger",
        formats={"amount": "exact"},
        note=f"另有 {quiet} 条规则未发现数据行" if zh else f"{several(quiet, 'rule')} found no line",
        currency=ledger.currency,
        minor_units=orders.minor_units,
        language=language,
    )
    aside = orders.set_aside
    if len(aside):
        shown = _labelled(first_of_each(aside, _ROWS), ("reason",), language)
        yield tables.table(
            shown,
            caption="搁置的数据行：每种原因的前几行" if zh else "Lines set aside: the first for each reason",
            formats={"amount": "exact"} if "amount" in shown else {},
            note=f"共 {len(aside):,} 行" if zh else f"{several(len(aside), 'line')} in all",
            minor_units=orders.minor_units,
            language=language,
        )
    spanning = orders.spanning()
    if len(spanning):
        yield tables.table(
            spanning,
            caption="跨两个月的订单，在两个月中都计入"
            if zh
            else "Orders that lie in two months, and count in both",
            limit=_ROWS,
            formats={"amount": "money"},
            language=language,
        )
    for sentence in suggestions(orders, language):
        yield tables.note(f"待定：{sentence}" if zh else f"To decide: {sentence}")
    yield tables.table(
        ledger.figures().tail(_MONTHS),
        caption="最近各月" if zh else "The last months",
        formats={"amount": "money"},
        currency=ledger.currency,
        language=language,
    )


def _written(orders: Orders, ledger: Ledger, zh: bool) -> str:
    """From when to when the orders reach, and how they are written."""
    first, last, currency = ledger.first, ledger.last_day, ledger.currency
    said = [
        f"{orders.source}：{first} 至 {last} 的订单，币种 {currency}"
        if zh
        else f"{orders.source}: orders from {first} to {last} in {currency}"
    ]
    begins = orders.conventions.first
    if begins:
        word = {"day": "日", "month": "月", "year": "年"}[begins]
        example = "17-01-05" if begins == "year" else "3/4/2017"
        said.append(
            f"{example} 这样的日期以{word}开头" if zh else f"dates such as {example} begin with the {begins}"
        )
    if orders.kinds[orders.columns_found["date"]] == "TIMESTAMP WITH TIME ZONE":
        where = orders.timezone or "UTC"
        said.append(
            f"每天按时区 {where} 起算（参数 timezone）"
            if zh
            else f"days begin in the time zone {where} (timezone)"
        )
    if orders.conventions.decimal == ",":
        said.append("逗号为小数点" if zh else "the comma is the decimal sign")
    return ("；" if zh else "; ").join(said)


def _labelled(lines: pd.DataFrame, columns: Sequence[str], language: Language) -> pd.DataFrame:
    """The same lines with the words of some columns in the language."""
    return lines.assign(**{name: [label(word, language) for word in lines[name]] for name in columns})


def _judged(
    month: str, findings: list[Finding], verdict: Verdict | None, language: Language
) -> Iterator[tables.Block]:
    """What the gates say, and whether tiers are worthwhile."""
    zh = language == "zh"
    found = as_frame(findings, language)[["gate", "level", "found"]]
    yield tables.table(
        _labelled(found, ("level",), language) if zh else found,  # in English the words of the parameters
        caption=f"{month} 的数据检查" if zh else f"The gates for {month}",
        labels={"gate": "检查项", "level": "结论", "found": "检查结果"} if zh else None,
        language=language,
    )
    if verdict is not None:
        yield tables.note(verdict.sentence(language))


def _methods(settings: Settings) -> dict[str, Any]:
    """The methods as the settings name them, not yet fitted."""
    tiers, seed, root = tuple(settings.tiers), settings.seed, settings.root
    return {name: build(name, options, tiers, seed, root) for name, options in settings.methods.items()}


def _audits(methods: Mapping[str, Any], customers: pd.DataFrame, language: Language) -> tables.Block:
    """Each method's rule, learned from the month's customers and proved."""
    zh = language == "zh"
    found: list[dict[str, Any]] = []
    for name, method in methods.items():
        try:
            proof = method.fit(customers).rule_.audit().summary(language)
            found.append({"method": name, "found": " ".join(proof.split())})
        except Exception as error:  # a method of the user's may fail in any way; the check goes on
            found.append({"method": name, "found": f"{'未审核：' if zh else 'not audited: '}{error}"})
    return tables.table(
        pd.DataFrame(found),
        caption="各方法将学到的规则及其证明"
        if zh
        else "The rules that the methods would learn, and their proofs",
        labels={"found": "检查结果"} if zh else None,
        language=language,
    )
