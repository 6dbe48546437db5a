"""How likely is an order within the horizon, and did such claims come true?"""

import pandas as pd

from segmentation.questions.life import HIATUS, LAW, TWO_FACTS, forecast_fails, life, too_little, tried
from segmentation.show.tables import Block
from segmentation.study.facts import fact, piece
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence

_WAYS = {
    TWO_FACTS: "The chances of no order within {horizon:integer} {horizon:month|months} are learned from the days "
    "silent and the number of days with an order, on customers of {horizon:integer} {horizon:month|months} ago.",
    LAW: "The chances of no order within {horizon:integer} {horizon:month|months} come from a law of orders (BG/NBD) "
    "that is fitted to how often and how long customers have ordered so far: no earlier month end can teach more yet.",
    HIATUS: "No chance of silence can be learned yet; who has been silent for more than {days:integer} days counts "
    "as at risk. It takes orders of {need:integer} months, and customers who order again as well as some who do not.",
}
_LOW = 1.25


@fact(needs=("life",))
def churn_record(study: Study) -> pd.DataFrame:
    """How the chances of silence that were said at earlier month ends came true.

    One row a month end: month, customers, said_silent and happened (means), auc, brier, brier_constant,
    calibration_error.
    Without rows where no earlier month end has a horizon before and after it.
    """
    record = tried(study).record
    return record.drop(columns=["gained", "error_of_gain"], errors="ignore").rename(
        columns={"origin": "month"}
    )


@fact(needs=("life",))
def churn_deciles(study: Study) -> pd.DataFrame:
    """The same claims in ten parts, the least likely to fall silent first: customers, said_silent, happened."""
    return tried(study).deciles


@piece
def way(study: Study) -> Block:
    """How the chances were come by, and whether they were worth saying at earlier month ends."""
    if why := too_little(study):
        return study.answer(why, kind="caution")
    horizon = study.settings.horizon_months
    came_by = life(study).about["way"].iloc[0]
    said = sentence(_WAYS[came_by], horizon=horizon, days=30 * horizon, need=2 * horizon)
    if why := forecast_fails(study):
        return study.answer(why, kind="caution")
    record = churn_record(study)
    return study.answer(said, proof(study), kind="caution" if record.empty or _too_low(record) else "good")


def proof(study: Study) -> Sentence:
    """How the chances turned out at earlier month ends, in a sentence."""
    record = churn_record(study)
    if record.empty:
        horizon = study.settings.horizon_months
        need = (2 if life(study).about["way"].iloc[0] == LAW else 3) * horizon
        return sentence(
            "There is no earlier month end yet to try such chances on: that takes orders of {need:integer} months. "
            "They are untried."
            if len(study.months) < need
            else "At earlier month ends nearly everybody ordered again, or nearly nobody: there was nothing to try "
            "such chances on.",
            need=need,
        )
    return sentence(
        "At {n:integer} earlier {n:month end|month ends}, on average {said:share} were said to fall silent and "
        "{happened:share} did; who fell silent had the higher chance in {auc:share} of pairs; the error is "
        "{gain:share} smaller than that of saying the same of everybody."
        if not _too_low(record)
        else "At {n:integer} earlier {n:month end|month ends}, on average {said:share} were said to fall silent and "
        "{happened:share} did, so expect {times:number} times as many as said; who fell silent had the higher chance "
        "in {auc:share} of pairs, and the error is {gain:share} smaller than that of saying the same of everybody.",
        times=float(record["happened"].mean() / record["said_silent"].mean()),
        n=len(record),
        said=float(record["said_silent"].mean()),
        happened=float(record["happened"].mean()),
        auc=float(record["auc"].mean()),
        gain=1.0 - float(record["brier"].mean() / record["brier_constant"].mean()),
    )


def _too_low(record: pd.DataFrame) -> bool:
    """Whether clearly more fell silent than was said."""
    return bool(record["happened"].mean() > _LOW * record["said_silent"].mean())


@piece
def record(study: Study) -> Block:
    """The record of the chances at each earlier month end."""
    if churn_record(study).empty:
        return study.answer(proof(study), kind="caution")
    return study.table(
        churn_record,
        "Chances of silence that were said before, and what came",
        note="Brier: the mean squared error, smaller is better; the constant says of everybody what came one horizon "
        "earlier. Pairs in order: 50% is guessing.",
    )


@piece
def deciles(study: Study) -> Block:
    """The claims in ten parts, said against happened."""
    if churn_deciles(study).empty:
        return study.note(proof(study))
    return study.table(
        churn_deciles, "Said and happened, from the least likely to fall silent to the most likely"
    )
