"""Dates that may not be what they say: swapped days and months, months alone, years away from all others."""

from collections.abc import Iterator
from datetime import date

from segmentation import engine
from segmentation.intake.orders import Orders
from segmentation.intake.sources.values import Column
from segmentation.words.reader import Sentence, sentence

# so many lines that fit only when swapped, in a file so well sorted by date
_SWAPPED, _SORTED = 3, 0.9
# so many lines in so many months that have days up to the 12th only
_ODD_LINES, _ODD_MONTHS = 10, 3
_FORMS = """
SELECT COUNT(CASE WHEN month_alone(t) IS NOT NULL THEN 1 END) AS months,
       MIN(CASE WHEN month_alone(t) IS NOT NULL THEN t END) AS example,
       COUNT(CASE WHEN first_day <= 12 THEN 1 END) AS first_early,
       COUNT(CASE WHEN first_day > 12 THEN 1 END) AS first_late,
       COUNT(CASE WHEN last_day > 12 THEN 1 END) AS last_late, COUNT(CASE WHEN last_day <= 12 THEN 1 END) AS last_early
FROM (SELECT t, TRY_CAST(year_first(t).d AS INTEGER) AS first_day,
             greatest(TRY_CAST(year_last(t).a AS INTEGER), TRY_CAST(year_last(t).b AS INTEGER)) AS last_day
      FROM (SELECT half_width(cleaned({raw})) AS t FROM {beside} WHERE line_reason__ IS NULL))
"""


def of_dates(orders: Orders) -> Iterator[Sentence]:
    """Ask about dates that contradict their neighbours, or say less than a day."""
    lines = orders.reconciliation().set_index("rule")
    if "date far from the others" in lines.index and lines["rows"]["date far from the others"]:
        yield sentence(
            "{n:integer} {n:line is|lines are} dated years away from all others and set aside ({amount}): keep "
            "them with orders.far_dates: keep",
            n=int(lines["rows"]["date far from the others"]),
            amount=orders.written(orders.minor(lines["amount"]["date far from the others"])),
        )
    column = Column(orders.columns_found["date"], orders.kinds[orders.columns_found["date"]])
    two_forms = False
    if not column.is_moment:
        asked = _FORMS.format(raw=column.raw, beside=orders.BESIDE)
        months_alone, example, *days = engine.row(orders.connection, asked)
        first_early, first_late, last_late, last_early = days
        if months_alone:
            yield sentence(
                "{n:integer} {n:line is|lines are} dated by a month alone ({example}), and {n:counts|count} on its "
                "last day: an order is then a customer's month, and days since the last order are whole months",
                n=months_alone,
                example=example,
            )
        two_forms = min(first_early, last_late) >= _ODD_LINES and first_late + last_early == 0
        if two_forms:
            yield sentence(
                "{n:integer} {n:date is|dates are} written with the year first and never later than the 12th, "
                "{other:integer} with the year last and always later: a spreadsheet has swapped days and months of "
                "the former; export the dates again as text",
                n=first_early,
                other=last_late,
            )
    if not two_forms:
        yield from _swapped(orders)


def _swapped(orders: Orders) -> Iterator[Sentence]:
    """Lines whose day and month have changed places, by their neighbours, or by the months that they make."""
    found = engine.execute(orders.connection, engine.text("swapped")).fetchall()
    for _, forward, backward, swapped, place in found:
        if swapped >= _SWAPPED and max(forward, backward) >= _SORTED * (forward + backward) > 0:
            file, row = orders.row_of(place)
            yield sentence(
                "{n:integer} {n:date fits its|dates fit their} neighbours only with day and month swapped, the "
                "first in {file}, row {row:integer}: days and months are mixed in the source; export the dates "
                "again in one form",
                n=swapped,
                file=file or orders.source,
                row=row,
            )
            return
    days = dict(engine.execute(orders.connection, engine.text("trading_days")).fetchall())
    for year in sorted({day.year for day in days}):
        if odd := _odd_lines({day: n for day, n in days.items() if day.year == year}):
            yield sentence(
                "{n:integer} {n:line|lines} of {year} {n:lies|lie} in months that have days up to the 12th only, "
                "each day the number of a month with all its days, as if day and month were swapped: compare "
                "them with the source",
                n=odd,
                year=str(year),
            )


def _odd_lines(days: dict[date, int]) -> int:
    """The lines in months of a year that swapped dates explain, 0 where they do not.

    >>> whole = {date(2026, month, day): 1 for month in (1, 2) for day in range(1, 29)}
    >>> _odd_lines(whole | {date(2026, month, day): 2 for month in (5, 6, 7) for day in (1, 2)})
    12
    """
    whole = {day.month for day in days if day.day > 12}
    odd = {day: n for day, n in days.items() if day.month not in whole}
    explained = {day.day for day in odd} <= whole and len({day.day for day in odd}) > 1
    enough = sum(odd.values()) >= _ODD_LINES and len({day.month for day in odd}) >= _ODD_MONTHS
    return sum(odd.values()) if explained and enough else 0
