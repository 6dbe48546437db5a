"""Did earlier lists come true: of those named as slipping or rising, how many moved so, against everybody?"""

import numpy as np
import pandas as pd

from segmentation import months
from segmentation.movement import lists
from segmentation.movement.pace import horizon
from segmentation.questions.pace import pace
from segmentation.study.facts import fact
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence

_MONTHS = 4


@fact(keep=True, prepare="holding earlier lists against what followed")
def list_record(study: Study) -> pd.DataFrame:
    """How the lists of slipping and rising customers turned out that the same rules made at earlier month ends.

    One row a list and month end, of the last four from which the months that the lists look ahead are over:
    watch_list ("slips" or "rises"), month, named, came_true (of them out of the best tier, or in a better
    one, after those months), share_true, base_rate (the share of all: of the best tier, or of the tiers of
    those named), times (share_true / base_rate). No rows where there is no such month.
    """
    steps = horizon(study.window_months)
    rows = []
    for month in study.past:
        later = months.add(month, steps)
        if not steps or later not in study.past or pace(study, month).empty:
            continue
        rows += _held(study, month, later)
    columns = ["watch_list", "month", "named", "came_true", "share_true", "base_rate", "times"]
    table = pd.DataFrame(rows, columns=columns)
    return table[table["month"].isin(sorted(set(table["month"]))[-_MONTHS:])].reset_index(drop=True)


def said(study: Study, name: str) -> Sentence:
    """How a list turned out at earlier month ends, in a sentence; that it is untried where it is."""
    steps, held = horizon(study.window_months), list_record(study)
    held = held[(held["watch_list"] == name) & (held["named"] > 0)]
    if held.empty:
        return sentence("This list is untried: no earlier one can be held against what followed.")
    named, came = int(held["named"].sum()), int(held["came_true"].sum())
    base = float((held["base_rate"] * held["named"]).sum() / named)
    text = (
        "Of {named:integer} {named:customer|customers} named so at {k:integer} earlier month {k:end|ends}, "
        "{share:share} left the tier within {n:integer} {n:month|months}; of everybody in it {base:share}."
        if name == "slips"
        else "Of {named:integer} {named:customer|customers} named so at {k:integer} earlier month {k:end|ends}, "
        "{share:share} rose within {n:integer} {n:month|months}; of everybody in their tiers {base:share}."
    )
    return sentence(text, named=named, k=len(held), share=came / named, n=steps, base=base)


def _held(study: Study, month: str, later: str) -> list[tuple[object, ...]]:
    """The two lists of a month end against the tiers some months later."""
    names, profile, heading = study.tier_names, study.profile(month), pace(study, month)
    official = study.settings.official
    tiers = study.learned(official, month)["tiers"]["tier"]
    after = study.learned(official, later)["tiers"].set_index("customer_id")["tier"]
    was = pd.Index(names).get_indexer(pd.Index(tiers))
    now = pd.Index(names).get_indexer(pd.Index(profile["customer_id"].map(after)))
    now = np.where(now < 0, len(names), now)  # nobody who is gone has a tier
    fell, rose = (was == 0) & (now > 0), now < was
    slips = profile["customer_id"].isin(lists.slipping(profile, tiers, names, heading)["customer_id"])
    rises = profile["customer_id"].isin(lists.risers(profile, tiers, names, heading)["customer_id"])
    of_tier = pd.Series(rose).groupby(was).transform("mean").to_numpy()
    rows: list[tuple[object, ...]] = []
    for name, chosen, came, base in (
        ("slips", slips.to_numpy(), fell, float(fell[was == 0].mean()) if (was == 0).any() else np.nan),
        ("rises", rises.to_numpy(), rose, float(of_tier[rises].mean()) if rises.any() else np.nan),
    ):
        named, true = int(chosen.sum()), int((chosen & came).sum())
        share = true / named if named else np.nan
        rows.append((name, month, named, true, share, base, share / base if base else np.nan))
    return rows
