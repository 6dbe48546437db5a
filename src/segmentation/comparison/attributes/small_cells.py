"""Which counts of a table may not be shown, so that no customer can be told from it or from its totals."""

import numpy as np
import pandas as pd


def hidden(table: pd.DataFrame, fewest: int) -> pd.DataFrame:
    """Say of each cell whether it is hidden: small ones, and as many others as their totals would give back.

    A cell of one to `fewest` − 1 customers is hidden (primary). Of a row or column with a single hidden cell
    the smallest other one is hidden too (one of the first column, which is asked for, last), and further ones
    until no small cell follows from the totals (complementary); empty cells only where no others are left, so
    that what is hidden may be empty. Where nothing is enough, all of the table is hidden. Totals of rows and
    columns may be shown.

    >>> table = pd.DataFrame({"A": [20, 30], "B": [9, 8], "C": [2, 7]}, index=["x", "y"])
    >>> hidden(table, 5).to_numpy().tolist()
    [[False, True, True], [False, True, True]]
    """
    counts = table.to_numpy(dtype=np.int64)
    small = (counts > 0) & (counts < fewest)
    dear = np.zeros_like(counts)  # what the reader asks for is hidden last
    dear[:, 0] = counts.sum() + 1
    mask = small.copy()
    while True:
        before = mask.copy()
        for turned in (False, True):
            _pair(*((part.T if turned else part) for part in (counts, counts + dear, mask)))
        if not (mask != before).any():
            loose = [at for at in np.argwhere(small).tolist() if not movable(counts, mask, *at)]
            if not loose:
                break
            if not _one_more(counts, counts + dear, mask, *loose[0]):
                mask[:] = True
                break
    return pd.DataFrame(mask, index=table.index, columns=table.columns)


def _pair(counts: np.ndarray, price: np.ndarray, mask: np.ndarray) -> None:
    """Hide the cheapest other cell of each row that has a single hidden one; `mask` is changed."""
    for row in range(len(counts)):
        free = ~mask[row] & (counts[row] > 0)
        if mask[row].sum() == 1 and free.any():
            mask[row, np.where(free, price[row], np.iinfo(np.int64).max).argmin()] = True


def _one_more(counts: np.ndarray, price: np.ndarray, mask: np.ndarray, row: int, column: int) -> bool:
    """Hide one more cell for a small one's sake; whether there is any.

    First in its row or column where it is alone there; then the cheapest that is not empty in its row, in its
    column, anywhere; empty ones last.
    """
    line, pile, everywhere = np.zeros_like(mask), np.zeros_like(mask), np.ones_like(mask)
    line[row], pile[:, column] = True, True
    alone = [where for where in (line, pile) if (where & mask).sum() == 1]
    filled = counts > 0
    tried = [(where, kind) for where in alone for kind in (filled, everywhere)]
    tried += [(where, kind) for kind in (filled, everywhere) for where in (line, pile, everywhere)]
    for where, kind in tried:
        free = where & kind & ~mask
        if free.any():
            at = np.where(free, price, np.iinfo(np.int64).max).argmin()
            mask[np.unravel_index(at, mask.shape)] = True
            return True
    return False


def movable(counts: np.ndarray, mask: np.ndarray, row: int, column: int) -> bool:
    """Whether a hidden cell may be another number, all totals and shown cells being known.

    A cell can change by one where other hidden cells can make up for it along a closed way of rows and
    columns, up in one and down in the next; those at zero cannot go down.
    """
    return _way(counts, mask, row, column, up=True) or (
        counts[row, column] > 0 and _way(counts, mask, row, column, up=False)
    )


def _way(counts: np.ndarray, mask: np.ndarray, row: int, column: int, *, up: bool) -> bool:
    """Whether other cells can make up for this one going up, or down."""
    rows, columns = mask.shape
    start, goal = (("column", column), ("row", row)) if up else (("row", row), ("column", column))
    waiting, seen = [start], {start}
    while waiting:
        kind, at = waiting.pop()
        if kind == "column":  # something in this column goes down, so that its row is short of one
            steps = [
                ("row", r)
                for r in range(rows)
                if mask[r, at] and counts[r, at] > 0 and (r, at) != (row, column)
            ]
        else:  # something in this row goes up, so that its column has one too many
            steps = [("column", c) for c in range(columns) if mask[at, c] and (at, c) != (row, column)]
        for step in steps:
            if step == goal:
                return True
            if step not in seen:
                seen.add(step)
                waiting.append(step)
    return False
