"""The names of the profile's columns, in English and Chinese, as statements and errors use them."""

from typing import Literal, NamedTuple

Language = Literal["en", "zh"]


class Column(NamedTuple):
    """How a profile column is called, what kind of number it is, and which direction is usually better."""

    en: str
    zh: str
    kind: Literal["money", "days", "count", "ratio"]
    better: Literal["high", "low"]


PROFILE_COLUMNS: dict[str, Column] = {
    "recency_days": Column("days since the last order", "距最近一次下单的天数", "days", "low"),
    "frequency": Column("number of orders", "订单数", "count", "high"),
    "order_days": Column("number of days with an order", "有订单的天数", "count", "high"),
    "monetary": Column("net spend", "净消费额", "money", "high"),
    "profit": Column("profit", "毛利", "money", "high"),
    "returns": Column("number of returns", "退货单数", "count", "low"),
    "average_order": Column("average order value", "平均每单金额", "money", "high"),
    "monthly_mean": Column("mean spend per month", "月均消费额", "money", "high"),
    "tenure_days": Column("days since the first order", "距首次下单的天数", "days", "high"),
    "active_months": Column("number of months with an order", "有订单的月数", "count", "high"),
    "mean_gap_days": Column("mean days between orders", "平均下单间隔天数", "days", "low"),
    "recent": Column("spend of the last three months", "最近三个月消费额", "money", "high"),
    "previous": Column("spend of the three months before those", "之前三个月消费额", "money", "high"),
    "growth": Column("growth", "增长率", "ratio", "high"),
}

_UNITS = {"en": {"money": "", "days": " days", "count": "", "ratio": ""}, "zh": {"days": " 天"}}


def label(column: str, language: Language = "en") -> str:
    """The column's name in words; an unknown column is called by its own name.

    >>> label("recency_days"), label("monetary", "zh"), label("assets")
    ('days since the last order', '净消费额', 'assets')
    """
    known = PROFILE_COLUMNS.get(column)
    return column if known is None else getattr(known, language)


def number(value: float, column: str = "", minor_units: int = 2) -> str:
    """A number as a reader writes it: money with its decimals, counts and days whole, the rest shortest.

    >>> number(1234.5, "monetary"), number(99.0, "recency_days"), number(0.125)
    ('1,234.50', '99', '0.125')
    """
    known = PROFILE_COLUMNS.get(column)
    if known and known.kind == "money" and round(value, minor_units) == value:
        return f"{value:,.{minor_units}f}"
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{value:,.0f}"
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,}"


def with_unit(value: float, column: str, language: Language, currency: str | None, minor_units: int) -> str:
    """The number with its unit: `99 days`, `USD 1,234.50`."""
    known = PROFILE_COLUMNS.get(column)
    text = number(value, column, minor_units)
    if known and known.kind == "money" and currency:
        return f"{currency} {text}"
    return text + (_UNITS[language].get(known.kind, "") if known else "")
