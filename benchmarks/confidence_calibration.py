"""Calibration of P(tier) on customers with known rates: `python benchmarks/confidence_calibration.py 20`.

In ten fixed-width bins, pooled over the data sets: the mean probability against the mean of the true ones,
and against what an independent window then did (its own noise beside it).
"""

import sys
import time

import numpy as np
import pandas as pd
from simulated_customers import RATE_MEAN, RATE_SHAPE, SPEND_P, SPEND_Q, SPEND_V

from segmentation.comparison.confidence import amount_cuts, tier_probabilities
from segmentation.methods import ABC

WINDOW = 9


def window(random: np.random.Generator, rate: np.ndarray, money: np.ndarray) -> pd.DataFrame:
    """What customers with these rates do in one window: orders, amount, amount_squared."""
    count = random.poisson(rate * WINDOW)
    who = np.repeat(np.arange(len(rate)), count)
    each = np.round(random.gamma(SPEND_P, 1 / money[who]), 2)
    sums = [np.bincount(who, weights, minlength=len(rate)) for weights in (None, each, each**2)]
    return pd.DataFrame(dict(zip(("orders", "amount", "amount_squared"), sums)))


def true_chances(rate: np.ndarray, money: np.ndarray, cuts: tuple[float, ...]) -> np.ndarray:
    """P(A), P(B), P(C) of another window where the customer's own rate and scale are known."""
    from scipy.special import gammaincc
    from scipy.stats import poisson

    count = np.arange(1, int(poisson.ppf(1 - 1e-9, rate.max() * WINDOW)) + 1)
    chance = poisson.pmf(count[None, :], rate[:, None] * WINDOW)
    reach = [(chance * gammaincc(SPEND_P * count, money[:, None] * cut)).sum(axis=1) for cut in cuts]
    return np.diff(np.column_stack([np.zeros(len(rate)), *reach, chance.sum(axis=1)]), axis=1)


def one(customers: int, seed: int, shape: float = RATE_SHAPE, mean: float = RATE_MEAN) -> pd.DataFrame:
    """Probabilities of one data set beside the outcome of an independent window: tier, p, came."""
    random = np.random.default_rng(seed)
    rate = random.gamma(shape, mean / shape, customers)
    money = random.gamma(SPEND_Q, 1 / SPEND_V, customers)
    first, second = window(random, rate, money), window(random, rate, money)
    known = first["orders"] > 0
    moments = first[known].reset_index(drop=True)
    moments.insert(0, "customer_id", np.arange(len(moments)).astype(str))
    profile = moments[["customer_id"]].assign(monetary=moments["amount"].round(2))
    rule = ABC().fit(profile).rule_
    chances = tier_probabilities(profile, moments, rule)
    after = second[known].reset_index(drop=True)
    came = rule.apply(after[["amount"]].rename(columns={"amount": "monetary"}))["tier"]
    came = came.where(after["orders"] > 0, "dormant")
    true = true_chances(rate[known], money[known], amount_cuts(rule))
    return pd.concat(
        [
            pd.DataFrame({"tier": t, "p": chances[t], "true": true[:, k], "came": (came == t).astype(float)})
            for k, t in enumerate("ABC")
        ],
        ignore_index=True,
    )


def calibration(sets: int, customers: int, **rates: float) -> pd.DataFrame:
    """The error in each of ten bins, pooled over data sets."""
    every = pd.concat([one(customers, seed, **rates) for seed in range(sets)])
    every["bin"] = np.minimum((every["p"] * 10).astype(int), 9)
    table = every.groupby(["tier", "bin"])[["p", "true", "came"]].mean()
    table.insert(0, "customers", every.groupby(["tier", "bin"]).size())
    table["error"] = (table["p"] - table["true"]).abs()
    table["noise"] = 2 * np.sqrt(table["came"] * (1 - table["came"]) / table["customers"])
    return table


if __name__ == "__main__":
    sets = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    for rates in ({"shape": 0.6, "mean": 0.25}, {"shape": 1.5, "mean": 1.0}):
        started = time.perf_counter()
        table = calibration(sets, 20_000, **rates)
        print(rates, f"{time.perf_counter() - started:.0f} s, largest error {table['error'].max():.4f}")
        print(table.round(4).to_string())
