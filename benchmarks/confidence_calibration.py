"""P(tier) against the next window: `python benchmarks/confidence_calibration.py [online_retail.parquet]`.

The own tier of every customer in ten bins (expected calibration error), and those called sure (best tier, at
least .90): how many, what was said, what came. On the demo data, on Online Retail where its file is given,
and on simulated customers who join at any time and leave with a chance of their own.
"""

import sys
import tempfile
import time
from typing import Any

import numpy as np
import pandas as pd
from simulated_customers import RATE_MEAN, RATE_SHAPE, SPEND_P, SPEND_Q, SPEND_V

from segmentation import Study, months, read_orders
from segmentation.comparison.chances import Chances, calibration_error, tier_chances
from segmentation.comparison.confidence import of_own_tier
from segmentation.ledger.ledger import Ledger
from segmentation.ledger.profiles import later_value, order_histories, profile
from segmentation.methods import ABC

_JOURNEY, _CDNOW = "demo:complete-journey", "demo:cdnow"
_RETAIL = {
    "order_id": "InvoiceNo",
    "customer_id": "CustomerID",
    "date": "InvoiceDate",
    "quantity": "Quantity",
    "price": "UnitPrice",
}
REAL = (
    ("CDNOW", "1997-09", 9),
    ("CDNOW", "1997-12", 6),
    ("Complete Journey", "2017-06", 6),
    ("Complete Journey", "2017-08", 4),
    ("Complete Journey", "2017-09", 3),
    ("Online Retail", "2011-05", 6),
    ("Online Retail", "2011-07", 4),
    ("Online Retail", "2011-08", 3),
)
LEAVING = (0.0, 0.05, 0.15)
_WINDOW, _FIRST, _MONTH = 9, "2019-01", "2020-09"


class Held:
    """A ledger that ends with a month, as P(tier) wants to see it."""

    def __init__(self, ledger: Ledger, window_months: int, month: str) -> None:
        self.ledger, self.window_months = ledger, window_months
        self.months = [m for m in ledger.months if m <= month]

    def order_histories(self, month: str, window: int) -> pd.DataFrame:
        return order_histories(self.ledger, month, window)

    def later_value(self, first: str, last: str) -> pd.DataFrame:
        return later_value(self.ledger, first, last)


def held(ledger: Ledger, month: str, window: int) -> tuple[dict[str, Any], np.ndarray, np.ndarray]:
    """What was said of each customer's own tier, and whether it came; with a row for the table."""
    customers = profile(ledger, month, window)
    rule = ABC(share_of_value=(0.80, 0.95)).fit(customers).rule_
    started = time.perf_counter()
    said = tier_chances(Held(ledger, window, month), month, rule)
    took = time.perf_counter() - started
    first, last = months.add(month, 1), months.add(month, window)
    later = later_value(ledger, first, last).set_index("customer_id")["value"]
    ordered = order_histories(ledger, last, window).set_index("customer_id")["window_days"]
    ids = customers["customer_id"]
    after = rule.apply(customers.assign(monetary=ids.map(later).fillna(0.0)))["tier"]
    nothing = (ids.map(ordered).fillna(0) == 0) & (after == rule.tiers[-1])
    tier = rule.apply(customers)["tier"]
    own, came = of_own_tier(tier, said.chances), (after.mask(nothing, "dormant") == tier).to_numpy()
    return {**figures(own, came, (tier == "A").to_numpy()), "seconds": took, **chosen(said)}, own, came


def figures(own: np.ndarray, came: np.ndarray, best: np.ndarray) -> dict[str, Any]:
    """The expected calibration error, and the sure of the best tier."""
    sure = best & (own >= 0.90)
    said, kept = own[sure].mean(), came[sure].mean()
    allowed = 0.03 + 2 * np.sqrt(said * (1 - said) / sure.sum())
    shown = {"ece": calibration_error(own, came), "sure": sure.sum(), "said": said, "came": kept}
    return {"customers": len(own), **shown, "within": abs(said - kept) <= allowed}


def chosen(said: Chances) -> dict[str, Any]:
    """The model that spoke."""
    row = said.models.set_index("chosen").loc[True]
    return {"model": row["model"], "shock": row["shock"]}


def lives(leave: float, seed: int, customers: int = 3_000) -> pd.DataFrame:
    """Orders of customers who join at any time, and order and leave at rates of their own."""
    random = np.random.default_rng(seed)
    end = float(months.number(months.add(_MONTH, _WINDOW)) - months.number(_FIRST) + 1)
    joined = random.uniform(0.0, end - _WINDOW, customers)
    rate = random.gamma(RATE_SHAPE, 1.6 * RATE_MEAN / RATE_SHAPE, customers)
    money = random.gamma(SPEND_Q, 1 / SPEND_V, customers)
    stays = np.full(customers, np.inf)
    if leave:
        stays = random.exponential(1 / random.gamma(2.0, leave / 2.0, customers))
    length = np.minimum(end - joined, stays)
    who = np.repeat(np.arange(customers), 1 + random.poisson(rate * length))
    first = np.r_[True, who[1:] != who[:-1]]
    at = joined[who] + np.where(first, 0.0, length[who] * random.uniform(size=len(who)))
    day = pd.Timestamp(months.first_day(_FIRST)) + pd.to_timedelta(np.floor(at * 365.25 / 12), unit="D")
    amount = np.maximum(np.round(random.gamma(SPEND_P, 1 / money[who]), 2), 0.01)
    ids = np.char.add("c", who.astype(str))
    frame = pd.DataFrame({"customer_id": ids, "date": day, "amount": amount})
    return frame[frame["date"] <= pd.Timestamp(months.last_day(months.add(_MONTH, _WINDOW)))]


def simulated(leave: float, sets: int = 3) -> dict[str, Any]:
    """The same figures, pooled over data sets."""
    found = [held(Ledger.of(read_orders(lives(leave, seed))), _MONTH, _WINDOW) for seed in range(sets)]
    own, came = (np.concatenate([one[k] for one in found]) for k in (1, 2))
    models = ", ".join(sorted({str(one[0]["model"]) for one in found}))
    return {"customers": len(own), "ece": calibration_error(own, came), "model": models}


def ledger_of(data: str, retail: str | None, store: str) -> Ledger | None:
    """The ledger of one of the real data sets; None where its file is not given."""
    if data == "Online Retail" and retail is None:
        return None
    sources = {"CDNOW": _CDNOW, "Complete Journey": _JOURNEY}
    orders = sources.get(data, {"path": retail, "columns": _RETAIL})
    return Study.open({"orders": orders, "store": store, "currency": "GBP"}).ledger


if __name__ == "__main__":
    retail = next(iter(sys.argv[1:]), None)
    rows = []
    with tempfile.TemporaryDirectory() as store:
        for data, month, window in REAL:
            if (ledger := ledger_of(data, retail, store)) is not None:
                rows.append(
                    {"data": data, "month": month, "window": window, **held(ledger, month, window)[0]}
                )
    print(pd.DataFrame(rows).round(3).to_string())
    drawn = [{"leaving a month": leave, **simulated(leave)} for leave in LEAVING]
    print(pd.DataFrame(drawn).round(3).to_string())
