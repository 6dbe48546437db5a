from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from segmentation import read_orders
from segmentation.errors import DataError, ParameterError
from segmentation.intake.columns import find, match, recognises
from segmentation.intake.exports import EXPORTS

WHOLE = {"customer_id": "Cust", "date": "Day", "amount": "Val"}
ROWS = [["A", "2026-01-02", "5"], ["B", "2026-01-03", "7"], ["A", "2026-02-03", "1"]]


def write(path: Path, rows: list[list[str]]) -> Path:
    """The rows as a CSV, or as the second sheet of a workbook whose first holds no orders."""
    if path.suffix == ".csv":
        path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
        return path
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Returns").write_row(0, 0, ["Returned", "Order"])
        sheet = book.add_worksheet("Orders")
        for n, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell:
                    sheet.write(n, column, cell)
    return path


TITLES: dict[str, list[list[str]]] = {
    "none": [],
    "one": [["Sales report 2026", "", ""]],
    "two and a blank": [["Sales report 2026", "", ""], ["printed by Li", "", ""], ["", "", ""]],
    "of two cells": [["Period", "2026", ""], ["Branch", "North", ""]],
    "many": [[f"Note {n}", "", ""] for n in range(12)],
}


@pytest.mark.parametrize("kind", ["o.csv", "o.xlsx"])
@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("given", [WHOLE, {"customer_id": "Cust"}, {"amount": "Val", "customer_id": "Cust"}])
def test_given_columns_count_only_in_the_row_that_has_them(
    kind: str, title: str, given: dict[str, str], tmp_path: Path
) -> None:
    head = (
        ["Cust", "Day", "Val"]
        if given == WHOLE
        else ["Cust", "Date", "Val" if "amount" in given else "Amount"]
    )
    path = write(tmp_path / kind, [*TITLES[title], head, *ROWS])
    orders = read_orders(path, columns=given)
    assert orders.accepted["customer_id"].tolist() == ["A", "B", "A"]
    assert orders.accepted["amount"].sum() == 13
    assert orders.set_aside.empty


@pytest.mark.parametrize("kind", ["o.csv", "o.xlsx"])
@pytest.mark.parametrize(
    ("header", "columns", "found"),
    [
        ([["客户", "", "订单", ""], ["编号", "名称", "日期", "金额"]], None, "客户编号"),
        ([["客户", "", "订单", ""], ["编号", "名称", "日期", "金额"]], ("编号", "日期", "金额"), "编号"),
        (
            [["2026年1月销售明细表", "", "", ""], ["编号", "名称", "日期", "金额"]],
            ("编号", "日期", "金额"),
            "编号",
        ),
        (
            [["销售明细", "", "", ""], ["客户", "", "销售", ""], ["编号", "名称", "日期", "金额"]],
            None,
            "客户编号",
        ),
        ([["客户编号", "名称", "销售", ""], ["", "", "日期", "金额"]], None, "客户编号"),
        (
            [["单位", "", "明细", ""], ["客户", "", "订单", ""], ["编号", "名称", "日期", "金额"]],
            None,
            "客户编号",
        ),
    ],
)
def test_headers_of_several_rows(
    kind: str,
    header: list[list[str]],
    columns: tuple[str, str, str] | None,
    found: str,
    tmp_path: Path,
) -> None:
    rows = [["C0", "a", "2026-01-02", "5"], ["C1", "b", "2026-01-03", "7"]]
    path = write(tmp_path / kind, [*header, *rows])
    given = dict(zip(("customer_id", "date", "amount"), columns)) if columns else None
    orders = read_orders(path, columns=given, currency="CNY")
    assert orders.columns_found["customer_id"] == found
    assert orders.accepted["customer_id"].tolist() == ["C0", "C1"]
    assert orders.accepted["amount"].sum() == 12


def test_rows_below_a_header_of_several_rows_are_numbered_as_seen(tmp_path: Path) -> None:
    rows = [["客户", "", "订单"], ["编号", "日期", "金额"], ["C0", "?", "5"], ["C1", "2026-01-03", "7"]]
    for name in ("o.csv", "o.xlsx"):
        path = write(tmp_path / name, rows)
        columns = {"customer_id": "编号", "date": "日期", "amount": "金额"}
        assert read_orders(path, columns=columns, currency="CNY").set_aside["row"].tolist() == [3]


