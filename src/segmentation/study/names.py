"""What may be a name: of a method or a tier, which become files, columns and headings."""

from collections.abc import Iterable

LONGEST = 60
_FORBIDDEN = '/\\:*?"<>|'
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
# the columns of our own that stand beside a method's or a tier's
_TAKEN = {
    *("customer_id", "customer", "tier", "tier_by_rule", "score", "segment", "chance", "method", "month"),
    *("origin", "value", "customers", "reason", "spend", "hiatus", "random", "oracle"),
}


def why_not(name: str, file: bool = True) -> str | None:
    """Why a text cannot be a name; None if it can. `file`: whether it becomes part of a path.

    >>> why_not("Monthly spend")
    >>> why_not("../rules/other")
    "has the sign '/', which cannot stand in the name of a file"
    """
    if not name or name != name.strip():
        return "is empty, or begins or ends with a blank"
    if len(name) > LONGEST:
        return f"has {len(name):,} characters; {LONGEST} are the most"
    if not name.isprintable():
        return "has characters that cannot be shown"
    if name in _TAKEN:
        return "is the name of a column of ours"
    if not file:
        return None
    if found := next((sign for sign in name if sign in _FORBIDDEN), None):
        return f"has the sign {found!r}, which cannot stand in the name of a file"
    if name.startswith(".") or name.endswith(".") or name.partition(".")[0].casefold() in _DEVICES:
        return "cannot be the name of a file"
    return None


def same_but_for_case(names: Iterable[str]) -> tuple[str, str] | None:
    """Two names that are one file where case does not count, if there are such."""
    known: dict[str, str] = {}
    for name in names:
        if (other := known.setdefault(name.casefold(), name)) != name:
            return other, name
    return None
