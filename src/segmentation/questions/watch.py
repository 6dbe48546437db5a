"""Whom to look after this month: who rises, who slips, who is newly big or newly stable."""

import pandas as pd

from segmentation.comparison.confidence import amount_cuts
from segmentation.movement import lists
from segmentation.questions.confidence import chances
from segmentation.questions.moves import changes
from segmentation.questions.price import move_values as step_values
from segmentation.questions.responsible import with_manager
from segmentation.questions.tiers import official_tiers
from segmentation.show.tables import Block
from segmentation.study.facts import Fact, fact, piece
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence

_SHOWN = 25


@fact
def rising(study: Study) -> pd.DataFrame:
    """Tomorrow's stars: customers below the best tier who rise and are close or likely to cross."""
    tiers = study.learned(study.settings.official)["tiers"]["tier"]
    steps = None
    if not step_values.missing(study):
        priced = step_values(study)
        steps = dict(zip(zip(priced["before"], priced["after"]), priced["worth"]))
    return lists.risers(study.profile(), tiers, study.tier_names, chances(study), official_cuts(study), steps)


@fact
def slipping(study: Study) -> pd.DataFrame:
    """Customers of the best tier who are on their way out of it, and the reasons."""
    tiers = study.learned(study.settings.official)["tiers"]["tier"]
    return lists.slipping(study.profile(), tiers, study.tier_names, chances(study), official_cuts(study))


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


def rising_customers(study: Study, limit: int = _SHOWN) -> Block:
    """Tomorrow's stars: who rises, and is close to the next tier or likely to cross."""
    return _watched(
        study, rising, "Tomorrow's stars: rising, and close to the next tier or likely to reach it", limit
    )


def slipping_customers(study: Study, limit: int = _SHOWN) -> Block:
    """Customers of the best tier who show signs of slipping."""
    caption = sentence("Watch list: {top:tier} customers who may slip, and why", top=study.tier_names[0])
    return _watched(study, slipping, caption, limit)


def newly_big_customers(study: Study, limit: int = _SHOWN) -> Block:
    """Customers who are in the best tier for the first time."""
    caption = sentence(
        "For the first time in {top:tier} in {n:integer} {n:month|months}",
        top=study.tier_names[0],
        n=len(study.past),
    )
    return _watched(study, newly_big, caption, limit)


def newly_stable_customers(study: Study, limit: int = _SHOWN) -> Block:
    """Customers who have begun to buy regularly."""
    return _watched(study, newly_stable, "Newly stable: buying in at least two thirds of the months", limit)


@piece
def joined_top(study: Study) -> Block:
    """Who came into the best tier."""
    caption = sentence("New in {top:tier} this month", top=study.tier_names[0])
    return _moved(study, "after", "before", caption)


@piece
def left_top(study: Study) -> Block:
    """Who left the best tier."""
    return _moved(study, "before", "after", sentence("No longer in {top:tier}", top=study.tier_names[0]))


def _moved(study: Study, inside: str, outside: str, caption: Sentence) -> Block:
    """Those who were or are in the best tier in one month and not in the other, the most money first."""
    moved, top = changes(study), study.tier_names[0]
    chosen = moved[(moved[inside] == top) & (moved[outside] != top)]
    figures = study.profile()[["customer_id", "recency_days", "frequency", "monetary", "last_order"]]
    found = chosen[["customer_id", "before", "after"]].merge(figures, on="customer_id", how="left")
    found = found.sort_values(["monetary", "customer_id"], ascending=[False, True], ignore_index=True)
    return study.table(with_manager(study, found), caption, limit=_SHOWN)


@piece
def _watched(
    study: Study, asked: Fact[..., pd.DataFrame], caption: str | Sentence, limit: int = _SHOWN
) -> Block:
    """A list for the sales team, with who looks after each customer."""
    return study.table(with_manager(study, asked(study)), caption, limit=limit)
