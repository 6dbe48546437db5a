import pandas as pd
import pytest

from segmentation import read_orders
from segmentation.errors import DataError, ParameterError
from segmentation.gates import DEFAULTS, STOP, WARN, as_frame, judge, refuse, thresholds
from segmentation.ledger import Ledger


def ledger(*lines: tuple[str | None, str, float]) -> Ledger:
    return Ledger.of(read_orders(pd.DataFrame(lines, columns=["customer_id", "date", "amount"])))


DAILY = [
    ("a", f"2017-{month:02d}-{day:02d}", 1.0)
    for month in (1, 2)
    for day in range(1, 32 if month == 1 else 29)
]


def levels(book: Ledger, month: str, **gates: object) -> dict[str, str]:
    return {finding.gate: finding.level for finding in judge(book, month, gates)}


def test_clean_data_pass_every_gate() -> None:
    assert set(levels(ledger(*DAILY), "2017-02").values()) == {"ok"}


def test_shares_set_aside_warn_and_stop_at_their_limits() -> None:
    book = ledger(*DAILY, *[(None, "2017-02-01", 1.0)] * 59)
    found = {finding.gate: finding for finding in judge(book, "2017-02")}
    for gate in ("rows_set_aside", "money_set_aside", "without_customer"):
        assert (found[gate].figure, found[gate].level) == (0.5, STOP)
        assert "50.0%" in found[gate].sentence()
        assert "50.0%" in found[gate].sentence("zh")
    with pytest.raises(DataError, match=r"month 2017-02: 50.0% of the lines.*gates: rows_set_aside: warn"):
        refuse(list(found.values()), "2017-02")


def test_a_fall_against_the_month_before() -> None:
    thin = [*DAILY[:31], *DAILY[-3:], ("b", "2017-01-05", 1.0)]
    found = {finding.gate: finding for finding in judge(ledger(*thin), "2017-02")}
    assert found["fewer_rows"].figure == pytest.approx(1 - 3 / 32)
    assert found["fewer_rows"].level == STOP
    assert (found["fewer_customers"].figure, found["fewer_customers"].level) == (0.5, WARN)
    assert levels(ledger(*thin), "2017-01")["fewer_rows"] == "ok", "nothing was before"


def test_a_month_that_is_not_over_stops_unless_allowed() -> None:
    book = ledger(*DAILY[:-5])
    assert levels(book, "2017-02")["incomplete_month"] == STOP
    assert levels(book, "2017-01")["incomplete_month"] == "ok"
    assert levels(book, "2017-02", incomplete_month="warn")["incomplete_month"] == WARN
    assert levels(book, "2017-02", incomplete_month="off")["incomplete_month"] == "ok"
    (finding,) = (f for f in judge(book, "2017-02") if f.gate == "incomplete_month")
    assert finding.sentence() == "the orders end before the month is over (the last one is of 2017-02-23)"


def test_silence_at_the_end_is_no_gap_where_such_silences_are_usual() -> None:
    weekdays = [("a", f"{day:%Y-%m-%d}", 1.0) for day in pd.bdate_range("2017-01-02", "2017-04-28")]
    assert ledger(*weekdays).complete_until == "2017-04", "30 April 2017 was a Sunday"
    assert ledger(*weekdays[:-3]).complete_until == "2017-03"


def test_new_columns_are_named(tmp_path: object) -> None:
    frame = pd.DataFrame(DAILY, columns=["customer_id", "date", "amount"])
    Ledger.of(read_orders(frame), str(tmp_path))
    book = Ledger.of(read_orders(frame.assign(discount=1)), str(tmp_path))
    (finding,) = (f for f in judge(book, "2017-02") if f.gate == "new_columns")
    assert (finding.figure, finding.level, finding.detail) == (1, WARN, "discount")


@pytest.mark.parametrize("told", ["maybe", -1, True, {"warn": "x"}, {"halt": 1}, None])
def test_limits_that_are_none_are_refused(told: object) -> None:
    with pytest.raises(ParameterError, match=r"gates\.fewer_rows"):
        thresholds({"fewer_rows": told})


def test_limits_are_given_in_several_ways() -> None:
    assert thresholds({"fewer_rows": 0.4})["fewer_rows"] == (0.30, 0.4)
    assert thresholds({"fewer_rows": {"stop": 0.4}})["fewer_rows"] == (None, 0.4)
    assert thresholds({"fewer_rows": "stop"})["fewer_rows"] == (None, 0.30)
    with pytest.raises(ParameterError, match="unknown gate 'fewer_row'; did you mean 'fewer_rows'"):
        thresholds({"fewer_row": 1})


def test_every_gate_is_in_the_frame_in_both_languages() -> None:
    for language in ("en", "zh"):
        found = as_frame(judge(ledger(*DAILY), "2017-02"), language)
        assert found["gate"].tolist() == list(DEFAULTS)
        assert found["found"].str.len().min() > 5
