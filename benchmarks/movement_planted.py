"""Planted movement: whose change does the attribution say it is? `python benchmarks/movement_planted.py`

Where only the boundary moves (half as many customers join, with triple the spend), at least 99 % of the
changes should be the boundary's; of customers who triple their rate and change tier, at least 90 % should be
the customer's.
"""

import sys
from pathlib import Path

import pandas as pd

from segmentation.methods import ABC, RFM, Clusters
from segmentation.movement.attribution import attribute

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from test_movement_attribution import NAMES, joined_by_bigger, simulated

METHODS = {"ABC": ABC(), "RFM": RFM(), "Clusters": Clusters(k=4)}


def share(
    cause: str, old: pd.DataFrame, new: pd.DataFrame, method, among: set[str] | None
) -> tuple[int, float]:
    found = attribute(old, new, method.fit(old).rule_, method.fit(new).rule_, NAMES)
    found = found if among is None else found[found["customer_id"].isin(among)]
    return len(found), (found["cause"] == cause).mean()


if __name__ == "__main__":
    for name, method in METHODS.items():
        boundary, customer = [], []
        for seed in range(5):
            old, new, chosen = simulated(20_000, seed, tripled=0.05)
            boundary.append(share("boundary", old, joined_by_bigger(old), method, None))
            customer.append(share("customer", old, new, method, chosen))
        for what, found in (("only the boundary moves", boundary), ("customers triple their rate", customer)):
            total = sum(n for n, _ in found)
            right = sum(n * part for n, part in found) / total
            print(f"{name}, {what}: {total:,} changes, {right:.1%} attributed to it")
