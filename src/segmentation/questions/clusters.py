"""The page on clusters: which groups are there, do they hold, and how many should there be?"""

import pandas as pd

from segmentation.questions.method import name_of
from segmentation.questions.words import say
from segmentation.rules.centres import CentresRule
from segmentation.show import charts, tables
from segmentation.study.study import Study
from segmentation.words.labels import label

_FEATURES = {"stability": "share", "least_stable": "share", "smallest_share": "share"}


def scatter(study: Study) -> charts.Chart | tables.Block:
    """The clusters in the two columns that part them best."""
    rule, name = _rule(study)
    if rule is None or name is None:
        return _nothing(study)
    scored = study.scored(name)
    largest = scored["segment"].value_counts()
    title = say(
        study,
        f"{len(rule.clusters)} groups; the largest, “{largest.index[0]}”, has {largest.iloc[0]:,} customers",
        f"共 {len(rule.clusters)} 个群；最大的“{largest.index[0]}”有 {largest.iloc[0]:,} 位客户",
    )
    x, y = rule.features[0].column, rule.features[-1].column
    return charts.clusters(
        scored, x=x, y=y, title=title, language=study.language, tier_names=study.tier_names
    )


def stability(study: Study) -> charts.Chart | tables.Block:
    """How much of each cluster comes back when the customers are drawn anew."""
    rule, name = _rule(study)
    if rule is None or name is None:
        return _nothing(study)
    found = pd.DataFrame(
        {
            "method": [
                cluster.name_zh if study.language == "zh" else cluster.name for cluster in rule.clusters
            ],
            "tier": [cluster.tier for cluster in rule.clusters],
            "jaccard": study.learned(name)["jaccard"]["jaccard"],
        }
    )
    firm = int((found["jaccard"] >= 0.75).sum())
    title = say(
        study,
        f"{firm} of {len(found)} groups come back when the customers are drawn anew (.75 and more)",
        f"重新抽样后，{len(found)} 个群中有 {firm} 个稳定重现（≥ 0.75）",
    )
    return charts.stability(found, title=title, language=study.language, tier_names=study.tier_names)


def selection(study: Study) -> tables.Block:
    """The evidence for the number of clusters."""
    rule, name = _rule(study)
    if rule is None or name is None:
        return _nothing(study)
    found = study.learned(name)["selection"]
    labels = {
        "k": say(study, "Clusters", "群数"),
        "least_stable": say(study, "Least stable cluster", "最不稳定的群"),
        "smallest_share": say(study, "Smallest cluster", "最小的群"),
        "silhouette": say(study, "Silhouette", "轮廓系数"),
        "inertia": say(study, "Inertia", "组内平方和"),
    }
    return tables.table(
        found.drop(columns="chosen"),
        caption=say(
            study,
            "The number of clusters: stability and balance first, silhouette second (the chosen one is marked)",
            "群数的选择：先看稳定与均衡，再看轮廓系数（所选者已标出）",
        ),
        formats=_FEATURES,
        labels=labels,
        highlight=found["chosen"],
        language=study.language,
    )


def other_shapes(study: Study) -> tables.Block:
    """Whether a Gaussian mixture and Ward's method find the same groups."""
    rule, name = _rule(study)
    if rule is None or name is None:
        return _nothing(study)
    found = study.learned(name)["shapes"]
    return tables.table(
        found,
        caption=say(
            study, "Do other ways of clustering find the same groups?", "其他聚类方法能否找到相同的群体？"
        ),
        labels={
            "shape": say(study, "Way", "方法"),
            "adjusted_rand": label("ari", study.language),
            "adjusted_mutual_information": label("ami", study.language),
        },
        language=study.language,
    )


def _rule(study: Study) -> tuple[CentresRule | None, str | None]:
    name = name_of(study, "Clusters")
    rule = study.rule(name) if name is not None and "failed" not in study.learned(name) else None
    return (rule, name) if isinstance(rule, CentresRule) else (None, None)


def _nothing(study: Study) -> tables.Block:
    return tables.note(say(study, "Nothing to show.", "无内容可显示。"))
