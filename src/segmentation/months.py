"""Month arithmetic: a month is a string "YYYY-MM", and its as-of day is its last day."""

import re
from calendar import monthrange
from datetime import date

from segmentation.errors import ParameterError

_FORM = re.compile(r"(\d{4})-(\d{2})")


def parse(text: str) -> str:
    """Check that a text names a month and return it.

    Raises:
        ParameterError: when it is not a calendar month written YYYY-MM.

    >>> parse("2017-12")
    '2017-12'
    """
    found = _FORM.fullmatch(text) if isinstance(text, str) else None
    if found is None or not 1 <= int(found[2]) <= 12 or int(found[1]) < 1:
        raise ParameterError(f"month {text!r} is not a month: write it YYYY-MM, in quotes, such as '2017-12'")
    return text


def of(day: date) -> str:
    """Give the month a day falls in.

    >>> of(date(2017, 12, 31))
    '2017-12'
    """
    return f"{day.year:04d}-{day.month:02d}"


def add(month: str, n: int) -> str:
    """Give the month `n` months later (earlier when negative).

    >>> add("2017-11", 3), add("2017-01", -1)
    ('2018-02', '2016-12')
    """
    return of_number(number(month) + n)


def between(first: str, last: str) -> int:
    """Count the months from `first` to `last`: 0 for the same month, negative when `last` is earlier.

    >>> between("2016-12", "2017-02")
    2
    """
    return number(last) - number(first)


def span(first: str, last: str) -> list[str]:
    """List every month from `first` to `last`, both included; empty when `last` is earlier.

    >>> span("2016-12", "2017-02")
    ['2016-12', '2017-01', '2017-02']
    """
    return [add(first, n) for n in range(between(first, last) + 1)]


def first_day(month: str) -> date:
    """Give the first day of a month.

    >>> first_day("2016-02")
    datetime.date(2016, 2, 1)
    """
    year, months = divmod(number(month), 12)
    return date(year, months + 1, 1)


def last_day(month: str) -> date:
    """Give the last day of a month, the day its figures are as of.

    >>> last_day("2016-02")
    datetime.date(2016, 2, 29)
    """
    start = first_day(month)
    return start.replace(day=monthrange(start.year, start.month)[1])


def number(month: str) -> int:
    """Count the months since January of the year 0, so that arithmetic is plain integers.

    >>> number("2017-12")
    24215
    """
    year, month_of_year = parse(month).split("-")
    return int(year) * 12 + int(month_of_year) - 1


def of_number(count: int) -> str:
    """Give the month that `number` counts.

    >>> of_number(24215)
    '2017-12'
    """
    years, months = divmod(count, 12)
    return f"{years:04d}-{months + 1:02d}"
