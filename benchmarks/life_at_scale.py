"""What pages 7 and 8 cost at a million customers: `python benchmarks/life_at_scale.py [customers | demo]`.

Each fact is timed when its study already has the ledger and the profiles and official tiers of the past months,
as in a monthly run; the sum of a page's facts is what the page adds: seconds by the clock, and of the processor.
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
        "at_risk_record",
        "stages",
        "stage_tiers",
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
    asked = sys.argv[1] if len(sys.argv) > 1 else "1000000"
    with tempfile.TemporaryDirectory() as folder:
        given = {"methods": {"ABC": {}}, "store": f"{folder}/store"}
        if asked == "demo":
            given |= {"orders": "demo:complete-journey", "month": "2017-12", "window_months": 6}
        else:
            path = Path(folder) / "orders.parquet"
            duckdb.execute("SELECT setseed(0.5)")
            duckdb.execute(_ORDERS.format(customers=int(asked), path=path))
            given |= {"orders": str(path), "month": "2025-12"}
        study = Study.open(given)
        for month in study.past:
            study.tiers(month)
        for page, names in PAGES.items():
            total, worked = 0.0, 0.0
            for name in names:
                began, at_work = time.perf_counter(), time.process_time()
                if fact_named(name).missing(study) is None:
                    fact_named(name)(study)
                total += (took := time.perf_counter() - began)
                worked += (work := time.process_time() - at_work)
                print(f"{page:10} {name:16} {took:6.2f} s, {work:6.2f} s of the processor", flush=True)
            print(f"{page:10} {'together':16} {total:6.2f} s, {worked:6.2f} s of the processor: {asked}")


if __name__ == "__main__":
    main()
