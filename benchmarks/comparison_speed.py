"""Time and memory of the whole comparison: five methods, four origins, intervals, stability, agreement.

The methods' own rules of the month are there already, as in a study, and the libraries are imported.
`python benchmarks/comparison_speed.py` (the demo month) or `… 1000000` (that many simulated customers).
"""

import resource
import sys
import time
from typing import Any

import numpy as np
import pandas as pd

from segmentation import Study, months
from segmentation.comparison.agreement import agreement, consensus, set_apart
from segmentation.comparison.stability import stability
from segmentation.comparison.trial import trial
from segmentation.methods import ABC, RFM, Clusters, Threshold

NAMES = ("A", "B", "C")


class Many:
    """Simulated customers whose months are drawn when they are asked for."""

    window_months = 6

    def __init__(self, customers: int) -> None:
        self.months = months.span("2017-01", "2017-12")
        random = np.random.default_rng(0)
        self.rate, self.spend = random.gamma(1.5, 2.0, customers), random.lognormal(3, 0.8, customers)
        self.ids = pd.Series(np.char.add("customer-", np.arange(customers).astype(str)), dtype="str")

    def profile(self, month: str) -> pd.DataFrame:
        random = np.random.default_rng(int(month[5:]))
        frequency = 1 + random.poisson(self.rate)
        profile = pd.DataFrame(
            {
                "customer_id": self.ids,
                "recency_days": random.integers(0, 180, len(self.ids)) // frequency,
                "frequency": frequency,
                "monetary": (frequency * self.spend * random.gamma(4, 0.25, len(self.ids))).round(2),
            }
        )
        profile.attrs = {"as_of": month, "window_months": 6}
        return profile

    def later_value(self, first: str, last: str) -> pd.DataFrame:
        random = np.random.default_rng(1000 + int(last[5:]))
        value = random.poisson(self.rate / 2) * self.spend
        return pd.DataFrame({"customer_id": self.ids, "value": value.round(2)})


def compare(history: Any, month: str, methods: dict[str, Any]) -> None:
    profile = history.profile(month)
    rules = {name: method.fit(profile).rule_ for name, method in methods.items()}
    started = time.perf_counter()
    tried = trial(
        history,
        methods,
        official="ABC",
        origins=4,
        holdout_months=3,
        capacity=["official", 0.2, 0.05],
        month=month,
    )
    on_trial = time.perf_counter()
    steady = stability(methods, profile, NAMES, rules=rules)
    stable = time.perf_counter()
    tiers = profile[["customer_id"]].assign(**{n: rule.apply(profile)["tier"] for n, rule in rules.items()})
    agreement(tiers, NAMES)
    set_apart(profile, consensus(tiers, "A"))
    done = time.perf_counter()
    assert tried.failures.empty
    assert steady.failures.empty
    print(
        f"{len(profile):,} customers: trial {on_trial - started:.1f} s, stability {stable - on_trial:.1f} s, "
        f"tiers and agreement {done - stable:.1f} s; together {done - started:.1f} s, peak "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GB"
    )


if __name__ == "__main__":
    ranks = RFM(combine="percentile", weights=(0.2, 0.3, 0.5))
    cuts = Threshold(cuts=(2000, 1000))
    chosen = {"ABC": ABC(), "RFM": RFM(), "Clusters": Clusters(), "Threshold": cuts, "Ranks": ranks}
    if len(sys.argv) > 1:
        compare(Many(int(sys.argv[1])), "2017-12", chosen)
    else:
        study = Study.open({"orders": "demo:complete-journey", "month": "2017-12", "window_months": 6})
        for before in months.span("2017-06", "2017-12"):
            study.profile(before)
        compare(study, "2017-12", chosen)
