"""Do those on the watch list leave? `python benchmarks/slipping.py [online_retail.parquet]`.

Of the best tier at a month end, the share that is on the list, and who is out of the tier three months later:
of all of it (the base rate), and of those on the list.
"""

import sys
import tempfile

from trial_coverage import ONLINE_RETAIL

from segmentation import Study, months
from segmentation.comparison.confidence import amount_cuts
from segmentation.movement.lists import slipping


def held_against(name: str, orders: object, window: int, dates: list[str], method: str = "ABC") -> None:
    given = {"orders": orders, "month": dates[-1], "window_months": window, "methods": {method: {}}}
    study = Study.open({**given, "store": tempfile.mkdtemp()})
    for month in dates:
        now = study.scored(method, month)
        later = study.scored(method, months.add(month, 3)).set_index("customer_id")["tier"]
        rule = study.rule(method, month)
        best = now[now["tier"] == "A"]
        out = best["customer_id"].map(later).ne("A")
        cuts = amount_cuts(rule)
        listed = best["customer_id"].isin(
            slipping(study.profile(month), now["tier"], "ABC", cuts=cuts)["customer_id"]
        )
        base, left = out.mean(), out[listed].mean()
        print(
            f"{name}, {method}, {month}, window {window}: {len(best):,} in A, {listed.mean():.1%} listed; "
            f"left {left:.1%} of them, {base:.1%} of all of A: {left / base:.1f} times",
            flush=True,
        )


if __name__ == "__main__":
    retail = {"path": sys.argv[1], "columns": ONLINE_RETAIL} if len(sys.argv) > 1 else None
    for method in ("ABC", "RFM"):
        held_against("Complete Journey", "demo:complete-journey", 6, ["2017-06", "2017-09"], method)
        held_against("CDNOW", "demo:cdnow", 6, ["1997-09", "1997-12"], method)
        if retail:
            held_against("Online Retail", retail, 6, ["2011-05", "2011-08"], method)
