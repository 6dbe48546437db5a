"""Which column is what: given in the parameters, or found by its name; never guessed when two fit."""

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence

from segmentation.errors import DataError, ParameterError

# role -> groups of names under which exports have it (normalised), better groups first
NAMES: dict[str, tuple[tuple[str, ...], ...]] = {
    "customer_id": (
        (
            *("customerid", "customerno", "customernumber", "customercode", "custid", "custno", "clientid"),
            *("accountid", "accountno", "buyerid", "memberid", "userid", "householdid", "会员编号", "会员id"),
            *(
                "客户编号",
                "客户id",
                "客户号",
                "客户代码",
                "客户编码",
                "用户id",
                "用户编号",
                "买家id",
                "会员卡号",
            ),
        ),
        ("customer", "client", "account", "客户", "会员", "买家"),
        ("customername", "clientname", "accountname", "company", "客户名称", "公司名称", "企业名称"),
    ),
    "order_id": (
        (
            *("orderid", "orderno", "ordernumber", "ordercode", "invoiceno", "invoiceid", "invoicenumber"),
            *("transactionid", "basketid", "receiptno", "receiptid", "salesorderno", "documentno"),
            *(
                "订单编号",
                "订单号",
                "订单id",
                "销售订单编号",
                "单据编号",
                "单号",
                "发票号",
                "交易号",
                "小票号",
            ),
        ),
        ("order", "invoice", "transaction", "订单", "发票"),
    ),
    "date": (
        (
            *("orderdate", "orderedat", "ordertime", "invoicedate", "transactiondate", "purchasedate"),
            *("transactiontimestamp", "saledate", "salesdate", "orderdatetime", "订单日期", "下单日期"),
            *("下单时间", "订单时间", "成交日期", "成交时间", "交易日期", "交易时间", "销售日期", "开票日期"),
        ),
        ("date", "datetime", "timestamp", "日期", "时间"),
        ("createdat", "createdate", "createtime", "创建时间", "创建日期"),
    ),
    "amount": (
        (
            *("amount", "orderamount", "salesamount", "salesvalue", "netamount", "linetotal", "lineamount"),
            *(
                "ordertotal",
                "totalamount",
                "revenue",
                "dollarvalue",
                "金额",
                "订单金额",
                "销售金额",
                "成交金额",
            ),
            *("销售额", "实付金额", "支付金额", "销售订单金额", "合计金额", "总金额", "价税合计", "行金额"),
        ),
        ("sales", "total", "value", "turnover", "合计", "总计"),
    ),
    "quantity": (("quantity", "qty", "units", "lineitemquantity", "数量", "销售数量", "件数"),),
    "price": (("unitprice", "price", "lineitemprice", "单价", "销售单价", "价格", "销售价"),),
    "profit": (("profit", "grossprofit", "margin", "利润", "毛利", "毛利额", "毛利润"),),
    "cost": (("cost", "totalcost", "costamount", "成本", "成本金额", "总成本"),),
    "product": (
        (
            *("stockcode", "productid", "productcode", "sku", "itemid", "itemcode", "lineitemsku"),
            *("产品编号", "商品编号", "产品编码", "商品编码", "物料编码"),
        ),
        ("product", "item", "lineitemname", "产品", "商品", "产品名称", "商品名称"),
    ),
    "account_manager": (
        ("accountmanager", "salesperson", "salesrep", "客户经理", "业务员", "销售人员", "负责人", "销售员"),
    ),
    "branch": (
        ("branch", "office", "分公司", "归属部门", "负责人主属部门", "所属部门"),
        ("region", "大区", "部门"),
    ),
    "parent_account": (
        ("parentaccount", "parentaccountid", "parentid", "parentcustomer", "上级客户", "母公司", "集团客户"),
    ),
    "currency": (("currency", "currencycode", "币种", "币别", "货币"),),
}

# column of a file of overrides -> names under which people have it
OVERRIDE_NAMES: dict[str, tuple[str, ...]] = {
    "customer_id": ("customer_id", "customer", "客户编号", "客户号", "客户id"),
    "tier": ("tier", "等级", "级别"),
    "who": ("who", "by", "设定人", "批准人", "负责人"),
    "why": ("why", "reason", "原因", "理由"),
    "until": ("until", "valid_until", "有效期至", "截止日期"),
}

# exports whose own names are too general to be known by themselves: what gives them away, and the roles
EXPORTS: tuple[tuple[frozenset[str], dict[str, str]], ...] = (
    (
        frozenset({"Name", "Email", "Created at", "Total", "Lineitem name"}),  # Shopify
        {"customer_id": "Email", "order_id": "Name", "date": "Created at", "amount": "Total"},
    ),
)
# a unit beside a name that makes its numbers other than they stand
_SCALE = re.compile(r"\(([百千万亿]+元?|k|m|mio|'?000s?|thousands?|millions?)\)")
_NEEDED = ("customer_id", "date", "amount")


