"""Would the same customers be key in the next window? Test and retest of every method."""

import pandas as pd

from segmentation import months
from segmentation.comparison import retest as retesting
from segmentation.errors import DataError
from segmentation.show.tables import Block
from segmentation.study.facts import fact, piece
from segmentation.study.study import Study
from segmentation.words.reader import sentence


@fact(needs=("a_window_ago",))
def retest(study: Study) -> pd.DataFrame:
    """How far each method's best tier is that of the window before, which does not overlap.

    Columns: method, customers (in the best tier then), customers_now, both, overlap (Jaccard), stayed_best,
    by_chance (the Jaccard of two draws by lot of these sizes).
    """
    then = months.add(study.month, -study.window_months)
    try:
        before = study.tiers(then)
    except DataError:  # the official method failed then, as on a window without customers
        before = study.tiers().iloc[:0]
    found = retesting.retest(before, study.tiers(), study.tier_names[0])
    return found.rename(columns={"jaccard": "overlap", "kept": "stayed_best"})


@piece
def answer(study: Study) -> Block:
    """How much of the official method's best tier is the same as a window ago."""
    found = retest(study).set_index("method")
    own = found.loc[[study.settings.official]].to_dict("records")[0]
    if pd.isna(own["stayed_best"]):
        return study.note("Nobody was in {top:tier} a window ago.", top=study.tier_names[0])
    best = str(found["overlap"].idxmax()) if found["overlap"].notna().any() else study.settings.official
    return study.answer(
        sentence(
            "{share:share} of the {n:integer} {top:tier} customers of {then:month} are in it again in the window up to "
            "{now:month}, which does not overlap."
        ),
        sentence(
            "By the overlap of both, {best:word} holds most ({most:share}), {official:word} {own:share}."
            if best != study.settings.official
            else "The overlap of both is {own:share}; no other method holds more."
        ),
        share=own["stayed_best"],
        n=int(own["customers"]),
        top=study.tier_names[0],
        then=months.add(study.month, -study.window_months),
        now=study.month,
        best=best,
        most=found["overlap"].max(),
        official=study.settings.official,
        own=own["overlap"],
    )


@piece
def methods(study: Study) -> Block:
    """Test and retest of every method."""
    caption = sentence(
        "Test and retest: the best tier of two windows that do not overlap, up to {then:month} and {now:month}",
        then=months.add(study.month, -study.window_months),
        now=study.month,
    )
    return study.table(retest, caption)
