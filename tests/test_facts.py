"""Facts: computed once, kept under everything that they read, absent where what they need is not there."""

from dataclasses import dataclass

import pandas as pd
import pytest

from segmentation import Study
from segmentation.errors import ParameterError
from segmentation.study.facts import FACTS, Absent, fact, piece

ROWS = [("a", "2025-01-03", 10), ("a", "2025-02-03", 30), ("b", "2025-02-09", 5), ("c", "2025-03-01", 7)]


@pytest.fixture(autouse=True)
def own_facts():
    """Facts made in a test are gone after it."""
    before = dict(FACTS)
    yield
    FACTS.clear()
    FACTS.update(before)


@pytest.fixture
def study_of(tmp_path):
    path = tmp_path / "orders.csv"
    pd.DataFrame(ROWS, columns=["customer_id", "date", "amount"]).to_csv(path, index=False)

    def study(**given):
        values = {"orders": str(path), "month": "2025-03", "window_months": 1, "methods": ["ABC"]}
        return Study.open({**values, "store": str(tmp_path / "store"), **given})

    return study


def counted(**options):
    """A fact that counts how often it is computed, and the list of the settings it was computed under."""
    seen = []

    @fact(**options)
    def spans(study: Study) -> pd.DataFrame:
        """How many customers a team can know."""
        seen.append(study.settings.span)
        return pd.DataFrame({"span": [study.settings.span]})

    return spans, seen


def test_a_kept_fact_is_computed_once_for_all_studies_of_the_same_settings(study_of):
    spans, seen = counted(keep=True, reads=("span",))
    study = study_of()
    assert (
        spans(study)["span"].tolist() == spans(study)["span"].tolist() == spans(study_of())["span"].tolist()
    )
    assert seen == [50]


def test_another_value_of_what_it_reads_computes_anew(study_of):
    spans, seen = counted(keep=True, reads=("span",))
    assert [spans(study_of(span=span))["span"].iloc[0] for span in (50, 70, 50)] == [50, 70, 50]
    assert seen == [50, 70]


@pytest.mark.parametrize(
    "changed", [{"methods": ["RFM"]}, {"window_months": 2}, {"seed": 1}, {"month": "2025-02"}]
)
def test_what_every_fact_may_read_is_always_in_the_key(study_of, changed):
    spans, seen = counted(keep=True, reads=("span",))
    spans(study_of())
    spans(study_of(**changed))
    assert len(seen) == 2


def test_a_kept_fact_may_not_read_a_setting_that_it_does_not_name(study_of):
    spans, _ = counted(keep=True)
    with pytest.raises(TypeError, match=r"spans reads the setting 'span'.*`reads`"):
        spans(study_of())


def test_nor_ask_for_a_fact_that_does_even_if_that_one_is_remembered(study_of):
    spans, _ = counted(keep=True, reads=("span",))

    @fact(keep=True)
    def twice(study: Study) -> pd.DataFrame:
        """Twice the span."""
        return spans(study) * 2

    study = study_of()
    spans(study)
    with pytest.raises(TypeError, match=r"twice asks for spans, which reads \['span'\]"):
        twice(study)


def test_a_dataclass_of_frames_comes_back_from_the_store(study_of):
    @dataclass(frozen=True)
    class Two:
        left: pd.DataFrame
        right: pd.DataFrame

    globals()["Two"] = Two

    @fact(keep=True, publish=False)
    def two(study: Study) -> Two:
        """Two frames."""
        return Two(pd.DataFrame({"n": [1]}), pd.DataFrame({"n": [2]}))

    two(study_of())
    again = two(study_of())
    assert (again.left["n"].item(), again.right["n"].item()) == (1, 2)


def test_what_is_not_there_is_said_once_and_asked_for_without_rows(study_of):
    @fact(needs=("month_before",))
    def since(study: Study) -> pd.DataFrame:
        """What changed."""
        return pd.DataFrame({"n": [1]})

    @piece
    def shown(study: Study) -> object:
        return study.answer("{n} changed", n=len(since(study)))

    first = study_of(month="2025-01")
    with pytest.raises(Absent, match="no month before January 2025"):
        since(first)
    assert first.ask("since").empty
    assert "no month before January 2025" in repr(first.table(since, "Since"))
    assert "no month before January 2025" in repr(shown(first))
    assert repr(shown(study_of())) == "1 changed"
    assert not first.facts().set_index("fact").loc["since", "there"]


def test_a_name_that_is_none_names_the_nearest(study_of):
    with pytest.raises(ParameterError, match="did you mean 'moves'"):
        study_of().ask("move")


def test_what_is_asked_for_is_the_callers_own(study_of):
    study = study_of()
    asked = study.ask("tier_shares")
    asked["tier"] = "Z"
    assert "Z" not in study.ask("tier_shares")["tier"].tolist()


def test_two_facts_of_one_name_are_refused():
    with pytest.raises(TypeError, match="two facts are called moves"):

        @fact
        def moves(study: Study) -> pd.DataFrame:
            """Another one."""
            return pd.DataFrame()


def test_with_other_settings_the_rest_stays(study_of):
    study = study_of(span=7).with_(window_months=3)
    assert (study.window_months, study.settings.span, study.month) == (3, 7, "2025-03")
    with pytest.raises(ParameterError, match="window_months"):
        study.with_(window_month=3)
    assert study.with_(methods={"RFM": {}}).settings.official == "RFM"


def test_lost_key_customers_include_those_who_went_dormant(study_of):
    study = study_of()  # a window of one month: a, the only A of February, orders nothing in March
    lost = study.ask("lost")
    assert lost[["customer_id", "before", "after", "last_window"]].values.tolist() == [
        ["a", "A", "dormant", 30.0]
    ]
    assert str(lost["last_order"].iloc[0])[:10] == "2025-02-03"
