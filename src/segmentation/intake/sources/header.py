"""Where the header of a table stands, below titles, in one row or more, and what its columns are called."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from segmentation.intake.columns import ORDERS, Roles, recognises

LOOK = 30  # so many rows may stand above a table
_DEEPEST = 3  # rows of a header
_FILLED = 0.75  # share of a table's usual cells that a header has at least


def header_of(
    rows: Sequence[Sequence[str]], given: Mapping[str, str], roles: Roles = ORDERS
) -> tuple[int, list[str]] | None:
    """Find the header: the last of its rows, counted from 0, and the columns' names as they are written.

    It is the first row, or the first two or three together, that have all that the table needs; else the row with
    the most of the columns that are given; else the first with as many cells as the table has.

    Args:
        rows: the first rows of the table and what stands above it.
        given: role to column as the parameters say.
        roles: the kind of table; orders, if not said.

    >>> header_of([["Sales 2017", "", ""], ["Customer", "Date", "Amount"], ["a", "2017-01-01", "5"]], {})
    (1, ['Customer', 'Date', 'Amount'])
    >>> header_of([["Customer", "", "Order", ""], ["ID", "Town", "Date", "Total"]], {})
    (1, ['CustomerID', 'CustomerTown', 'OrderDate', 'OrderTotal'])
    """
    tidy = [_tidy(cells) for cells in rows]
    for at in range(min(len(tidy), LOOK)):
        for first in range(at, max(at - _DEEPEST, -1), -1):
            for names in _names(tidy[first : at + 1]):
                if recognises(unique(names), given, roles):
                    return at, names
    wanted = set(given.values())
    most, at = max(((len(wanted & set(cells)), -n) for n, cells in enumerate(tidy[:LOOK])), default=(0, 0))
    if most:
        return -at, tidy[-at]
    filled = [sum(map(bool, cells)) for cells in tidy]
    usual = Counter(count for count in filled if count).most_common(1)
    if not usual:
        return None
    return next((n, tidy[n]) for n, count in enumerate(filled) if count >= _FILLED * usual[0][0])


def header_in(rows: Sequence[Sequence[str]], given: Mapping[str, str], roles: Roles = ORDERS) -> list[str]:
    """The columns' names in the rows that the parameters say are the header.

    >>> header_in([["Customer", ""], ["ID", "Town"]], {"customer_id": "ID"})
    ['ID', 'Town']
    """
    written = list(_names([_tidy(cells) for cells in rows]))
    fitting = (names for names in written if recognises(unique(names), given, roles))
    return next(fitting, written[0])


def unique(names: Sequence[str]) -> tuple[str, ...]:
    """Give each column a name of its own: empty ones numbered, repeated ones counted, whatever their case.

    >>> unique(["a", "", "A"])
    ('a', 'column2', 'A (2)')
    """
    seen: Counter[str] = Counter()
    result = []
    for n, name in enumerate(names, 1):
        name = " ".join(name.replace("\0", " ").split()) or f"column{n}"
        alike = name.casefold()
        seen[alike] += 1
        result.append(name if seen[alike] == 1 else f"{name} ({seen[alike]})")
    return tuple(result)


def _tidy(cells: Sequence[str]) -> list[str]:
    return [" ".join(cell.split()) for cell in cells]


def _names(rows: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """What a header's columns may be called: by the lowest cell that has a text, or by all of them."""
    if len(rows) == 1:
        yield list(rows[0])
        return
    width = max(map(len, rows))
    levels = [[*cells, *[""] * (width - len(cells))] for cells in rows]
    yield [next((level[n] for level in reversed(levels) if level[n]), "") for n in range(width)]
    *above, lowest = levels
    spread = [_spread(level) for level in above]
    yield ["".join(dict.fromkeys([*(level[n] for level in spread), lowest[n]])) for n in range(width)]


def _spread(level: Sequence[str]) -> list[str]:
    """The texts of a row of group names, each over the empty cells to its right, as merged cells are."""
    spread: list[str] = []
    for cell in level:
        spread.append(cell or (spread[-1] if spread else ""))
    return spread
