"""Golden figures on real data: CDNOW, Complete Journey and, where it lies beside, Online Retail.

Figures without a source were computed from the named data with the definitions of docs/methods.md.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from customers import FORMS

from segmentation import profile, read_orders
from segmentation.intake.demo import demo
from segmentation.methods import ABC, RFM, Clusters, Method
from segmentation.methods.ahp import weigh
from segmentation.methods.bg_nbd import BgNbd
from segmentation.methods.features import take_sample
from segmentation.methods.kmeans import one_thread, optima
from segmentation.methods.lifetime import fit_gamma_gamma
from segmentation.methods.pareto import share_brought, share_needed
from segmentation.methods.selection import bootstrap_jaccard, verdict
from segmentation.methods.shapes import other_shapes
from segmentation.rules import PointsRule

COLUMNS = ("recency_days", "frequency", "monetary")
SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="module")
def cdnow() -> pd.DataFrame:
    """CDNOW as of 1997-09, nine months: 23,570 customers."""
    return profile(read_orders("demo:cdnow"), "1997-09", 9)


@pytest.fixture(scope="module")
def cdnow_until_then() -> pd.DataFrame:
    """The same from a file that ends with the as-of day."""
    known = read_orders("demo:cdnow").accepted.rename(columns={"ordered_at": "date"})
    known = known.loc[known["date"] < "1997-10-01", ["customer_id", "date", "amount"]]
    return profile(read_orders(known), "1997-09", 9)


@pytest.fixture(scope="module")
def journey() -> pd.DataFrame:
    """Complete Journey as of 2017-06, six months."""
    return profile(read_orders("demo:complete-journey"), "2017-06", 6)


@pytest.fixture(scope="module")
def sample() -> pd.DataFrame:
    """The orders of CDNOW's one-tenth sample: customer_id, date, amount."""
    path = demo("demo:cdnow").path().with_name("CDNOW_sample.txt")
    names = ["number", "customer_id", "date", "cds", "amount"]
    lines = pd.read_csv(
        path, sep=r"\s+", header=None, names=names, dtype={"customer_id": "str", "date": "str"}
    )
    return lines.assign(date=pd.to_datetime(lines["date"], format="%Y%m%d"))


def test_cuts_and_scores_of_rfm_on_cdnow(cdnow: pd.DataFrame) -> None:
    rule = RFM().fit(cdnow).rule_
    assert isinstance(rule, PointsRule)
    r, f, m = rule.criteria
    assert r.cuts == (241, 218, 197, 99)
    assert f.cuts == (2, 2, 3, 4)
    assert m.cuts == (14.97, 27.95, 46.94, 93.97)
    assert rule.codes(cdnow)["F"].value_counts().to_dict() == {1: 14119, 3: 4442, 4: 2064, 5: 2945}
    assert any("nobody gets score 2" in note and "59.9%" in note for note in rule.notes)
    assert [str(found) for found in rule.audit().coinciding] == ["F: 2 cuts at 2"]


def test_mean_and_median_cuts_agree_for_53_percent_of_cdnow(cdnow: pd.DataFrame) -> None:
    rules = [RFM(segments="eight", cuts=cuts).fit(cdnow).rule_ for cuts in ("mean", "median")]
    mean, median = (rule.apply(cdnow)["segment"] for rule in rules)
    assert round((mean == median).mean(), 3) == 0.533


def test_nested_scores_are_other_scores(cdnow: pd.DataFrame) -> None:
    independent, nested = (RFM(nested=nested).fit(cdnow).rule_ for nested in (False, True))
    assert isinstance(independent, PointsRule)
    assert isinstance(nested, PointsRule)
    same = (independent.codes(cdnow) == nested.codes(cdnow)).all(axis=1)
    assert round(same.mean(), 2) == 0.21


def test_three_classes_against_the_average(cdnow: pd.DataFrame, journey: pd.DataFrame) -> None:
    def shares(customers: pd.DataFrame, band: float) -> list[int]:
        counts = RFM(segments="three", band=band).fit(customers).rule_.segment_counts
        return [round(100 * count / len(customers)) for count in counts.values()]

    assert shares(cdnow, 0.2) == [22, 11, 67]
    assert shares(journey, 0.2) == [30, 14, 57]
    assert shares(cdnow, 0.0)[1] == 0


def test_the_claim_of_20_and_80_against_the_fact(cdnow: pd.DataFrame, journey: pd.DataFrame) -> None:
    spend, other = cdnow["monetary"].to_numpy(), journey["monetary"].to_numpy()
    assert round(share_brought(spend, 0.2), 3) == 0.629
    assert round(share_brought(other, 0.2), 3) == pytest.approx(0.551, abs=0.0011)
    assert round(share_needed(spend, 0.8), 3) == 0.384
    assert round(share_needed(other, 0.8), 3) == 0.409
    assert "62.9%" in ABC().fit(cdnow).rule_.notes[0]


def test_published_weights_by_ahp() -> None:
    judged = weigh([[1, 5, 7], [1 / 5, 1, 3], [1 / 7, 1 / 3, 1]])
    assert [round(weight, 3) for weight in judged.weights] == [0.731, 0.188, 0.081]


