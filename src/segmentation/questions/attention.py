"""Who needs attention: whom we lost, who is slipping, who rises, who is new, in four short lists."""

import pandas as pd

from segmentation.questions.list_record import said
from segmentation.questions.lost import lost
from segmentation.questions.responsible import with_manager
from segmentation.questions.watch import newly_big, rising, slipping
from segmentation.show.tables import Block, beside
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence

_SHOWN = 5
_PAGE = "6-movement.html"


def four_lists(study: Study) -> Block:
    """The four lists beside each other, each with the most money first and a way to the whole of it."""
    return beside(_lost(study), _slipping(study), _rising(study), _new(study))


def _lost(study: Study) -> Block:
    if missing := lost.missing(study):
        return study.note(missing)
    found, before = lost(study), study.month_before
    if found.empty:
        return study.note("Nobody is lost: every key customer of {before:month} still is one.", before=before)
    caption = sentence(
        "Lost: {n:integer} {n:customer|customers} who {n:was|were} {top:tier} in {before:month}",
        n=len(found),
        top=study.tier_names[0],
        before=before,
    )
    gone = int((found["after"] == "dormant").sum())
    note = sentence(
        "{gone:integer} ordered nothing for {n:integer} {n:month|months}.", gone=gone, n=study.window_months
    )
    shown = found[["customer_id", "after", "last_window", "last_order"]]
    return _short(study, shown, caption, "lost", note if gone else None)


def _slipping(study: Study) -> Block:
    found = slipping(study)
    if found.empty:
        return study.note("Nobody of {top:tier} is slipping.", top=study.tier_names[0])
    caption = sentence(
        "Slipping: {n:integer} {n:customer|customers} on the way out of {top:tier}",
        n=len(found),
        top=study.tier_names[0],
    )
    shown = found[["customer_id", "tier_ahead", "monetary", "money_at_risk"]]
    return _short(study, shown, caption, "slipping", said(study, "slips"))


def _rising(study: Study) -> Block:
    found = rising(study)
    if found.empty:
        return study.note("Nobody is on the way into a better tier.")
    caption = sentence(
        "Rising: {n:integer} {n:customer|customers} on the way into a better tier", n=len(found)
    )
    shown = found[["customer_id", "tier", "tier_ahead", "to_win"]]
    return _short(study, shown, caption, "rising", said(study, "rises"))


def _new(study: Study) -> Block:
    if missing := newly_big.missing(study):
        return study.note(missing)
    found, months = newly_big(study), len(study.past)
    if found.empty:
        return study.note("Nobody is {top:tier} for the first time.", top=study.tier_names[0])
    caption = sentence(
        "New: {n:integer} {n:customer|customers} in {top:tier} for the first time in {months:integer} months",
        n=len(found),
        top=study.tier_names[0],
        months=months,
    )
    shown = found.reindex(columns=["customer_id", "monetary", "frequency", "growth"])
    return _short(study, shown, caption, "newly_big", None)


def _short(study: Study, found: pd.DataFrame, caption: Sentence, name: str, note: Sentence | None) -> Block:
    """The first rows of a list, and the way to the rest."""
    rest = f"{_PAGE}#t-{name}"
    shown = with_manager(study, found)
    return study.table(shown, caption, limit=_SHOWN, note=note, name=name, rest=rest)
