"""Which key customers did we lose since last month, and what did they bring?"""

import pandas as pd

from segmentation.movement import lists
from segmentation.questions.moves import changes
from segmentation.questions.responsible import with_manager
from segmentation.show.tables import Block
from segmentation.study.facts import fact, piece
from segmentation.study.study import Study
from segmentation.words.reader import sentence


@fact(needs=("month_before",))
def lost(study: Study) -> pd.DataFrame:
    """Customers of last month's best tier who are below it or dormant now, the most money first.

    Columns: customer_id, before, after (a tier or "dormant"), last_window (what they spent in the window up to
    last month), last_order.
    """
    gone = lists.lost(changes(study), study.profile(study.month_before), study.tier_names[0])
    known = pd.concat([study.profile(), study.dormant()]).set_index("customer_id")["last_order"]
    return gone.assign(last_order=gone["customer_id"].map(known))


@piece
def answer(study: Study) -> Block:
    """How many key customers were lost, how many of them went dormant, and what they had brought."""
    gone = lost(study)
    if gone.empty:
        return study.answer(
            "Every key customer of {before:month} still is one.", before=study.month_before, kind="good"
        )
    return study.answer(
        sentence(
            "{n:integer} {n:customer|customers} of {top:tier} in {before:month} {n:is|are} no longer in it; they "
            "had brought {money:money} in {window:integer} {window:month|months}."
        ),
        sentence("{dormant:integer} of them ordered nothing for {window:integer} {window:month|months}."),
        n=len(gone),
        dormant=int((gone["after"] == "dormant").sum()),
        money=float(gone["last_window"].sum()),
        top=study.tier_names[0],
        before=study.month_before,
        window=study.window_months,
        kind="caution",
    )


@piece
def lost_customers(study: Study, limit: int = 25) -> Block:
    """The lost customers, the most money first."""
    found = with_manager(study, lost(study))
    return study.table(found, "Lost key customers, the most money first", limit=limit, name="lost")
