"""Rules on 1,000,000 customers, as ratios: a cut rule against three NTILEs, a centre rule against predict.

    python -m benchmarks.rules_at_scale

The aims: apply of a cut rule ≤ 0.15 × three NTILEs in the same engine, table to table; apply of a centre rule
≤ 1 × scikit-learn's predict with its copying; k-means on a sample of 50,000: inertia ≤ 1.001 × and adjusted
Rand index ≥ .98 against the fit of all.
"""

import time
from collections.abc import Callable

import duckdb
import numpy as np
import pandas as pd

from segmentation.methods import RFM, Clusters
from segmentation.methods.features import take_sample
from segmentation.methods.kmeans import assigned, one_thread
from segmentation.rules import CentresRule

CUSTOMERS = 1_000_000
K = 5


def customers() -> pd.DataFrame:
    """Gamma-Poisson orders, gamma-gamma spend: many ties in recency and frequency, few in money."""
    generator = np.random.default_rng(2017)
    rate = generator.gamma(0.6, 4.0, CUSTOMERS)
    frequency = 1 + generator.poisson(rate)
    average = 20.0 * generator.gamma(6.0, 1.0, CUSTOMERS) / generator.gamma(4.0, 1.0, CUSTOMERS)
    recency = np.minimum(generator.exponential(365.0 / (1 + rate)), 364).astype(int)
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{n:07}" for n in range(CUSTOMERS)],
            "recency_days": recency,
            "frequency": frequency,
            "monetary": np.round(frequency * average, 2),
        }
    )
    frame.attrs = {"as_of": "2017-12", "window_months": 12, "currency": "USD", "minor_units": 2}
    return frame


def fastest(what: Callable[[], object], times: int = 5) -> float:
    """The shortest of several runs, in seconds."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        what()
        found.append(time.perf_counter() - begun)
    return min(found)


def cut_rule(profile: pd.DataFrame) -> None:
    """A cut rule, table to table, against three NTILEs."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE customers AS SELECT * FROM profile")
    rule = RFM().fit(profile).rule_
    tiles = (
        "SELECT customer_id, NTILE(5) OVER (ORDER BY recency_days DESC) AS r, "
        "NTILE(5) OVER (ORDER BY frequency) AS f, NTILE(5) OVER (ORDER BY monetary) AS m FROM customers"
    )
    ntile = fastest(lambda: connection.execute(f"CREATE OR REPLACE TABLE tiles AS {tiles}"))
    ours = fastest(lambda: connection.execute(f"CREATE OR REPLACE TABLE tiers AS {rule.to_sql('customers')}"))
    frame = fastest(lambda: rule.apply(profile))
    print(f"three NTILEs {ntile:.3f} s; cut rule in SQL {ours:.3f} s = {ours / ntile:.2f} x (aim 0.15)")
    print(f"cut rule on a frame {frame:.3f} s = {frame / ntile:.2f} x of the NTILEs")


def centre_rule(profile: pd.DataFrame) -> None:
    """A centre rule against scikit-learn: the same scaling, the copy into one array, predict, the names."""
    from sklearn.cluster import KMeans

    rule = Clusters(k=K).fit(profile).rule_
    assert isinstance(rule, CentresRule)
    centres = np.array([cluster.centre for cluster in rule.clusters])
    model = KMeans(K, n_init=1, max_iter=1, init=centres).fit(rule.scaled(profile.head(1000)))
    model.cluster_centers_ = centres
    names = np.array(rule.segment_names, dtype=object)
    found = rule.apply(profile)["segment"]

    def predict() -> pd.Series:
        return pd.Series(names[model.predict(rule.scaled(profile))], index=profile.index, dtype="str")

    agree = float((predict() == found).mean())
    theirs, ours = fastest(predict), fastest(lambda: rule.apply(profile))
    print(
        f"scale, copy and predict {theirs:.3f} s; centre rule {ours:.3f} s = {ours / theirs:.2f} x (aim 1); "
        f"the same cluster for {agree:.4%}"
    )


def sample_against_all(profile: pd.DataFrame) -> None:
    """The fit of every n-th customer against the fit of all of them."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score

    fitted = Clusters(k=K).fit(profile)
    rule = fitted.rule_
    rows = rule.scaled(profile)
    centres = np.array([cluster.centre for cluster in rule.clusters])
    with one_thread():
        full = KMeans(K, n_init=10, random_state=0).fit(rows)
    ours = assigned(rows, centres)
    inertia = float(((rows - centres[ours]) ** 2).sum())
    print(
        f"sample of {len(take_sample(profile, fitted.columns).rows):,}: inertia "
        f"{inertia / full.inertia_:.5f} x of the full fit (aim 1.001), adjusted Rand index "
        f"{adjusted_rand_score(full.labels_, ours):.4f} (aim .98)"
    )


if __name__ == "__main__":
    population = customers()
    cut_rule(population)
    centre_rule(population)
    sample_against_all(population)
