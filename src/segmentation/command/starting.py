"""`segmentation init`: a first parameters file, written from the columns that a file of orders has."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from segmentation import engine, months
from segmentation.errors import DataError, ParameterError, SegmentationError
from segmentation.intake.columns import NAMES, find, normalised
from segmentation.intake.options import Intake
from segmentation.intake.orders import Orders, read_orders
from segmentation.intake.sources import source_of
from segmentation.intake.sources.currencies import code_of
from segmentation.intake.sources.values import Column, identity
from segmentation.ledger.ledger import Ledger

_NEEDED = ("customer_id", "order_id", "date", "amount")
_MEANING = {
    "customer_id": "who bought",
    "order_id": "lines of one order share it; without one, a customer's day is an order",
    "date": "when it was ordered",
    "amount": "what was paid for the line; or quantity and price",
    "quantity": "amount = quantity × price",
    "price": "amount = quantity × price",
    "profit": "lets ABC rank by profit",
    "cost": "profit = amount - cost",
    "product": "lets lines that are no products be set aside",
    "account_manager": "shown in the lists for the sales team",
    "branch": "shown in the lists for the sales team",
    "parent_account": "tier_by: parent_account puts the accounts of one parent together",
    "currency": "one currency; others need orders.rates",
}
_OPTIONAL = ("profit", "cost", "product", "account_manager", "branch", "parent_account", "currency")
# the decimal digits of currencies that have not two
_DIGITS = dict.fromkeys(("JPY", "KRW", "VND", "CLP", "ISK", "XAF", "XOF"), 0) | dict.fromkeys(
    ("KWD", "BHD", "OMR", "JOD", "TND"), 3
)


def first_parameters(path: Path | str) -> str:
    """Write the text of a first parameters file for a file of orders, with comments.

    What cannot be recognised or read is left to be filled in, with the reason beside it.

    Args:
        path: a file, folder or pattern of orders, or `demo:…`.

    Raises:
        DataError: no such file, or one that cannot be opened at all.
    """
    intake = Intake.of(str(path))
    columns, currency = _columns(intake)
    doubtful = _doubtful(columns)
    unclear = {column for fitting in doubtful.values() for column in fitting}
    clear = [column for column in columns if column not in unclear]
    try:
        given = find(clear, source_of(intake).columns, Path(path).name)
        missing = ""
    except (DataError, ParameterError) as error:
        given, missing = {}, str(error)
    digits = _DIGITS.get(currency or "USD", 2)
    orders: Orders | None = None
    if not missing:
        try:
            taken = {role: fitting[0] for role, fitting in doubtful.items()} | given
            # without a column of currencies, signs beside the amounts may tell
            known = currency or ("USD" if "currency" in taken else "")
            orders = read_orders(intake, columns=taken, currency=known, minor_units=digits)
        except SegmentationError as error:
            missing = str(error)
    return "\n".join(
        [
            f"# Customer tiers from {Path(path).name}. Check it with: segmentation check THIS_FILE",
            "",
            *_orders(path, columns, given, doubtful, missing),
            "",
            *_rest(
                currency,
                orders.conventions.currencies if orders else (),
                Ledger.of(orders) if orders else None,
            ),
            "",
        ]
    )


def write_parameters(source: str, output: Path | None = None) -> Path:
    """Write the first parameters file for a source of orders; give its path, params/<name>.yaml by default.

    Relative paths in a parameters file begin at its project, so a source elsewhere is written in full.

    Raises:
        ParameterError: when the file exists already or cannot be written.
        DataError: as first_parameters does.
    """
    name = re.sub(r"\W+", "-", Path(source.removeprefix("demo:")).stem).strip("-") or "orders"
    target = output or Path("params") / f"{name}.yaml"
    folder = target.resolve().parent
    project = folder.parent if folder.name == "params" else folder
    local = Path(source)
    named = str(local.resolve()) if local.exists() and project != Path.cwd() else source
    if target.exists():
        raise ParameterError(f"{target} is there already; name another file with --output")
    text = first_parameters(named)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise ParameterError(f"{target}: cannot be written: {error.strerror}") from None
    return target


def _columns(intake: Intake) -> tuple[list[str], str | None]:
    """The source's columns, and its currency where one column names a single one."""
    source = source_of(intake)
    with engine.connect() as connection:
        opened = source.open(connection)
        columns = list(opened.kinds)
        try:
            column = find(columns, source.columns, source.name).get("currency")
        except DataError:
            column = None
        if column is None:
            return columns, None
        code = identity(Column(column, opened.kinds[column]))
        found = engine.execute(connection, f"SELECT DISTINCT {code} FROM source").fetchall()
        codes = {code_of(written) for (written,) in found if written}
        return columns, codes.pop() if len(codes) == 1 else None


