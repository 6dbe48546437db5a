"""How often is the verdict wrong? `python benchmarks/verdict_errors.py lots 200`, `… pareto 500`.

`lots`: 150 customers who all buy alike and at random (as in a file of 6,000 orders over 24 months, spend
lognormal): how often "no better than drawing lots", and how often anything is called clear. `pareto`: spend
with the tail index 1.3, two methods of known merit: how often a clear verdict of the wrong sign. `giant`: one
of 150 customers brings 99 % of all later value.
"""

import sys
import time
from collections import Counter

import numpy as np
import pandas as pd
from simulated_customers import Simulated
from trial_coverage import METHODS

from segmentation import months
from segmentation.comparison.trial import trial
from segmentation.comparison.verdict import verdict
from segmentation.methods import ABC, RFM


class Lots:
    """Customers who all buy at the same rate, amounts of the same law, whatever they bought before."""

    window_months, holdout_months = 6, 3

    def __init__(self, seed: int, customers: int = 150, orders: int = 6000) -> None:
        self.months = months.span("2023-01", "2024-12")
        random = np.random.default_rng(seed)
        self.orders = pd.DataFrame(
            {
                "customer_id": np.char.add("K", random.integers(0, customers, orders).astype(str)),
                "month": random.integers(0, len(self.months), orders),
                "day": random.integers(0, 30, orders),
                "amount": random.lognormal(4.4, 0.6, orders).round(2),
            }
        )

    def profile(self, month: str) -> pd.DataFrame:
        last = self.months.index(month)
        inside = self.orders[self.orders["month"].between(last - self.window_months + 1, last)]
        age = (last - inside["month"]) * 30 + 29 - inside["day"]
        groups = inside.assign(age=age).groupby("customer_id")
        profile = pd.DataFrame(
            {
                "recency_days": groups["age"].min(),
                "frequency": groups.size(),
                "monetary": groups["amount"].sum().round(2),
            }
        ).reset_index()
        profile.attrs = {"as_of": month, "window_months": self.window_months}
        return profile

    def later_value(self, first: str, last: str) -> pd.DataFrame:
        inside = self.orders["month"].between(self.months.index(first), self.months.index(last))
        value = self.orders[inside].groupby("customer_id")["amount"].sum()
        return value.rename("value").reset_index()


class Giant:
    """150 customers, of whom one brings 99 % of what comes later."""

    window_months = 3

    def __init__(self, seed: int, customers: int = 150) -> None:
        self.months = months.span("2020-01", "2020-06")
        random = np.random.default_rng(seed)
        ids = [f"c{row}" for row in range(customers)]
        spend = random.lognormal(4, 1, customers).round(2)
        later = (random.lognormal(3, 1, customers) * (random.random(customers) < 0.5)).round(2)
        spend[0], later[0] = 2 * spend.max(), 200_000.0
        frequency, recency = random.integers(1, 9, customers), random.integers(0, 90, customers)
        frequency[0], recency[0] = 1, 80
        self.frame = pd.DataFrame(
            {"customer_id": ids, "recency_days": recency, "frequency": frequency, "monetary": spend}
        )
        self.frame.attrs = {"as_of": "2020-03", "window_months": 3}
        self.value = pd.DataFrame({"customer_id": ids, "value": later})

    def profile(self, month: str) -> pd.DataFrame:
        return self.frame

    def later_value(self, first: str, last: str) -> pd.DataFrame:
        return self.value


def lots(sets: int) -> None:
    for methods in ({"ABC": ABC(), "RFM": RFM()}, {"RFM": RFM(), "ABC": ABC(share_of_customers=(0.2, 0.9))}):
        official = next(iter(methods))
        for capacity in ("official", 0.2):
            said: Counter[str] = Counter()
            for seed in range(sets):
                found = trial(
                    Lots(seed), methods, official=official, capacity=[capacity], seed=seed, draws=500
                )
                said[verdict(found).status] += 1
            print(f"{official} decides, capacity {capacity}: {dict(said)}", flush=True)


def pareto(sets: int, customers: int = 400, truths: int = 500) -> None:
    def tried(seed: int, draws: int):
        data = Simulated(customers, seed, tail=1.3)
        options = {"origins": [data.origin], "holdout_months": data.holdout_months, "capacity": [0.2]}
        return trial(data, METHODS, official="ABC", seed=seed, draws=draws, **options)

    others = pd.concat([tried(1_000_000 + seed, 2).differences for seed in range(truths)])
    truth = others[others["origin"] == "all"].groupby(["measure", "method"])["difference"].mean()
    print(truth.unstack(0).round(4).to_string())
    said: Counter[str] = Counter()
    wrong = 0
    for seed in range(sets):
        found = verdict(tried(seed, 500))
        said[f"{found.status} by {found.basis}"] += 1
        sign = 1 if found.basis == "captured" else -1
        wrong += any(sign * truth[found.basis, name] < 0 for name in found.better)
        wrong += found.status == "clear" and any(
            sign * truth[found.basis, name] > 0 for name in ("RFM", "R first", "ranks")
        )
    print(f"{dict(said)}; clear and wrong: {wrong} of {sets}")


def giant(sets: int) -> None:
    said: Counter[str] = Counter()
    for seed in range(sets):
        data = Giant(seed)
        found = trial(
            data, {"ABC": ABC(), "RFM": RFM()}, official="ABC", origins=["2020-03"], capacity=[0.2], draws=500
        )
        said[verdict(found).status] += 1
    print(dict(said))


if __name__ == "__main__":
    started = time.perf_counter()
    {"lots": lots, "pareto": pareto, "giant": giant}[sys.argv[1]](int(sys.argv[2]))
    print(f"{sys.argv[2]} data sets, {time.perf_counter() - started:.0f} s")
