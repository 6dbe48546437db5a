import re
from pathlib import Path

import pandas as pd
import pytest

from segmentation import Study, read_orders
from segmentation.errors import DataError, ParameterError
from segmentation.ledger.ledger import Ledger
from segmentation.questions.gates import DEFAULTS, STOP, WARN, Refused, examine, gates, refuse, thresholds
from segmentation.words.reader import Reader

CHINESE = Reader("zh")


def ledger(*lines: tuple[str | None, str, float]) -> Ledger:
    return Ledger.of(read_orders(pd.DataFrame(lines, columns=["customer_id", "date", "amount"])))


DAILY = [
    ("a", f"2017-{month:02d}-{day:02d}", 1.0)
    for month in (1, 2)
    for day in range(1, 32 if month == 1 else 29)
]


def levels(book: Ledger, month: str, **gates: object) -> dict[str, str]:
    return {finding.gate: finding.level for finding in examine(book, month, gates)}


def test_clean_data_pass_every_gate() -> None:
    assert set(levels(ledger(*DAILY), "2017-02").values()) == {"ok"}


def test_shares_set_aside_warn_and_stop_at_their_limits() -> None:
    book = ledger(*DAILY, *[(None, "2017-02-01", 1.0)] * 28, *[(None, "2017-01-31", 1.0)] * 31)
    found = {finding.gate: finding for finding in examine(book, "2017-02")}
    for gate in ("rows_set_aside", "money_set_aside", "without_customer"):
        assert (found[gate].figure, found[gate].level) == (0.5, STOP)
        assert "50.0%" in str(found[gate].sentence)
        assert "50.0%" in CHINESE.say(found[gate].sentence)
    stopped = r"month 2017-02: 50.0% of the lines.*gates: rows_set_aside: warn, money_set_aside: warn"
    with pytest.raises(Refused, match=stopped) as refused:
        refuse(list(found.values()), "2017-02")
    assert isinstance(refused.value, DataError)
    assert CHINESE.say(refused.value.why).startswith(
        "2017-02：50.0% 的数据行被搁置（2017年2月；全部月份为 50.0%）；"
    )


def test_what_is_set_aside_is_judged_in_the_month_and_in_all_and_the_worse_one_counts() -> None:
    history = days("2016-01-01", "2017-02-28", lines=4)
    book = ledger(*history, *[(None, "2017-02-03", 1.0)] * 168, *[("a", "?", 1.0)] * 10)
    gates = ("rows_set_aside", "money_set_aside", "without_customer")
    february = {finding.gate: finding for finding in examine(book, "2017-02")}
    for gate in gates:
        assert (february[gate].figure, february[gate].level) == (0.6, STOP)
        assert str(february[gate].detail).startswith("in February 2017; ")
    assert str(february["without_customer"].sentence) == (
        "60.0% of the lines name no customer (in February 2017; 8.9% in all months)"
    )
    assert CHINESE.say(february["without_customer"].sentence) == (
        "60.0% 的数据行没有客户（2017年2月；全部月份为 8.9%）"
    )
    january = {finding.gate: finding for finding in examine(book, "2017-01")}
    aside = 178 / (len(history) + 178)
    assert january["rows_set_aside"].figure == pytest.approx(aside)
    assert str(january["rows_set_aside"].detail) == "in all months; 0.0% in January 2017"


def test_an_order_taken_back_at_once_is_no_money_lost() -> None:
    taken_back = pd.DataFrame(
        [("b", "7", "2017-02-03 10:00", 9e6), ("b", "C7", "2017-02-03 10:05", -9e6)]
        + [(customer, f"1{place}", date, amount) for place, (customer, date, amount) in enumerate(DAILY)],
        columns=["customer_id", "order_id", "date", "amount"],
    )
    found = {finding.gate: finding for finding in examine(Ledger.of(read_orders(taken_back)), "2017-02")}
    assert found["rows_set_aside"].figure == 2 / 30
    assert found["money_set_aside"].figure == 0


