"""Moves priced from earlier movers, held against what came: `python benchmarks/move_values.py [PARQUET]`.

At each month end the moves of that month get a price from the movers of earlier months, by what is known by
then; three months later it is known what they brought. `old`: the difference of the two tiers' means, which
was the price before. PARQUET: the file of Online Retail (UCI 352).
"""

import sys
import tempfile
from itertools import pairwise

import pandas as pd
from trial_coverage import ONLINE_RETAIL

from segmentation import Study, months
from segmentation.comparison.migration import known_after, move_values
from segmentation.movement.states import and_dormant, changes

MOVES = (("B", "A"), ("A", "B"), ("C", "B"), ("dormant", "C"))


def held_against(name: str, orders: object, window: int, first: str, last: str) -> None:
    end = months.add(last, 3)
    given = {"orders": orders, "month": end, "window_months": window, "methods": {"ABC": {}}}
    study = Study.open({**given, "store": tempfile.mkdtemp(), "show_customer_ids": True})
    start = max(months.add(study.ledger.first, window - 1), months.add(first, -9))
    tiers = {m: study.scored("ABC", m)[["customer_id", "tier"]] for m in months.span(start, last)}
    frames = {m: frame.rename(columns={"tier": "ABC"}) for m, frame in tiers.items()}
    value = {m: study.later_value(m, m).set_index("customer_id")["value"] for m in months.span(start, end)}
    moves = {}
    for was, now in pairwise(frames):
        gone = study.dormant(was)["customer_id"]
        moves[now] = and_dormant(changes(frames[was], frames[now], "ABC", ["A", "B", "C"], gone), gone)
    rows = []
    for month in months.span(first, last):
        known = {m: moved for m, moved in moves.items() if m < month}
        if not known:
            continue
        price = move_values(known_after(known, value, month), moves[month])
        came = known_after({month: moves[month]}, value, end)
        mean = came.groupby(["before", "after"])["value"].agg(["mean", "size"])
        past = known_after(known, value, month)
        stayed = past[past["before"] == past["after"]].groupby("before")["value"].mean()
        for row in price[price["worth"].notna()].to_dict("records"):
            pair = (row["before"], row["after"])
            if pair in MOVES and pair in mean.index:
                real = mean.loc[pair, "mean"] - mean.loc[(pair[0], pair[0]), "mean"]
                old = stayed.get(pair[1], 0.0) - stayed.get(pair[0], 0.0)
                rows.append(
                    (">".join(pair), row["customers"], row["worth"], row["low"], row["high"], real, old)
                )
    table = pd.DataFrame(rows, columns=["move", "customers", "price", "low", "high", "came", "old"])
    for column in ("price", "came", "old", "low", "high"):
        table[column] *= table["customers"]
    total = table.groupby("move", sort=False).sum()
    for column in ("price", "came", "old", "low", "high"):
        total[column] /= total["customers"]
    total["price / came"], total["old / came"] = total["price"] / total["came"], total["old"] / total["came"]
    print(f"{name}, window {window}, moves of {first} to {last}, a customer and month")
    print(total.round(2).to_string(), flush=True)


if __name__ == "__main__":
    held_against("Complete Journey", "demo:complete-journey", 6, "2017-08", "2017-09")
    held_against("Complete Journey", "demo:complete-journey", 3, "2017-06", "2017-09")
    held_against("CDNOW", "demo:cdnow", 6, "1997-10", "1997-12")
    if len(sys.argv) > 1:
        retail = {"path": sys.argv[1], "columns": ONLINE_RETAIL}
        held_against("Online Retail", retail, 3, "2011-05", "2011-08")
        held_against("Online Retail", retail, 6, "2011-07", "2011-08")
