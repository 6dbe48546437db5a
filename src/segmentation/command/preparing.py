"""What a run computes ahead of its notebooks, so that they find it in the store."""

from collections.abc import Callable

import segmentation.questions  # noqa: F401  every question's facts
from segmentation.methods.lifetime import LifetimeValue
from segmentation.questions.gates import findings, refuse
from segmentation.questions.trial import on_trial
from segmentation.study.facts import FACTS
from segmentation.study.study import Study


def learn_all(study: Study, progress: Callable[[str], None]) -> dict[str, str]:
    """Learn every method of this month and the last one; give the challengers that failed, with the reason.

    Raises Refused where a gate stops the run, before anything is learned.
    """
    progress(study.say("reading orders and bringing the ledger up to {month:month}", month=study.month))
    refuse(findings(study), study.month)
    study.profile()
    for name in study.settings.methods:
        progress(study.say("learning {method:word}", method=name))
        study.learned(name)
        if study.has_month_before:
            study.learned(name, study.month_before)
    return {name: why for name in study.settings.methods if (why := study.failed(name))}


def prepare(study: Study, progress: Callable[[str], None]) -> None:
    """Compute every fact that takes long; tell each."""
    for fact in FACTS.values():
        if fact.prepare and fact.missing(study) is None:
            progress(study.say(fact.prepare))
            fact(study)


def failed_challengers(study: Study) -> dict[str, str]:
    """The challengers that could not be learned this month or at a trial's origin, with the reason.

    A method that learns from earlier months and has too few of them at an origin has not failed there.
    """
    young = {
        name
        for name, method in study.methods().items()
        if getattr(method, "needs_history", False) and not isinstance(method, LifetimeValue)
    }
    failed = {
        str(row["method"]): f"trial at {row['origin']}: {row['reason']}"
        for row in on_trial(study).failures.to_dict("records")
        if row["method"] not in young
    }
    return failed | {name: why for name in study.settings.methods if (why := study.failed(name))}
