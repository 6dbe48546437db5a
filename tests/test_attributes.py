"""Attributes and tiers: what tells key customers apart, what does not, and which counts are never shown."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from segmentation import Study
from segmentation.comparison.attributes.small_cells import hidden
from segmentation.comparison.attributes.telling import shares
from segmentation.comparison.attributes.values import attributes_of
from segmentation.errors import ParameterError
from segmentation.questions import attributes as page
from segmentation.questions import by_group


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study.open(
        {
            "orders": "demo:complete-journey",
            "customers": "demo:complete-journey",
            "month": "2017-12",
            "methods": {"ABC": {"share_of_value": [0.80, 0.95]}},
            "store": str(tmp_path_factory.mktemp("store")),
        }
    )


def recovered(table: pd.DataFrame, mask: pd.DataFrame) -> list[tuple[str, str]]:
    """The small cells that a reader of all totals can reckon exactly."""
    cells = [(i, j) for i in range(len(table)) for j in range(table.shape[1]) if mask.iloc[i, j]]
    lines = [[float(cell[0] == i) for cell in cells] for i in range(len(table))]
    piles = [[float(cell[1] == j) for cell in cells] for j in range(table.shape[1])]
    left = table.where(mask, 0)
    totals = [*left.sum(axis=1), *left.sum(axis=0)]
    found = []
    for n, (i, j) in enumerate(cells):
        if table.iloc[i, j] >= 5:
            continue
        goal = np.eye(len(cells))[n]
        ends = [
            linprog(sign * goal, A_eq=[*lines, *piles], b_eq=totals, bounds=(0, None)).fun for sign in (1, -1)
        ]
        if round(ends[0]) == round(-ends[1]):
            found.append((str(table.index[i]), str(table.columns[j])))
    return found


def test_nothing_tells_in_complete_journey_and_having_a_row_tells_most(demo: Study) -> None:
    found = page.attributes(demo)
    assert (len(found), int(found["tells"].sum())) == (39, 0)
    best = found.set_index(["attribute", "trait"])
    income = best.loc[
        ("income", "50-74K"),
        ["customers", "top", "share_best", "true_from", "true_to", "lift", "by_lot", "q"],
    ]
    assert income.astype(float).round(4).tolist() == [192, 168, 0.875, 0.8207, 0.9145, 1.0917, 0.0035, 0.1294]
    age = best.loc[("age", "65+"), ["share_best", "true_from", "true_to", "q"]]
    assert age.astype(float).round(4).tolist() == [0.6667, 0.5518, 0.7647, 0.1294]
    strength = page.attribute_strength(demo).set_index("attribute")["association"]
    assert strength[["age", "income", "household_size"]].tolist() == [0.053, 0.099, 0.0]
    said = page.answer(demo).text
    assert said.startswith("Nothing in this table tells key customers from others: of 39 values")
    assert "80.1% of the 801" in said
    assert "23.3% of the 1,668 others" in said


def test_no_small_cell_of_complete_journey_can_be_reckoned(demo: Study) -> None:
    tiered = demo.scored()[["customer_id", "tier"]].merge(demo.customers(), on="customer_id")
    shown = page.attribute_tiers(demo).set_index(["attribute", "trait"])[["A", "B", "C"]]
    counts = {}
    for name in ("income", "home_ownership", "age", "kids_count"):
        table = pd.crosstab(tiered[name].astype("str").fillna("–"), tiered["tier"])
        small, mask = (table > 0) & (table < 5), shown.loc[name].isna().reindex(table.index)
        assert recovered(table, small), "the totals give small cells back"
        assert (mask | ~small).all(axis=None)
        assert not recovered(table, mask)
        counts[name] = (int(small.sum().sum()), int(mask.sum().sum()))
        said = page.attributes(demo).set_index(["attribute", "trait"])["top"].loc[name]
        assert said.isna().reindex(mask.index).equals(mask["A"]), "hidden here, hidden everywhere"
    assert counts["income"] == (11, 18)
    assert counts["home_ownership"] == (4, 7)


def test_any_table_is_protected() -> None:
    draw = np.random.default_rng(5)
    for _ in range(60):
        table = pd.DataFrame(draw.poisson(draw.choice([2, 6, 30], size=(draw.integers(2, 6), 3))))
        assert not recovered(table, hidden(table, 5)), table
        assert not hidden(table.where(~((table > 0) & (table < 5)), 50), 5).any(axis=None)


def test_a_planted_attribute_is_found_and_noise_is_not() -> None:
    draw = np.random.default_rng(1)
    planted, false, quiet, called = 0, 0, 0, 0
    for _ in range(200):
        noise = pd.DataFrame({f"a{n}": draw.integers(0, 10, 4000) for n in range(4)}).astype("str")
        quiet += not shares(noise, pd.Series(draw.random(4000) < 0.3))["tells"].any()
    assert quiet >= 190
    for _ in range(20):  # twenty values of lift 1.5, as many of .5, so that the others' lift is 1
        values = pd.Series(draw.integers(0, 200, 60_000))
        share = np.select([values < 20, values < 40], [0.45, 0.15], 0.30)
        found = shares(
            pd.DataFrame({"planted": values.astype("str")}), pd.Series(draw.random(60_000) < share)
        )
        trait = found.loc[found["tells"], "trait"].astype(int)
        planted, false = planted + int((trait < 20).sum()), false + int((trait >= 40).sum())
        called += len(trait)
    assert planted >= 0.9 * 400
    assert false <= 0.05 * called


def test_attributes_are_few_enough_to_compare() -> None:
    customers = pd.DataFrame(
        {
            "phone": [f"1{n:04}" + ("x" if n % 2 else "") for n in range(10_000)],
            "turnover": np.arange(10_000) / 10,
            "since": [f"{1990 + n % 5}-03-01" for n in range(10_000)],
            "city": [f"city {min(n % 100, 40)}" for n in range(10_000)],
            "same": "x",
        }
    )
    found = attributes_of(customers, list(customers), 5)
    assert found.left_out == ["phone", "same"]
    assert sorted(found.values["turnover"].unique()) == ["0–249.9", "250–499.9", "500–749.9", "750–999.9"]
    assert sorted(found.values["since"].unique()) == ["1990", "1991", "1992", "1993", "1994"]
    assert found.values["city"].nunique() == 21
    again = attributes_of(customers.iloc[::-1], list(customers), 5).values.iloc[::-1]
    assert again.equals(found.values), "nothing depends on the order of the rows"


def test_what_was_hidden_this_year_stays_hidden(demo: Study) -> None:
    then = page.hidden_cells(demo.with_(month="2017-12", window_months=11)).set_index(["attribute", "trait"])
    before = page.hidden_cells(demo.with_(month="2017-11", window_months=11)).set_index(
        ["attribute", "trait"]
    )
    shared = then.index.intersection(before.index)
    assert len(shared) > 30
    assert (then.loc[shared] | ~before.loc[shared]).all(axis=None)


def test_groups_are_counted_like_account_managers(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("groups")
    rows = [(f"c{n}", f"2017-{month}-15", 10 * n + 1) for n in range(24) for month in (11, 12)]
    pd.DataFrame(rows, columns=["customer_id", "date", "amount"]).to_csv(folder / "orders.csv", index=False)
    known = pd.DataFrame({"customer_id": [f"c{n}" for n in range(24)], "region": ["East", "West"] * 12})
    known.to_csv(folder / "customers.csv", index=False)
    study = Study.open(
        {
            "orders": str(folder / "orders.csv"),
            "customers": str(folder / "customers.csv"),
            "store": str(folder / "store"),
            "month": "2017-12",
            "window_months": 1,
            "methods": {"Threshold": {"column": "monetary", "cuts": [101, 0.5]}},
            "minimum_cell": 2,
        }
    )
    found = by_group.by_group(study).set_index("trait")
    assert found.loc["West", ["customers", "top", "top_value"]].tolist() == [12, 7, 1197.0]
    assert found.loc["East", ["customers", "top", "top_value"]].tolist() == [12, 7, 1127.0]
    west = by_group.of_group(study, study.scored(), "region", "West")
    assert west["customer_id"].tolist() == [f"c{n}" for n in sorted(range(1, 24, 2), key=str)]
    with pytest.raises(ParameterError, match="there is no attribute 'regoin'; did you mean 'region'"):
        by_group.of_group(study, west, "regoin", "West")
