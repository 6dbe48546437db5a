"""Whom to look after this month: who slips, who rises, who is newly big or newly stable."""

import pandas as pd

from segmentation.comparison.confidence import amount_cuts
from segmentation.movement import lists
from segmentation.questions.confidence import chances
from segmentation.questions.list_record import said
from segmentation.questions.moves import changes
from segmentation.questions.pace import pace
from segmentation.questions.responsible import with_manager
from segmentation.questions.tiers import official_tiers
from segmentation.show.tables import Block
from segmentation.study.facts import fact, piece
from segmentation.study.study import Study
from segmentation.words.reader import sentence

_SHOWN = 25


@fact
def slipping(study: Study) -> pd.DataFrame:
    """Customers of the best tier who are on their way out of it, and the reasons."""
    tiers = study.learned(study.settings.official)["tiers"]["tier"]
    heading = pace(study)
    return lists.slipping(
        study.profile(), tiers, study.tier_names, None if heading.empty else heading, chances(study)
    )


@fact
def rising(study: Study) -> pd.DataFrame:
    """Tomorrow's stars: customers below the best tier who are on their way into a better one."""
    official = study.settings.official
    tiers, heading = study.learned(official)["tiers"]["tier"], pace(study)
    return lists.risers(
        study.profile(),
        tiers,
        study.tier_names,
        None if heading.empty else heading,
        chances(study),
        official_cuts(study),
    )


@fact(needs=("two_months",))
def newly_big(study: Study) -> pd.DataFrame:
    """Customers in the best tier this month and in none of the months before."""
    official = study.settings.official
    earlier = [official_tiers(study, month) for month in study.past[:-1]]
    return lists.newly_big(study.profile(), study.tiers(), earlier, official, study.tier_names[0])


@fact(needs=("two_months",))
def newly_stable(study: Study) -> pd.DataFrame:
    """Customers who buy regularly in this window and did in none before."""
    return lists.newly_stable(study.profile(), [study.profile(month) for month in study.past[:-1]])


def official_cuts(study: Study) -> tuple[float, ...] | None:
    """The amounts of the official rule, best tier first; None where it is no amount rule."""
    rule = study.rule(study.settings.official)
    return None if rule is None else amount_cuts(rule)


def slipping_customers(study: Study) -> Block:
    """Customers of the best tier who are on their way out of it."""
    caption = sentence("{top:tier} customers who are slipping, and why", top=study.tier_names[0])
    found = with_manager(study, slipping(study))
    return study.table(found, caption, limit=_SHOWN, note=said(study, "slips"), name="slipping")


def rising_customers(study: Study) -> Block:
    """Tomorrow's stars: who is on the way into a better tier."""
    found = with_manager(study, rising(study))
    caption = "Tomorrow's stars: on their way into a better tier"
    return study.table(found, caption, limit=_SHOWN, note=said(study, "rises"), name="rising")


@piece
def newly_big_customers(study: Study) -> Block:
    """Customers who are in the best tier for the first time."""
    caption = sentence(
        "For the first time in {top:tier} in {n:integer} {n:month|months}",
        top=study.tier_names[0],
        n=len(study.past),
    )
    return study.table(with_manager(study, newly_big(study)), caption, limit=_SHOWN, name="newly_big")


@piece
def newly_stable_customers(study: Study) -> Block:
    """Customers who have begun to buy regularly."""
    caption = "Newly stable: buying in at least two thirds of the months"
    return study.table(with_manager(study, newly_stable(study)), caption, limit=_SHOWN, name="newly_stable")


@piece
def joined_top(study: Study) -> Block:
    """Who came into the best tier since last month."""
    moved, top = changes(study), study.tier_names[0]
    chosen = moved[(moved["after"] == top) & (moved["before"] != top)]
    figures = study.profile()[["customer_id", "recency_days", "frequency", "monetary", "last_order"]]
    found = chosen[["customer_id", "before", "after"]].merge(figures, on="customer_id", how="left")
    found = found.sort_values(["monetary", "customer_id"], ascending=[False, True], ignore_index=True)
    caption = sentence("New in {top:tier} this month", top=top)
    return study.table(with_manager(study, found), caption, limit=_SHOWN)
