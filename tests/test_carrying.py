"""The number of clusters and their names stay from month to month unless another number is clearly better."""

import numpy as np
import pandas as pd
import pytest
from order_history import write_orders

from segmentation import Study
from segmentation.methods import Clusters
from segmentation.methods.selection import choose

COLUMNS = ("frequency", "monetary")


def blobs(groups: int, seed: int = 0, shift: float = 1.0) -> pd.DataFrame:
    """Groups of customers far apart from each other."""
    random = np.random.default_rng(seed)
    at = np.repeat(np.arange(groups), 60)
    return pd.DataFrame(
        {
            "customer_id": [f"c{i:03d}" for i in range(len(at))],
            "frequency": (shift * 4.0**at * random.lognormal(0, 0.05, len(at))).round(3),
            "monetary": (shift * 10 * 4.0 ** ((at * 2) % groups) * random.lognormal(0, 0.05, len(at))).round(
                2
            ),
        }
    )


def rows(groups: int) -> np.ndarray:
    table = np.log(blobs(groups)[list(COLUMNS)].to_numpy())
    return (table - table.mean(axis=0)) / table.std(axis=0)


def test_the_number_of_the_month_before_stays_unless_another_is_clearly_more_stable():
    random = np.random.default_rng(0)
    noise = random.normal(size=(400, 2))  # no groups at all: every number is as good
    table = choose(noise[np.lexsort(noise.T)], [3, 4, 5, 6], 0).set_index("k")
    free = int(table.index[table["chosen"]][0])
    for before in (3, 4, 5, 6):
        kept = choose(noise[np.lexsort(noise.T)], [3, 4, 5, 6], 0, before)
        above = table.loc[free, "stability_low"] > table.loc[before, "stability_high"]
        assert kept.loc[kept["chosen"], "k"].tolist() == [free if above else before]


def test_a_number_that_is_clearly_better_replaces_it():
    held = choose(rows(4), [3, 4, 6], 0, 6)
    assert held.loc[held["chosen"], "k"].tolist() == [4]


@pytest.mark.parametrize("shift", [1.0, 1.3])
def test_names_go_to_the_nearest_clusters(shift):
    before = Clusters(columns=COLUMNS, k=4).fit(blobs(4)).rule_
    named = before.model_copy(
        update={
            "clusters": tuple(
                cluster.model_copy(update={"name": f"group {place}"})
                for place, cluster in enumerate(before.clusters)
            )
        }
    )
    now = Clusters(columns=COLUMNS, k=4).carrying(named).fit(blobs(4, seed=1, shift=shift)).rule_
    assert [cluster.name for cluster in now.clusters] == [f"group {place}" for place in range(4)]


def test_more_clusters_than_before_keep_all_names_apart():
    before = Clusters(columns=COLUMNS, k=3).fit(blobs(3)).rule_
    now = Clusters(columns=COLUMNS, k=4).carrying(before).fit(blobs(4)).rule_
    names = [cluster.name for cluster in now.clusters]
    assert len(set(names)) == 4
    assert {cluster.name for cluster in before.clusters} <= set(names)


def test_a_study_carries_them_over_from_the_month_before(tmp_path):
    orders = write_orders(tmp_path / "orders.csv", customers=150, months=7)
    given = {"orders": str(orders), "window_months": 3, "methods": ["Clusters"], "store": str(tmp_path / "s")}
    study = Study.open({**given, "month": "2016-07"})
    first, *later = (study.rule("Clusters", f"2016-{number:02d}") for number in range(3, 8))
    for rule in later:
        table = [cluster.name for cluster in rule.clusters]
        if len(rule.clusters) == len(first.clusters):
            assert set(table) == {cluster.name for cluster in first.clusters}
    assert study.learned("Clusters")["selection"][["stability_low", "stability_high"]].notna().all(axis=None)
