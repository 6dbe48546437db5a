"""The verdict: does a trial support the official method, and who would be better?"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from segmentation.comparison.contest import HIATUS, OFFICIAL, RANDOM, SPEND
from segmentation.comparison.draws import CAPTURED, MISSED
from segmentation.comparison.judgement import Lead, Status, Verdict
from segmentation.comparison.leads import apart, leads, leads_at, why_not
from segmentation.comparison.tail import TRUSTED
from segmentation.comparison.trial import Trial


def verdict(trial: Trial, capacity: str | None = None) -> Verdict:
    """Judge the official method of a trial at a capacity, by its name (default: the first of the trial).

    A lead is clear where the interval by the basis excludes zero, the other measure agrees (its interval for
    this contestant excludes zero on the same side, or, where captured is not believed, it points there), both
    without the customer who brought most too, and hold-outs that do not overlap all point there.
    """
    differences = trial.differences
    if capacity is None:
        capacity = str(differences["capacity"].iloc[0]) if len(differences) else OFFICIAL
    at = differences[(differences["capacity"] == capacity) & differences["difference"].notna()]
    setting, official = trial.setting.iloc[0], str(trial.setting["official"].iloc[0])
    believed = not setting["tail_index"] < TRUSTED
    priced = bool(pd.notna(setting["price"]))
    basis, check = (CAPTURED, MISSED) if believed and not priced else (MISSED, CAPTURED)
    main, second = leads(at, basis), leads(at, check)
    pooled = trial.pooled[trial.pooled["capacity"] == capacity].set_index("method")
    own = pooled.loc[[official]].to_dict("records")[0] if len(main) else {}
    rivals = [name for name in main.index if name != RANDOM and not main.loc[name, "same"]]
    holdouts = apart(list(map(str, at["origin"].unique())), int(setting["holdout_months"]))
    clear = {
        name: why_not(main.loc[name], second.loc[name], believed, leads_at(at, holdouts, basis, name))
        for name in [*rivals, *main.index.intersection([RANDOM])]
        if main.loc[name, "clear"]
    }
    ahead = main.loc[rivals, "by"].sort_values(ascending=False, kind="stable") if rivals else pd.Series()
    better = tuple(name for name in ahead.index if ahead[name] > 0 and clear.get(name) == "")
    status = _status(main, rivals, better, clear)
    leader = next((name for name in better if name not in (SPEND, HIATUS)), (*better, *ahead.index, "")[0])
    seen = leads_at(at, holdouts, basis, leader)
    return Verdict(
        official=official,
        status=status,
        capacity=capacity,
        share=float(own.get("share", float("nan"))),
        places=float(own.get("chosen", float("nan"))),
        origins=int(own.get("origins", 0)),
        window_months=int(setting["window_months"]),
        holdout_months=int(setting["holdout_months"]),
        hiatus_days=int(setting["hiatus_days"]),
        hiatus_void=HIATUS not in pooled.index,
        captured=float(own.get("captured", float("nan"))),
        missed=float(own.get("missed", float("nan"))),
        basis=basis,
        priced=priced,
        tail_index=float(setting["tail_index"]),
        other=_lead(main, leader),
        lots=_lead(main, RANDOM),
        worth=_worth(trial, capacity, basis, own),
        better=better,
        same=tuple(name for name in main.index if main.loc[name, "same"] and name != RANDOM),
        doubts=tuple((name, why) for name, why in clear.items() if why and name != RANDOM),
        holdouts=(len(holdouts), min(seen, default=float("nan")), max(seen, default=float("nan"))),
    )


def _status(
    main: pd.DataFrame, rivals: Sequence[str], better: Sequence[str], clear: Mapping[str, str]
) -> Status:
    if main.empty:
        return "untried"
    if better:
        return "beaten"
    if not main["high"].astype(float)[RANDOM] < 0:
        return "lots"
    if not rivals:
        return "alike"
    return "clear" if all(clear.get(name) == "" for name in [*rivals, RANDOM]) else "level"


def _lead(main: pd.DataFrame, name: str) -> Lead | None:
    if name not in main.index:
        return None
    return Lead(name, *(float(main[column].astype(float)[name]) for column in ("by", "low_all", "high_all")))


def _worth(trial: Trial, capacity: str, basis: str, own: Mapping[Any, Any]) -> float:
    """What a lead of 1 is in money: all later value, or the price of every place."""
    if basis == MISSED:
        return float(trial.setting["price"].iloc[0]) * float(own.get("chosen", float("nan")))
    at = trial.results[trial.results["capacity"] == capacity]
    return float(at.drop_duplicates("origin")["later_value"].mean())