@pytest.mark.parametrize("name", FORMS)
def test_rows_and_ids_of_cdnow_in_another_order_change_no_tier(name: str, cdnow: pd.DataFrame) -> None:
    def tiers(customers: pd.DataFrame) -> np.ndarray:
        form: Method = FORMS[name]
        return type(form)(**form.get_params()).fit(customers).rule_.apply(customers)["tier"].to_numpy()

    places = np.random.default_rng(0).permutation(len(cdnow))
    ids = np.random.default_rng(1).permutation(cdnow["customer_id"].to_numpy())
    shuffled = cdnow.iloc[places].assign(customer_id=ids)
    assert (tiers(shuffled) != tiers(cdnow)[places]).sum() == 0


def test_rank_and_cut_hangs_on_the_order_of_rows(cdnow: pd.DataFrame) -> None:
    """What this package does not do: rank(method="first") and qcut, on the same permutation."""

    def code(customers: pd.DataFrame) -> pd.Series:
        ranks = {c: customers[c].rank(method="first") for c in COLUMNS}
        return sum((pd.qcut(rank, 5, labels=False) * 10**place for place, rank in enumerate(ranks.values())))

    shuffled = cdnow.sample(frac=1, random_state=0)
    changed = (code(shuffled).loc[cdnow.index] != code(cdnow)).mean()
    assert 0.3 < changed < 0.7


@pytest.mark.parametrize("name", ["ABC by value", "RFM sum", "RFM eleven", "Clusters", "Scorecard"])
def test_orders_after_the_as_of_date_change_no_tier(
    name: str, cdnow: pd.DataFrame, cdnow_until_then: pd.DataFrame
) -> None:
    form = FORMS[name]
    one, two = (type(form)(**form.get_params()).fit(found).rule_ for found in (cdnow_until_then, cdnow))
    assert one == two


def test_without_the_logarithm_clusters_are_single_customers(sample: pd.DataFrame) -> None:
    customers = profile(read_orders(sample[["customer_id", "date", "amount"]]), "1998-06", 18)
    assert len(customers) == 2357
    raw = Clusters(k=4, log=False).fit(customers)
    logged = Clusters(k=4).fit(customers)
    assert min(raw.rule_.segment_counts.values()) <= 2
    assert min(logged.rule_.segment_counts.values()) > 0.05 * 2357
    assert raw.selection_.table["silhouette"].iloc[0] > logged.selection_.table["silhouette"].iloc[0] + 0.15


@pytest.mark.parametrize(
    ("data", "least"), [("cdnow", {"highly stable"}), ("journey", {"valid", "doubtful", "highly stable"})]
)
def test_stability_of_five_clusters(data: str, least: set[str], request: pytest.FixtureRequest) -> None:
    rows = take_sample(request.getfixturevalue(data), COLUMNS).rows
    with one_thread():
        jaccard = bootstrap_jaccard(rows, optima(rows, 5, seed=0), seed=0, bootstraps=15)
    assert {verdict(value) for value in jaccard} <= least
    assert (jaccard.min() >= 0.85) == (data == "cdnow")


def test_other_shapes_are_compared(journey: pd.DataFrame) -> None:
    fitted = Clusters(k=3).fit(journey)
    found = other_shapes(fitted.rule_, journey).set_index("shape")
    assert found.loc["Ward", "adjusted_rand"] > 0.3
    assert found.loc["Gaussian mixture", "customers"] == len(journey)


def test_bg_nbd_and_gamma_gamma_reproduce_the_published_parameters(sample: pd.DataFrame) -> None:
    """Fader, Hardie & Lee (2005), table 2; Fader & Hardie (2013), section 4."""
    end = pd.Timestamp("1997-09-30")
    days = sample[sample["date"] <= end].groupby(["customer_id", "date"])["amount"].sum().reset_index()
    first, last = (days.groupby("customer_id")["date"].agg(what) for what in ("min", "max"))
    repeats = (days.groupby("customer_id").size() - 1).to_numpy(dtype=float)
    recency = ((last - first).dt.days / 7).to_numpy()
    age = ((end - first).dt.days / 7).to_numpy()
    fitted = BgNbd.fit(repeats, recency, age)
    assert fitted[:4] == pytest.approx((0.2426, 4.4136, 0.7929, 2.4259), abs=5e-5)
    assert fitted.log_likelihood == pytest.approx(-9582.429, abs=5e-4)
    again = days[days["date"] > days["customer_id"].map(first)]
    average = again.groupby("customer_id")["amount"].mean().reindex(first.index).fillna(0).to_numpy()
    spend = fit_gamma_gamma(repeats[average > 0], average[average > 0])
    assert spend == pytest.approx((6.25, 3.74, 15.44), abs=5e-3)
    # the published example: x = 2, t_x = 30.43, T = 38.86 gives 1.226 orders in the next 39 weeks
    expected = fitted.expected_orders(39, np.array([2.0]), np.array([30.43]), np.array([38.86]))
    assert expected == pytest.approx([1.226], abs=5e-4)


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "online_retail").exists(), reason="the reference data is not beside")
def test_abc_on_online_retail() -> None:
    lines = pd.read_parquet(SHARED / "online_retail" / "online_retail.parquet")
    lines.columns = [column.lower().replace(" ", "_") for column in lines.columns]
    customer = next(column for column in lines if "customer" in column)
    price = next(column for column in lines if "price" in column)
    bought = lines[lines[customer].notna() & (lines["quantity"] > 0) & (lines[price] > 0)]
    value = (bought["quantity"] * bought[price]).groupby(bought[customer]).sum()
    customers = pd.DataFrame({"monetary": value.to_numpy()})
    assert len(customers) == 4338
    assert round(value.sum()) == 8_911_408
    counts = ABC().fit(customers).rule_.counts
    assert list(counts.values()) == pytest.approx([1132, 1469, 1737], abs=2)
