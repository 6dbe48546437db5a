"""Which past month ends can a trial start from, and why can the others not?"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from segmentation import months
from segmentation.words.reader import Sentence, sentence


def skipped(reasons: Mapping[str, Sentence]) -> pd.DataFrame:
    """Origins that were left out, as a frame: origin, reason (in English), and its figures as JSON."""
    rows = [(origin, why.text, json.dumps(dict(why.values))) for origin, why in reasons.items()]
    return pd.DataFrame(rows, columns=["origin", "reason", "figures"], dtype="str")


def why_skipped(row: Mapping[Any, Any]) -> Sentence:
    """The reason of a row of `skipped`, to be said in any language.

    >>> row = skipped({"2017-01": sentence("{n:integer} months are missing", n=3)}).to_dict("records")[0]
    >>> str(why_skipped(row))
    '3 months are missing'
    """
    return Sentence(row["reason"], json.loads(row["figures"]))


def origins_for(
    history_months: Sequence[str],
    month: str,
    origins: int | Sequence[str],
    window_months: int,
    holdout_months: int,
) -> tuple[list[str], dict[str, Sentence]]:
    """The month ends whose window and hold-out both lie within what was known at the end of `month`.

    `history_months` are the ledger's months. A number asks for the latest that many, the last of which has
    its hold-out end with `month`. Returns the usable origins, oldest first, and why each of the others that
    were asked for cannot be used.

    >>> origins_for(months.span("2017-01", "2017-12"), "2017-12", 2, window_months=6, holdout_months=3)[0]
    ['2017-08', '2017-09']
    >>> print(origins_for(months.span("2017-01", "2017-12"), "2017-12", ["2017-05"], 6, 3)[1]["2017-05"])
    its window of 6 months begins in December 2016, before the first month, January 2017
    """
    if isinstance(origins, int):
        last = months.add(month, -holdout_months)
        asked = [months.add(last, -back) for back in range(origins)][::-1]
    else:
        asked = sorted({months.parse(origin) for origin in origins})
    why = {o: _why_not(o, history_months, month, window_months, holdout_months) for o in asked}
    return [o for o in asked if why[o] is None], {o: said for o, said in why.items() if said is not None}


def _why_not(
    origin: str, history_months: Sequence[str], month: str, window_months: int, holdout_months: int
) -> Sentence | None:
    """Why an origin cannot be used; None if it can."""
    if not history_months:
        return Sentence("there are no months of data")
    first, last = history_months[0], min(month, history_months[-1])
    begin, end = months.add(origin, 1 - window_months), months.add(origin, holdout_months)
    if begin < first:
        return sentence(
            "its window of {n:integer} {n:month|months} begins in {begin:month}, before the first month, "
            "{first:month}",
            n=window_months,
            begin=begin,
            first=first,
        )
    if end > last:
        return sentence(
            "its hold-out of {n:integer} {n:month|months} ends in {end:month}, after {last:month}",
            n=holdout_months,
            end=end,
            last=last,
        )
    return None