def _doubtful(columns: Sequence[str]) -> dict[str, list[str]]:
    """The roles that orders may do without and that several columns fit equally well, with those columns."""
    found = {}
    for role in _OPTIONAL:
        groups = ([column for column in columns if normalised(column) in names] for names in NAMES[role])
        fitting = next(filter(None, groups), [])
        if len(fitting) > 1:
            found[role] = fitting
    return found


def _orders(
    path: Path | str,
    columns: Sequence[str],
    found: dict[str, str],
    doubtful: dict[str, list[str]],
    missing: str,
) -> list[str]:
    lines = ["orders:", f"  path: {_quoted(str(path))}"]
    if missing:
        lines += [f"  # to decide: {' '.join(missing.split())}"]
    lines += ["  columns:"]
    for role in (*_NEEDED, *(role for role in NAMES if role not in _NEEDED)):
        if role in found:
            lines.append(f"    {role}: {_quoted(found[role])}  # {_MEANING[role]}")
        elif not found and role in _NEEDED:
            lines.append(f"    # {role}: ?  # {_MEANING[role]}")
        elif role in doubtful:
            choice = " or ".join(map(_quoted, doubtful[role]))
            lines.append(f"    # {role}: {choice}  # to decide; {_MEANING[role]}")
    left = [column for column in columns if column not in found.values()]
    if left:
        lines.append(f"    # not used: {', '.join(map(_quoted, left))}")
    return [
        *lines,
        "  # on_bad_date: refuse           # or set_aside, the default: such lines are kept apart",
        "  # on_bad_amount: refuse",
        "  # duplicates: set_aside         # or keep, the default: a customer may buy the same thing twice",
        "  # not_products: [POST, FEE*]    # product codes whose lines do not count",
        "  # test_customers: [TEST*]",
        "  # cancelled_within_minutes: 60  # an order taken back in full so soon does not count",
    ]


def _rest(named: str | None, signs: Sequence[str], ledger: Ledger | None) -> list[str]:
    """The month, the windows and the methods, fitted to how far the orders reach."""
    currency, said = "USD", "please check: the orders do not name it"
    if named:
        currency, said = named, "named by the orders"
    elif signs:
        currency = next((code for code in ("USD", "CNY") if code in signs), signs[0])
        others = [code for code in signs if code != currency]
        said = "by the signs beside the amounts" + (f"; or {', '.join(others)}" if others else "")
    digits = _DIGITS.get(currency, 2)
    if ledger is None:
        month, reach = '"YYYY-MM"  # the month to publish', 24
    elif ledger.complete_until < ledger.first:
        ends = "the orders end before it is over; gates: incomplete_month: warn publishes it all the same"
        month, reach = f"{ledger.first}  # {ends}", 1
    else:
        month = f"{ledger.complete_until}  # the last month that the orders cover to its end"
        reach = months.between(ledger.first, ledger.complete_until) + 1
    window = max(1, min(12, reach // 2))
    holdout = max(1, min(3, (reach - window) // 2))
    return [
        f"month: {month}",
        f"currency: {currency}  # {said}",
        f"minor_units: {digits}  # decimal digits of the currency: 2 for cents, 0 for yen",
        f"window_months: {window}  # a customer is judged by so many months, ending with the month",
        f"holdout_months: {holdout}  # on trial, each method is judged by months that it could not see",
        "capacity: [official, 0.20, 0.05]  # who gets the best service: as many as the best tier, or shares",
        "official: ABC  # the method that decides; the others challenge it",
        "methods:",
        "  ABC:",
        "    share_of_value: [0.80, 0.95]",
        "  RFM:",
        "    scores: 5",
        "  Clusters: {}",
        "tiers: {A: Key, B: Main, C: Ordinary}  # best first",
        "gates:",
        "  incomplete_month: stop  # or warn",
        "  rows_set_aside: {warn: 0.05, stop: 0.5}",
        "language: en  # or zh, or [en, zh]",
    ]


def _quoted(text: str) -> str:
    """Text as YAML that is read back as the same text, whatever it looks like."""
    return json.dumps(text, ensure_ascii=False)
