"""Does the next window lie in another season? The same months a year ago, where two years are known."""

from collections.abc import Mapping

from segmentation import months


def season_factor(orders: Mapping[str, float], month: str, window_months: int) -> float | None:
    """How many times as many orders the coming window's months have as this window's, as seen a year ago.

    `orders`: the number of orders of each month known. The growth of the last twelve months over the twelve
    before, for the time of a window, is taken out: what is left is the season. None where fewer than two
    years are known up to the month, or for a window of a year or more, which has no season.

    >>> known = {m: 100.0 * (2 if m[5:] in ("11", "12") else 1) for m in months.span("2016-01", "2017-10")}
    >>> season_factor(known, "2017-10", 2) is None
    True
    >>> known = {m: 100.0 * (2 if m[5:] in ("11", "12") else 1) for m in months.span("2015-11", "2017-10")}
    >>> season_factor(known, "2017-10", 2)
    2.0
    """
    first = months.add(month, -23)
    if window_months >= 12 or any(m not in orders for m in months.span(first, month)):
        return None
    year, before = (sum(orders[m] for m in months.span(months.add(e, -11), e)) for e in _ends(month))
    a_year_ago = months.add(month, -12)
    this = months.span(months.add(a_year_ago, 1 - window_months), a_year_ago)
    coming = months.span(months.add(a_year_ago, 1), months.add(a_year_ago, window_months))
    if not before or not year or not sum(orders[m] for m in this):
        return None
    growth = (year / before) ** (window_months / 12)
    return sum(orders[m] for m in coming) / sum(orders[m] for m in this) / growth


def _ends(month: str) -> tuple[str, str]:
    return month, months.add(month, -12)
