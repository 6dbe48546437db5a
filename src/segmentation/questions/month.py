"""The first page: which customers are key this month, what they bring, and can it be trusted?"""

from segmentation.questions import record
from segmentation.questions.confidence import confidence, is_probability
from segmentation.questions.tiers import best_tier, trend
from segmentation.questions.trial import verdict
from segmentation.questions.worthwhile import worth_tiering
from segmentation.show import tables
from segmentation.show.tables import Block
from segmentation.study.facts import piece
from segmentation.study.presenting import Kind
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence

_VERDICTS = {
    "clear": "{official:word} decides who is {top:tier} in {month:month}, and the trial supports it.",
    "level": "{official:word} decides who is {top:tier} in {month:month}, and the trial does not speak against it.",
    "alike": "{official:word} decides who is {top:tier} in {month:month}; every method tried chose the same customers.",
    "lots": "{official:word} decides who is {top:tier} in {month:month}, but on trial it did no better than drawing "
    "lots.",
    "beaten": "{official:word} decides who is {top:tier} in {month:month}, but on trial {better:word} was clearly "
    "better.",
    "untried": "{official:word} decides who is {top:tier} in {month:month}; there is no trial yet.",
}


@piece
def answer(study: Study) -> Block:
    """The verdict of the month in one sentence; a second only where tiers would mean little."""
    worth = worth_tiering(study)
    little = [worth.sentence] if worth.outcome == "little" else []
    kind: Kind = "caution" if little else verdict(study).kind
    return study.answer(decides(study), *little, kind=kind)


def decides(study: Study) -> Sentence:
    """Which method decides, and whether the trial supports it."""
    judged = verdict(study)
    return sentence(
        _VERDICTS[judged.status],
        official=study.settings.official,
        top=study.tier_names[0],
        month=study.month,
        better=judged.better[0] if judged.better else "",
    )


def figures(study: Study) -> Block:
    """The best tier: how many they are, what they bring, how many places the team has for them."""
    best, everybody = best_tier(study), len(study.profile())
    many = int(best["customers"])
    places, note = _places(study, many, everybody)
    return study.figures(
        (
            sentence("{top:tier} customers", top=study.tier_names[0]),
            many,
            sentence("{share:share} of {n:integer} customers", share=best["share_of_customers"], n=everybody),
        ),
        (
            "What they bring",
            study.say("{share:share}", share=best["share_of_value"]),
            sentence(
                "{value:money} in {n:integer} {n:month|months}", value=best["value"], n=study.window_months
            ),
        ),
        ("Places in the team", places, note),
        *_since(study, many),
    )


def _places(study: Study, many: int, everybody: int) -> tuple[int, Sentence]:
    """How many customers can get the best service, and how that fits the best tier."""
    asked = study.settings.capacities[0]
    if isinstance(asked, str):
        return many, sentence("as many as the tier holds: no number is set")
    places = asked if isinstance(asked, int) else round(asked * everybody)
    if places < many:
        return places, sentence("{n:integer} too few for the tier", n=many - places)
    if places > many:
        return places, sentence("{n:integer} more than the tier holds", n=places - many)
    return places, sentence("as many as the tier holds")


def _since(study: Study, many: int) -> list[tuple[str | Sentence, object, str | Sentence]]:
    """How large the best tier was at the earliest of the past months."""
    found = trend(study)
    best = found[found["tier"] == study.tier_names[0]]
    if len(best) < 2:
        return []
    first = best.iloc[0]
    label = sentence("{top:tier} in {month:month}", top=study.tier_names[0], month=first["month"])
    note = sentence("{share:share} of what was brought then", share=first["share_of_value"])
    return [(label, int(first["customers"]), note)]


@piece
def trusted(study: Study) -> Block:
    """Whether it can be trusted: what the official method captured and missed on trial, in a sentence."""
    judged = verdict(study)
    if judged.status == "untried":
        return study.answer(judged.sentences()[1], kind="caution")
    return study.answer(
        "Chosen the same way at {k:integer} earlier month {k:end|ends}, {n:integer} customers brought "
        "{captured:share} of what was bought in the {months:integer} {months:month|months} after; {missed:share} of "
        "those who mattered most then were not among them.",
        k=judged.origins,
        n=round(judged.places),
        captured=judged.captured,
        months=judged.holdout_months,
        missed=judged.missed,
        kind=judged.kind,
    )


@piece
def certain(study: Study) -> Block:
    """How sure the best tier is, and what became of such claims one window ago; the record first where it is worse."""
    said = [sure(study), record.headline(study)]
    return tables.below(*map(study.note, reversed(said) if record.is_worse(study) else said))


def sure(study: Study) -> Sentence:
    """How many customers of the best tier are sure of it, and how many are a coin toss, in a sentence."""
    top = study.tier_names[0]
    graded = confidence(study).set_index("tier").loc[top].astype("int64").to_dict()
    said = (
        "{sure:integer} of the {all:integer} {top} customers are sure (at least 90% likely to be {top} again in "
        "the next window); for {toss:integer} it is a coin toss or less."
        if is_probability(study, study.settings.official)
        else "{sure:integer} of the {all:integer} {top} customers keep the tier in at least 90% of refits on "
        "resampled customers; {toss:integer} in fewer than 60%."
    )
    toss = graded["coin_toss"] + graded["doubtful"]
    return sentence(said, sure=graded["sure"], all=graded["customers"], top=top, toss=toss)
