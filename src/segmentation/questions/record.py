"""How did the same claims, made one window ago, turn out?"""

import pandas as pd

from segmentation import months
from segmentation.comparison import records
from segmentation.errors import DataError
from segmentation.questions.confidence import chances, is_probability
from segmentation.questions.watch import rising, slipping
from segmentation.show.tables import Block
from segmentation.study.facts import fact, piece
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence

_NAMES = {
    "customers": "called",
    "came": "came_true",
    "share": "share_true",
    "low": "true_from",
    "high": "true_to",
    "base": "others_share",
}


@fact(keep=True, needs=("a_window_ago",), prepare="holding the claims of a window ago against what came")
def record(study: Study) -> pd.DataFrame:
    """How the claims of one window ago turned out: of those called so, how many came true.

    By the cuts of then on this month's figures. Columns: claim, tier (empty for all), called, said (the mean
    chance said), came_true, share_true with its 95 % interval true_from … true_to, others_share, worse. Without
    rows where the official method could not be learned then.
    """
    then = _then(study)
    if then is None:
        return pd.DataFrame(columns=records.COLUMNS).rename(columns=_NAMES)
    official, names = study.settings.official, study.tier_names
    tiers, now = _tiers(then), _tiers_now(study, then)
    said = chances(then) if is_probability(then, official) else None
    found = [records.kept_record(tiers, names[0], now, said)]
    if said is not None:
        said = tiers[["customer_id"]].merge(said, on="customer_id", how="left", validate="1:1")
        found.append(records.sure_record(tiers["tier"], said, now, names))
    stars = rising(then) if said is not None else rising(then).assign(chance_better=float("nan"))
    found.append(records.risers_record(stars, tiers, now, names))
    found.append(records.slipping_record(slipping(then), tiers, now, names))
    table = pd.concat(found, ignore_index=True)
    return table[table["customers"] > 0].rename(columns=_NAMES).reset_index(drop=True)


@fact(keep=True, needs=("a_window_ago",))
def record_of_choice(study: Study) -> pd.DataFrame:
    """What the best tier of one window ago has brought since, beside other choices of as many customers."""
    then = _then(study)
    if then is None:
        return pd.DataFrame(columns=["method", "customers", "brought_since", "captured"])
    later = study.with_(show_customer_ids=True).later_value(months.add(then.month, 1), study.month)
    spend = then.profile().set_index("customer_id")["monetary"]
    found = records.choice_record(_tiers(then), study.tier_names[0], later, spend)
    named = found.assign(method=found["method"].replace({"official": study.settings.official}))
    return named.rename(columns={"value": "brought_since"})


def headline(study: Study) -> Sentence:
    """What became of the claims of one window ago, the worst first; or that they are untried."""
    missing = record.missing(study)
    return missing if missing else _all(study)[0]


def is_worse(study: Study) -> bool:
    """Whether a claim of one window ago did worse than was said."""
    return record.missing(study) is None and _worse(study)


@piece
def answer(study: Study) -> Block:
    """The record of every claim; what did worse than was said stands first."""
    record(study)
    return study.answer(*_all(study), kind="caution" if _worse(study) else "neutral")


@piece
def claims(study: Study) -> Block:
    """Every claim of one window ago beside what came of it."""
    return study.table(
        record,
        sentence(
            "What was said in {then:month} and what came of it by {now:month}",
            then=months.add(study.month, -study.window_months),
            now=study.month,
        ),
        note="Came true: the sure and the best tier are in the same tier now, tomorrow's stars in a better one, "
        "those who may slip in a worse one or dormant, all by the cuts of then. Worse: what was said lies above "
        "the interval of what came and three points above it, or those called did no better than the others.",
    )


@piece
def choices(study: Study) -> Block:
    """What the best tier of one window ago has brought since."""
    return study.table(record_of_choice, "What the best tier of then has brought since, beside other choices")


