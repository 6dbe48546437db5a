"""The page on ABC: how concentrated is the value, and where are the tiers cut?"""

from segmentation.questions.method import name_of
from segmentation.questions.words import say, share
from segmentation.show import charts
from segmentation.study.study import Study


def pareto(study: Study) -> charts.Chart:
    """Cumulative value against cumulative customers, with the tiers of ABC if the run uses it."""
    name = name_of(study, "ABC")
    scored = study.profile() if name is None or "failed" in study.learned(name) else study.scored(name)
    values = scored["monetary"].sort_values(ascending=False)
    few = max(1, round(len(values) * 0.2))
    brought = values.clip(lower=0).head(few).sum() / max(values.clip(lower=0).sum(), 1e-300)
    title = say(
        study,
        f"One customer in five brings {share(brought)} of the value",
        f"五分之一的客户贡献了 {share(brought)} 的金额",
    )
    return charts.pareto(
        scored["monetary"],
        scored.get("tier"),
        title=title,
        language=study.language,
        tier_names=study.tier_names,
    )
