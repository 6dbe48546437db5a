"""Coverage of the trial's 95 % intervals: `python benchmarks/trial_coverage.py gamma 300 8000`.

Populations: `gamma` and `pareto` (simulated; spend with the tail index 1.3), or the path of the Online Retail
file (UCI 352, Parquet), whose own customers are drawn, each with all of three origins:
`python benchmarks/trial_coverage.py online_retail.parquet 200 300`. The numbers are the data sets and the
customers drawn for each.

The truth is the mean difference over other data sets of this size: a method that learns its cuts from 4,000
customers is judged as such, not as what it would be with two million. Where both choose the same customers
there is no interval, and none is counted. `believed`: the share of data sets in which the tail index of later
value lets the verdict rest on captured value.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from simulated_customers import Simulated

from segmentation import Study, months
from segmentation.comparison.tail import TRUSTED
from segmentation.comparison.trial import Trial, trial
from segmentation.methods import ABC, RFM

METHODS = {
    "ABC": ABC(),
    "RFM": RFM(),
    "R first": RFM(combine="r_first"),
    "ranks": RFM(combine="percentile", weights=(0.2, 0.3, 0.5)),
}
ONLINE_RETAIL = {
    "order_id": "InvoiceNo",
    "customer_id": "CustomerID",
    "date": "InvoiceDate",
    "quantity": "Quantity",
    "price": "UnitPrice",
}


class Drawn:
    """Customers of a study, drawn with replacement, each with all of their months."""

    window_months, holdout_months = 6, 3
    origins = ("2011-06", "2011-07", "2011-08")

    def __init__(self, path: str) -> None:
        orders = {"path": path, "columns": ONLINE_RETAIL}
        given = {"orders": orders, "month": "2011-11", "window_months": self.window_months, "currency": "GBP"}
        study = Study.open({**given, "store": tempfile.mkdtemp()})
        self.months = study.months
        self.profiles = {origin: study.profile(origin) for origin in self.origins}
        after = {o: (months.add(o, 1), months.add(o, self.holdout_months)) for o in self.origins}
        self.values = {first: study.later_value(first, last) for first, last in after.values()}
        self.ids = sorted(set().union(*(p["customer_id"] for p in self.profiles.values())))

    def sample(self, customers: int, seed: int) -> "Drawn":
        """So many of them, under names of their own."""
        drawn = pd.DataFrame({"customer_id": np.random.default_rng(seed).choice(self.ids, customers)})
        drawn["name"] = [f"n{row}" for row in range(customers)]
        sample = object.__new__(Drawn)
        sample.months = self.months
        sample.profiles = {o: self._named(drawn, p) for o, p in self.profiles.items()}
        sample.values = {first: self._named(drawn, v) for first, v in self.values.items()}
        return sample

    @staticmethod
    def _named(drawn: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
        found = drawn.merge(frame, on="customer_id").drop(columns="customer_id")
        found = found.rename(columns={"name": "customer_id"})
        found.attrs = frame.attrs
        return found

    def profile(self, month: str) -> pd.DataFrame:
        return self.profiles[month]

    def later_value(self, first: str, last: str) -> pd.DataFrame:
        return self.values[first]


def on_trial(data: Any, seed: int, draws: int, bootstrap_at_most: int = 50_000) -> Trial:
    return trial(
        data,
        METHODS,
        official="ABC",
        origins=list(getattr(data, "origins", [getattr(data, "origin", "")])),
        holdout_months=data.holdout_months,
        hiatus_days=90,
        capacity=[0.2, 0.05],
        draws=draws,
        seed=seed,
        bootstrap_at_most=bootstrap_at_most,
    )


def coverage(make: Callable[[int], Any], sets: int, truths: int, by_influence: bool) -> pd.DataFrame:
    key = ["capacity", "measure", "method"]
    others = pd.concat([on_trial(make(1_000_000 + seed), seed, 2).differences for seed in range(truths)])
    truth = others[others["origin"] == "all"].groupby(key)["difference"].mean()
    found = []
    for seed in range(sets):
        tried = on_trial(make(seed), seed, 500, 0 if by_influence else 50_000)
        table = tried.differences.assign(believed=tried.setting["tail_index"].iloc[0] >= TRUSTED)
        found.append(table[(table["origin"] == "all") & ~table["same"].astype(bool)].set_index(key))
    every = pd.concat(found).join(truth.rename("truth"))
    every["alone"] = every["truth"].between(every["low"], every["high"])
    every["all"] = every["truth"].between(every["low_all"], every["high_all"])
    every["wrong"] = every["clear"] & (np.sign(every["difference"]) != np.sign(every["truth"]))
    table = every.groupby(key, sort=False).agg(
        sets=("truth", "size"),
        truth=("truth", "first"),
        mean=("difference", "mean"),
        covered=("alone", "mean"),
        covered_all=("all", "mean"),
        wrong=("wrong", "mean"),
        believed=("believed", "mean"),
    )
    return table.round(4)


if __name__ == "__main__":
    what = sys.argv[1] if len(sys.argv) > 1 else "gamma"
    sets = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    customers = int(sys.argv[3]) if len(sys.argv) > 3 else 8_000
    started = time.perf_counter()
    if what in ("gamma", "pareto"):
        tail = 1.3 if what == "pareto" else None
        table = coverage(lambda s: Simulated(customers, s, tail=tail), sets, 500, "influence" in sys.argv)
    else:
        population = Drawn(what)
        table = coverage(lambda s: population.sample(customers, s), sets, 300, "influence" in sys.argv)
    print(table.to_string())
    print(f"{what}: {sets} data sets of {customers:,} drawn, {time.perf_counter() - started:.0f} s")
    print(f"binomial error of a coverage of .95: {1.96 * np.sqrt(0.95 * 0.05 / sets):.3f}")
