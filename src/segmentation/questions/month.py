"""The first page: which customers are key this month, what changed, can it be trusted?"""

from segmentation.movement.states import counts
from segmentation.questions.confidence import confidence, is_probability
from segmentation.questions.moves import changes
from segmentation.questions.overrides import overrides
from segmentation.questions.tiers import best_tier, tier_shares, trend
from segmentation.questions.trial import verdict
from segmentation.questions.worthwhile import worth_tiering
from segmentation.show import charts
from segmentation.show.charts.chart import Chart
from segmentation.show.tables import Block
from segmentation.study.facts import piece
from segmentation.study.presenting import Kind
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence


@piece
def answer(study: Study) -> Block:
    """The verdict of the month: who is key, which method decides, whether it stands, what a switch would gain."""
    best, judged, worth = best_tier(study), verdict(study), worth_tiering(study)
    who = sentence(
        "{n:integer} of {all:integer} customers {n:is|are} {top:tier} in {month:month}; they bring {share:share} of "
        "{window:integer} months' value.",
        n=int(best["customers"]),
        all=len(study.profile()),
        top=study.tier_names[0],
        month=study.month,
        share=best["share_of_value"],
        window=study.window_months,
    )
    little = [worth.sentence] if worth.outcome == "little" else []
    kind: Kind = "caution" if little else judged.kind
    return study.answer(who, *little, *judged.sentences(), sure(study), kind=kind)


def sure(study: Study) -> Sentence:
    """How many customers of the best tier are sure of it, and how many are a coin toss, in a sentence."""
    top = study.tier_names[0]
    graded = confidence(study).set_index("tier").loc[top].astype("int64").to_dict()
    said = (
        "{sure:integer} of the {all:integer} {top} customers are sure (at least 90% likely to be {top} again in "
        "another such window); for {toss:integer} it is a coin toss or less."
        if is_probability(study, study.settings.official)
        else "{sure:integer} of the {all:integer} {top} customers keep the tier in at least 90% of refits on "
        "resampled customers; {toss:integer} in fewer than 60%."
    )
    toss = graded["coin_toss"] + graded["doubtful"]
    return sentence(said, sure=graded["sure"], all=graded["customers"], top=top, toss=toss)


def figures(study: Study) -> Block:
    """The headline figures: customers, the best tier, and what changed."""
    best = best_tier(study)
    items: list[tuple[str | Sentence, object, str | Sentence]] = [
        (
            "Customers",
            len(study.profile()),
            sentence("{n:integer} {n:month|months}", n=study.window_months),
        ),
        (
            sentence("{top:tier}", top=study.tier_names[0]),
            int(best["customers"]),
            sentence(
                "{customers:share} of customers, {value:share} of value",
                customers=best["share_of_customers"],
                value=best["share_of_value"],
            ),
        ),
    ]
    if study.has_month_before:
        made = counts(changes(study)).set_index("kind")["customers"]
        items += [("Up", int(made["up"]), ""), ("Down", int(made["down"]), "")]
        items += [("Dormant", int(made["dormant"]), "")]
    return study.figures(*items)


def tiers(study: Study) -> Block:
    """The tiers of the official method, with their customers and value."""
    shares = tier_shares(study)
    found = shares[shares["method"] == study.settings.official].drop(columns="method")
    found.insert(1, "label", [study.settings.tiers.get(tier, tier) for tier in found["tier"]])
    return study.table(found, sentence("The tiers by {method:word}", method=study.settings.official))


def by_hand(study: Study) -> Block:
    """The tiers that a person set, beside what the rule says, and what became of each."""
    if why := overrides.missing(study):
        return study.note(why)
    found = overrides(study)
    expired = int((found["status"] == "expired").sum())
    caption = "Tiers set by hand ({expired:integer} of {n:integer} have expired)"
    return study.table(found, sentence(caption, expired=expired, n=len(found)))


def over_the_months(study: Study) -> Chart:
    """The tiers over the last months."""
    found = trend(study)
    best = found[found["tier"] == study.tier_names[0]]
    first, last = best.iloc[0], best.iloc[-1]
    title = study.say(
        "{top:tier} went from {first:integer} customers in {month:month} to {last:integer}"
        if len(best) > 1
        else "{top:tier} has {last:integer} {last:customer|customers}; {month:month} is the first month with a "
        "complete window",
        top=study.tier_names[0],
        first=int(first["customers"]),
        month=first["month"],
        last=int(last["customers"]),
    )
    return charts.months(found, title, study.reader)


def how_sure(study: Study) -> Chart:
    """How sure the customers of each tier are of it."""
    return charts.confidence(confidence(study), study.say(sure(study)), study.reader)
