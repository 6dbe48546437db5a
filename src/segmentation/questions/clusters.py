"""Clusters: which groups are there, do they hold, and how many should there be?"""

import pandas as pd

from segmentation.rules.centres import CentresRule
from segmentation.show import charts
from segmentation.show.charts.chart import Chart
from segmentation.show.tables import Block
from segmentation.study.facts import NEEDS
from segmentation.study.study import Study
from segmentation.words.reader import sentence


def centres(rule: CentresRule) -> pd.DataFrame:
    """The centre of every cluster as a typical customer: segment, tier, and a column a feature, in its own units."""
    rows = [
        {"segment": cluster.name, "tier": cluster.tier}
        | {feature.column: feature.value(at) for feature, at in zip(rule.features, cluster.centre)}
        for cluster in rule.clusters
    ]
    return pd.DataFrame(rows)


def scatter(study: Study, rule: CentresRule, tiered: pd.DataFrame) -> Chart:
    """The clusters in the two columns that part them best; `tiered` is what the rule made of the profile."""
    largest = tiered["segment"].value_counts()
    title = study.say(
        "{k:integer} groups; the largest, “{name:word}”, has {n:integer} {n:customer|customers}",
        k=len(rule.clusters),
        name=largest.index[0],
        n=int(largest.iloc[0]),
    )
    x, y = rule.features[0].column, rule.features[-1].column
    return charts.clusters(tiered, title, study.reader, x=x, y=y)


def holding(study: Study, name: str) -> Chart | Block:
    """How much of each cluster comes back when the customers are drawn anew."""
    rule, jaccard = study.rule(name), study.learned(name).get("jaccard")
    if not isinstance(rule, CentresRule) or jaccard is None:
        return study.note("The number of clusters was given: whether they hold was not tried.")
    found = pd.DataFrame(
        {
            "method": [cluster.name for cluster in rule.clusters],
            "tier": [cluster.tier for cluster in rule.clusters],
            "jaccard": jaccard["jaccard"],
        }
    )
    title = study.say(
        "{firm:integer} of {n:integer} groups come back when the customers are drawn anew (.75 and more)",
        firm=int((found["jaccard"] >= 0.75).sum()),
        n=len(found),
    )
    return charts.stability(found, title, study.reader)


def selection(study: Study, name: str) -> Block:
    """The evidence for the number of clusters."""
    found = study.learned(name).get("selection")
    if found is None:
        return study.note("The number of clusters was given, not chosen.")
    return study.table(
        found.drop(columns="chosen"),
        "The number of clusters: stability and balance first, silhouette second (the chosen one is marked)",
        highlight=found["chosen"],
    )


def since_last_month(study: Study, name: str) -> Block:
    """Whether the number of clusters is that of the month before, whose names they carry on."""
    if missing := NEEDS["month_before"].unmet(study):
        return study.note(missing)
    was, now = study.rule(name, study.month_before), study.rule(name)
    if not isinstance(was, CentresRule) or not isinstance(now, CentresRule):
        return study.note("There is no month before {month:month} to compare with.", month=study.month)
    return study.note(
        "{k:integer} {k:cluster|clusters}, as in {before:month}; each has the name of the nearest one of then."
        if len(was.clusters) == len(now.clusters)
        else "{before:month} had {was:integer} clusters, now there are {k:integer}: moves between clusters since then "
        "are moves of the yardstick too.",
        k=len(now.clusters),
        was=len(was.clusters),
        before=study.month_before,
    )


def other_shapes(study: Study, name: str) -> Block:
    """Whether a Gaussian mixture and Ward's method find the same groups."""
    found = study.learned(name).get("shapes")
    if found is None:
        return study.note("Other ways of clustering were not tried.")
    return study.table(found, sentence("Do other ways of clustering find the same groups?"))
