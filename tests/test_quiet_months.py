"""A month in which nobody ordered: inside the months that the orders cover, or directly after them."""

from pathlib import Path

import pandas as pd
import pytest

from segmentation import Study, profile, read_orders
from segmentation.command.checking import check
from segmentation.errors import DataError
from segmentation.ledger.ledger import Ledger
from segmentation.questions.gates import examine
from segmentation.study.settings import Settings

# everybody orders in January, February and April; nobody in March and May
ROWS = [(f"C{n:02d}", f"2026-{m:02d}-{1 + n % 28:02d}", 10.0 + n) for n in range(40) for m in (1, 2, 4)]


def ledger() -> Ledger:
    return Ledger.of(read_orders(pd.DataFrame(ROWS, columns=["customer", "date", "amount"])))


@pytest.mark.parametrize(("month", "recency", "orders"), [("2026-03", 31, 2), ("2026-05", 31, 3)])
def test_its_profile_is_that_of_a_month_in_which_nothing_happened(
    month: str, recency: int, orders: int
) -> None:
    found = profile(ledger(), as_of=month, window_months=6)
    assert len(found) == 40
    last = {"2026-03": "2026-02-28", "2026-05": "2026-04-28"}[month]
    who = found.set_index("customer_id").loc["C27"]
    assert str(who["last_order"].date()) == last
    assert (who["recency_days"], who["frequency"]) == (recency + 2 * (month == "2026-05"), orders)


def test_two_months_after_the_last_order_is_not_known() -> None:
    with pytest.raises(DataError, match="the orders cover 2026-01 to 2026-04"):
        profile(ledger(), as_of="2026-06")


@pytest.mark.parametrize("month", ["2026-03", "2026-05"])
def test_it_stops_unless_it_is_allowed(month: str) -> None:
    stopped, allowed = examine(ledger(), month)[-1], examine(ledger(), month, quiet=True)
    assert (stopped.gate, stopped.level) == ("not_covered", "stop")
    assert {finding.level for finding in allowed} == {"ok", "warn"}
    assert examine(ledger(), "2026-06", quiet=True)[-1].level == "stop"


def test_lines_that_are_all_set_aside_are_no_quiet_month() -> None:
    rows = [*ROWS, *(("", f"2026-05-{n:02d}", 5.0) for n in range(1, 29))]
    found = Ledger.of(read_orders(pd.DataFrame(rows, columns=["customer", "date", "amount"])))
    stopped = [finding.gate for finding in examine(found, "2026-05", quiet=True) if finding.level == "stop"]
    assert stopped == ["rows_set_aside", "money_set_aside", "without_customer"]


def test_a_check_and_a_study_of_it(tmp_path: Path) -> None:
    pd.DataFrame(ROWS, columns=["customer", "date", "amount"]).to_csv(tmp_path / "orders.csv", index=False)
    asked = {"orders": "orders.csv", "month": "2026-05", "window_months": 3, "methods": ["ABC"]}
    assert check(Settings.of(asked, root=tmp_path)).stopped
    settings = Settings.of(asked | {"quiet_month": "allow"}, root=tmp_path)
    found = check(settings)
    assert not found.stopped
    assert "none is dated in it" in found.text
    study = Study.open(settings)
    assert set(study.profile("2026-04")["recency_days"]) != set(study.profile()["recency_days"])
    assert study.scored()["tier"].value_counts().sum() == 40
