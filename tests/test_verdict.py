"""The verdict says what the figures say: planted outcomes, in both languages."""

import re

import numpy as np
import pandas as pd
import pytest
from order_history import Column

from segmentation import months
from segmentation.comparison.trial import trial
from segmentation.comparison.verdict import Verdict, verdict
from segmentation.errors import ParameterError


class Planted:
    """800 customers whose columns tell more or less of what they will be worth."""

    window_months = 3
    months = months.span("2020-01", "2020-09")

    def __init__(self, future_months=months, **knows: float) -> None:
        self.months = list(future_months)
        random = np.random.default_rng(3)
        worth = random.lognormal(0, 1, 800)
        self.later = worth * random.lognormal(0, 0.3, 800)
        self.frame = pd.DataFrame({"customer_id": [f"c{i:03d}" for i in range(800)], "recency_days": 10})
        for column, noise in knows.items():
            self.frame[column] = worth * random.lognormal(0, noise, 800)

    def profile(self, month: str) -> pd.DataFrame:
        return self.frame.copy()

    def later_value(self, first: str, last: str) -> pd.DataFrame:
        return pd.DataFrame({"customer_id": self.frame["customer_id"], "value": self.later})


def judged(official: str, history: Planted, **options) -> Verdict:
    methods = {"Money": Column("monetary"), "Other": Column("other")}
    settings = {"origins": 2, "holdout_months": 3, "draws": 300}
    return verdict(trial(history, methods, official=official, **{**settings, **options}))


def figures(text: str) -> list[float]:
    """The figures of a sentence, names left out."""
    return [float(number) for number in re.findall(r"[-+]?\d+(?:\.\d+)?", text)]


def test_a_clear_winner_is_supported():
    found = judged("Money", Planted(monetary=0.1, other=2.0))
    assert (found.status, found.winner, found.other, found.better) == ("clear", "Money", "Other", ())
    assert found.supported
    assert found.high < 0 < found.captured
    assert found.gain_value < 0
    official, support, gain = found.sentences("en")
    assert official == "Money decides the tiers."
    assert "supports it: choosing 20 % of the customers in 2 past months" in support
    assert "clearly more than every method that ranks differently" in support
    assert "the next best, Other, captured" in gain
    assert "points less" in gain
    assert figures(gain)[0] == pytest.approx(-100 * found.gain, abs=0.05)


def test_an_official_method_that_loses_is_not_supported():
    found = judged("Money", Planted(monetary=2.0, other=0.1))
    assert (found.status, found.winner, found.better) == ("beaten", "Other", ("Other",))
    assert not found.supported
    assert found.gain > 0
    assert found.low > 0
    assert found.gain_value == pytest.approx(found.gain * Planted().later.sum())
    _, support, gain = found.sentences("en")
    assert "does not support it" in support
    assert "clearly less than Other" in support
    assert gain.startswith("Switching to Other would have captured")
    assert min(figures(gain)) > 0


def test_a_tie_has_no_winner():
    found = judged("Money", Planted(monetary=0.5, other=0.5))
    assert (found.status, found.winner, found.better) == ("level", "", ())
    assert found.low < 0 < found.high
    _, support, gain = found.sentences("en")
    assert "does not speak against it" in support
    assert "No switch is shown to gain anything" in gain
    assert "may be chance" in gain
    assert figures(gain)[-2] < 0 < figures(gain)[-1]


def test_methods_that_choose_alike_cannot_be_told_apart():
    history = Planted(monetary=0.5)
    history.frame["other"] = history.frame["monetary"] * 2
    found = judged("Money", history)
    assert (found.status, found.other, found.gain) == ("level", "", 0.0)
    assert "all methods chose alike" in found.sentences("en")[1]


def test_too_little_history_is_said_and_nothing_is_claimed():
    found = judged("Money", Planted(months.span("2020-01", "2020-05"), monetary=0.1, other=2.0))
    assert (found.status, found.origins) == ("untried", 0)
    assert not found.supported
    _, support, gain = found.sentences("en")
    assert "There is no trial yet" in support
    assert figures(support) == [3, 3]
    assert gain == "What a switch would gain cannot be said."


def test_a_simple_rule_that_wins_is_named_in_words():
    history = Planted(monetary=0.1, other=2.0)
    found = judged("Other", history, capacity=160)
    assert set(found.better) == {"spend", "hiatus", "Money"}
    assert found.other == "Money"
    text = found.sentences("en")[1]
    assert "choosing 160 customers" in text
    assert "spend alone" in text
    assert "the hiatus rule (silent for 180 days: last; then spend)" in text


PLANTED = {
    "clear": {"monetary": 0.1, "other": 2.0},
    "beaten": {"monetary": 2.0, "other": 0.1},
    "level": {"monetary": 0.5, "other": 0.5},
}


@pytest.mark.parametrize("status", PLANTED)
def test_chinese_says_the_same_figures(status):
    found = judged("Money", Planted(**PLANTED[status]))
    assert found.status == status
    for english, chinese in zip(found.sentences("en"), found.sentences("zh")):
        assert sorted(figures(english)) == sorted(figures(chinese))
        assert re.search(r"[\u4e00-\u9fff]", chinese)
        assert chinese.endswith("。")
    words = {"clear": "支持它", "beaten": "不支持它", "level": "不否定它"}
    assert f"回测{words[status]}" in found.sentences("zh")[1]


def test_every_outcome_says_different_things_in_chinese():
    texts = {judged("Money", Planted(**knows)).sentences("zh")[1][:8] for knows in PLANTED.values()}
    assert len(texts) == 3


def test_a_difference_is_never_rounded_to_none():
    found = judged("Money", Planted(monetary=0.1, other=2.0))
    tiny = Verdict(**{**vars(found), "gain": -0.0004, "low": -0.0007, "high": -0.0001})
    assert "captured 0.04 points less (0.01 to 0.07)" in tiny.sentences("en")[2]


def test_another_language_is_refused():
    with pytest.raises(ParameterError, match="language: 'fr' is not known"):
        judged("Money", Planted(monetary=0.1, other=2.0)).sentences("fr")  # type: ignore[arg-type]
