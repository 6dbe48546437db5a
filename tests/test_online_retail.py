"""Online Retail (UCI 352), real lines of a gift wholesaler: every golden figure of the definitions."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from segmentation import profile, read_orders
from segmentation.errors import DataError
from segmentation.intake.orders import Orders
from segmentation.ledger.ledger import Ledger
from segmentation.questions.gates import STOP, examine, refuse

FILE = Path(__file__).parents[2] / "shared" / "data" / "online_retail" / "online_retail.parquet"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FILE.exists(), reason="the reference data is not beside the checkout"),
]


@pytest.fixture(scope="module")
def orders() -> Orders:
    return read_orders(FILE, currency="GBP")


@pytest.fixture(scope="module")
def rules(orders: Orders) -> pd.DataFrame:
    return orders.reconciliation().set_index("rule")


def test_the_published_counts(rules: pd.DataFrame) -> None:
    assert rules.loc["lines in the source", ["rows", "amount"]].tolist() == [541_909, 9_747_747.93]
    assert rules.loc["no customer", ["rows", "amount"]].tolist() == [135_080, 1_447_682.12]
    assert rules.loc["cancellations", "rows"] == 9_288
    assert rules.loc["exact duplicates", "rows"] == 5_268


def test_everything_adds_up_to_the_penny(orders: Orders, rules: pd.DataFrame) -> None:
    parts = rules[rules["effect"].isin(["set aside", "accepted"])]
    assert parts["rows"].sum() == 541_909
    assert round(parts["amount"].sum() * 100) == 974_774_793
    ledger = Ledger.of(orders)
    assert round(ledger.figures()["amount"].sum() * 100) == round(rules.loc["accepted", "amount"] * 100)


def test_the_two_giant_orders_are_recognised_with_their_cancellations(orders: Orders) -> None:
    back = orders.set_aside.query("reason == 'order taken back at once'").set_index("order_id")
    for order, cancellation, customer in (("541431", "C541433", "12346"), ("581483", "C581484", "16446")):
        assert back.loc[[order, cancellation], "customer_id"].tolist() == [customer, customer]
        assert back.loc[order, "amount"] == -back.loc[cancellation, "amount"] > 70_000


def test_the_partial_december_is_refused_by_default(orders: Orders) -> None:
    ledger = Ledger.of(orders)
    assert (str(ledger.last_day), ledger.complete_until) == ("2011-12-09", "2011-11")
    findings = examine(ledger, "2011-12")
    assert [finding.gate for finding in findings if finding.level == STOP] == ["incomplete_month"]
    with pytest.raises(DataError, match="month 2011-12: the orders end before the month is over"):
        refuse(findings, "2011-12")
    refuse(examine(ledger, "2011-11"), "2011-11")


STRAY = "SELECT * REPLACE (TIMESTAMP '2012-01-15' AS InvoiceDate) FROM (FROM source LIMIT 1)"


@pytest.mark.parametrize(
    ("kept", "month", "complete_until"),
    [
        ("FROM source WHERE InvoiceDate < '2011-02-20'", "2011-02", "2011-01"),
        (f"FROM source UNION ALL {STRAY}", "2011-12", "2011-11"),
    ],
    ids=["cut in February, after a long Christmas", "one stray line in the January after"],
)
def test_months_that_are_cut_off_are_refused(
    tmp_path: Path, kept: str, month: str, complete_until: str
) -> None:
    connection, file = duckdb.connect(), tmp_path / "kept.parquet"
    connection.execute(f"CREATE VIEW source AS FROM '{FILE}' WHERE CustomerID IS NOT NULL")
    connection.execute(f"COPY ({kept}) TO '{file}'")
    ledger = Ledger.of(read_orders(file, currency="GBP"))
    assert ledger.complete_until == complete_until
    assert [f.gate for f in examine(ledger, month) if f.level == STOP] == ["incomplete_month"]
    assert ledger.ends("2010-12") == "complete", "the eleven days of Christmas are no gap"


def test_positive_lines_with_a_customer() -> None:
    """DEFINITIONS, ABC: 4,338 customers, £8,911,408 (returns and lines of no amount left out)."""
    options = {"returns": "set_aside", "zero_lines": "set_aside", "cancelled_within_minutes": 0}
    found = read_orders(FILE, currency="GBP", options=options).reconciliation().iloc[-1]
    assert (found["customers"], round(found["amount"])) == (4_338, 8_911_408)


def test_november_has_a_profile(orders: Orders) -> None:
    found = profile(orders, as_of="2011-11", window_months=12)
    assert len(found) == 4_296
    assert found["customer_id"].str.fullmatch(r"\d{5}").all(), "ids of a float column are whole numbers"
