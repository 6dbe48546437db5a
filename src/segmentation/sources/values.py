"""What a source's column means, by its type: an id, a moment, or whole minor units, as SQL expressions."""

from segmentation.engine import identifier

_FLOATS = ("DOUBLE", "FLOAT")
_SIGNED = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_WHOLE = _SIGNED + tuple("U" + kind for kind in _SIGNED)


def id_text(column: str, kind: str) -> str:
    """Give the expression of an identifier as text: 007 stays 007, and 17850.0 is 17850."""
    if kind in _FLOATS:
        return f"id_of_double({identifier(column)})"
    if kind in _WHOLE:
        return f"CAST({identifier(column)} AS VARCHAR)"
    return f"cleaned({identifier(column)})"


def moment(column: str, kind: str) -> str:
    """Give the expression of a date or time as a timestamp; NULL where it cannot be read."""
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        return f"CAST({identifier(column)} AS TIMESTAMP)"
    return f"moment_of_text(cleaned({identifier(column)}))"


def decimal(column: str, kind: str) -> str:
    """Give the expression of a number as DECIMAL(28, 6); NULL where it cannot be read."""
    if kind in _FLOATS:
        return f"decimal_of_double({identifier(column)})"
    if kind in _WHOLE or kind.startswith("DECIMAL"):
        return f"TRY_CAST({identifier(column)} AS DECIMAL(28, 6))"
    return f"decimal_of_text(cleaned({identifier(column)}))"


def minor(column: str, kind: str, digits: int) -> str:
    """Give the expression of an amount in whole minor units of a currency with so many decimal digits."""
    unit = 10**digits
    if kind in _FLOATS:
        return f"minor_of_double(CAST({identifier(column)} AS DOUBLE), {unit})"
    return f"minor_of_decimal({decimal(column, kind)}, {unit})"


def product_minor(quantity: str, quantity_kind: str, price: str, price_kind: str, digits: int) -> str:
    """Give the expression of quantity times price in whole minor units, rounded once."""
    return f"minor_of_product({decimal(quantity, quantity_kind)}, {decimal(price, price_kind)}, {digits})"


def is_number(column: str, kind: str) -> str:
    """Give the expression of whether a value is a finite number, however large."""
    if kind in _FLOATS:
        return f"isfinite({identifier(column)})"
    if kind in _WHOLE or kind.startswith("DECIMAL"):
        return f"({identifier(column)} IS NOT NULL)"
    return f"coalesce(is_number(cleaned({identifier(column)})), FALSE)"


def raw(column: str) -> str:
    """Give the expression of a value as it stands in the source."""
    return f"CAST({identifier(column)} AS VARCHAR)"
