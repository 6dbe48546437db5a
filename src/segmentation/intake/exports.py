"""Exports of known systems: what gives one away, which of its columns is what, and whose orders are none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segmentation.intake.headings import plain


@dataclass(frozen=True)
class Export:
    """A system whose headings are too general, or too many, to be known one by one.

    Attributes:
        name: the system.
        signs: the headings that give it away, all of them.
        roles: role to headings, the first that is there is taken.
        order_totals: whether its amount is an order's, written on the first of the order's lines only.
        not_counted: values of its status, as patterns, whose orders are none.
    """

    name: str
    signs: frozenset[str]
    roles: Mapping[str, Sequence[str]]
    order_totals: bool = False
    not_counted: Sequence[str] = ()


def _export(
    name: str, signs: str, *, order_totals: bool = False, not_counted: str = "", **roles: str
) -> Export:
    """An export with its headings as they are written, parted by |."""
    taken = {role: [plain(heading) for heading in text.split("|")] for role, text in roles.items()}
    statuses = tuple(not_counted.split("|")) if not_counted else ()
    return Export(name, frozenset(map(plain, signs.split("|"))), taken, order_totals, statuses)


EXPORTS: tuple[Export, ...] = (
    _export(
        "Shopify",
        "Name|Email|Created at|Total|Lineitem name",
        customer_id="Email",
        order_id="Name",
        date="Created at",
        amount="Total",
        order_totals=True,
        status="Financial Status",
        cancelled="Cancelled at",
        refunded="Refunded Amount",
        not_counted="voided|expired|unpaid",
    ),
    _export(
        "WooCommerce",
        "order_id|order_number|order_date|order_total",
        customer_id="billing_email|customer_email|customer_id",
        order_id="order_id",
        date="order_date",
        amount="order_total",
        status="order_status|status",
        refunded="refunded_total|order_refund|refund_total",
        not_counted="*cancelled|*failed|*pending|*trash|*checkout-draft",
    ),
    _export(
        "Square",
        "Date|Time|Gross Sales|Net Sales|Transaction ID",
        customer_id="Customer ID|Customer Name",
        order_id="Transaction ID",
        date="Date",
        amount="Net Sales",
        product="SKU|Item",
    ),
    _export(
        "Stripe",
        "id|Amount|Amount Refunded|Currency",
        customer_id="Customer ID|Customer Email",
        order_id="id",
        date="Created date (UTC)|Created (UTC)|Created",
        amount="Amount",
        status="Status",
        refunded="Amount Refunded",
        not_counted="failed|canceled|cancelled|requires*|blocked",
    ),
    _export(
        "PayPal",
        "Date|Gross|Fee|Net|Transaction ID",
        customer_id="From Email Address|Name",
        order_id="Transaction ID",
        date="Date",
        amount="Gross",
    ),
    _export(
        "Etsy",
        "Sale Date|Order ID|Order Value|Order Total",
        customer_id="Buyer User ID|Buyer|Full Name",
        order_id="Order ID",
        date="Sale Date",
        amount="Order Total",
    ),
    _export(
        "Etsy, items",
        "Sale Date|Item Name|Buyer|Item Total|Order ID",
        customer_id="Buyer",
        order_id="Order ID",
        date="Sale Date",
        amount="Item Total",
        product="SKU|Item Name",
    ),
    _export(
        "eBay",
        "Sales Record Number|Order Number|Buyer Username|Sold For",
        customer_id="Buyer Username",
        order_id="Order Number",
        date="Sale Date",
        amount="Sold For",
    ),
    # an item's price is that of all its pieces
    _export(
        "Amazon",
        "amazon-order-id|purchase-date|item-price",
        customer_id="buyer-email|buyer-name",
        order_id="amazon-order-id",
        date="purchase-date",
        amount="item-price",
        status="order-status",
        not_counted="cancelled|canceled",
        product="sku",
    ),
    _export(
        "Amazon, by item",
        "order-id|order-item-id|purchase-date|item-price",
        customer_id="buyer-email|buyer-name",
        order_id="order-id",
        date="purchase-date",
        amount="item-price",
        product="sku",
    ),
    # its total stands again on every line of an invoice
    _export(
        "Xero",
        "ContactName|InvoiceNumber|InvoiceDate|LineAmount",
        customer_id="ContactName",
        order_id="InvoiceNumber",
        date="InvoiceDate",
        amount="LineAmount",
    ),
    _export(
        "QuickBooks",
        "Date|Transaction Type|Num|Amount",
        customer_id="Customer|Customer full name|Name",
        order_id="Num",
        date="Date",
        amount="Amount",
    ),
    _export(
        "SAP",
        "VBELN|KUNNR|NETWR",
        customer_id="KUNNR",
        order_id="VBELN",
        date="FKDAT|AUDAT|ERDAT",
        amount="NETWR",
    ),
    _export(
        "Odoo",
        "name|partner_id|date_order|amount_total",
        customer_id="partner_id",
        order_id="name",
        date="date_order",
        amount="amount_total",
        status="state",
        not_counted="cancel|cancelled|draft|sent|quotation*",
    ),
    # its customer_id is another one for every order
    _export(
        "Olist",
        "customer_unique_id|order_id|order_purchase_timestamp",
        customer_id="customer_unique_id",
        order_id="order_id",
        date="order_purchase_timestamp",
        amount="price|payment_value",
        status="order_status",
        not_counted="canceled|unavailable",
    ),
    _export(
        "Contoso",
        "CustomerKey|OrderKey|OrderDate|Quantity|NetPrice",
        customer_id="CustomerKey",
        order_id="OrderKey",
        date="OrderDate",
        quantity="Quantity",
        price="NetPrice",
    ),
    _export(
        "淘宝",
        "订单编号|买家实际支付金额|订单创建时间",
        customer_id="买家会员名|买家昵称|买家id",
        order_id="订单编号",
        date="订单创建时间",
        amount="买家实际支付金额",
        product="商品编号|宝贝标题",
        status="订单状态|交易状态",
        refunded="退款金额|买家退款金额",
        not_counted="*交易关闭*|*等待买家付款*|*已关闭*|*未付款*|*已取消*",
    ),
    _export(
        "京东",
        "下单时间|订单金额|应付金额",
        customer_id="下单帐号|下单账号|客户姓名",
        order_id="订单号|订单编号",
        date="下单时间",
        amount="应付金额",
        product="商品ID|商品名称",
        status="订单状态",
        refunded="退款金额",
        not_counted="*取消*|*删除*|*等待付款*|*未付款*",
    ),
    _export(
        "拼多多",
        "订单号|用户实付金额(元)|商家实收金额(元)",
        customer_id="买家id|用户id|手机|收货人手机|收货人|收件人",
        order_id="订单号",
        date="订单成交时间|拼单成功时间|支付时间|订单创建时间",
        amount="商家实收金额",
        product="商品id|商品",
        status="订单状态",
        refunded="退款金额",
        not_counted="*取消*|*退款成功*|*待支付*|*未付款*",
    ),
    _export(
        "抖店",
        "主订单编号|子订单编号|订单应付金额",
        customer_id="买家id|用户id|收件人手机号|收件人",
        order_id="主订单编号",
        date="订单提交时间|支付完成时间",
        amount="订单应付金额",
        product="商品ID|选购商品",
        status="订单状态",
        refunded="退款金额",
        not_counted="*关闭*|*取消*|*待支付*|*退款成功*",
    ),
    _export(
        "有赞",
        "订单号|订单创建时间|订单实付金额",
        customer_id="买家手机号|收货人手机号/提货人手机号|买家|收货人/提货人",
        order_id="订单号",
        date="订单创建时间",
        amount="订单实付金额",
        status="订单状态",
        refunded="退款金额|已退款金额|订单已退款金额",
        not_counted="*关闭*|*取消*|*待付款*|*待支付*",
    ),
    # 用友, 金蝶, 管家婆: what is billed is the sum with its tax
    _export("用友", "税额|价税合计", amount="价税合计|本币价税合计"),
)


def export_of(columns: Sequence[str]) -> Export | None:
    """The export that a source's columns give away, the one with the most signs.

    >>> export_of(["Name", "Email", "Created at", "Total", "Lineitem name"]).name
    'Shopify'
    """
    there = set(map(plain, columns))
    fitting = [export for export in EXPORTS if export.signs <= there]
    return max(fitting, key=lambda export: len(export.signs), default=None)
