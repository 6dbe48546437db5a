"""Coverage of the trial's 95 % intervals over simulated data sets: `python benchmarks/trial_coverage.py 300`.

The truth is the mean difference over 1,000 other data sets of this size: a method that learns its cuts from
4,000 customers is judged as such, not as what it would be with two million.
"""

import sys
import time

import numpy as np
import pandas as pd
from simulated_customers import Simulated

from segmentation.comparison.trial import Trial, trial
from segmentation.methods import ABC, RFM

METHODS = {"ABC": ABC(), "RFM": RFM(), "R first": RFM(combine="r_first"), "ranks": RFM(combine="percentile")}


def on_trial(customers: int, seed: int, draws: int, bootstrap_at_most: int = 50_000) -> Trial:
    data = Simulated(customers, seed)
    return trial(
        data,
        METHODS,
        official="ABC",
        origins=[data.origin],
        holdout_months=data.holdout_months,
        capacity=[0.2, 0.05],
        draws=draws,
        seed=seed,
        bootstrap_at_most=bootstrap_at_most,
    )


def coverage(sets: int, customers: int, draws: int, by_influence: bool) -> pd.DataFrame:
    key = ["capacity", "measure", "method"]
    others = pd.concat([on_trial(customers, 1_000_000 + seed, 2).differences for seed in range(1000)])
    truth = others[others["origin"] == "all"].groupby(key)["difference"].mean()
    found = []
    for seed in range(sets):
        table = on_trial(customers, seed, draws, 0 if by_influence else 50_000).differences
        found.append(table[table["origin"] == "all"].set_index(key))
    every = pd.concat(found).join(truth.rename("truth"))
    every = every[every.index.get_level_values("method") != "spend"]
    every["alone"] = every["truth"].between(every["low"], every["high"])
    every["all"] = every["truth"].between(every["low_all"], every["high_all"])
    every["width"] = every["high"] - every["low"]
    table = every.groupby(key, sort=False).agg(
        truth=("truth", "first"),
        mean=("difference", "mean"),
        width=("width", "mean"),
        covered=("alone", "mean"),
        covered_all=("all", "mean"),
    )
    return table.round(4)


if __name__ == "__main__":
    sets = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    customers = int(sys.argv[2]) if len(sys.argv) > 2 else 8_000
    by_influence = "influence" in sys.argv
    started = time.perf_counter()
    print(coverage(sets, customers, 500, by_influence).to_string())
    drawn = len(Simulated(customers, 0).profile(""))
    print(f"{sets} data sets of about {drawn:,} customers, {time.perf_counter() - started:.0f} s")
    print(f"binomial error of a coverage of .95: {1.96 * np.sqrt(0.95 * 0.05 / sets):.3f}")