@pytest.mark.parametrize("kind", ["o.csv", "o.xlsx"])
def test_the_header_can_be_named_where_it_is_not_found(kind: str, tmp_path: Path) -> None:
    rows = [["a", "b", "c"], ["who", "when", "how much"], ["code", "day", "sum"], *ROWS]
    path = write(tmp_path / kind, rows)
    sheet = {"sheet": "Orders"} if kind.endswith("xlsx") else {}
    for header_row, names in ((3, ("code", "day", "sum")), ([2, 3], ("whocode", "whenday", "how muchsum"))):
        given = dict(zip(("customer_id", "date", "amount"), names))
        orders = read_orders({"path": str(path), "header_row": header_row, "columns": given, **sheet})
        assert orders.accepted["amount"].sum() == 13
    with pytest.raises(DataError, match=r"header_row: row 99 is not one of the first"):
        read_orders({"path": str(path), "header_row": 99, **sheet})
    with pytest.raises(ParameterError, match="leave one out"):
        read_orders({"path": str(path), "header_row": 2, "header": False})


def test_a_column_that_is_given_and_absent_is_named_with_the_nearest(tmp_path: Path) -> None:
    path = write(tmp_path / "o.csv", [["Report", "", ""], ["Cust", "Day", "Val"], *ROWS])
    with pytest.raises(DataError, match="no column 'Vall' for amount; did you mean 'Val'"):
        read_orders(path, columns=WHOLE | {"amount": "Vall"})


def test_everything_that_is_missing_is_asked_at_once() -> None:
    with pytest.raises(DataError) as told:
        find(["Order ID", "x", "y"], {}, "o.csv")
    for role in ("customer_id", "date", "amount"):
        assert f"no column was recognised as {role}" in str(told.value)
    known = match(["Order ID", "x", "Order Date", "Invoice Date"], {})
    assert known.found == {"order_id": "Order ID"}
    assert known.missing == ["customer_id", "amount"]
    assert known.doubtful == {"date": ["Order Date", "Invoice Date"]}
    assert "x" in known.free


HEADINGS = {
    "WooCommerce": ("order_id,order_number,order_date,status,order_total,customer_id,billing_email,currency"),
    "WooCommerce's analytics": "Date,Order #,N. Revenue,Status,Customer,Customer type,Product(s),Items sold",
    "Square": "Date,Time,Time Zone,Gross Sales,Discounts,Net Sales,Tax,Transaction ID,Customer ID,Customer Name",
    "Stripe": "id,Created date (UTC),Amount,Amount Refunded,Currency,Fee,Status,Customer ID,Customer Email",
    "PayPal": "Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address,Transaction ID",
    "Etsy": "Sale Date,Order ID,Buyer User ID,Full Name,Order Value,Discount Amount,Order Total,Order Net",
    "Etsy's items": "Sale Date,Item Name,Buyer,Quantity,Price,Item Total,Currency,Transaction ID,Order ID",
    "eBay": "Sales Record Number,Order Number,Buyer Username,Buyer Name,Quantity,Sold For,Total Price,Sale Date",
    "Amazon": "amazon-order-id,purchase-date,order-status,sku,quantity,currency,item-price,buyer-email",
    "Xero": "ContactName,EmailAddress,InvoiceNumber,InvoiceDate,Total,Quantity,UnitAmount,LineAmount,Currency",
    "QuickBooks": "Date,Transaction Type,Num,Customer,Product/Service,Qty,Sales Price,Amount,Balance",
    "SAP's tables": "VBELN,KUNNR,AUDAT,NETWR,WAERK,MATNR",
    "SAP in German": "Verkaufsbeleg,Auftraggeber,Belegdatum,Nettowert,Währung,Material",
    "Odoo": "Order Reference,Order Date,Customer,Salesperson,Total,Status",
    "Odoo's fields": "name,partner_id,date_order,amount_total,state",
    "Olist": "order_id,customer_id,customer_unique_id,order_purchase_timestamp,product_id,price,freight_value",
    "Contoso": "OrderKey,LineNumber,OrderDate,CustomerKey,StoreKey,ProductKey,Quantity,UnitPrice,NetPrice",
    "Contoso's online sales": "DateKey,CustomerKey,SalesOrderNumber,SalesQuantity,SalesAmount,TotalCost",
    "Superstore": "Row ID,Order ID,Order Date,Ship Date,Customer ID,Customer Name,Region,Sales,Quantity,Profit",
    "淘宝": "订单编号,买家会员名,买家应付货款,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间,宝贝标题",
    "京东": "订单号,商品ID,商品名称,订购数量,下单时间,京东价,订单金额,结算金额,应付金额,订单状态,下单帐号",
    "拼多多": "商品,订单号,订单状态,用户实付金额(元),商家实收金额(元),商品数量(件),收货人,手机,支付时间,商品id",
    "抖店": "主订单编号,子订单编号,选购商品,商品数量,商品ID,商品单价,订单应付金额,收件人,收件人手机号,订单提交时间",
    "有赞": "订单号,订单状态,订单创建时间,买家付款时间,订单实付金额,买家手机号,收货人手机号/提货人手机号",
    "用友": "单据号,单据日期,客户编码,客户简称,存货编码,数量,含税单价,无税金额,税额,价税合计,业务员",
    "金蝶": "日期,单据编号,购货单位,产品代码,实发数量,单价,金额,税额,价税合计,业务员",
    "管家婆": "录单日期,单据编号,往来单位,商品编号,数量,单价,折后金额,经手人",
    "纷享销客": "销售订单编号,客户名称,下单日期,销售订单金额(元),负责人,负责人主属部门",
    "Portuguese": "Código do Cliente,Nº do Pedido,Data do Pedido,Valor Total,Quantidade,Preço Unitário,Vendedor",
    "Spanish": "ID Cliente,Número de Pedido,Fecha de Pedido,Importe,Cantidad,Precio Unitario,Moneda",
    "German": "Kunden-Nr.,Bestellnummer,Bestelldatum,Umsatz,Menge,Stückpreis,Währung",
    "French": "N° client,N° commande,Date de commande,Montant HT,Quantité,Prix unitaire,Devise",
}


