"""How much of the tiers hangs on who happens to be in the data: rules learned from customers drawn anew."""

import pandas as pd

from segmentation.comparison import stability as steadying
from segmentation.show import charts
from segmentation.show.charts.chart import Chart
from segmentation.show.tables import Block
from segmentation.study.facts import fact
from segmentation.study.study import Study


@fact(keep=True, publish=False, prepare="drawing the customers anew to see what holds")
def resampled(study: Study) -> steadying.Stability:
    """What learning again from resampled customers changes, for every method that can be learned."""
    sound = {name: method for name, method in study.methods().items() if not study.failed(name)}
    known = {name: study.rule(name) for name in sound if study.learned_at(name, study.month) == study.month}
    return steadying.stability(
        sound,
        study.profile(),
        study.tier_names,
        seed=study.settings.seed,
        rules={name: rule for name, rule in known.items() if rule is not None},
    )


@fact
def stability(study: Study) -> pd.DataFrame:
    """How much of every tier is the same when its rule is learned from customers drawn anew."""
    return resampled(study).tiers


def refits(study: Study) -> Chart:
    """How much of each tier hangs on who is in the data: its rule learned again from customers drawn anew."""
    found = stability(study)
    top = found[found["tier"] == study.tier_names[0]].dropna(subset="jaccard").sort_values("jaccard")
    title = (
        study.say(
            "Learned again from customers drawn anew, {least:word} keeps {low:share} of its best tier, {most:word} "
            "{high:share}: the sampling error of the rules, no forecast",
            most=top["method"].iloc[-1],
            high=top["jaccard"].iloc[-1],
            least=top["method"].iloc[0],
            low=top["jaccard"].iloc[0],
        )
        if len(top) > 1
        else study.say("How much of each tier is the same when its rule is learned from customers drawn anew")
    )
    return charts.stability(found, title, study.reader)


def learns_nothing(study: Study) -> Block:
    """The methods whose rule is the same whoever the customers are."""
    known = resampled(study)
    failed = set(known.failures["method"])
    tried = [name for name in study.settings.methods if not study.failed(name)]
    fixed = [name for name in tried if name not in failed and name not in set(known.tiers["method"])]
    if not fixed:
        return study.note("Every rule is learned from the customers.")
    return study.note(
        "{names:list} {n:learns|learn} nothing from the customers, so {n:it has|they have} no steadiness: fixed "
        "cuts stay as they are.",
        names=fixed,
        n=len(fixed),
    )
