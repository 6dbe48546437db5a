"""RFM: which scores are there, and who is where?"""

import pandas as pd

from segmentation.rules.points import PointsRule
from segmentation.show import charts
from segmentation.show.charts.chart import Chart
from segmentation.show.tables import Block
from segmentation.study.facts import fact
from segmentation.study.study import Study


@fact
def scores(study: Study) -> pd.DataFrame:
    """How many customers have each score of every RFM method, and from which value to which.

    One row a method, dimension and score, best first: method, dimension, points, customers, from_value, to_value
    (empty where nobody has the score).
    """
    asked = {name: study.rule(name) for name in study.named("RFM") if not study.failed(name)}
    found = [
        scores_of(rule, study.profile()).assign(method=name)
        for name, rule in asked.items()
        if isinstance(rule, PointsRule)
    ]
    columns = ["method", "dimension", "points", "customers", "from_value", "to_value"]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def scores_of(rule: PointsRule, customers: pd.DataFrame) -> pd.DataFrame:
    """How many customers have each score on each dimension of a rule, and from which value to which."""
    codes = rule.codes(customers)
    rows = []
    for criterion in rule.criteria:
        values = customers[criterion.column]
        for code in range(criterion.levels, 0, -1):
            inside = values[codes[criterion.code] == code]
            lowest, highest = (inside.min(), inside.max()) if len(inside) else (None, None)
            rows.append((criterion.code, code, len(inside), lowest, highest))
    return pd.DataFrame(rows, columns=["dimension", "points", "customers", "from_value", "to_value"])


def heat_map(study: Study, rule: PointsRule, customers: pd.DataFrame) -> Chart | Block:
    """Customers and their mean spend in every cell of recency × frequency scores."""
    codes = rule.codes(customers)
    if not {"R", "F"} <= set(codes):
        return study.answer("This form of RFM has no R and F scores.")
    value = customers["monetary"]
    cells = codes.assign(value=value).groupby(["R", "F"])["value"].agg(customers="size", mean_value="mean")
    best = cells[cells.index.get_level_values("R") == codes["R"].max()].iloc[-1]
    title = study.say(
        "The {n:integer} who bought most recently and most often are {customers:share} of customers and bring "
        "{value:share} of the value",
        n=int(best["customers"]),
        customers=best["customers"] / len(codes),
        value=best["customers"] * best["mean_value"] / value.sum(),
    )
    return charts.rfm_heat(codes.rename(columns=str.lower).assign(monetary=value), title, study.reader)
