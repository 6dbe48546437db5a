"""New customers are judged by the month since their first order; a season is told where it can be known."""

import pandas as pd
import pytest

from segmentation import Study, months
from segmentation.questions import newcomers, season

OLD = [("old", f"{month}-10", 20) for month in months.span("2016-01", "2017-06")]
NEW = [("quick", "2017-06-05", 60), ("slow", "2017-04-20", 30), ("gone", "2016-02-02", 500)]


@pytest.fixture
def study_of(tmp_path):
    def study(rows, **given):
        path = tmp_path / "orders.csv"
        pd.DataFrame(rows, columns=["customer_id", "date", "amount"]).to_csv(path, index=False)
        values = {
            "orders": str(path),
            "month": "2017-06",
            "window_months": 6,
            "store": str(tmp_path / "store"),
        }
        method = {"Cuts": {"use": "Threshold", "cuts": [300, 50]}}
        return Study.open({**values, "methods": method, **given})

    return study


def test_a_new_customer_stands_beside_the_tier_of_the_pace(study_of):
    study = study_of(OLD + NEW)
    found = newcomers.newcomers(study)
    assert found[["customer_id", "tier", "tier_at_pace", "pace"]].values.tolist() == [
        ["quick", "B", "A", 360.0],  # 60 in a month
        ["slow", "C", "B", 60.0],  # 30 in three
    ]
    said = repr(newcomers.answer(study))
    assert "2 of 3 customers" in said
    assert "2 would be in a better tier, 1 of them in A (Key)" in said


def test_without_three_months_nobody_can_be_called_new(study_of):
    study = study_of([("a", "2017-05-01", 10), ("a", "2017-06-30", 10)], window_months=1)
    assert "Who is a new customer cannot be told" in repr(newcomers.answer(study))
    assert study.ask("newcomers").empty


def test_a_season_cannot_be_known_from_less_than_two_years(study_of):
    study = study_of(OLD + NEW)
    assert study.say(season.said(study)).startswith("A season cannot be known: it takes two years of orders")
    assert "there are 18 months" in study.say(season.said(study))
    found = season.year_ago(study)
    assert found["month"].tolist() == list(months.span("2017-01", "2017-06"))
    assert found["orders"].tolist() == [1, 1, 1, 2, 1, 2]
    assert found["orders_year_ago"].tolist() == [1, 2, 1, 1, 1, 1]
    assert found["sales_year_ago"].iloc[1] == 520


def test_a_season_that_the_window_does_not_share_is_said_with_its_factor(study_of):
    rows = [
        ("old", f"{month}-{day:02d}", 20)
        for month in months.span("2015-07", "2017-06")
        for day in range(1, 21 if month[5:] > "06" else 11)
    ]
    said = study_of(rows).say(season.said(study_of(rows)))
    assert "had 2.00 times the orders of these for the season alone" in said
    flat = [("old", f"{month}-10", 20) for month in months.span("2015-07", "2017-06")]
    assert "as many orders for the season as these" in study_of(flat).say(season.said(study_of(flat)))
    year = study_of(flat, window_months=12)
    assert year.say(season.said(year)) == "A window of 12 months holds every season."
