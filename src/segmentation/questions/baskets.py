"""What do key customers buy that others do not, and what lies together in their baskets?"""

import numpy as np
import pandas as pd

from segmentation import months
from segmentation.comparison.baskets.matrix import Baskets
from segmentation.comparison.baskets.pairs import pairs
from segmentation.comparison.baskets.ratios import ratios
from segmentation.show.tables import Block
from segmentation.study.facts import fact, piece
from segmentation.study.study import Study
from segmentation.words.reader import sentence

_SHOWN = 10
_SENTENCES = 3


@fact(needs=("product_groups",))
def baskets(study: Study) -> pd.DataFrame:
    """What key customers buy more, or less, than others in orders of the same size: see `ratios`."""
    return _told(study)["ratios"].copy()


@fact(needs=("product_groups",))
def basket_pairs(study: Study) -> pd.DataFrame:
    """Which groups of products lie together in orders, in the best tier's and in the others': see `pairs`."""
    return _told(study)["pairs"].copy()


@piece
def answer(study: Study) -> Block:
    """The groups that key customers buy more often, basket for basket; or that nothing differs."""
    found = baskets(study)
    more = found[found["tells"] & (found["ratio_from"] > 1)].head(_SENTENCES)
    if more.empty:
        return study.note(
            "Basket for basket, {top:tier} customers buy nothing more often than others that is more than chance.",
            top=study.tier_names[0],
        )
    said = [
        sentence(
            "{group} lies {times:number} times as often in the orders of {top:tier} customers as in others' orders "
            "of the same size (95% interval {low:number} to {high:number}).",
            group=row["product_group"],
            times=row["ratio_adjusted"],
            top=study.tier_names[0],
            low=row["ratio_from"],
            high=row["ratio_to"],
        )
        for row in more.to_dict("records")
    ]
    return study.answer(*said)


@piece
def more_often(study: Study) -> Block:
    """The groups by how much more often key customers buy them."""
    found = baskets(study)
    note = sentence(
        "{n:integer} groups of products were looked at; of what is said to tell them apart, at most 5% are false. "
        "As it stands, bigger orders alone make a group more frequent.",
        n=len(found),
    )
    caption = "What key customers buy more often, in orders of the same size"
    return study.table(found[found["tells"]], caption, limit=_SHOWN, note=note, name="baskets")


@piece
def together(study: Study) -> Block:
    """The pairs that lie together most."""
    found = basket_pairs(study)
    if found.empty:
        return study.note("No two groups of products lie together in 2% of the orders.")
    note = sentence(
        "Pairs in at least 2% of the orders. Differs: one lift is at least 1.25 times the other, and by more than "
        "chance."
    )
    return study.table(found, "What lies together in orders", limit=_SHOWN, note=note, name="basket_pairs")


def _told(study: Study) -> dict[str, pd.DataFrame]:
    """Ratios and pairs of the window's baskets, kept under the baskets' digests."""
    month, window = study.month, study.window_months
    key = {
        **study.question(month),
        "baskets": study.ledger.baskets_digests(month),
        "official": study.settings.official,
        "methods": study.settings.methods,
        "refit": study.settings.refit,
    }

    def make() -> dict[str, pd.DataFrame]:
        lines = study.shown(study.ledger.baskets(months.add(month, 1 - window), month))
        made = Baskets.of(lines)
        tiers = study.scored().set_index("customer_id")["tier"]
        top = np.asarray(tiers.reindex(made.customers) == study.tier_names[0])
        return {"ratios": ratios(made, top), "pairs": pairs(made, top)}

    return study.frames("baskets", key, make)
