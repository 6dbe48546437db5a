"""The trial on the two demo data sets, from their order lines: the figures of the definitions."""

import pandas as pd
import pytest

from segmentation import profile, read_orders
from segmentation.comparison.trial import Trial, trial
from segmentation.comparison.verdict import verdict
from segmentation.ledger.ledger import Ledger
from segmentation.ledger.profiles import later_value
from segmentation.methods import ABC, RFM, Clusters

METHODS = {
    "ABC": ABC(),
    "RFM": RFM(),
    "R first": RFM(combine="r_first"),
    "ranks": RFM(combine="percentile", weights=(0.2, 0.3, 0.5)),
    "Clusters": Clusters(k=4),
}


class LedgerHistory:
    """A ledger as the trial wants to see it."""

    def __init__(self, demo: str, window_months: int) -> None:
        self.ledger = Ledger.of(read_orders(demo))
        self.window_months, self.months = window_months, self.ledger.months

    def profile(self, month: str) -> pd.DataFrame:
        return profile(self.ledger, as_of=month, window_months=self.window_months)

    def later_value(self, first: str, last: str) -> pd.DataFrame:
        return later_value(self.ledger, first, last)


@pytest.fixture(scope="module")
def cdnow() -> Trial:
    history = LedgerHistory("demo:cdnow", 9)
    return trial(
        history,
        METHODS,
        official="ABC",
        origins=["1997-09"],
        holdout_months=9,
        capacity=[0.2, 0.05],
        hiatus_days=180,
    )


@pytest.fixture(scope="module")
def complete_journey() -> Trial:
    history = LedgerHistory("demo:complete-journey", 6)
    return trial(
        history,
        METHODS,
        official="ABC",
        origins=["2017-06"],
        holdout_months=6,
        capacity=[0.2, 0.05],
        month="2017-12",
    )


# DEFINITIONS: missed at 20 %, captured at 20 %, missed at 5 %
GOLDEN = {
    "ABC": (49.5, 66.1, 59.9),
    "spend": (49.5, 66.1, 59.9),
    "RFM": (45.3, 68.3, 56.8),
    "R first": (47.4, 64.4, 56.8),
    "ranks": (45.0, 68.6, 56.6),
    "hiatus": (45.3, 68.8, 58.1),
    "random": (80.0, 20.0, 95.0),
    "oracle": (0.1, 93.9, 0.0),
}
# ranks are stored as 100 cuts, which costs them a quarter of a point where only 5 % are chosen
ALLOWED = {"ranks": 0.3}


@pytest.mark.parametrize("method", GOLDEN)
def test_cdnow_gives_the_table_of_the_definitions(cdnow, method):
    table = 100 * cdnow.pooled.set_index(["method", "capacity"])[["missed", "captured"]]
    missed, captured, missed_at_5 = GOLDEN[method]
    assert table.loc[(method, "0.2"), "missed"] == pytest.approx(missed, abs=0.2)
    assert table.loc[(method, "0.2"), "captured"] == pytest.approx(captured, abs=0.2)
    assert table.loc[(method, "0.05"), "missed"] == pytest.approx(missed_at_5, abs=ALLOWED.get(method, 0.2))


def captured(found: Trial) -> pd.DataFrame:
    table = found.differences.query("capacity == '0.2' and origin == 'all' and measure == 'captured'")
    return table.set_index("method")


def test_on_cdnow_those_who_know_recency_clearly_beat_spend(cdnow):
    table = captured(cdnow)
    for method in ("RFM", "ranks", "hiatus"):
        assert table.loc[method, "low_all"] > 0, method
    found = verdict(cdnow)
    assert found.status == "beaten"
    assert {"RFM", "ranks", "hiatus"} <= set(found.better)
    assert "does not support it" in str(found.sentences()[1])


def test_on_complete_journey_spend_clearly_beats_every_form_of_rfm(complete_journey):
    for capacity in ("0.2", "0.05"):
        for measure, sign in (("captured", 1), ("missed", -1)):
            table = complete_journey.differences.query(
                "capacity == @capacity and origin == 'all' and measure == @measure"
            ).set_index("method")
            for method in ("RFM", "R first", "ranks"):
                assert sign * table.loc[method, "difference"] < 0, (method, capacity, measure)
                if measure == "captured":
                    assert table.loc[method, "high_all"] < 0, (method, capacity)
    assert verdict(complete_journey).status in ("clear", "level")
    assert verdict(complete_journey).better == ()
