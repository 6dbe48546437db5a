"""The SQL of every rule on a real Spark session gives what apply gives; skipped where there is no Spark."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from customers import FORMS, make
from pyspark.sql import SparkSession

from segmentation.methods import Scorecard
from segmentation.rules import Criterion, PointsRule, Rule, Segment

GENERATOR = np.random.default_rng(5)
CUSTOMERS = make(
    [
        (int(r), int(f), int(c), None if f == 1 else 270.0 / int(f))
        for r, f, c in zip(
            GENERATOR.integers(0, 365, 400), GENERATOR.geometric(0.5, 400), GENERATOR.normal(4000, 4000, 400)
        )
    ]
)


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    if shutil.which("java") is None:
        if os.environ.get("CI"):
            pytest.fail("CI must run the Spark tests: install a Java 17 runtime")
        pytest.skip("Spark needs a Java 17 runtime")
    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.shuffle.partitions", "1").getOrCreate()
    rows = [tuple(None if v != v else v for v in row) for row in CUSTOMERS.astype(object).to_numpy().tolist()]
    session.createDataFrame(rows, list(CUSTOMERS.columns)).createOrReplaceTempView("customers")
    yield session
    session.stop()


def same(spark: Any, rule: Rule) -> None:
    expected = rule.apply(CUSTOMERS).set_index("customer_id")
    found = pd.DataFrame([row.asDict() for row in spark.sql(rule.to_sql("customers")).collect()])
    found = found.set_index("customer_id").loc[expected.index]
    pd.testing.assert_frame_equal(
        found.astype(expected.dtypes[found.columns]), expected[list(found.columns)], check_exact=True
    )


@pytest.mark.parametrize("name", FORMS)
def test_every_form(name: str, spark: Any) -> None:
    form = FORMS[name]
    same(spark, type(form)(**form.get_params()).fit(CUSTOMERS).rule_)


@pytest.mark.parametrize("missing", ["lowest", "share", "refuse"])
def test_empty_values(missing: str, spark: Any) -> None:
    card = Scorecard({"monetary": {}, "mean_gap_days": {"weight": 0.3}}, missing=missing)  # type: ignore[arg-type]
    same(spark, card.fit(CUSTOMERS).rule_)


def test_labels_with_quotes_and_backslashes(spark: Any) -> None:
    often = Criterion(code="F", column="frequency", cuts=(2.0,), points=(1.0, 2.0))
    segments = (
        Segment(name="Can't \\lose '' it", tier="A'", where=({"F": (2, 2)},)),
        Segment(name="其他", tier="B\\n"),
    )
    same(spark, PointsRule(method="X", tiers=("A'", "B\\n"), criteria=(often,), segments=segments))