def find(columns: Sequence[str], given: Mapping[str, str], name: str) -> dict[str, str]:
    """Say which column is taken for what.

    Args:
        columns: the source's column names.
        given: what the parameters say, role to column name.
        name: the source's name, for messages.

    Returns:
        role to column, given ones first. An amount comes from `amount`, or from `quantity` times `price`.

    Raises:
        ParameterError: an unknown role.
        DataError: a column that is absent, or a role that two columns fit.

    >>> find(["CustomerID", "订单日期", "Qty", "UnitPrice"], {}, "sales.csv")
    {'customer_id': 'CustomerID', 'date': '订单日期', 'quantity': 'Qty', 'price': 'UnitPrice'}
    """
    found: dict[str, str] = {}
    for role, column in given.items():
        if role not in NAMES:
            raise ParameterError(f"orders.columns: unknown key {role!r}{nearest(role, list(NAMES))}")
        if column not in columns:
            raise DataError(f"{name}: there is no column {column!r} for {role}{nearest(column, columns)}")
        found[role] = column
    for sign, mapping in EXPORTS:
        if sign <= set(columns):
            found = mapping | found
    for role, groups in NAMES.items():
        amount_is_known = "amount" in found or {"quantity", "price"} <= set(given)
        if role in found or (role in ("amount", "quantity", "price") and amount_is_known):
            continue
        free = [column for column in columns if column not in found.values()]
        fitting = _fitting(groups, free)
        if len(fitting) > 1:
            raise DataError(
                f"{name}: {' and '.join(map(repr, fitting))} both fit {role}; "
                f"say which under orders.columns.{role}"
            )
        if fitting:
            found[role] = fitting[0]
    _check_needed(found, [column for column in columns if column not in found.values()], name)
    return found


def holds_order_totals(columns: Sequence[str], amount: str | None) -> bool:
    """Say whether a source is an export whose amount is an order's, written on the first of its lines only.

    >>> shopify = ["Name", "Email", "Created at", "Subtotal", "Total", "Lineitem name", "Lineitem price"]
    >>> holds_order_totals(shopify, "Total"), holds_order_totals(["Email", "Total"], "Total")
    (True, False)
    """
    return any(sign <= set(columns) and mapping["amount"] == amount for sign, mapping in EXPORTS)


def recognises(columns: Sequence[str], given: Mapping[str, str]) -> bool:
    """Say whether names are those of a header: all that were given, or enough known ones.

    >>> recognises(["Sales report 2017", ""], {}), recognises(["客户编号", "日期", "金额"], {})
    (False, True)
    """
    if given and set(given.values()) <= set(columns):
        return True
    if any(sign <= set(columns) for sign, _ in EXPORTS):
        return True
    known = {role for role in NAMES if role in given or _fitting(NAMES[role], columns)}
    return {"customer_id", "date"} <= known and ("amount" in known or {"quantity", "price"} <= known)


def normalised(column: str) -> str:
    """A column's name without case, blanks, width, punctuation, unit or the number of a repeated name.

    >>> normalised("Customer ID"), normalised("金额（元）"), normalised("Amount (2)")
    ('customerid', '金额', 'amount')
    """
    plain = unicodedata.normalize("NFKC", column).casefold()
    return re.sub(r"[\W_]+", "", re.sub(r"\((元|rmb|cny|usd|gbp|eur|\d+)\)|[$£€¥]", "", plain))


def nearest(word: str, known: Sequence[str]) -> str:
    """Name the known word nearest to one that is not known, or all of them, for the end of a message.

    >>> nearest("custmer_id", ["order_id", "customer_id"])
    "; did you mean 'customer_id'?"
    """
    near = difflib.get_close_matches(word.casefold(), [k.casefold() for k in known], n=1, cutoff=0.4)
    original = next((k for k in known if near and k.casefold() == near[0]), None)
    return f"; did you mean {original!r}?" if original else f"; there are: {', '.join(known)}"


def _fitting(groups: Sequence[Sequence[str]], columns: Sequence[str]) -> list[str]:
    """The columns whose name is in the best group that has any."""
    written = {column: _as_written(column, columns) for column in columns}
    for names in groups:
        fitting = [column for column in columns if normalised(written[column]) in names]
        if fitting:
            return fitting
    return []


def _as_written(column: str, columns: Sequence[str]) -> str:
    """The name in the source of a column that the engine calls Amount_1 where another is called amount."""
    base, _, number = column.rpartition("_")
    again = number.isdigit() and base.casefold() in {other.casefold() for other in columns}
    return base if again else column


def _scaled(role: str, columns: Sequence[str]) -> tuple[str, str] | None:
    """The first column that fits but for a unit such as 万元 beside its name, and that unit."""
    for column in columns:
        plain = unicodedata.normalize("NFKC", column).casefold()
        unit = _SCALE.search(plain)
        if unit and _fitting(NAMES[role], [_SCALE.sub("", plain)]):
            return column, unit[1]
    return None


def _check_needed(found: Mapping[str, str], free: Sequence[str], name: str) -> None:
    for role in _NEEDED:
        if role in found or (role == "amount" and {"quantity", "price"} <= set(found)):
            continue
        scaled = _scaled(role, free)
        if scaled:
            column, unit = scaled
            raise DataError(
                f"{name}: {column!r} is in units of {unit}, and no column in plain ones fits {role}; "
                f"multiply it in the source, or take it as it stands with orders.columns.{role}: {column}"
            )
        names = [name for group in NAMES[role] for name in group]
        scored = [
            (difflib.SequenceMatcher(None, normalised(column), name).ratio(), column)
            for column in free
            for name in names
        ]
        ratio, column = max(scored, default=(0.0, ""))
        near = f"; the nearest is {column!r}" if ratio >= 0.5 else ""
        raise DataError(
            f"{name}: no column was recognised as {role}{near}; "
            f"name it under orders.columns.{role} (found: {', '.join(free) or 'no other columns'})"
        )
