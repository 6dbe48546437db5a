"""What is a tier worth, and what a move? Migration values, and what movers of the same kind brought."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from segmentation import months
from segmentation.comparison.capture import Floats
from segmentation.errors import DataError, ParameterError

DORMANT, NET = "dormant", "net"
# a move that was seen fewer times has no price
_SEEN = 10


def migration_value(
    transitions: Floats, reward: Floats, discount: float, periods: int | None = None
) -> Floats:
    """The expected discounted value of starting in each state: (I - P / (1 + d))⁻¹ R.

    `transitions[i, j]` is the chance of going from state i to j in one period, `reward` what a customer in
    each state brings in a period, `discount` the rate of one period. With `periods` only these are counted:
    the sum of (P / (1 + d))ᵗ R for t = 0 … periods - 1. Pfeifer & Carraway 2000, "Modeling customer
    relationships as Markov chains", Journal of Interactive Marketing 14(2).

    Raises ParameterError for chances that do not sum to 1 or a discount that is not above 0.

    >>> migration_value(np.array([[0.5, 0.5], [0.0, 1.0]]), np.array([60.0, 0.0]), 0.25)
    array([100.,   0.])
    """
    if not discount > 0:
        raise ParameterError(f"discount: {discount!r} is not above 0 (0.10 is 10 % a period)")
    if transitions.shape != (len(reward), len(reward)) or not np.allclose(transitions.sum(axis=1), 1.0):
        raise ParameterError("transitions: need one row and column a state, and rows that sum to 1")
    step = transitions / (1.0 + discount)
    left = reward if periods is None else reward - np.linalg.matrix_power(step, periods) @ reward
    return np.asarray(np.linalg.solve(np.eye(len(reward)) - step, left))


def tier_values(
    moves: Sequence[pd.DataFrame],
    dormant_before: Sequence[int],
    names: Sequence[str],
    discount: float = 0.10,
    ahead: int = 36,
) -> pd.DataFrame:
    """The migration value of every tier, from the moves of some months.

    `moves`: frames of `movement.states.changes` of consecutive months, each with a column `value`: what the
    customer brought in the later month. `dormant_before`: for each, how many customers were dormant before
    it. `discount`: the rate of a year. `ahead`: how many months to look ahead. A state's reward is
    the mean value of the month after; customers who were never seen before take no part.

    Columns: state (tiers, dormant), customers (seen, months added up), monthly (mean value of a month), stays
    (share still there a month later), to_… (share that goes to each state), value (per customer, discounted).

    Raises DataError where no move was given.
    """
    states = [*names, DORMANT]
    if not len(moves):
        raise DataError("the value of movement needs at least two consecutive months")
    counts = np.zeros((len(states), len(states)))
    brought = np.zeros(len(states))
    for moved, dormant in zip(moves, dormant_before):
        known = moved[moved["before"].isin(states)]
        pairs = known.groupby(["before", "after"]).size().unstack(fill_value=0)
        now = pairs.reindex(index=states, columns=states, fill_value=0).to_numpy(dtype=np.float64, copy=True)
        now[-1, -1] += max(dormant - now[-1].sum(), 0.0)
        counts += now
        brought += known.groupby("before")["value"].sum().reindex(states, fill_value=0.0).to_numpy()
    seen = counts.sum(axis=1)
    empty = seen == 0
    counts[empty, empty.nonzero()[0]] = 1.0  # a state that nobody was in keeps whoever is put there
    transitions = counts / counts.sum(axis=1, keepdims=True)
    monthly = np.divide(brought, seen, out=np.zeros(len(states)), where=~empty)
    # whoever is dormant keeps the value of the dormant: a chain would give those who return the value of a
    # tier's average customer, which they are not
    going = transitions.copy()
    going[-1] = np.eye(len(states))[-1]
    value = migration_value(going, monthly, (1.0 + discount) ** (1 / 12) - 1.0, ahead)
    table = pd.DataFrame({"state": states, "customers": seen.astype(int), "monthly": monthly})
    table["stays"] = np.where(empty, np.nan, np.diag(transitions))
    for column, state in enumerate(states):
        table[f"to_{state}"] = np.where(empty, np.nan, transitions[:, column])
    table["value"] = np.where(empty, np.nan, value)
    return table


def known_after(
    moves: Mapping[str, pd.DataFrame], value: Mapping[str, pd.Series], month: str, ahead: int = 3
) -> pd.DataFrame:
    """The moves of some months before `month`, with what each customer brought after them, as known by then.

    `moves`: by month, frames of `movement.states.changes`; `value`: by month, what each customer brought in
    it (index customer_id). Returns the moves below each other with `value`: the mean of a month over the
    `ahead` months after the move, or those of them that are over. The dormant who stayed so are among the
    rows of a frame where it has them.
    """
    frames = []
    for moved_in, moved in moves.items():
        after = [m for m in months.span(months.add(moved_in, 1), months.add(moved_in, ahead)) if m <= month]
        if after:
            brought = sum((moved["customer_id"].map(value[m]).fillna(0.0) for m in after), start=0.0)
            frames.append(moved.assign(value=brought / len(after)))
    columns = ["customer_id", "before", "after", "kind", "value"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def move_values(earlier: pd.DataFrame, moved: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """What this month's moves are worth, from what customers who made the same move earlier brought after it.

    `earlier`: the moves of earlier months (frames of `movement.states.changes`, and those who stayed dormant)
    with a column `value`: what the customer brought in the months after the move. `moved`: this month's. A
    move is worth what its movers brought, a customer, less what those brought who stayed where the movers
    came from: not the difference of the two tiers' means, which movers are far from.

    Columns: before, after, customers (who make the move now), seen (earlier moves of the kind), brought and
    stayed (mean value after, of the movers and of those who stayed), worth (their difference), low, high (for
    the mean), total (of all customers who make the move now), total_low, total_high (which allow for how much
    they differ). The last row is the net of all moves that have a price. A move seen fewer than ten times has
    none: empty, not zero. Standard errors count each customer once, however often they moved; degrees of
    freedom as in `comparison.intervals`.
    """
    made = moved[moved["kind"].isin(["up", "down", "returned", "dormant"])]
    now = made.groupby(["before", "after"], sort=False).size().reset_index(name="customers")
    person = pd.factorize(earlier["customer_id"])[0]
    net = np.zeros(person.max() + 1 if len(person) else 0)
    rows, own = [], 0.0
    for before, after, customers in now.itertuples(index=False, name=None):
        there = (earlier["before"] == before).to_numpy()
        movers = there & (earlier["after"] == after).to_numpy()
        stayers = there & (earlier["after"] == before).to_numpy()
        seen = int(movers.sum())
        if seen < _SEEN or stayers.sum() < _SEEN:
            rows.append((before, after, customers, seen, *[np.nan] * 8))
            continue
        value = earlier["value"].to_numpy(dtype=np.float64)
        brought, stayed = value[movers].mean(), value[stayers].mean()
        effect: Floats = np.zeros(len(value))
        effect[movers] = (value[movers] - brought) / seen
        effect[stayers] = -(value[stayers] - stayed) / stayers.sum()
        effect = np.bincount(person, effect).astype(np.float64)
        spread = customers * float(value[movers].var(ddof=1))
        worth = brought - stayed
        half = _half(effect, 0.0, level)
        all_half = _half(customers * effect, spread, level)
        rows.append(
            (
                *(before, after, customers, seen, brought, stayed, worth, worth - half, worth + half),
                *(customers * worth, customers * worth - all_half, customers * worth + all_half),
            )
        )
        net += customers * effect
        own += spread
    columns = [
        *("before", "after", "customers", "seen", "brought", "stayed", "worth", "low", "high"),
        *("total", "total_low", "total_high"),
    ]
    table = pd.DataFrame(rows, columns=columns)
    priced = table[table["worth"].notna()]
    total, half = priced["total"].sum(min_count=1), _half(net, own, level)
    sums = {"customers": int(priced["customers"].sum()), "seen": int(priced["seen"].sum())}
    ends = {"total": total, "total_low": total - half, "total_high": total + half}
    last = pd.DataFrame([{"before": NET, "after": "", **sums, **ends}], columns=columns)
    return pd.concat([table, last], ignore_index=True) if len(table) else last


def _half(effect: Floats, own: float, level: float) -> float:
    """Half-width of an interval from each customer's effect on the mean, and the variance of those priced."""
    squared = effect**2
    if not squared.any():
        return float("nan")
    equal = squared.sum() ** 2 / (squared**2).sum()
    return float(stdtrit(max(equal - 1.0, 1.0), (1 + level) / 2) * np.sqrt(squared.sum() + own))
