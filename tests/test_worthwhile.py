import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.questions.worthwhile import Worth
from segmentation.words.reader import Reader


def book(spend: list[float], frequency: int = 3) -> pd.DataFrame:
    return pd.DataFrame({"frequency": frequency, "monetary": spend})


CONCENTRATED = list(np.exp(np.linspace(0, 5, 400)))


def figure(spend: list[float], name: str) -> tuple[float, str]:
    (reason,) = (reason for reason in Worth.of(book(spend)).reasons if reason.figure == name)
    return reason.value, reason.speaks


def test_many_customers_who_differ_are_worth_tiers() -> None:
    found = Worth.of(book(CONCENTRATED))
    assert found.outcome == "worthwhile"
    assert str(found.sentence).startswith("Tiers are worthwhile here: 400 customers")
    assert Reader("zh").say(found.sentence).startswith("在这里做客户分级是值得的：400 位客户")


def test_data_without_concentration_are_not_whatever_else_speaks_for_it() -> None:
    found = Worth.of(book([100.0] * 10_000))
    assert found.outcome == "little"
    assert str(found.sentence).startswith("Tiers would mean little here: value is spread evenly: Gini 0.00")


@pytest.mark.parametrize(("count", "verdict"), [(20, "little"), (60, "consider"), (101, "worthwhile")])
def test_dozens_are_to_be_considered_and_above_a_hundred_valuable(count: int, verdict: str) -> None:
    assert Worth.of(book(list(np.exp(np.linspace(0, 5, count))))).outcome == verdict
    assert Worth.of(book(CONCENTRATED), span=300).outcome == "consider"


def test_without_repeat_buyers_it_is_to_be_considered() -> None:
    found = Worth.of(book(CONCENTRATED, frequency=1))
    assert found.outcome == "consider"
    assert "only 0.0% ordered at least twice" in str(found.sentence)


def test_the_largest_customer_in_a_small_and_in_a_large_book() -> None:
    assert figure([1.0] * 60, "largest") == (pytest.approx(1 / 60), "against")
    assert figure([1.0] * 600, "largest") == (pytest.approx(1 / 600), "for")
    assert figure([1.0] * 60 + [6.0], "largest")[1] == "open"
    assert figure([1.0] * 60 + [60.0], "largest") == (0.5, "risk")


def test_figures_by_hand() -> None:
    """Four customers of 1, 1, 2, 4: Gini = (2·(1·1+2·1+3·2+4·4) / (4·8)) − 5/4 = 0.3125."""
    assert figure([1, 1, 2, 4], "gini")[0] == pytest.approx(0.3125)
    assert figure([1, 1, 2, 4], "top_20")[0] == 0.5
    assert figure([-5, 0, 0, 0], "gini")[0] == 0


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 1e9, allow_subnormal=False), min_size=1, max_size=200))
def test_shares_are_shares_and_money_has_no_unit(spend: list[float]) -> None:
    for name in ("gini", "top_5", "top_20", "largest"):
        assert -1e-9 <= figure(spend, name)[0] <= 1 + 1e-9
        assert figure([100 * x for x in spend], name)[0] == pytest.approx(figure(spend, name)[0], abs=1e-9)


def test_one_customer_is_said_in_the_singular() -> None:
    one = Worth.of(pd.DataFrame({"frequency": [3], "monetary": [100.0]}))
    assert str(one.reasons[0].sentence) == "1 customer is few enough to know each of them"


@pytest.mark.parametrize(("rest", "outcome"), [([100.0] * 149, "little"), (CONCENTRATED, "worthwhile")])
def test_one_customer_with_most_of_the_money_is_a_risk_and_the_others_are_judged_without_it(
    rest: list[float], outcome: str
) -> None:
    found = Worth.of(book([*rest, 40 * sum(rest)]))
    assert found.outcome == outcome
    said = str(found.sentence)
    assert "one customer brings 97.6% of the money" in said
    assert "without it, value is" in said
    without = Worth.of(book(rest))
    assert figure([*rest, 40 * sum(rest)], "gini_rest")[0] == figure(rest, "gini")[0]
    assert found.outcome == without.outcome
