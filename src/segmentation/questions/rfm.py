"""The page on RFM: which scores are there, and who is where?"""

import pandas as pd

from segmentation.questions.method import name_of
from segmentation.questions.words import count, say, share
from segmentation.rules.points import PointsRule
from segmentation.show import charts, tables
from segmentation.study.study import Study


def heat_map(study: Study) -> charts.Chart | tables.Block:
    """Customers and their mean spend in every cell of recency × frequency scores."""
    codes = _codes(study)
    if codes is None or not {"R", "F"} <= set(codes):
        return tables.answer(
            say(study, "This form of RFM has no R and F scores.", "该 RFM 形式没有 R、F 得分。")
        )
    value = study.profile()["monetary"]
    cells = codes.assign(value=value).groupby(["R", "F"])["value"].agg(customers="size", mean_value="mean")
    best = cells[cells.index.get_level_values("R") == codes["R"].max()].iloc[-1]
    title = say(
        study,
        f"The {count(best['customers'])} who bought most recently and most often are "
        f"{share(best['customers'] / len(codes))} of customers and bring "
        f"{share(best['customers'] * best['mean_value'] / value.sum())} of the value",
        f"近期购买且最频繁的 {count(best['customers'])} 位客户占 {share(best['customers'] / len(codes))}，"
        f"贡献 {share(best['customers'] * best['mean_value'] / value.sum())} 的金额",
    )
    return charts.rfm_heat(
        codes.rename(columns=str.lower).assign(monetary=value), title=title, language=study.language
    )


def scores(study: Study) -> tables.Block:
    """How many customers have each score on each dimension, and from which value on."""
    codes = _codes(study)
    if codes is None:
        return tables.answer(say(study, "There are no scores.", "没有得分。"))
    profile = study.profile()
    rule = _rule(study)
    assert rule is not None
    rows = []
    for criterion in rule.criteria:
        values = profile[criterion.column]
        for code in range(criterion.levels, 0, -1):
            inside = values[codes[criterion.code] == code]
            lowest, highest = (inside.min(), inside.max()) if len(inside) else (None, None)
            rows.append((criterion.code, code, len(inside), lowest, highest))
    names = {
        "dimension": say(study, "Dimension", "维度"),
        "lowest": say(study, "From", "最小值"),
        "highest": say(study, "To", "最大值"),
        "score": say(study, "Score (best first)", "得分（由高到低）"),
    }
    return tables.table(
        pd.DataFrame(rows, columns=["dimension", "score", "customers", "lowest", "highest"]),
        caption=say(study, "Customers by score", "各得分的客户数"),
        formats={"score": "integer", "lowest": "number", "highest": "number"},
        labels=names,
        language=study.language,
    )


def _rule(study: Study) -> PointsRule | None:
    name = name_of(study, "RFM")
    rule = study.rule(name) if name is not None and "failed" not in study.learned(name) else None
    return rule if isinstance(rule, PointsRule) else None


def _codes(study: Study) -> pd.DataFrame | None:
    rule = _rule(study)
    return None if rule is None else rule.codes(study.profile())
