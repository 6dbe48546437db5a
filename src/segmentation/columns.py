"""Which column is what: given in the parameters, or found by its name; never guessed when two fit."""

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence

from segmentation.errors import DataError, ParameterError

# what a column can be taken for, and the names (normalised) under which exports have it
NAMES: dict[str, tuple[str, ...]] = {
    "customer_id": (
        *("customerid", "customer", "customerno", "customernumber", "customercode", "custid", "clientid"),
        *("accountid", "buyerid", "memberid", "userid", "householdid"),
        *(
            "客户编号",
            "客户id",
            "客户号",
            "客户代码",
            "客户编码",
            "客户",
            "会员编号",
            "会员id",
            "用户id",
            "买家id",
        ),
    ),
    "order_id": (
        *("orderid", "order", "orderno", "ordernumber", "ordercode", "invoiceno", "invoice", "invoiceid"),
        *("invoicenumber", "transactionid", "basketid", "receiptno"),
        *("订单编号", "订单号", "订单id", "销售订单编号", "单据编号", "单号", "发票号", "交易号"),
    ),
    "date": (
        *("orderdate", "date", "orderedat", "ordertime", "invoicedate", "transactiondate", "purchasedate"),
        *("transactiontimestamp", "timestamp", "createdat", "saledate", "salesdate", "datetime"),
        *(
            "订单日期",
            "下单日期",
            "下单时间",
            "日期",
            "订单时间",
            "成交日期",
            "交易日期",
            "销售日期",
            "开票日期",
        ),
    ),
    "amount": (
        *("amount", "salesvalue", "sales", "total", "orderamount", "linetotal", "revenue", "netamount"),
        *("totalamount", "salesamount", "value", "ordertotal", "dollarvalue"),
        *("金额", "订单金额", "销售金额", "成交金额", "销售额", "实付金额", "总金额", "合计金额", "支付金额"),
    ),
    "quantity": ("quantity", "qty", "units", "lineitemquantity", "数量", "销售数量", "件数"),
    "price": ("unitprice", "price", "lineitemprice", "单价", "销售单价", "价格"),
    "profit": ("profit", "margin", "grossprofit", "利润", "毛利", "毛利额"),
    "cost": ("cost", "totalcost", "成本", "成本金额"),
    "product": ("stockcode", "productid", "sku", "lineitemsku", "itemid", "产品编号", "商品编号", "产品编码"),
    "account_manager": (
        "accountmanager",
        "salesperson",
        "salesrep",
        "负责人",
        "业务员",
        "客户经理",
        "销售人员",
    ),
    "branch": ("branch", "region", "office", "分公司", "部门", "归属部门", "大区"),
    "parent_account": ("parentaccount", "parentid", "parentcustomer", "上级客户", "母公司", "集团客户"),
    "currency": ("currency", "currencycode", "币种", "货币"),
}
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
    free = [column for column in columns if column not in found.values()]
    for role, names in NAMES.items():
        if role in found or (role in ("quantity", "price") and "amount" in found):
            continue
        fitting = [column for column in free if normalised(column) in names]
        if len(fitting) > 1:
            raise DataError(
                f"{name}: {' and '.join(map(repr, fitting))} both fit {role}; "
                f"say which under orders.columns.{role}"
            )
        if fitting:
            found[role] = fitting[0]
    _check_needed(found, free, name)
    return found


def normalised(column: str) -> str:
    """A column's name without case, blanks, width and punctuation.

    >>> normalised("Customer ID"), normalised("金额（元）")
    ('customerid', '金额')
    """
    plain = unicodedata.normalize("NFKC", column).casefold()
    return re.sub(r"[\W_]+", "", re.sub(r"\((元|rmb|cny|usd|gbp|eur)\)", "", plain))


def _check_needed(found: Mapping[str, str], free: Sequence[str], name: str) -> None:
    for role in _NEEDED:
        if role in found or (role == "amount" and {"quantity", "price"} <= set(found)):
            continue
        near = _nearest_to_any(NAMES[role], free)
        raise DataError(
            f"{name}: no column was recognised as {role}{near}; "
            f"name it under orders.columns.{role} (found: {', '.join(free) or 'no other columns'})"
        )


def nearest(word: str, known: Sequence[str]) -> str:
    """Name the known word nearest to one that is not known, or all of them, for the end of a message.

    >>> nearest("custmer_id", ["order_id", "customer_id"])
    "; did you mean 'customer_id'?"
    """
    near = difflib.get_close_matches(word.casefold(), [k.casefold() for k in known], n=1, cutoff=0.4)
    original = next((k for k in known if near and k.casefold() == near[0]), None)
    return f"; did you mean {original!r}?" if original else f"; there are: {', '.join(known)}"


def _nearest_to_any(names: Sequence[str], columns: Sequence[str]) -> str:
    scored = [
        (difflib.SequenceMatcher(None, normalised(column), name).ratio(), column)
        for column in columns
        for name in names
    ]
    ratio, column = max(scored, default=(0.0, ""))
    return f"; the nearest is {column!r}" if ratio >= 0.5 else ""
