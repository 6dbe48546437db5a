import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentation import months
from segmentation.errors import ParameterError

MONTHS = st.builds(months.of_number, st.integers(1200, 9000 * 12))


@given(MONTHS, st.integers(-12, 500))
def test_adding_and_counting_are_inverse(month: str, n: int) -> None:
    later = months.add(month, n)
    assert months.between(month, later) == n
    assert len(months.span(month, later)) == max(n + 1, 0)


@given(MONTHS)
def test_the_next_month_begins_the_day_after_the_last(month: str) -> None:
    following = months.first_day(months.add(month, 1))
    assert (following - months.last_day(month)).days == 1
    assert months.of(months.last_day(month)) == month


@pytest.mark.parametrize(
    "text", ["2017-13", "2017-00", "2017-1", "0000-05", "201712", "2017-12-01", "", None, 201712]
)
def test_what_is_not_a_month_is_refused(text: object) -> None:
    with pytest.raises(ParameterError, match="YYYY-MM"):
        months.parse(text)  # type: ignore[arg-type]
