"""Lifetime value against what came: `python benchmarks/lifetime_value.py [online_retail.parquet]`.

CDNOW 1997-12 and 1998-03: the orders forecast for the window's customers (days with an order). Online Retail
2011-08, where its file is given: what the best 20 % by lifetime value and by spend brought in three months.
"""

import sys
import tempfile

import numpy as np
import pandas as pd

from segmentation import Study, months
from segmentation.comparison.capture import Ranking, measure
from segmentation.comparison.learning import Past, learn
from segmentation.methods.lifetime import LifetimeValue

_RETAIL = {
    "order_id": "InvoiceNo",
    "customer_id": "CustomerID",
    "date": "InvoiceDate",
    "quantity": "Quantity",
    "price": "UnitPrice",
}


def orders_forecast(study: Study, ahead: int) -> tuple[float, int]:
    """The days with an order forecast for the window's customers, and those that came."""
    month = study.month
    profile = study.profile()
    fitted = LifetimeValue(ahead).fit(profile, Past(study, month)).purchases_
    known = study.order_histories().set_index("customer_id").loc[profile["customer_id"]]
    end = pd.Timestamp(months.last_day(month))
    figures = (known["days"] - 1, (known["last_order"] - known["first_order"]).dt.days)
    repeats, recency = (np.asarray(one, dtype=np.float64) for one in figures)
    age = np.asarray((end - known["first_order"]).dt.days, dtype=np.float64)
    last = months.add(month, ahead)
    days = float((pd.Timestamp(months.last_day(last)) - end).days)
    came = study.with_(month=last).order_histories(last, ahead).set_index("customer_id")["window_days"]
    expected = fitted.expected_orders(days, repeats, recency, age).sum()
    return float(expected), int(came.reindex(profile["customer_id"]).fillna(0).sum())


def captured(study: Study, ahead: int) -> tuple[float, float]:
    """The share of later value that the best 20 % by lifetime value and by spend brought."""
    profile = study.profile()
    later = study.later_value(months.add(study.month, 1), months.add(study.month, ahead))
    value = profile["customer_id"].map(later.set_index("customer_id")["value"]).fillna(0.0)
    worth = value.clip(lower=0.0).to_numpy(dtype=np.float64)
    spend = profile["monetary"].to_numpy(dtype=np.float64)
    scores = learn(LifetimeValue(ahead), "Lifetime value", profile, past=Past(study, study.month)).scores(
        profile
    )
    truth, places = Ranking.of(worth, worth), 0.20 * len(profile)
    both = [measure(Ranking.of(one, spend), truth, worth, places).captured for one in (scores, spend)]
    return both[0], both[1]


def main() -> None:
    with tempfile.TemporaryDirectory() as store:
        for month, window, ahead in (("1997-12", 6, 6), ("1998-03", 3, 3)):
            study = Study.open(
                {"orders": "demo:cdnow", "month": month, "window_months": window, "store": store}
            )
            expected, came = orders_forecast(study, ahead)
            print(f"CDNOW {month}, {ahead} months ahead: {expected:,.0f} orders forecast, {came:,} came")
        if len(sys.argv) > 1:
            orders = {"path": sys.argv[1], "columns": _RETAIL}
            given = {
                "orders": orders,
                "month": "2011-08",
                "window_months": 3,
                "currency": "GBP",
                "store": store,
            }
            own, spend = captured(Study.open(given), 3)
            print(f"Online Retail 2011-08, window 3: captured {own:.1%} at 20 % (spend {spend:.1%})")


if __name__ == "__main__":
    main()
