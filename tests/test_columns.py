import pytest

from segmentation.columns import find
from segmentation.errors import DataError, ParameterError

EXPORTS = {
    "Online Retail": (
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
        "customer_id=CustomerID,order_id=InvoiceNo,date=InvoiceDate,quantity=Quantity,price=UnitPrice,"
        "product=StockCode",
    ),
    "Online Retail II": (
        "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country",
        "customer_id=Customer ID,order_id=Invoice,date=InvoiceDate,quantity=Quantity,price=Price,"
        "product=StockCode",
    ),
    "Chinese": (
        "订单编号,客户编号,订单日期,金额（元）,负责人",
        "customer_id=客户编号,order_id=订单编号,date=订单日期,amount=金额（元）,account_manager=负责人",
    ),
}


@pytest.mark.parametrize("export", EXPORTS)
def test_known_exports_are_recognised(export: str) -> None:
    columns, expected = EXPORTS[export]
    found = find(columns.split(","), {}, "orders.csv")
    assert found == dict(pair.split("=") for pair in expected.split(","))


def test_what_is_given_wins() -> None:
    found = find(
        ["a", "date", "Order Date", "amount"], {"customer_id": "a", "date": "Order Date"}, "orders.csv"
    )
    assert (found["customer_id"], found["date"]) == ("a", "Order Date")


def test_two_that_fit_are_never_guessed() -> None:
    with pytest.raises(
        DataError, match=r"'Order Date' and 'Invoice Date' both fit date.*orders.columns.date"
    ):
        find(["customer_id", "Order Date", "Invoice Date", "amount"], {}, "orders.csv")


def test_a_missing_column_names_the_nearest() -> None:
    with pytest.raises(
        DataError, match=r"orders.csv: no column was recognised as customer_id; the nearest is 'custmerid'"
    ):
        find(["custmerid", "date", "amount"], {}, "orders.csv")
    with pytest.raises(DataError, match=r"there is no column 'Amonut' for amount; did you mean 'Amount'"):
        find(["customer_id", "date", "Amount"], {"amount": "Amonut"}, "orders.csv")


def test_an_unknown_role_names_the_nearest() -> None:
    with pytest.raises(ParameterError, match="did you mean 'customer_id'"):
        find(["a"], {"custmer_id": "a"}, "orders.csv")