def test_a_fall_against_the_month_before() -> None:
    thin = [*DAILY[:31], *DAILY[-3:], ("b", "2017-01-05", 1.0)]
    found = {finding.gate: finding for finding in examine(ledger(*thin), "2017-02")}
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
    (finding,) = (f for f in examine(book, "2017-02") if f.gate == "incomplete_month")
    assert str(finding.sentence) == "the orders end before the month is over (the last one is of 2017-02-23)"


def test_silence_at_the_end_is_no_gap_where_such_silences_are_usual() -> None:
    weekdays = [("a", f"{day:%Y-%m-%d}", 1.0) for day in pd.bdate_range("2017-01-02", "2017-04-28")]
    assert ledger(*weekdays).complete_until == "2017-04", "30 April 2017 was a Sunday"
    assert ledger(*weekdays[:-3]).complete_until == "2017-03"


def days(first: str, last: str, closed: str = "", lines: int = 1) -> list[tuple[str | None, str, float]]:
    """Lines of every day from first to last but those closed: weekdays such as Sun, or dates."""
    shut = set(closed.split())
    return [
        ("a", f"{day:%Y-%m-%d}", 1.0)
        for day in pd.date_range(first, last)
        if not shut & {f"{day:%a}", f"{day:%Y-%m-%d}"}
        for _ in range(lines)
    ]


def test_a_holiday_does_not_hide_that_a_later_month_is_cut_off() -> None:
    christmas = " ".join(f"{day:%Y-%m-%d}" for day in pd.date_range("2016-12-24", "2017-01-03"))
    cut = ledger(*days("2016-10-03", "2017-02-19", f"Sat {christmas}"))
    assert levels(cut, "2017-02")["incomplete_month"] == STOP
    assert cut.complete_until == "2017-01"
    assert levels(cut, "2016-12")["incomplete_month"] == "ok", "the orders go on after the holiday"


@pytest.mark.parametrize("stray", ["2017-06-15", "2017-06-30", "2017-05-31 2017-06-29 2017-06-30"])
def test_a_few_stray_later_lines_make_no_month_complete(stray: str) -> None:
    body = days("2017-01-01", "2017-04-09", lines=10)
    book = ledger(*body, *(("a", day, 1.0) for day in stray.split()))
    assert book.complete_until == "2017-03"
    for month in ("2017-04", "2017-05", "2017-06"):
        assert levels(book, month)["incomplete_month"] == STOP
    (finding,) = (f for f in examine(book, "2017-04") if f.gate == "incomplete_month")
    assert str(finding.detail) == "the last one is of 2017-04-09"
    assert "最后一笔为 2017-04-09" in CHINESE.say(finding.sentence)


@pytest.mark.parametrize(
    "lines",
    [
        days("2017-01-02", "2017-12-31", "Sun"),
        days("2017-01-02", "2018-04-30", "Sun 2018-04-30"),
        days("2017-01-02", "2017-07-31", "Sat Sun 2017-07-31"),
        days("2017-01-01", "2017-12-31", "2017-04-16 2017-12-25 2017-12-31"),
        [("a", f"{day:%Y-%m-%d}", 1.0) for day in pd.date_range("2017-01-05", "2017-12-26", freq="10D")],
    ],
    ids=["never on Sundays", "a bank holiday", "a long weekend", "new year", "every ten days"],
)
def test_a_month_that_ends_with_a_usual_silence_is_complete(
    lines: list[tuple[str | None, str, float]],
) -> None:
    book = ledger(*lines)
    assert [book.ends(month) for month in book.months] == ["complete"] * len(book.months)


def test_every_month_is_judged_by_itself() -> None:
    hole = ledger(*days("2017-01-01", "2017-03-15"), *days("2017-04-01", "2017-05-31"))
    assert {month: hole.ends(month) for month in hole.months} == {
        "2017-01": "complete",
        "2017-02": "complete",
        "2017-03": "silent",
        "2017-04": "complete",
        "2017-05": "complete",
    }
    assert levels(hole, "2017-03")["incomplete_month"] == STOP


