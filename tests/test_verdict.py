"""The verdict says what the figures say: planted outcomes, in both languages."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from order_history import Column

from segmentation import months
from segmentation.comparison.trial import Trial, trial
from segmentation.comparison.verdict import Lead, Verdict, verdict
from segmentation.words.reader import Reader


class Planted:
    """800 customers whose columns tell more or less of what they will be worth, the same in every month."""

    window_months = 3

    def __init__(self, last: str = "2020-09", **knows: float) -> None:
        self.months = months.span("2020-01", last)
        random = np.random.default_rng(3)
        worth = random.lognormal(0, 0.7, 800)
        self.later = worth * random.lognormal(0, 0.3, 800)
        self.frame = pd.DataFrame({"customer_id": [f"c{i:03d}" for i in range(800)], "recency_days": 10})
        for column, noise in knows.items():
            self.frame[column] = worth * random.lognormal(0, noise, 800)

    def profile(self, month: str) -> pd.DataFrame:
        return self.frame.copy()

    def later_value(self, first: str, last: str) -> pd.DataFrame:
        return pd.DataFrame({"customer_id": self.frame["customer_id"], "value": self.later})


METHODS = {"Money": Column("monetary"), "Other": Column("other")}
PLANTED = {
    "clear": {"monetary": 0.1, "other": 2.0},
    "beaten": {"monetary": 2.0, "other": 0.1},
    "level": {"monetary": 0.5, "other": 0.5},
}


def tried(history: Planted, official: str = "Money", **options) -> Trial:
    settings = {"origins": 2, "holdout_months": 3, "draws": 300, "capacity": 0.2}
    return trial(history, METHODS, official=official, **{**settings, **options})


def said(found: Verdict, language: str = "en") -> list[str]:
    return [Reader(language, "EUR").say(text) for text in (*found.sentences(), *found.notes())]


def test_a_clear_winner_is_supported():
    found = verdict(tried(Planted(**PLANTED["clear"])))
    assert (found.status, found.kind, found.other.name, found.better) == ("clear", "good", "Other", ())
    assert found.other.high < 0 < found.captured
    assert found.lots.high < 0
    official, support, gain, *_ = said(found)
    assert official == "Money decides the tiers."
    assert support.startswith(
        "The trial supports it: choosing 160 customers (20.0% of all) at 2 past month ends"
    )
    assert "clearly better than every contestant that chooses otherwise" in support
    assert f"Other captured {-100 * found.other.by:.1f} points less" in gain


def test_an_official_method_that_loses_is_not_supported():
    history = Planted(**PLANTED["beaten"])
    found = verdict(tried(history))
    assert (found.status, found.kind, found.better) == ("beaten", "bad", ("Other",))
    assert found.other.low > 0
    assert found.worth == pytest.approx(history.later.sum())
    _, support, gain, money, *_ = said(found)
    assert "does not support it" in support
    assert "clearly worse than Other" in support
    assert f"Other captured {100 * found.other.by:.1f} points more" in gain
    assert f"would capture EUR {found.other.by * found.worth:,.2f} more in 3 months" in money


def test_a_tie_has_no_winner_and_is_not_green():
    found = verdict(tried(Planted(**PLANTED["level"])))
    assert (found.status, found.kind, found.better) == ("level", "neutral", ())
    assert found.other.low < 0 < found.other.high
    assert "does not speak against it" in said(found)[1]
    assert "No switch is shown to gain anything" in said(found)[2]


def test_copies_are_the_same_choice_and_no_rivals():
    history = Planted(monetary=0.5, other=0.5)
    history.frame["other"] = history.frame["monetary"] * 2
    found = verdict(tried(history))
    assert (found.status, found.other, found.same) == ("alike", None, ("Other", "spend", "hiatus"))
    text = said(found)
    assert "every contestant chose the same customers" in text[1]
    assert text[2] == "A switch gains nothing."
    assert any(line.startswith("The same choice as Money, not rivals: Other, spend alone") for line in text)


def test_whoever_tells_nothing_does_no_better_than_drawing_lots():
    history = Planted(monetary=0.5, other=0.5)
    random = np.random.default_rng(8)
    for column in ("monetary", "other"):
        history.frame[column] = random.permutation(history.frame[column].to_numpy())
    found = verdict(tried(history))
    assert (found.status, found.kind) == ("lots", "caution")
    assert found.lots.low < 0 < found.lots.high
    assert said(found)[1].startswith("It does no better than drawing lots")
    assert "lots would capture 20.0%" in said(found)[1]


def test_too_little_history_is_said_and_nothing_is_claimed():
    found = verdict(tried(Planted("2020-05", **PLANTED["clear"])))
    assert (found.status, found.origins, found.kind) == ("untried", 0, "caution")
    assert "a month with 3 months before it to learn from and 3 months after it" in said(found)[1]
    assert said(found)[2:] == ["What a switch would gain cannot be said."]


def test_a_hiatus_that_nobody_can_have_is_left_out_and_said():
    found = verdict(tried(Planted(**PLANTED["clear"]), hiatus_days=180))
    assert found.hiatus_void
    assert any("The hiatus rule (180 days) was left out" in line for line in said(found))
    kept = tried(Planted(**PLANTED["clear"]))
    assert not verdict(kept).hiatus_void
    assert kept.setting["hiatus_days"].iloc[0] == 46


def test_the_first_capacity_is_the_official_methods_own():
    # a method with scores only has 20 % in its best tier, as many as two thirds of a hundred more
    found = verdict(tried(Planted(**PLANTED["clear"]), capacity=["official", 66]))
    assert (found.capacity, found.places) == ("official", 160)
    assert "choosing as many customers as its best tier held (160, 20.0% of all)" in said(found)[1]


def test_costs_turn_the_verdict_into_money():
    found = verdict(tried(Planted(**PLANTED["beaten"]), cost_of_missing=50.0, cost_of_waste=10.0))
    assert (found.status, found.basis, found.worth) == ("beaten", "missed", pytest.approx(60 * 160))
    assert f"would save EUR {found.other.by * 9600:,.0f} in 3 months" in said(found)[3]


def changed(found: Trial, measure: str, **values: object) -> Trial:
    """The trial with other figures of the contestant Other, by one measure."""
    differences = found.differences.copy()
    at = (differences["method"] == "Other") & (differences["measure"] == measure)
    for column, value in values.items():
        differences.loc[at, column] = value
    return replace(found, differences=differences)


def test_without_both_measures_nothing_is_clear():
    found = verdict(changed(tried(Planted(**PLANTED["beaten"])), "missed", low=-0.1, high=0.1))
    assert (found.status, found.doubts) == ("level", (("Other", "measures"),))
    assert any("captured and missed do not agree" in line for line in said(found))


def test_what_one_customer_decides_is_not_clear():
    found = verdict(changed(tried(Planted(**PLANTED["beaten"])), "captured", holds=False))
    assert (found.status, found.doubts) == ("level", (("Other", "largest"),))


def test_holdouts_that_do_not_overlap_must_agree():
    apart = tried(Planted(**PLANTED["beaten"]), origins=["2020-03", "2020-06"])
    assert verdict(apart).status == "beaten"
    assert verdict(apart).holdouts[0] == 2
    differences = apart.differences.copy()
    at = (differences["method"] == "Other") & (differences["origin"] == "2020-03")
    differences.loc[at, "difference"] *= -1
    found = verdict(replace(apart, differences=differences))
    assert (found.status, found.doubts) == ("level", (("Other", "holdouts"),))
    assert found.holdouts[1] < 0 < found.holdouts[2]


def test_with_a_tail_too_heavy_the_verdict_rests_on_missed():
    found = tried(Planted(**PLANTED["beaten"]))
    assert found.setting["tail_index"].iloc[0] > 1.5
    heavy = replace(found, setting=found.setting.assign(tail_index=1.2))
    judged = verdict(heavy)
    assert (judged.status, judged.basis) == ("beaten", "missed")
    assert any("(tail index 1.2)" in line for line in said(judged))
    assert "missed" in said(judged)[2]


class Giant(Planted):
    """One customer brings nearly everything; spend finds that one, the other column does not."""

    def __init__(self) -> None:
        super().__init__(monetary=2.0, other=2.0)
        self.later[0] = 1e6
        self.frame.loc[0, ["monetary", "other"]] = [1e9, 1e-9]


def test_one_giant_customer_makes_no_clear_verdict():
    for official in METHODS:
        found = tried(Giant(), official)
        assert verdict(found).status in ("lots", "level")
        table = found.differences.query("measure == 'captured' and origin == 'all' and method != 'random'")
        assert not table["clear"].any()
        assert table[["low_all", "high_all"]].abs().to_numpy().max() <= 1


@pytest.mark.parametrize("status", PLANTED)
def test_every_sentence_is_said_in_chinese_with_the_same_figures(status):
    found = verdict(tried(Planted(**PLANTED[status])))
    assert found.status == status
    for text in said(found, "zh"):
        assert text.endswith("。")
        latin = "".join(c for c in text if c.isascii() and c.isalpha())
        assert set(latin.replace("Money", "").replace("Other", "").replace("EUR", "")) == set()


def test_a_difference_is_never_rounded_to_none():
    found = verdict(tried(Planted(**PLANTED["clear"])))
    tiny = replace(found, other=Lead("Other", -0.0004, -0.0007, -0.0001))
    assert "captured 0.04 points less (0.01 to 0.07)" in said(tiny)[2]


def test_what_no_page_shows_and_may_be_none_is_as_much():
    found = verdict(tried(Planted(**PLANTED["level"])))
    none = replace(found, other=Lead("Other", -0.0001, -0.003, 0.003))
    assert "Other captured as much (−0.3 to +0.3 points)" in said(none)[2]
    assert not any("In money" in text for text in said(none))