@pytest.mark.parametrize("export", HEADINGS)
def test_the_headings_of_exports_are_known(export: str) -> None:
    columns = HEADINGS[export].split(",")
    assert recognises(columns, {}), match(columns, {}).missing
    found = find(columns, {}, "export.csv")
    assert {"customer_id", "date"} <= set(found)


@pytest.mark.parametrize(
    ("export", "role", "column"),
    [
        ("Square", "amount", "Net Sales"),
        ("Xero", "amount", "LineAmount"),
        ("Olist", "customer_id", "customer_unique_id"),
        ("Contoso", "price", "NetPrice"),
        ("Amazon", "amount", "item-price"),
        ("PayPal", "amount", "Gross"),
        ("淘宝", "amount", "买家实际支付金额"),
        ("拼多多", "amount", "商家实收金额(元)"),
        ("金蝶", "amount", "价税合计"),
        ("WooCommerce", "customer_id", "billing_email"),
        ("French", "order_id", "N° commande"),
        ("German", "customer_id", "Kunden-Nr."),
    ],
)
def test_the_right_one_of_several_columns_is_taken(export: str, role: str, column: str) -> None:
    assert find(HEADINGS[export].split(","), {}, "export.csv")[role] == column


def test_no_price_of_a_piece_counts_where_an_export_gives_the_amount_of_the_line() -> None:
    for export in EXPORTS:
        assert not ("amount" in export.roles and {"quantity", "price"} & set(export.roles)), export.name


def test_what_the_parameters_say_comes_before_an_export(tmp_path: Path) -> None:
    columns = HEADINGS["Square"].split(",")
    assert find(columns, {"amount": "Gross Sales"}, "s.csv")["amount"] == "Gross Sales"


def test_sheets_in_another_order_and_one_without_rows(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "o.xlsx") as book:
        book.add_worksheet("empty")
        sheet = book.add_worksheet("Orders")
        for n, cells in enumerate([["Cust", "Day", "Val"], *ROWS]):
            sheet.write_row(n, 0, cells)
        book.add_worksheet("Pivot").write_row(0, 0, ["Customer", "Total"])
    assert read_orders(tmp_path / "o.xlsx", columns=WHOLE).accepted["amount"].sum() == 13


def test_a_frame_of_the_same_headings_is_read_alike() -> None:
    frame = pd.DataFrame(ROWS, columns=["Kunde", "Datum", "Betrag"])
    assert read_orders(frame).accepted["amount"].sum() == 13
