"""Do the lists come true, and is nobody forgotten? `python benchmarks/lists.py [online_retail.parquet]`.

For every data set and month end: the share of the best tier that is called slipping; of those named at earlier
month ends, slipping or rising, the share that moved so within the months the list looks ahead, against
everybody in the same tiers; and how many of last month's best tier who are not in it now are on no list.
The file is that of Online Retail (UCI 352).
"""

import sys
import tempfile

from trial_coverage import ONLINE_RETAIL

from segmentation import Study
from segmentation.questions.actions import actions
from segmentation.questions.list_record import list_record
from segmentation.questions.lost import lost
from segmentation.questions.watch import slipping


def held_against(name: str, orders: object, window: int, month: str, method: str) -> None:
    given = {"orders": orders, "month": month, "window_months": window, "methods": {method: {}}}
    study = Study.open({**given, "store": tempfile.mkdtemp(), "show_customer_ids": True})
    best = study.scored().query("tier == 'A'")["customer_id"]
    before = study.scored(month=study.month_before).query("tier == 'A'")["customer_id"]
    missing = set(before) - set(best)
    forgotten = len(missing - set(lost(study)["customer_id"])) + len(
        missing - set(actions(study)["customer_id"])
    )
    print(
        f"{name}, {method}, {month}, window {window}: {len(slipping(study)) / len(best):.1%} of {len(best):,} in A "
        f"slip; {len(missing)} of last month's A are not A now, {forgotten} of them forgotten"
    )
    held = list_record(study)
    for watched, rows in held.groupby("watch_list"):
        named, came = rows["named"].sum(), rows["came_true"].sum()
        base = (rows["named"] * rows["base_rate"]).sum() / named
        times = ", ".join(f"{m} {t:.1f}" for m, t in zip(rows["month"], rows["times"]))
        print(
            f"  {watched}: {named:,} named at {len(rows)} month ends, {came / named:.1%} came true, base rate "
            f"{base:.1%}: {came / named / base:.1f} times ({times})",
            flush=True,
        )


if __name__ == "__main__":
    retail = {"path": sys.argv[1], "columns": ONLINE_RETAIL} if len(sys.argv) > 1 else None
    for method in ("ABC", "RFM"):
        for window in (6, 3):
            held_against("Complete Journey", "demo:complete-journey", window, "2017-12", method)
        held_against("CDNOW", "demo:cdnow", 9, "1998-06", method)
        held_against("CDNOW", "demo:cdnow", 6, "1997-12", method)
        for window in (6, 3) if retail else ():
            held_against("Online Retail", retail, window, "2011-11", method)
