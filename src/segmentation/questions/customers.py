"""Who is this customer: the tier that counts, the tier by every method, why, and how it came about?"""

import difflib

import pandas as pd

from segmentation.errors import ParameterError
from segmentation.questions.at_risk import lives
from segmentation.questions.confidence import chance_of_tier
from segmentation.questions.lists import LISTS, lists
from segmentation.questions.overrides import decided
from segmentation.show import tables
from segmentation.show.tables import Block
from segmentation.study.facts import fact
from segmentation.study.study import Study

_OF_LIFE = ["customer_id", "stage", "p_churn", "changes"]
_TRACED = ["monetary", "frequency", "recency_days", "last_order"]


@fact
def customers(study: Study) -> pd.DataFrame:
    """Every customer: the tier that counts, its chance, tier, score and segment by method, and the profile.

    Where the orders hold enough for it, also the stage of life, the chance of no order and what changed.
    """
    found = tiered(study).merge(study.profile(), on="customer_id", validate="1:1")
    if lives.missing(study) is None:
        found = found.merge(lives(study)[_OF_LIFE], on="customer_id", validate="1:1")
    return found


def tiered(study: Study) -> pd.DataFrame:
    """Every customer: the `tier` that counts, the official rule's, then tier, score and segment by method."""
    found = decided(study).assign(chance=chance_of_tier(study))
    for name in study.settings.methods:
        learned = study.learned(name)
        if "tiers" in learned:
            columns = learned["tiers"].drop(columns="customer_id")
            found = found.join(columns.rename(columns={part: f"{name}_{part}" for part in columns}))
    return found


@fact(publish=False)
def last_year(study: Study) -> pd.DataFrame:
    """What each customer spent in each of the last twelve months: customer_id, a column a month."""
    found = [
        study.later_value(month, month).set_index("customer_id")["value"].rename(month)
        for month in study.months[-12:]
    ]
    return pd.concat(found, axis="columns").fillna(0.0).rename_axis("customer_id").sort_index().reset_index()


def known(study: Study, customer: str) -> bool:
    """Whether a customer ordered in the month's window; False for one who is dormant.

    Raises ParameterError for a customer who never ordered up to the month, with the nearest id.
    """
    if customer in set(study.profile()["customer_id"]):
        return True
    dormant = set(study.dormant()["customer_id"])
    if customer in dormant:
        return False
    everybody = sorted([*study.profile()["customer_id"], *dormant])
    hint = _nearest(customer, everybody)
    raise ParameterError(f"no customer {customer!r} ordered up to the end of {study.month}{hint}")


def _nearest(customer: str, everybody: list[str]) -> str:
    """The nearest id for the end of a message: the same but for case and leading zeros, else one like it."""
    plain = {name.casefold().lstrip("0"): name for name in reversed(everybody)}
    asked = customer.strip().casefold().lstrip("0")
    near = [asked] if asked in plain else difflib.get_close_matches(asked, plain, n=1)
    return f"; did you mean {plain[near[0]]!r}?" if near else ""


def answer(study: Study, customer: str) -> Block:
    """The tier that counts, or since when the customer is dormant."""
    if not known(study, customer):
        last = study.dormant().set_index("customer_id").loc[customer, "last_order"]
        return study.answer(
            "Customer {customer} is dormant: the last order is of {day}, none in the {n:integer} "
            "{n:month|months} up to {month:month}.",
            customer=customer,
            day=str(pd.Timestamp(str(last)).date()),
            n=study.window_months,
            month=study.month,
            kind="caution",
        )
    counts = decided(study).set_index("customer_id").loc[customer]
    said = "Customer {customer} is {tier:tier} in {month:month}, by {official:word}."
    if counts["tier"] != counts["tier_by_rule"]:
        said = "Customer {customer} is {tier:tier} in {month:month}; {official:word} alone says {rule:tier}."
    return study.answer(
        said,
        customer=customer,
        tier=counts["tier"],
        rule=counts["tier_by_rule"],
        month=study.month,
        official=study.settings.official,
    )


def by_every_method(study: Study, customer: str) -> Block:
    """The tier, score and segment by every method that did not fail."""
    rows = []
    for name in study.settings.methods:
        learned = study.learned(name)
        if "tiers" in learned:
            placed = learned["tiers"].set_index("customer_id").loc[customer]
            rows.append({"method": name, **placed.reindex(["tier", "segment", "score"]).to_dict()})
    return study.table(pd.DataFrame(rows), "The tier by every method")


def why(study: Study, customer: str, method: str) -> Block:
    """Why a method puts the customer where it does, and the smallest change that would move the tier."""
    if failed := study.failed(method):
        return study.note("{method:word} failed: {why}", method=method, why=failed)
    rule = study.rule(method)
    if rule is None:
        return study.note("{method:word} only gives scores: there is no rule to explain.", method=method)
    profile = study.profile()
    row = profile[profile["customer_id"] == customer].iloc[0]
    explained = rule.explain(row, study.reader.language)
    return tables.words(
        "\n".join([study.reader.word(method), *(f"- {said}" for said in explained.sentences)])
    )


def life(study: Study, customer: str) -> Block:
    """The stage of life of a customer, the chance of no order, and what changed against the own past."""
    if missing := lives.missing(study):
        return study.note(missing)
    own = lives(study).set_index("customer_id").loc[[customer], ["stage", "lasting", "p_churn", "changes"]]
    return study.table(own.reset_index(drop=True), "Stage of life, and what changed against the own past")


def history(study: Study, customer: str) -> Block:
    """The customer at the end of each past month: the official tier and what it rests on."""
    rows = []
    for month in study.past:
        now = study.scored(month=month).set_index("customer_id")
        if customer in now.index:
            rows.append({"month": month, **now.loc[customer, ["tier", *_TRACED]].to_dict()})
        elif customer in set(study.dormant(month)["customer_id"]):
            rows.append({"month": month, "tier": "dormant"})
    return study.table(pd.DataFrame(rows), "The months before: tier by the official method, and its grounds")


def on_lists(study: Study, customer: str) -> Block:
    """The lists of the month that the customer stands on."""
    names = [LISTS[name][0] for name, frame in lists(study).items() if customer in set(frame["customer_id"])]
    if not names:
        return study.note("On none of the month's lists.")
    return study.note("On the lists: {names:list}.", names=names)


def year(study: Study, customer: str) -> Block:
    """What the customer spent in each of the last twelve months, from the first one with any spend on."""
    spent = last_year(study).set_index("customer_id")
    row = spent.loc[customer] if customer in spent.index else pd.Series(0.0, index=spent.columns)
    row = row[(row != 0).cummax().to_numpy(dtype=bool)]
    found = pd.DataFrame({"month": row.index, "monetary": row.to_numpy()})
    return study.table(found, "Spend of the last months")
