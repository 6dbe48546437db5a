"""What must be known of this month: warnings, failures, what was restated or set otherwise, tiers set by hand."""

from segmentation.questions import published, restated
from segmentation.questions.gates import WARN, findings
from segmentation.questions.overrides import overrides
from segmentation.show import tables
from segmentation.show.tables import Block
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence


def notices(study: Study) -> Block:
    """A line for everything of this month that is not as usual, and the tiers set by hand where there are any."""
    lines = [*_warnings(study), *_failed(study)]
    lines += [line for line in (restated.said(study), published.said(study)) if line]
    parts = [tables.words("\n".join(f"- {study.say(line)}" for line in lines))] if lines else []
    if not overrides.missing(study):
        parts.append(by_hand(study))
    if not parts:
        return study.note(
            "Nothing else to know: no warning of the data, no method failed, no tier set by hand."
        )
    return tables.below(*parts)


def by_hand(study: Study) -> Block:
    """The tiers that a person set, beside what the rule says, and what became of each."""
    if why := overrides.missing(study):
        return study.note(why)
    found = overrides(study)
    expired = int((found["status"] == "expired").sum())
    caption = "Tiers set by hand ({expired:integer} of {n:integer} have expired)"
    return study.table(found, sentence(caption, expired=expired, n=len(found)), name="overrides")


def _warnings(study: Study) -> list[Sentence]:
    return [
        sentence("Data: {found}.", found=finding.sentence)
        for finding in findings(study)
        if finding.level == WARN
    ]


def _failed(study: Study) -> list[Sentence]:
    return [
        sentence("{method:word} failed and was left out: {why}", method=name, why=why)
        for name in study.settings.methods
        if (why := study.failed(name))
    ]
