import pytest

from segmentation.errors import DataError, ParameterError
from segmentation.intake.columns import find

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


def test_names_that_differ_only_in_case_are_never_guessed() -> None:
    with pytest.raises(DataError, match="'Amount' and 'amount_1' both fit amount"):
        find(["customer_id", "date", "Amount", "amount_1"], {}, "orders.parquet")
    found = find(["customer_id", "date", "Amount", "amount_1"], {"amount": "amount_1"}, "orders.parquet")
    assert found["amount"] == "amount_1"


@pytest.mark.parametrize("unit", ["（万元）", "(千元)", " (k)", "（万）", "('000)"])
def test_amounts_in_thousands_are_never_taken_for_plain_ones(unit: str) -> None:
    for column in (f"金额{unit}", f"Amount{unit}"):
        with pytest.raises(DataError, match=r"is in units of .*orders\.columns\.amount"):
            find(["customer_id", "date", column], {}, "orders.csv")
        assert find(["customer_id", "date", column], {"amount": column}, "orders.csv")["amount"] == column
        assert find(["customer_id", "date", "金额", column], {}, "orders.csv")["amount"] == "金额"


def test_the_currency_is_known_by_its_names() -> None:
    for column in ("Currency", "币种", "币别", "货币"):
        assert find(["customer_id", "date", "amount", column], {}, "orders.csv")["currency"] == column


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
