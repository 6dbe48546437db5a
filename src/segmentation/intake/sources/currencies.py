"""The currencies that a column names, and whether amounts in them can be put together."""

import unicodedata
from collections.abc import Mapping
from decimal import Decimal

import duckdb

from segmentation import engine
from segmentation.errors import DataError, ParameterError
from segmentation.intake.sources.values import Column, identity

# what a rate may be, so that an amount times a rate is exact
_DECIMALS, _DEAREST = 12, 10_000_000
_NAMES = {
    **dict.fromkeys(("RMB", "人民币", "人民币元", "元", "CN¥"), "CNY"),
    **dict.fromkeys(("美元", "US$"), "USD"),
    **dict.fromkeys(("欧元", "€"), "EUR"),
    **dict.fromkeys(("英镑", "£"), "GBP"),
    **dict.fromkeys(("港币", "港元", "HK$"), "HKD"),
    **dict.fromkeys(("日元", "日圆"), "JPY"),
}

# a sign that several currencies share
_SHARED = {
    "$": {
        *("USD", "AUD", "CAD", "HKD", "MXN", "NZD", "SGD", "TWD", "ARS", "CLP", "COP", "BRL"),
    },
    "¥": {"CNY", "JPY"},
    "元": {"CNY", "HKD", "TWD"},
    "圆": {"CNY", "JPY"},
    "£": {"GBP", "EGP"},
    "KR": {"DKK", "NOK", "SEK", "ISK"},
    "RS": {"INR", "PKR", "LKR", "NPR"},
    "₨": {"INR", "PKR", "LKR", "NPR"},
    "FR": {"CHF"},
    "SFR": {"CHF"},
    "LEI": {"RON", "MDL"},
    "DOLLARS": {"USD", "AUD", "CAD", "HKD", "NZD", "SGD", "TWD"},
}
_SIGNS = {
    "US$": "USD",
    "HK$": "HKD",
    "NT$": "TWD",
    "CA$": "CAD",
    "C$": "CAD",
    "AU$": "AUD",
    "A$": "AUD",
    "NZ$": "NZD",
    "MX$": "MXN",
    "SG$": "SGD",
    "S$": "SGD",
    "R$": "BRL",
    "CN¥": "CNY",
    "JP¥": "JPY",
    "€": "EUR",
    "₩": "KRW",
    "원": "KRW",
    "₹": "INR",
    "₫": "VND",
    "₽": "RUB",
    "РУБ": "RUB",
    "₺": "TRY",
    "TL": "TRY",
    "฿": "THB",
    "₱": "PHP",
    "₴": "UAH",
    "₪": "ILS",
    "₦": "NGN",
    "₸": "KZT",
    "₡": "CRC",
    "ZŁ": "PLN",
    "KČ": "CZK",
    "RP": "IDR",
    "RM": "MYR",
    "FT": "HUF",
    "ЛВ": "BGN",
    "S/": "PEN",
    "円": "JPY",
    "韩元": "KRW",
    "卢布": "RUB",
    "泰铢": "THB",
    "EURO": "EUR",
    "EUROS": "EUR",
}
# currencies without a smaller unit in use
_WHOLE = {
    "JPY",
    "KRW",
    "VND",
    "CLP",
    "ISK",
    "PYG",
    "UGX",
    "XAF",
    "XOF",
    "XPF",
    "RWF",
    "KMF",
    "GNF",
    "DJF",
    "BIF",
}


def digits_of(currency: str) -> int:
    """Give the decimal digits of a currency that nobody said more about.

    >>> digits_of("JPY"), digits_of("eur"), digits_of("KWD")
    (0, 2, 3)
    """
    code = code_of(currency)
    return 0 if code in _WHOLE else 3 if code in ("KWD", "BHD", "OMR", "JOD", "TND", "IQD", "LYD") else 2


def codes_of_sign(sign: str) -> set[str]:
    """Give the codes of the currencies that a sign or code beside an amount may mean.

    >>> sorted(codes_of_sign("¥")), codes_of_sign("RMB")
    (['CNY', 'JPY'], {'CNY'})
    """
    sign = sign.removesuffix("整").removesuffix(".").upper()
    return _SHARED.get(sign) or {_SIGNS.get(sign) or code_of(sign)}


def code_of(name: str) -> str:
    """Give the code of a currency by any of its names.

    >>> code_of("人民币"), code_of("usd")
    ('CNY', 'USD')
    """
    plain = unicodedata.normalize("NFKC", name).strip().upper()
    return _NAMES.get(plain, plain)


def rates_of(
    connection: duckdb.DuckDBPyConnection,
    column: Column,
    currency: str,
    rates: Mapping[str, float],
    name: str,
) -> dict[str, Decimal]:
    """Give the price of each currency as it is written in a column of `source`; the report's own has none.

    Raises ParameterError for a rate that is not exact in the engine's decimals, and DataError for a currency
    without a rate, naming those found with their numbers of lines.
    """
    prices = {code_of(code): Decimal(repr(rate)) for code, rate in rates.items()}
    for code, price in prices.items():
        if price != round(price, _DECIMALS) or price >= _DEAREST:
            raise ParameterError(
                f"orders.rates: {code}: {price} is not below {_DEAREST:,} with at most {_DECIMALS} decimals"
            )
    found = engine.execute(
        connection, f"SELECT {identity(column)}, COUNT(*) FROM source GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    lines: dict[str, int] = {}
    for written, count in found:
        if written is not None:
            lines[code_of(written)] = lines.get(code_of(written), 0) + count
    strange = [code for code in lines if code not in prices and code != code_of(currency)]
    if strange and len(lines) == 1:
        raise DataError(
            f"{name}: the amounts are in {strange[0]}, the report in {currency}; say currency: {strange[0]}"
        )
    if strange:
        counted = ", ".join(f"{code} {n:,} {'line' if n == 1 else 'lines'}" for code, n in lines.items())
        raise DataError(
            f"{name}: the amounts are in more than one currency ({counted}); say what a unit of each costs "
            f"in {currency}, such as orders.rates: {{{strange[0]}: 1.25}}"
        )
    own = code_of(currency)
    return {
        written: prices[code_of(written)]
        for written, _ in found
        if written is not None and code_of(written) != own
    }
