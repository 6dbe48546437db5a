"""Would the same customers be key if the rule were learned from customers drawn anew?"""

import pandas as pd

from segmentation.comparison import stability as steadying
from segmentation.show import charts
from segmentation.show.charts.chart import Chart
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
    """How much of each tier is the same when the rule is learned from customers drawn anew."""
    found = stability(study)
    top = found[found["tier"] == study.tier_names[0]].sort_values("jaccard")
    title = (
        study.say(
            "Learned again from other customers, {most:word} keeps most of its best tier ({high:.2f}), {least:word} "
            "least ({low:.2f})",
            most=top["method"].iloc[-1],
            high=top["jaccard"].iloc[-1],
            least=top["method"].iloc[0],
            low=top["jaccard"].iloc[0],
        )
        if len(top) > 1
        else study.say(
            "How much of each tier is the same when its rule is learned again from other customers"
        )
    )
    return charts.stability(found, title, study.reader)
