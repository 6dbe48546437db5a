"""Names that speak of time keep their word: Lost, At Risk and the like only for who has been silent for long."""

import duckdb
import pandas as pd
import pytest

from segmentation import RFM, Rule
from segmentation.methods.segments import NOT_YET, OF_TIME


def book(gaps: bool = True) -> pd.DataFrame:
    """Customers last seen 0 to 299 days ago; every tenth orders every 140 days only."""
    n = pd.RangeIndex(300)
    frame = pd.DataFrame({"customer_id": n.map("C{:03d}".format), "recency_days": n.astype("int64")})
    frame["frequency"] = 1 + n % 5
    frame["monetary"] = 10.0 + (n * 37) % 101
    if gaps:
        frame["mean_gap_days"] = [140.0 if k % 10 == 0 else None if k % 5 == 0 else 20.0 for k in n]
    frame.attrs["window_months"] = 12
    return frame


@pytest.mark.parametrize("options", [{}, {"segments": "eleven"}, {"segments": "ten"}, {"hiatus_days": 60}])
def test_only_who_has_been_silent_for_long_is_called_so(options: dict) -> None:
    found = RFM(**options).fit(book()).rule_.apply(book())
    limit = (2 * found["mean_gap_days"].fillna(0)).clip(lower=options.get("hiatus_days", 180))
    of_time = found["segment"].isin(OF_TIME)
    assert of_time.any()
    assert (found.loc[of_time, "recency_days"] > limit[of_time]).all()
    assert NOT_YET in set(found.loc[~of_time & (found["recency_days"] > 60), "segment"])


@pytest.mark.parametrize("gaps", [True, False])
def test_sql_json_and_words_say_the_same(gaps: bool) -> None:
    customers = book(gaps)
    rule = Rule.from_json(RFM(segments="eleven").fit(customers).rule_.to_json())
    found = duckdb.sql(rule.to_sql("customers").replace("`", '"')).df().set_index("customer_id")
    expected = rule.apply(customers).set_index("customer_id")[["score", "tier", "segment"]]
    assert found.loc[expected.index].astype("str").equals(expected.astype("str"))
    assert "only who has been silent for more than 180 days" in rule.statement()


def test_a_day_more_of_silence_is_named_as_what_would_lower_the_tier() -> None:
    rule = RFM(segments="eleven").fit(book()).rule_
    customers = rule.apply(book())
    row = customers[customers["recency_days"] == 179].iloc[0]
    change = rule.explain(row).lower
    assert change is not None
    assert (
        rule.apply(pd.DataFrame([dict(row) | {change.column: change.changed}]))["tier"].iloc[0] == change.tier
    )


def test_a_table_of_the_users_own_keeps_its_names() -> None:
    table = {"Lost": {"R": "1-2"}, "Here": "else"}
    rule = RFM(segments=table, segment_tiers={"Lost": "C", "Here": "A"}).fit(book()).rule_
    assert rule.silence is None
