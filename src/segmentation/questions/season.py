"""Does the window lie in a season of its own? The same months a year ago, where they are known."""

import pandas as pd

from segmentation import months
from segmentation.comparison.season import season_factor
from segmentation.show.tables import Block
from segmentation.study.facts import fact, piece
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence

# a window that holds so much more or less than the one after it is said
_NOTABLE = 0.10


@fact(needs=("a_year_ago",))
def year_ago(study: Study) -> pd.DataFrame:
    """The window's months beside the same months a year ago: month, orders, sales, and those of a year ago."""
    figures = _by_month(study)
    span = months.span(months.add(study.month, 1 - study.window_months), study.month)
    rows = [(m, *figures.loc[m], *figures.loc[months.add(m, -12)]) for m in span]
    return pd.DataFrame(rows, columns=["month", "orders", "sales", "orders_year_ago", "sales_year_ago"])


def said(study: Study) -> Sentence:
    """Whether the months after the window had another season a year ago; that it cannot be known, if so."""
    window = study.window_months
    if window >= 12:
        return sentence("A window of {n:integer} months holds every season.", n=window)
    orders = {month: float(n) for month, n in zip(study.months, _by_month(study)["orders"])}
    factor = season_factor(orders, study.month, window)
    if factor is None:
        return sentence(
            "A season cannot be known: it takes two years of orders; there {n:is|are} {n:integer} {n:month|months}.",
            n=len(study.months),
        )
    if abs(factor - 1) < _NOTABLE:
        return sentence(
            "A year ago, the {n:integer} {n:month|months} after these had as many orders for the season as these "
            "(growth taken out).",
            n=window,
        )
    return sentence(
        "A year ago, the {n:integer} {n:month|months} after these had {factor:.2f} times the orders of these for the "
        "season alone (growth taken out); what these pages say of the months ahead does not know of it.",
        n=window,
        factor=factor,
    )


@piece
def answer(study: Study) -> Block:
    """Whether a season is known, and what it does."""
    return study.note(said(study))


@piece
def a_year_ago(study: Study) -> Block:
    """The window's months beside the same months a year ago; why not, where they are not known."""
    if missing := year_ago.missing(study):
        return study.note(missing)
    return study.table(year_ago, "The window beside the same months a year ago")


def _by_month(study: Study) -> pd.DataFrame:
    """Orders and sales of every month up to this one."""
    figures = study.ledger.figures().set_index("month")[["orders", "amount"]]
    return figures.reindex(study.months, fill_value=0).rename(columns={"amount": "sales"})