def test_new_columns_are_named(tmp_path: object) -> None:
    frame = pd.DataFrame(DAILY, columns=["customer_id", "date", "amount"])
    Ledger.of(read_orders(frame), str(tmp_path))
    book = Ledger.of(read_orders(frame.assign(discount=1)), str(tmp_path))
    (finding,) = (f for f in examine(book, "2017-02") if f.gate == "new_columns")
    assert (finding.figure, finding.level, finding.detail) == (1, WARN, "discount")
    assert str(finding.sentence) == "1 column that the source did not have before (discount)"


@pytest.mark.parametrize("told", ["maybe", -1, True, {"warn": "x"}, {"halt": 1}, None])
def test_limits_that_are_none_are_refused(told: object) -> None:
    with pytest.raises(ParameterError, match=r"gates\.fewer_rows"):
        thresholds({"fewer_rows": told})


@pytest.mark.parametrize(
    ("gate", "told", "said"),
    [
        ("rows_set_aside", 5, "5 is never reached; shares are of 1: write 0.05 for 5 %"),
        (
            "money_set_aside",
            {"warn": 2, "stop": 20},
            "2 is never reached; shares are of 1: write 0.02 for 2 %",
        ),
        ("incomplete_month", 2, "1 is yes: write warn or stop"),
        ("fewer_rows", {"warn": 0.5, "stop": 0.05}, "warn: 0.5 is more than stop: 0.05"),
    ],
)
def test_limits_that_would_never_be_reached_are_refused(gate: str, told: object, said: str) -> None:
    with pytest.raises(ParameterError, match=rf"gates\.{gate}: .*{said}"):
        thresholds({gate: told})


def test_a_stop_below_the_usual_warning_warns_no_later() -> None:
    assert thresholds({"rows_set_aside": 0.03})["rows_set_aside"] == (0.03, 0.03)
    assert thresholds({"new_columns": 3})["new_columns"] == (1, 3)


def test_nothing_found_passes_whatever_the_limit() -> None:
    assert levels(ledger(*DAILY), "2017-02", rows_set_aside=0)["rows_set_aside"] == "ok"


def test_limits_are_given_in_several_ways() -> None:
    assert thresholds({"fewer_rows": 0.4})["fewer_rows"] == (0.30, 0.4)
    assert thresholds({"fewer_rows": {"stop": 0.4}})["fewer_rows"] == (None, 0.4)
    assert thresholds({"fewer_rows": "stop"})["fewer_rows"] == (None, 0.30)
    for nothing in (0, 0.0, {"stop": 0}):
        assert thresholds({"fewer_rows": nothing})["fewer_rows"][1] == 0, "0 is a limit, not off"
    assert thresholds({"fewer_rows": False})["fewer_rows"] == (None, None)
    assert thresholds({"fewer_rows": "off"})["fewer_rows"] == (None, None)
    with pytest.raises(ParameterError, match="unknown gate 'fewer_row'; did you mean 'fewer_rows'"):
        thresholds({"fewer_row": 1})


def test_every_gate_is_a_row_of_the_fact_said_in_both_languages(tmp_path: Path) -> None:
    frame = pd.DataFrame(DAILY, columns=["customer_id", "date", "amount"])
    frame.to_csv(tmp_path / "orders.csv", index=False)
    places = {"orders": str(tmp_path / "orders.csv"), "store": str(tmp_path / "store")}
    found = gates(Study.open({**places, "month": "2017-02", "gates": {"fewer_rows": 0.05}}))
    assert found["gate"].tolist() == list(DEFAULTS)
    assert found.set_index("gate").loc["fewer_rows", ["level", "warn", "stop"]].tolist() == [STOP, 0.05, 0.05]
    assert Reader().cells(found["found"], "found")[3] == "9.7% fewer lines than in the month before"
    for column in ("gate", "level", "found"):
        assert not [said for said in CHINESE.cells(found[column], column) if re.search("[A-Za-z]", said)]
