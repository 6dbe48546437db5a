"""Whom does the table of customers know, and what do the customers bring whom it does not know?"""

import unicodedata

import pandas as pd

from segmentation.show.tables import Block
from segmentation.study.facts import fact, piece
from segmentation.study.study import Study
from segmentation.study.tables import customers_of, known_at
from segmentation.words.reader import Sentence, sentence

_NAMED = 3
_KNOWN, _OTHER = "known, ordered in the window", "not in the table, ordered in the window"


@fact(needs=("customers",))
def customers_reconciliation(study: Study) -> pd.DataFrame:
    """The table of customers accounted for, and held against who ordered in the window, with their money.

    Columns: rule, effect (in, set aside, accepted, counted), rows (of the table; empty for customers it does
    not have), customers, amount (what these customers brought in the window, in the currency).
    """
    told = customers_of(study).reconciliation
    there = set(study.customers()["customer_id"])
    profile = study.profile()
    known = profile["customer_id"].isin(there)
    ever = set(profile["customer_id"]) | set(study.dormant()["customer_id"])
    dormant = len(there & set(study.dormant()["customer_id"]))
    never = len(set(known_at(study, study.month)["customer_id"])) - len(there & ever)
    lines = [
        (_KNOWN, int(known.sum()), float(profile.loc[known, "monetary"].sum())),
        (
            _OTHER,
            int((~known).sum()),
            float(profile.loc[~known, "monetary"].sum()),
        ),
        ("known but dormant", dormant, 0.0),
        ("in the table, never ordered", never, 0.0),
    ]
    more = pd.DataFrame(lines, columns=["rule", "customers", "amount"]).assign(effect="counted")
    return pd.concat([told, more], ignore_index=True)[["rule", "effect", "rows", "customers", "amount"]]


@piece
def answer(study: Study) -> Block:
    """How many of the window's customers, and how much of their money, the table knows."""
    lines = customers_reconciliation(study).set_index("rule")
    counts, amounts = lines["customers"].to_dict(), lines["amount"].to_dict()
    known, money = counts[_KNOWN], amounts[_KNOWN]
    other, missed = counts[_OTHER], amounts[_OTHER]
    whole = money + missed
    said = [
        sentence(
            "The table of customers knows {known:integer} of the {all:integer} {all:customer|customers} who ordered in "
            "the window, and {share:share} of their money; {n:integer} {n:customer|customers} with {money:money} "
            "{n:is|are} not in it.",
            known=int(known),
            all=int(known + other),
            share=money / whole if whole else 0.0,
            n=int(other),
            money=missed,
        )
    ]
    if near := nearly_known(study):
        said.append(near)
    return study.answer(*said, kind="caution" if other else "neutral")


@piece
def accounted(study: Study) -> Block:
    """Every row of the table of customers, and every customer of the window, accounted for."""
    return study.table(customers_reconciliation, "The table of customers, row by row")


def nearly_known(study: Study) -> Sentence | None:
    """The ids that table and orders write nearly alike, and that are therefore not joined; None without any."""
    mine = set(study.profile()["customer_id"])
    theirs = set(study.customers()["customer_id"])
    if not study.settings.show_customer_ids:
        return None
    without = {_nearly(name): name for name in sorted(theirs - mine)}
    pairs = [(name, without[_nearly(name)]) for name in sorted(mine - theirs) if _nearly(name) in without]
    if not pairs:
        return None
    return sentence(
        "{n:integer} {n:customer|customers} of the orders {n:is|are} written nearly alike in the table and not joined "
        "({some}): write the ids alike, or give a map under orders.identities, or orders.ignore_case: true.",
        n=len(pairs),
        some="; ".join(f"{one!r} – {other!r}" for one, other in pairs[:_NAMED]),
    )


def _nearly(name: str) -> str:
    """An id without case, width, punctuation, blanks and leading zeros."""
    text = unicodedata.normalize("NFKC", name).casefold()
    plain = "".join(sign for sign in text if sign.isalnum())
    return plain.lstrip("0") or plain if plain.isdigit() else plain
