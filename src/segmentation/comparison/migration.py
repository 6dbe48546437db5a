"""What is a tier worth? The Markov migration value, and the money at stake in upgrades and downgrades."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from segmentation.comparison.capture import Floats
from segmentation.errors import DataError, ParameterError

DORMANT = "dormant"


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
    months: int | None = 36,
) -> pd.DataFrame:
    """The migration value of every tier, from the moves of some months.

    `moves`: frames of `movement.states.changes` of consecutive months, each with a column `value`: what the
    customer brought in the later month. `dormant_before`: for each, how many customers were dormant before
    it. `discount`: the rate of a year. `months`: how far to look ahead; None is for ever. A state's reward is
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
    value = migration_value(transitions, monthly, (1.0 + discount) ** (1 / 12) - 1.0, months)
    table = pd.DataFrame({"state": states, "customers": seen.astype(int), "monthly": monthly})
    table["stays"] = np.where(empty, np.nan, np.diag(transitions))
    for column, state in enumerate(states):
        table[f"to_{state}"] = np.where(empty, np.nan, transitions[:, column])
    table["value"] = np.where(empty, np.nan, value)
    return table


def at_stake(moved: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """The migration value that this month's moves gained and lost: kind, customers, value.

    `values` is a frame of `tier_values`; kinds: up, returned, down, dormant, and net (their sum).
    """
    worth = values.set_index("state")["value"]
    change = moved["after"].map(worth).astype(float) - moved["before"].map(worth).astype(float)
    kinds = ["up", "returned", "down", "dormant"]
    rows = [
        (kind, int((moved["kind"] == kind).sum()), float(change[moved["kind"] == kind].sum()))
        for kind in kinds
    ]
    table = pd.DataFrame(rows, columns=["kind", "customers", "value"])
    net = pd.DataFrame([("net", table["customers"].sum(), table["value"].sum())], columns=table.columns)
    return pd.concat([table, net], ignore_index=True)
