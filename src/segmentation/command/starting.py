"""`segmentation init`: a first parameters file, written from the columns that a file of orders has."""

import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from segmentation import months
from segmentation.command.first_look import Look, look_at
from segmentation.errors import ParameterError
from segmentation.intake.headings import NAMES
from segmentation.study.project import project_of

_FIRST = ("customer_id", "order_id", "date", "amount")
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
    "product_group": "what lies in the baskets of key customers",
    "account_manager": "shown in the lists for the sales team",
    "branch": "shown in the lists for the sales team",
    "parent_account": "tier_by: parent_account puts the accounts of one parent together",
    "currency": "one currency; others need orders.rates",
}


def first_parameters(path: Path | str, encoding: str | None = None, sheet: str | None = None) -> str:
    """Write the text of a first parameters file for a file of orders, with comments.

    What cannot be recognised or read is a line "to decide", with the reason and the choices.

    Args:
        path: a file, folder or pattern of orders, or `demo:…`.
        encoding: the encoding of a text, where it is known.
        sheet: the sheet of a workbook, or `*` for all.

    Raises:
        DataError: no such file, or one that is no table of orders.
    """
    look = look_at(path, encoding, sheet)
    given = {"encoding": encoding, "sheet": sheet}
    return "\n".join(
        [
            f"# Customer tiers from {Path(path).name}. Check it with: segmentation check THIS_FILE",
            "",
            "orders:",
            f"  path: {_quoted(str(path))}",
            *(f"  {key}: {_quoted(value)}" for key, value in given.items() if value),
            *_decisions(look),
            *_columns(look),
            "  # on_bad_date: refuse           # or set_aside, the default: such lines are kept apart",
            "  # on_bad_amount: refuse",
            "  # duplicates: set_aside         # or keep, the default: somebody may buy the same thing twice",
            "  # not_products: [POST, FEE*]    # product codes whose lines do not count",
            "  # test_customers: [TEST*]",
            "  # cancelled_within_minutes: 60  # an order taken back in full so soon does not count",
            "",
            *_rest(look),
            "",
        ]
    )


def write_parameters(
    source: str, output: Path | None = None, encoding: str | None = None, sheet: str | None = None
) -> Path:
    """Write the first parameters file for a source of orders; give its path, params/<name>.yaml by default.

    Relative paths in a parameters file begin at its project, so a source elsewhere is written in full.

    Raises:
        ParameterError: when the file exists already or cannot be written.
        DataError: as first_parameters does.
    """
    name = re.sub(r"\W+", "-", Path(source.removeprefix("demo:")).stem).strip("-") or "orders"
    target = output or Path("params") / f"{name}.yaml"
    folder = target.resolve().parent
    local = Path(source)
    named = str(local.resolve()) if local.exists() and project_of(target.resolve()) != Path.cwd() else source
    if target.exists():
        raise ParameterError(f"{target} is there already; name another file with --output")
    text = first_parameters(named, encoding, sheet)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise ParameterError(f"{target}: cannot be written: {error.strerror}") from None
    return target


def _decisions(look: Look) -> Iterator[str]:
    """What only the owner of the data knows: the likeliest is taken, and the question stands above it."""
    for key, (question, choices) in look.decided.items():
        yield from _comment(f"to decide: {question}")
        others = " or ".join(map(_quoted, choices[1:5]))
        yield f"  {key}: {_quoted(choices[0])}" + (f"  # or {others}" if others else "")
    if look.problem:
        yield from _comment(f"to decide: {look.problem}")
    for point in look.open_points:
        yield from _comment(f"to decide: {point}")
    if look.others and look.named_by == "named by the orders":
        rates = ", ".join(f"{code}: ?" for code in look.others)
        yield f"  # rates: {{{rates}}}  # to decide: what one of each costs in {look.currency}"


def _columns(look: Look) -> Iterator[str]:
    """Which column is what: those that are known, and those to decide."""
    known = look.known
    yield "  columns:" if known.found else "  # columns:"
    for role in (*_FIRST, *(role for role in NAMES if role not in _FIRST)):
        meaning = _MEANING.get(role, "")
        if role in known.found:
            yield f"    {role}: {_quoted(known.found[role])}  # {meaning}"
        elif role in known.doubtful or role in known.missing:
            choice = " or ".join(map(_quoted, known.doubtful.get(role, []))) or "?"
            yield f"    # {role}: {choice}  # to decide; {meaning}"
    if known.free:
        yield f"    # not used: {', '.join(map(_quoted, known.free))}"


def _rest(look: Look) -> list[str]:
    """The month, the windows and the methods, fitted to how far the orders reach."""
    ledger = look.ledger
    month, incomplete, reach = "", "stop  # or warn", 24
    if ledger is not None and ledger.complete_until < ledger.first:
        incomplete = f"stop  # or warn: the orders end before {ledger.first} is over, and warn publishes it"
        reach = 1
    elif ledger is not None:
        month = f", now {ledger.complete_until}"
        reach = months.between(ledger.first, ledger.complete_until) + 1
    window = max(1, min(12, reach // 2))
    holdout = max(1, min(3, (reach - window) // 2))
    currency, said = look.currency or "USD", look.named_by or "to decide: the orders do not name it"
    if look.others:
        said += f"; or {', '.join(look.others)}"
    return [
        f"# month: YYYY-MM  # without it, the last month that the orders cover to its end{month}",
        f"currency: {currency}  # {said}",
        f"minor_units: {look.digits}  # decimal digits of the currency: 2 for cents, 0 for yen",
        f"window_months: {window}  # a customer is judged by so many months, ending with the month",
        f"holdout_months: {holdout}  # on trial, each method is judged by months that it could not see",
        "capacity: [official, 0.05]  # who gets the best service: as many as the best tier, or shares",
        "official: ABC  # the method that decides; the others challenge it",
        "methods:",
        "  ABC:",
        "    share_of_customers: [0.20, 0.90]  # 20 / 70 / 10: a best tier that a team can keep",
        "  ABC by value:",
        "    use: ABC",
        "    share_of_value: [0.80, 0.95]  # who brings the first 80 % of the value, however many they are",
        "  RFM:",
        "    scores: 5",
        "  Clusters: {}",
        "tiers: {A: Key, B: Main, C: Ordinary}  # best first",
        "gates:",
        f"  incomplete_month: {incomplete}",
        "  rows_set_aside: {warn: 0.05, stop: 0.5}",
        "language: en  # or zh, or [en, zh]",
    ]


def _comment(text: str) -> Sequence[str]:
    """A text as lines of a comment."""
    return [f"  # {line}" for line in textwrap.wrap(" ".join(text.split()), 100, break_long_words=False)]


def _quoted(text: str) -> str:
    """Text as YAML that is read back as the same text, whatever it looks like."""
    return json.dumps(text, ensure_ascii=False)
