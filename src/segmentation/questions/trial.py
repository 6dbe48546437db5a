"""Which method found the customers who mattered afterwards: the trial and its verdict."""

import pandas as pd

from segmentation.comparison import trial as trying
from segmentation.comparison import verdict as judging
from segmentation.comparison.contest import Capacity, capacity_name
from segmentation.comparison.origins import why_skipped
from segmentation.show import charts, tables
from segmentation.show.charts.chart import Chart
from segmentation.show.tables import Block
from segmentation.study.facts import fact
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence


@fact(
    keep=True,
    publish=False,
    prepare="putting the methods on trial",
    reads=("origins", "holdout_months", "capacity", "hiatus_days", "cost_of_missing", "cost_of_waste"),
)
def on_trial(study: Study) -> trying.Trial:
    """The methods on trial at past month ends, with what happened up to this month."""
    settings = study.settings
    return trying.trial(
        study,
        study.methods(),
        official=settings.official,
        origins=settings.origins,
        holdout_months=settings.holdout_months,
        capacity=settings.capacities,
        month=study.month,
        hiatus_days=settings.hiatus_days,
        cost_of_missing=settings.cost_of_missing,
        cost_of_waste=settings.cost_of_waste,
        seed=settings.seed,
    )


@fact
def trial(study: Study) -> pd.DataFrame:
    """What each contestant captured, missed and wasted at each past month end."""
    return on_trial(study).results


@fact
def trial_differences(study: Study) -> pd.DataFrame:
    """The difference of every contestant to the official method, with its interval."""
    return on_trial(study).differences


def verdict(study: Study) -> judging.Verdict:
    """What the trial says of the official method at the first capacity."""
    return judging.verdict(on_trial(study))


def answer(study: Study) -> Block:
    """The verdict: which method decides, whether the evidence supports it, what a switch would gain."""
    judged = verdict(study)
    if judged.status == "untried":
        return _no_trial(study)
    return study.answer(*judged.sentences(), *judged.notes(), kind=judged.kind)


def measures(study: Study, capacity: Capacity) -> Block:
    """What each contestant captured, missed and wasted at a capacity, the mean of the origins."""
    pooled = on_trial(study).pooled
    if pooled.empty:
        return _no_trial(study)
    found = pooled[pooled["capacity"] == capacity_name(capacity)]
    size = float(found["share"].iloc[0])
    found = found.drop(columns=["capacity", "share", "chosen"]).dropna(axis="columns", how="all")
    if found["origins"].nunique() == 1:
        found = found.drop(columns="origins")
    caption = sentence(
        "On trial, with places for {place} of the customers: means of {n:integer} {n:origin|origins}"
        if len(_origins(study)) > 1
        else "On trial, with places for {place} of the customers: one origin",
        place=sentence("{x:share}", x=size),
        n=len(_origins(study)),
    )
    first = capacity == study.settings.capacities[0]  # the page shows two, and links to the trial once
    return study.table(found, caption, name="trial" if first else "")


def notes(study: Study) -> Block:
    """Which origins were used, which skipped and why, and which methods failed."""
    held = on_trial(study)
    lines = [
        sentence(
            "Learned up to {origins:list}; judged by the {n:integer} {n:month|months} after each, which no method "
            "could see."
            if _origins(study)
            else "There is no past month end that leaves {n:integer} {n:month|months} to judge by.",
            origins=_origins(study),
            n=study.settings.holdout_months,
        ),
        *_skipped(study),
        *(
            sentence("{method:word} failed at {origin}: {reason}", method=m, origin=o, reason=why)
            for m, o, why in held.failures[["method", "origin", "reason"]].itertuples(index=False)
        ),
    ]
    return tables.words("\n".join(study.say(line) for line in lines))


def capture(study: Study) -> Chart | Block:
    """The share of later value captured along all capacities."""
    held = on_trial(study)
    if held.curve.empty:
        return _no_trial(study)
    pooled = held.pooled[held.pooled["capacity"] == capacity_name(study.settings.capacities[0])]
    captured = dict(zip(pooled["method"], pooled["captured"]))
    official = study.settings.official
    title = study.say(
        "{official:word}'s choice brought {own:share} of what was bought afterwards; the best possible choice "
        "{best:share}",
        official=official,
        own=captured[official],
        best=captured["oracle"],
    )
    shares = list(held.pooled["share"].unique())
    return charts.capture(held.curve, title, study.reader, official=official, capacity=shares)


def differences(study: Study) -> Chart | Block:
    """The difference of every challenger to the official method, with its interval."""
    found = on_trial(study).differences
    if found.empty:
        return _no_trial(study)
    first = capacity_name(study.settings.capacities[0])
    found = found[
        (found["capacity"] == first) & (found["origin"] == "all") & (found["measure"] == "captured")
    ]
    better, official = verdict(study).better, study.settings.official
    title = study.say(
        "{method:word} clearly captured more than {official:word}"
        if better
        else "No challenger clearly captured more than {official:word}",
        method=better[0] if better else "",
        official=official,
    )
    return charts.differences(found, title, study.reader, official=official)


def _origins(study: Study) -> list[str]:
    return list(pd.unique(on_trial(study).results["origin"]))


def _skipped(study: Study) -> list[Sentence]:
    return [
        sentence("{origin} was skipped: {reason}", origin=row["origin"], reason=why_skipped(row))
        for row in on_trial(study).skipped.to_dict("records")
    ]


def _no_trial(study: Study) -> Block:
    """What a trial would need, where there is none."""
    window, holdout = study.window_months, study.settings.holdout_months
    return study.answer(
        "There is no trial yet.",
        sentence(
            "It needs {need:integer} months of orders ({window:integer} to learn from and {holdout:integer} to look "
            "at afterwards); there {n:is|are} {n:integer}.",
            need=window + holdout,
            window=window,
            holdout=holdout,
            n=len(study.months),
        ),
        *_skipped(study),
        kind="caution",
    )