def _all(study: Study) -> list[Sentence]:
    """Whether the claims held, with the worst; then a sentence for every other claim."""
    told = sorted(_told(study), key=lambda one: not one[0])
    text = (
        "Not everything that would have been said in {then:month} came true by {now:month}. {first}"
        if _worse(study)
        else "What would have been said in {then:month}, held against {now:month}: {first}"
    )
    ends = {"then": months.add(study.month, -study.window_months), "now": study.month}
    return [sentence(text, first=told[0][1], **ends), *(said for _, said in told[1:])]


def _worse(study: Study) -> bool:
    return any(bad for bad, _ in _told(study))


_SURE = (
    "{share:share} of the {n:integer} {top:tier} customers called sure {n:is|are} in {top:tier} now ({said:share} "
    "was said)."
)
_KEPT = "{share:share} of the {n:integer} {top:tier} customers of then {n:is|are} in {top:tier} now."
_KEPT_SAID = (
    "{share:share} of the {n:integer} {top:tier} customers of then {n:is|are} in {top:tier} now ({said:share} was "
    "to be expected)."
)
_STARS = (
    "{share:share} of {n:integer} {n:tomorrow's star|tomorrow's stars} rose; of the same tiers' customers who were "
    "not called so, {base:share} did."
)
_STARS_SAID = (
    "{share:share} of {n:integer} {n:tomorrow's star|tomorrow's stars} rose ({said:share} was said); of the same "
    "tiers' customers who were not called so, {base:share} did."
)
_SLIPS = (
    "{share:share} of the {n:integer} {n:customer|customers} who might slip fell; of the other {top:tier} customers, "
    "{base:share} did."
)
_BROUGHT = (
    "The {n:integer} {top:tier} customers of then brought {own:share} of what was bought since; by lots it would "
    "be {lots:share}, by spend alone {spend:share}, by the best possible choice {best:share}."
)
_SAID = {
    records.SURE: (_SURE, _SURE),
    records.KEPT: (_KEPT, _KEPT_SAID),
    records.STARS: (_STARS, _STARS_SAID),
    records.SLIPS: (_SLIPS, _SLIPS),
}


def _told(study: Study) -> list[tuple[bool, Sentence]]:
    """Of each claim, whether it did worse than was said, and a sentence."""
    found, top = record(study), study.tier_names[0]
    if found.empty:
        return [
            (False, sentence("{official:word} could not be learned then.", official=study.settings.official))
        ]
    told = []
    for claim, (plain, with_said) in _SAID.items():
        tier = top if claim in (records.SURE, records.KEPT) else ""
        for row in found[(found["claim"] == claim) & (found["tier"] == tier)].to_dict("records"):
            values = {
                "n": int(row["called"]),
                "share": row["share_true"],
                "base": row["others_share"],
                "top": top,
            }
            text = with_said if pd.notna(row["said"]) else plain
            told.append((bool(row["worse"]), sentence(text, **values, said=row["said"])))
    brought = record_of_choice(study).set_index("method")
    names = [study.settings.official, *records.CHOICES[1:]]
    own, lots, spend, best = (float(brought["captured"][name]) for name in names)
    size = int(brought["customers"].iloc[0])
    if pd.notna(own):
        values = {"n": size, "top": top, "own": own, "lots": lots, "spend": spend, "best": best}
        told.append((size > 0 and own <= lots, sentence(_BROUGHT, **values)))
    return told


def _then(study: Study) -> Study | None:
    """The study of one window ago; with ids, since pseudonyms are of one month and only counts are shown.

    None where its official method fails, as on a window without customers.
    """
    then = study.with_(month=months.add(study.month, -study.window_months), show_customer_ids=True)
    try:
        then.learned(then.settings.official)
    except DataError:
        return None
    return then


def _tiers(then: Study) -> pd.DataFrame:
    return then.learned(then.settings.official)["tiers"][["customer_id", "tier"]]


def _tiers_now(study: Study, then: Study) -> pd.Series:
    """Each customer's tier now by the rule of then; where the method only gives scores, by this month's."""
    known = study.with_(show_customer_ids=True)
    rule = then.rule()
    if rule is None:
        found = known.learned(study.settings.official)["tiers"]
        return found.set_index("customer_id")["tier"]
    profile = known.profile()
    return pd.Series(rule.apply(profile)["tier"].to_numpy(), index=pd.Index(profile["customer_id"]))
