"""What `init` makes of a source: its columns, its currency, how far it reaches, and what stays open."""

import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from segmentation import engine
from segmentation.errors import DataError, SegmentationError, Undecided
from segmentation.intake.columns import ORDERS, Match, match
from segmentation.intake.options import Intake
from segmentation.intake.orders import Orders, read_orders
from segmentation.intake.sources import Opened, Source, read_with, source_of
from segmentation.intake.sources.currencies import code_of, digits_of
from segmentation.intake.sources.values import Column, identity
from segmentation.intake.suggesting import suggestions
from segmentation.ledger.ledger import Ledger

_SAMPLE = 200
_MOSTLY = 0.8
_DATE = re.compile(
    r".*\d{1,4}[-/.\u5e74]\s?\d{1,2}[-/.\u6708]|.*\b\d{1,2}[ -][A-Za-z]{3,9}[ -,]+\d{2,4}|\d{8}$|\d{4}-\d\d$"
)
_NUMBER = re.compile(
    r"[-+(]*([A-Za-z]{0,3}[^\w\s.,]|[A-Za-z]{2,3}\.?\s)?\s?[-+]?\d[\d.,' ]*\)?-?\s?[^\d]{0,3}$"
)


@dataclass
class Look:
    """What was found.

    Attributes:
        decided: keys of `orders` that only the owner of the data knows: the question, and the choices; the
            first one was taken.
        columns: the source's columns.
        known: what they are; `doubtful` also has the likely columns of roles that none is known for.
        currency: the currency's code, "" where nothing names it; `named_by` says what does.
        others: further currencies.
        problem: why the orders cannot be read yet, "" where they can.
        open_points: what the orders themselves suggest to decide.
        ledger: the orders' ledger, or None where they cannot be read.
    """

    decided: dict[str, tuple[str, Sequence[str]]] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    known: Match = field(default_factory=lambda: Match({}, missing=list(ORDERS.needed)))
    currency: str = ""
    named_by: str = ""
    others: list[str] = field(default_factory=list)
    problem: str = ""
    open_points: list[str] = field(default_factory=list)
    ledger: Ledger | None = None

    @property
    def digits(self) -> int:
        """The decimal digits of the currency."""
        return digits_of(self.currency)


def look_at(path: Path | str, encoding: str | None, sheet: str | None) -> Look:
    """Find out what can be found out about a source of orders; what cannot stays open, as a question.

    Raises DataError for a file that is absent, empty, or no table of orders at all.
    """
    asked = {key: value for key, value in (("encoding", encoding), ("sheet", sheet)) if value}
    intake = Intake.of({"path": str(path), **asked})
    source_of(intake)
    look = Look()
    try:
        intake, (source, sample) = _answering(look, intake, lambda intake: _opened(look, intake))
    except SegmentationError as error:
        look.problem = str(error)
        return look
    look.known = match(look.columns, source.columns)
    _look_for_missing(look, sample)
    if not any(role in look.known.missing for role in ORDERS.needed):
        _read(look, intake)
    return look


def _answering(look: Look, intake: Intake, use: Any) -> tuple[Intake, Any]:
    """Use a source; where its owner is asked, the first choice is taken and the question kept."""
    while True:
        try:
            return intake, use(intake)
        except Undecided as asked:
            if asked.key in look.decided or not asked.choices:
                raise
            look.decided[asked.key] = (str(asked), asked.choices)
            intake = Intake.of(intake, options={asked.key: asked.choices[0]})


def _opened(look: Look, intake: Intake) -> tuple[Source, pd.DataFrame]:
    """Open a source and take down its columns and its currencies; give it and its first rows."""
    source = source_of(intake)
    with closing(engine.connect()) as connection:

        def use(opened: Opened) -> tuple[list[str], list[str], pd.DataFrame]:
            column = match(list(opened.kinds), source.columns).found.get("currency")
            code = identity(Column(column, opened.kinds[column])) if column else "NULL"
            codes = engine.execute(
                connection, f"SELECT {code} AS code, COUNT(*) FROM source GROUP BY 1 ORDER BY 2 DESC, 1"
            ).fetchall()
            sample = connection.execute(f"SELECT * FROM source LIMIT {_SAMPLE}").df()
            return list(opened.kinds), [code_of(code) for code, _ in codes if code], sample

        look.columns, codes, sample = read_with(source, connection, use)
    if codes:
        look.currency, *look.others = dict.fromkeys(codes)
        look.named_by = "named by the orders"
    return source, sample


def _look_for_missing(look: Look, sample: pd.DataFrame) -> None:
    """Name the columns that may be those of the needed roles that none is known for, by what they hold."""
    dates = [column for column in look.known.free if _holds(sample[column], _DATE)]
    numbers = [
        column for column in look.known.free if column not in dates and _holds(sample[column], _NUMBER)
    ]
    rest = [column for column in look.known.free if column not in dates + numbers]
    likely = {"date": dates, "amount": numbers, "customer_id": rest or numbers}
    for role in look.known.missing:
        look.known.doubtful[role] = likely[role]
    if look.known.missing and sum(bool(_DATE.match(c) or _NUMBER.match(c)) for c in look.columns) >= 2:
        look.problem = (
            "the columns' names look like data; where the first row is data already, say header: false"
        )


def _holds(values: pd.Series, what: re.Pattern[str]) -> bool:
    """Whether a column's values are mostly dates, or numbers."""
    if what is _DATE and pd.api.types.is_datetime64_any_dtype(values.dtype):
        return True
    texts = values.dropna().astype("str").str.strip()
    texts = texts[texts != ""]
    return len(texts) > 0 and bool(texts.map(lambda text: what.match(text) is not None).mean() >= _MOSTLY)


def _read(look: Look, intake: Intake) -> None:
    """Read the orders, the first of doubtful columns taken, and take down what they tell."""
    taken = {role: fitting[0] for role, fitting in look.known.doubtful.items() if fitting} | look.known.found
    # without a column of currencies, signs beside the amounts may tell
    known = look.currency or ("USD" if "currency" in taken else "")

    def read(intake: Intake) -> Orders:
        rates: Mapping[str, float] = dict.fromkeys(look.others, 1.0)
        return read_orders(
            intake,
            columns=taken,
            currency=known,
            minor_units=look.digits,
            options={"rates": rates} if rates else None,
        )

    try:
        _, orders = _answering(look, intake, read)
    except DataError as error:
        look.problem = str(error)
        return
    signs = orders.conventions.currencies
    if not look.currency and signs:
        look.currency = next((code for code in ("USD", "CNY") if code in signs), signs[0])
        look.others = [code for code in signs if code != look.currency]
        look.named_by = "by the signs beside the amounts"
    look.open_points = [str(point) for point in suggestions(orders)]
    look.ledger = Ledger.of(orders)
