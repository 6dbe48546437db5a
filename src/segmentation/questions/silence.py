"""Is the loss of customers getting better or worse?"""

import pandas as pd

from segmentation import months
from segmentation.movement.life.silence import change, silent_share
from segmentation.questions.known import known_of
from segmentation.show import charts
from segmentation.show.charts.chart import Chart
from segmentation.show.tables import Block
from segmentation.study.facts import NEEDS, Need, fact, piece
from segmentation.study.presenting import Kind
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence

_MONTHS = 12
_TWO_YEARS = 24


NEEDS["two_horizons"] = Need(
    lambda study: months.add(study.month, 1 - 2 * study.settings.horizon_months) >= study.ledger.first,
    lambda study: sentence(
        "Whether customers fall silent takes orders of {need:integer} months, twice the {horizon:integer} that are "
        "looked ahead; the orders begin in {first:month}.",
        need=2 * study.settings.horizon_months,
        horizon=study.settings.horizon_months,
        first=study.ledger.first,
    ),
)


@fact(
    keep=True,
    needs=("two_horizons",),
    reads=("horizon_months",),
    prepare="counting who fell silent, month by month",
)
def churn_trend(study: Study) -> pd.DataFrame:
    """Of those who ordered in the months before the last ones, who ordered nothing in these; up to a year.

    One row a month, see `silence.silent_share`: month, active_before, fell_silent, share_silent, half_width,
    had_brought, share_of_money, new, returned, net_retention.
    """
    gap = study.settings.horizon_months
    first = months.add(study.ledger.first, 2 * gap - 1)
    asked = [month for month in study.months[-_MONTHS:] if month >= first]
    return pd.DataFrame([{"month": month, **silent_share(known_of(study), month, gap)} for month in asked])


@piece
def answer(study: Study) -> Block:
    """The share that fell silent, whether it is getting better, and what it cost."""
    found, gap = churn_trend(study), study.settings.horizon_months
    last = found.iloc[-1]
    said = sentence(
        "{share:share} (± {width:share}) of the {n:integer} customers who ordered in the {gap:integer} "
        "{gap:month|months} before ordered nothing in the {gap:integer} {gap:month|months} up to {month:month}; they "
        "had brought {money:money}, {part:share} of what all of them had.",
        share=last["share_silent"],
        width=last["half_width"],
        n=int(last["active_before"]),
        gap=gap,
        month=str(last["month"]),
        money=last["had_brought"],
        part=last["share_of_money"],
    )
    name = change(found, gap)[0]
    untold = name == "better" and len(study.months) < _TWO_YEARS
    return study.answer(said, *_trend(study), kind="neutral" if untold else _KINDS[name])


_KINDS: dict[str, Kind] = {"better": "good", "worse": "caution", "same": "neutral", "unknown": "neutral"}
_TRENDS = {
    "better": "That is {size:points} percentage points against {gap:integer} {gap:month|months} earlier: fewer fell "
    "silent, by more than chance explains.",
    "worse": "That is {size:points} percentage points against {gap:integer} {gap:month|months} earlier: more fell "
    "silent, by more than chance explains.",
    "same": "Against {gap:integer} {gap:month|months} earlier nothing changed that chance would not explain.",
    "unknown": "There is no earlier month to compare with whose customers are others.",
}


def _trend(study: Study) -> list[Sentence]:
    """Whether it is getting better, and that one season is no success."""
    gap = study.settings.horizon_months
    name, difference = change(churn_trend(study), gap)
    said = [sentence(_TRENDS[name], size=difference, gap=gap)]
    if name in ("better", "worse") and len(study.months) < _TWO_YEARS:
        said.append(
            sentence(
                "The orders cover {n:integer} months, less than two years: a season cannot be told from a success "
                "or a failure.",
                n=len(study.months),
            )
        )
    return said


@piece
def over_the_months(study: Study) -> Chart:
    """The share that fell silent over the months, with its interval."""
    found = churn_trend(study)
    first, last = found.iloc[0], found.iloc[-1]
    title = study.say(
        "{share:share} fell silent by {month:month}, after {before:share} by {earlier:month}"
        if len(found) > 1
        else "{share:share} fell silent by {month:month}",
        share=last["share_silent"],
        month=str(last["month"]),
        before=first["share_silent"],
        earlier=str(first["month"]),
    )
    return charts.share_over_months(found, "share_silent", title, study.reader)


@piece
def month_by_month(study: Study) -> Block:
    """The same month by month, with what it cost, who was new and who came back."""
    columns = ["month", "active_before", "share_silent", "half_width", "had_brought", "net_retention", "new"]
    shown = churn_trend(study)[[*columns, "returned"]]
    return study.table(shown, "Customers who fell silent, month by month", name="churn_trend")
