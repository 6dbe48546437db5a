"""What pages 7 and 8 cost at a million customers: `python benchmarks/life_at_scale.py [customers]`.

Each fact is timed when its study already has the ledger and the profiles and official tiers of the past months,
as in a monthly run; the sum of a page's facts is what the page adds.
"""

import sys
import tempfile
import time
from pathlib import Path

import duckdb

from segmentation import Study
from segmentation.study.facts import fact_named

PAGES = {
    "7-life": (
        "extent",
        "life",
        "tried",
        "churn_trend",
        "win_back",
        "win_back_record",
        "at_risk",
        "lives",
        "stages",
    ),
    "8-outlook": ("outlook", "valued", "value_loyalty", "next_tier", "falling", "criteria", "benefit_costs"),
}
_ORDERS = """
COPY (
  SELECT 'c' || c AS customer_id, DATE '2024-01-01' + CAST(731 * random() AS INTEGER) AS date,
         round(exp(3 + random() * 2), 2) AS amount
  FROM (SELECT range AS c, 1 + CAST(10 * random() ^ 3 AS INTEGER) AS n FROM range({customers})) AS everybody,
       LATERAL (SELECT * FROM range(n)) AS each_order
) TO '{path}' (FORMAT parquet)
"""


def main() -> None:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.parquet"
        duckdb.execute("SELECT setseed(0.5)")
        duckdb.execute(_ORDERS.format(customers=customers, path=path))
        study = Study.open(
            {
                "orders": str(path),
                "month": "2025-12",
                "methods": {"ABC": {}},
                "store": f"{folder}/store",
            }
        )
        for month in study.past:
            study.tiers(month)
        for page, names in PAGES.items():
            total = 0.0
            for name in names:
                began = time.perf_counter()
                if fact_named(name).missing(study) is None:
                    fact_named(name)(study)
                total += (took := time.perf_counter() - began)
                print(f"{page:10} {name:16} {took:6.2f} s", flush=True)
            print(f"{page:10} {'together':16} {total:6.2f} s at {customers:,} customers")


if __name__ == "__main__":
    main()
