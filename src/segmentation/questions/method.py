"""What every method's page shows: the answer, the rule in words and its proof, its tiers, segments and customers."""

import pandas as pd

from segmentation.questions.responsible import with_responsible
from segmentation.questions.tiers import best_tier, tier_shares
from segmentation.rules import Rule
from segmentation.show import tables
from segmentation.show.tables import Block
from segmentation.study.facts import fact
from segmentation.study.study import Study
from segmentation.words.reader import sentence

_SHOWN = 25
_ASKED = ("customer_id", "tier", "segment", "score", "recency_days", "frequency", "monetary", "last_order")


@fact
def segments(study: Study) -> pd.DataFrame:
    """The segments or clusters of every method that has them, with their tier, customers and medians.

    Columns: method, segment, tier, customers, share_of_customers, share_of_value, and the medians of
    recency_days, frequency and monetary; a method's segments with the most value per customer first.
    """
    found = [
        _segments_of(study.scored(name)).assign(method=name)
        for name in study.settings.methods
        if not study.failed(name) and "segment" in study.learned(name)["tiers"]
    ]
    if not found:
        return pd.DataFrame(columns=["method", "segment", "tier", "customers"])
    joined = pd.concat(found, ignore_index=True)
    return joined[["method", *joined.columns.drop("method")]]


def answer(study: Study, method: str) -> Block:
    """Whom the method puts on top, and what they bring."""
    best, rule = best_tier(study, method), study.rule(method)
    verdict = sentence(
        "{method:word} puts {n:integer} {n:customer|customers} in {top:tier}: {customers:share} of all, who bring "
        "{value:share} of the value.",
        method=method,
        n=int(best["customers"]),
        top=study.tier_names[0],
        customers=best["share_of_customers"],
        value=best["share_of_value"],
    )
    remarks = [remark.sentence for remark in rule.remarks] if rule else []
    short = [remark for remark in remarks if len(study.say(remark)) <= _REMARK]
    return study.answer(verdict, *short[:2])


def statement(study: Study, rule: Rule | None) -> Block:
    """The rule in plain words, every cut with its closed side."""
    if rule is None:
        return study.note("This method gives scores by code of its own; there is no rule to put in words.")
    return tables.words(rule.statement(language=study.reader.language))


def proof(study: Study, rule: Rule | None) -> Block:
    """Whether the rule gives every possible customer exactly one segment and tier, or what is wrong."""
    if rule is None:
        return study.note("Without a rule there is nothing to prove.")
    found = rule.audit()
    good = sentence(
        "All {n:integer} combinations were checked: every possible customer is in exactly one segment and tier.",
        n=found.cells,
    )
    bad = sentence(
        "Of {n:integer} combinations {several:integer} match several segments and {none:integer} match none.",
        n=found.cells,
        several=len(found.overlapping),
        none=len(found.uncovered),
    )
    named = [
        ("Segments never reached: {which:list}", found.unreachable + found.out_of_reach),
        ("Tiers that no customer can have: {which:list}", found.empty_tiers),
        ("Cuts that coincide: {which:list}", found.coinciding),
        ("Better, yet lower: {which:list}", found.non_monotone),
    ]
    remarks = [sentence(text, which=list(which)) for text, which in named if which]
    sound = found.ok and not found.non_monotone
    return study.answer(good if found.ok else bad, *remarks, kind="good" if sound else "caution")


def sizes(study: Study, method: str) -> Block:
    """The tiers with their customers and value."""
    shares = tier_shares(study)
    shown = shares[shares["method"] == method].drop(columns="method")
    return study.table(shown, "Tiers, their customers and what they bring", name="tier_shares")


def its_segments(study: Study, method: str) -> Block:
    """The segments or clusters with their tier, customers and medians."""
    found = segments(study)
    found = found[found["method"] == method].drop(columns="method")
    if found.empty:
        return study.note("This form of the method names no segments.")
    return study.table(found, "Its segments (days, orders and spend are medians)", name="segments")


def first_customers(study: Study, method: str) -> Block:
    """The customers it puts first."""
    scored = study.scored(method)
    ranked = scored.sort_values(["score", "monetary", "customer_id"], ascending=[False, False, True])
    shown = ranked[[column for column in _ASKED if column in ranked]].reset_index(drop=True)
    if (shown["score"] == shown["monetary"]).all():
        shown = shown.drop(columns="score")  # the amount itself
    return study.table(with_responsible(study, shown), "The customers it puts first", limit=_SHOWN)


_REMARK = 200  # characters up to which a rule's remark stands in the answer


def _segments_of(scored: pd.DataFrame) -> pd.DataFrame:
    groups = scored.groupby(["segment", "tier"], sort=False)
    found = groups.agg(
        customers=("customer_id", "size"),
        value=("monetary", "sum"),
        recency_days=("recency_days", "median"),
        frequency=("frequency", "median"),
        monetary=("monetary", "median"),
    ).reset_index()
    found.insert(3, "share_of_customers", found["customers"] / len(scored))
    order = found.assign(mean=found["value"] / found["customers"]).sort_values("mean", ascending=False).index
    total = found["value"].sum()
    found["value"] = found["value"] / total if total else float("nan")
    return found.rename(columns={"value": "share_of_value"}).loc[order]
