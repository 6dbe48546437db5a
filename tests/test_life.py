"""Stages, chances, silence and returns: by hand, and what must not change them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from life_making import shop

from segmentation import Study
from segmentation.errors import DataError
from segmentation.movement.life.churn import Claims, TwoFacts, at_stake, by_law, tells
from segmentation.movement.life.reasons import by_when, reasons
from segmentation.movement.life.silence import came_back, change, former
from segmentation.movement.life.stages import STAGES, Rhythm, flow, stages
from segmentation.questions import at_risk, churn, silence, win_back
from segmentation.questions import stages as stage_page
from segmentation.questions.known import known_of
from segmentation.questions.life import NEEDS, life, tried

MONTH = "2025-02"
FACTS = (
    "stages",
    "stage_tiers",
    "lasting",
    "stage_flow",
    "churn_record",
    "churn_deciles",
    "churn_trend",
    "win_back_record",
)
LISTS = ("at_risk", "lives", "win_back")


def study_of(orders: pd.DataFrame, folder: Path, month: str = MONTH, **given: object) -> Study:
    folder.mkdir(parents=True, exist_ok=True)
    orders.to_csv(folder / "orders.csv", index=False)
    values = {
        "orders": str(folder / "orders.csv"),
        "month": month,
        "window_months": 6,
        "methods": {"ABC": {}},
    }
    return Study.open({**values, "store": str(folder / "store"), **given})


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return study_of(shop(), tmp_path_factory.mktemp("usual"))


# -- by hand ---------------------------------------------------------------------------------------------------


def people(**columns: list[float]) -> pd.DataFrame:
    size = len(next(iter(columns.values())))
    usual = {name: [0.0] * size for name in ("recent", "previous", "recent_months", "previous_months")}
    frame = pd.DataFrame({"customer": range(size), **usual, **columns})
    frame.attrs = {"as_of": "2025-06", "window_months": 12}
    return frame


def test_the_first_stage_that_fits_counts() -> None:
    customers = people(
        days_ever=[1, 1, 3, 3, 3, 3],
        recency_days=[20, 200, 10, 10, 10, 130],
        span_days=[0, 0, 60, 400, 400, 400],
        age_days=[20, 200, 70, 410, 410, 530],
        recent=[5.0, 0, 9, 13, 12, 0],
        previous=[0.0, 0, 0, 10, 10, 0],
    )
    # own gap: (30 + span) / (1 + 2), and a third of 90 for one order
    placed = stages(customers, Rhythm(1.0, 30.0, 90.0), 90)
    assert placed["stage"].tolist() == [
        f"{name}_stage" for name in ("conversion", "churn", "growth", "growth", "maturity", "maturity")
    ]
    assert placed["lasting"].tolist() == ["too_early", "temporary", "in_between", *["long_term"] * 3]
    # 130 days are more than the floor, but no three gaps of 143 days; without the rhythm the floor alone decides
    assert stages(customers, Rhythm(0.0, 0.0, np.nan), 90)["stage"].iloc[-1] == "churn_stage"


def test_the_flow_counts_everybody_once() -> None:
    before = pd.DataFrame({"customer": [1, 2], "stage": ["growth_stage", "churn_stage"]})
    after = pd.DataFrame(
        {"customer": [1, 2, 3], "stage": ["maturity_stage", "churn_stage", "conversion_stage"]}
    )
    assert flow(before, after).to_numpy().tolist() == [
        ["growth_stage", "maturity_stage", 1],
        ["churn_stage", "churn_stage", 1],
        ["new", "conversion_stage", 1],
    ]


def test_claims_are_judged_by_pairs_and_squares() -> None:
    claims = Claims(np.array([0.1, 0.4, 0.4, 0.9]), 0.5, np.array([False, False, True, True]))
    record = claims.record()
    assert record["auc"] == pytest.approx(3.5 / 4)
    assert record["brier"] == pytest.approx((0.01 + 0.16 + 0.36 + 0.01) / 4)
    assert record["brier_constant"] == pytest.approx(0.25)
    assert claims.deciles()["customers"].tolist() == [1, 2, 1]  # equal claims stay together


def test_a_chance_that_only_matches_the_constant_does_not_tell() -> None:
    assert not tells([(0.0, 0.01)])
    assert not tells([(-0.02, 0.001)])
    assert tells([(0.02, 0.001), (0.01, 0.001)])


def test_two_facts_find_the_law_they_were_drawn_from() -> None:
    random = np.random.default_rng(1)
    days, often = random.integers(0, 180, 20_000), random.integers(1, 20, 20_000)
    chance = 1 / (1 + np.exp(-(0.5 + 0.4 * np.log1p(days) - 1.2 * np.log1p(often))))
    customers = pd.DataFrame(
        {
            "recency_days": days,
            "days_ever": often,
            "later_orders": (random.random(20_000) > chance).astype(int),
        }
    )
    assert tuple(TwoFacts.fit(customers)) == pytest.approx((0.5, 0.4, -1.2), abs=0.15)
    with pytest.raises(DataError, match="0 fell silent"):
        TwoFacts.fit(customers.assign(later_orders=1))


def test_reasons_name_the_largest_change_first_and_the_day_by_which_to_talk() -> None:
    customers = people(
        days_ever=[9, 9, 1, 9],
        recency_days=[80, 10, 40, 10],
        recent=[50.0, 10, 5, 10],
        previous=[100.0, 100, 0, 10],
        recent_months=[1, 2, 1, 3],
        previous_months=[3, 3, 0, 3],
    )
    usual = np.array([10.0, 10, 30, 10])
    # 8 gaps of silence, then 3 months to 1, then half the money
    assert reasons(customers, usual).tolist() == [
        "silent, fewer_months",  # at most two
        "falling, fewer_months",
        "once",
        "no_change",
    ]
    # 90 days of silence less those that went by; 14 days at the least
    assert by_when(customers, usual, 3).dt.strftime("%m-%d").tolist() == [
        "07-14",
        "09-18",
        "08-19",
        "09-18",
    ]


def test_at_stake_is_never_more_than_was_spent() -> None:
    customers = people(monetary=[600.0, 600.0, -5.0], age_days=[365.25, 3.0, 100.0])
    # 50 a month for three months; an order of three days ago would be 1800
    assert at_stake(customers, np.array([0.5, 0.5, 1.0]), 3).tolist() == [75.0, 300.0, 0.0]


def test_former_key_customers_and_their_return() -> None:
    earlier = pd.DataFrame(
        {"customer_id": list("abcde"), "tier": ["A", "B", "A", "C", "B"], "monetary": [9.0, 5, 20, 1, 7]}
    )
    now = pd.DataFrame(
        {
            "customer_id": list("abcde"),
            "recency_days": [121, 180, 120, 300, 181],
            "later_orders": [1, 0, 1, 1, 2],
            "later_value": [3.0, 0, 1, 1, 5],
        }
    )
    silent = former(earlier, now, ["A", "B"])  # 120 days are not more than 120, C is no key customer
    assert silent[["customer_id", "band"]].to_numpy().tolist() == [
        ["a", "silent_120"],
        ["e", "silent_180"],
        ["b", "silent_120"],
    ]
    assert came_back(silent, "former_tier").to_numpy().tolist() == [["A", 1, 1.0, 3.0], ["B", 2, 0.5, 5.0]]


def test_a_change_within_the_intervals_is_none() -> None:
    trend = pd.DataFrame({"share_silent": [0.4, 0.5, 0.5, 0.41, 0.2], "half_width": [0.02] * 5})
    assert [change(trend.head(n), 3)[0] for n in (3, 4, 5)] == ["unknown", "same", "better"]


# -- what must not change it -------------------------------------------------------------------------------------


def answers(study: Study) -> dict[str, pd.DataFrame]:
    return {name: study.ask(name) if name != "lives" else at_risk.lives(study) for name in (*FACTS, *LISTS)}


def test_the_history_is_long_enough_for_everything(usual: Study) -> None:
    assert all(len(frame) for frame in answers(usual).values())
    assert tried(usual).record["origin"].tolist() == ["2024-08", "2024-11"]
    assert life(usual).about["way"].tolist() == ["two_facts"]


def test_everybody_is_in_one_stage(usual: Study) -> None:
    customers = life(usual).customers
    ever = usual.profile(window=len(usual.months))
    assert sorted(customers["customer_id"]) == sorted(ever["customer_id"])
    assert set(customers["stage"]) <= set(STAGES)
    for name in ("stages", "stage_tiers", "lasting"):
        assert usual.ask(name)["customers"].sum() == len(customers)


def test_orders_after_the_month_change_nothing(usual: Study, tmp_path: Path) -> None:
    orders = shop()
    later = orders["date"] > "2025-02-28"
    assert later.any()
    doubled = pd.concat(
        [orders[~later], orders[later].assign(amount=1.0), orders[later].assign(customer_id="x")]
    )
    now, then = answers(study_of(doubled, tmp_path)), answers(usual)
    for name in now:
        pd.testing.assert_frame_equal(now[name], then[name])


def test_a_planted_leak_is_refused(usual: Study) -> None:
    with pytest.raises(
        DataError, match=r"2025-03 was asked for while only 2025-02 and before may be known: a leak"
    ):
        known_of(usual).at("2024-12", 6, "2025-03")


def test_the_record_knows_nothing_of_what_came_after_its_claims(usual: Study, tmp_path: Path) -> None:
    """Other orders in the last horizon change what happened, never what had been said."""
    orders = shop()
    last = orders["date"] >= "2024-12-01"
    other = study_of(orders[~last | (orders["customer_id"].str[-1] < "5")], tmp_path)
    now, then = tried(usual).record.iloc[-1], tried(other).record.iloc[-1]
    assert now["origin"] == then["origin"] == "2024-11"
    assert now["said_silent"] == then["said_silent"]
    assert now["happened"] < then["happened"]


def test_the_order_of_rows_and_the_names_do_not_matter(usual: Study, tmp_path: Path) -> None:
    orders = shop().sample(frac=1.0, random_state=5)
    numbers = orders["customer_id"].str[1:].astype(int)
    renamed = study_of(orders.assign(customer_id="z" + (100_000 - numbers).astype(str)), tmp_path)
    for name in FACTS:
        pd.testing.assert_frame_equal(renamed.ask(name), usual.ask(name))
    back = at_risk.lives(renamed)
    back["customer_id"] = "k" + (100_000 - back["customer_id"].str[1:].astype(int)).astype(str)
    same = at_risk.lives(usual).set_index("customer_id")
    pd.testing.assert_frame_equal(back.set_index("customer_id").loc[same.index], same)


def test_money_times_a_hundred_changes_only_money(usual: Study, tmp_path: Path) -> None:
    orders = shop()
    scaled = study_of(orders.assign(amount=(orders["amount"] * 100).round()), tmp_path)
    mine, other = at_risk.lives(usual), at_risk.lives(scaled)
    columns = ["customer_id", "tier", "stage", "lasting", "p_churn", "changes", "by_when"]
    pd.testing.assert_frame_equal(mine[columns], other[columns])
    np.testing.assert_allclose(other["at_stake_ahead"], mine["at_stake_ahead"] * 100)


def test_pseudonyms_stand_for_the_same_customers(usual: Study, tmp_path: Path) -> None:
    hidden = study_of(shop(), tmp_path, show_customer_ids=False)
    assert not set(at_risk.lives(hidden)["customer_id"]) & set(at_risk.lives(usual)["customer_id"])
    pd.testing.assert_frame_equal(hidden.ask("stages"), usual.ask("stages"))


# -- too little, and nothing to tell -------------------------------------------------------------------------------

PIECES = (
    *(at_risk.answer, at_risk.customers, at_risk.by_tier, churn.way, churn.record, churn.deciles),
    *(
        stage_page.meanings,
        stage_page.by_stage,
        stage_page.afterwards,
        stage_page.moved_on,
        stage_page.who_lasts,
    ),
    *(silence.answer, silence.over_the_months, silence.month_by_month),
    *(win_back.answer, win_back.customers, win_back.by_themselves),
)


def told(study: Study) -> list[str]:
    return [repr(piece(study)) for piece in PIECES]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_piece_speaks(usual: Study, language: str) -> None:
    assert all(told(usual.with_(language=language)))


@pytest.mark.parametrize(
    ("orders", "month", "said"),
    [
        (shop(), "2024-02", "Stages of life need 180 days of orders"),
        (shop(100), MONTH, "Stages of life need 500 customers"),
        (
            shop()[lambda o: ~o["date"].between("2025-01-25", "2025-02-28")],
            MONTH,
            "Nobody ordered in the last 30 days",
        ),
        (shop().drop_duplicates("customer_id"), "2024-09", "No customer has ordered on 3 days"),
    ],
    ids=["days", "customers", "silent", "once"],
)
def test_too_little_is_said_with_what_it_takes(orders, month, said, tmp_path: Path) -> None:
    study = study_of(orders, tmp_path, month)
    assert said in repr(at_risk.answer(study))
    assert not NEEDS["life"].met(study)
    assert study.ask("at_risk").empty
    assert all(told(study))


def test_customers_who_buy_at_random_get_no_forecast(tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    rows = [
        (f"n{number}", f"2024-{month:02d}-{int(random.integers(1, 29)):02d}", 10.0)
        for number in range(700)
        for month in range(1, 13)
        if random.random() < 0.3
    ]
    orders = pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
    study = study_of(orders, tmp_path, "2024-12")
    assert repr(at_risk.answer(study)).startswith("No forecast")
    assert at_risk.lives(study)["p_churn"].isna().all()
    assert len(study.ask("churn_record")) == 2


def test_everybody_equal_is_no_error(tmp_path: Path) -> None:
    rows = [(f"e{n}", f"2024-{m:02d}-15", 10.0) for n in range(510) for m in range(1, 13)]
    study = study_of(pd.DataFrame(rows, columns=["customer_id", "date", "amount"]), tmp_path, "2024-12")
    assert "No customer of A (Key) and B (Main) is at risk" in repr(at_risk.answer(study))
    assert all(told(study))


# -- the law of orders, where no earlier month end can teach ---------------------------------------------------------


def test_a_horizon_that_no_earlier_month_end_has_behind_it_is_asked_of_the_law_of_orders(
    tmp_path: Path,
) -> None:
    study = study_of(shop(), tmp_path, "2024-10", horizon_months=6)
    assert life(study).about["way"].tolist() == ["bg_nbd"]
    chances = at_risk.lives(study)["p_churn"]
    assert chances.between(0.0, 1.0).all()
    assert chances.nunique() > 100
    assert "law of orders (BG/NBD)" in repr(churn.way(study))
    assert "takes orders of 12 months. They are untried" in repr(churn.record(study))
    assert all(told(study))


def test_the_law_of_orders_is_held_against_the_best_constant(tmp_path: Path) -> None:
    """Almost everybody orders again, so nothing can be learned from silence, while the law can be tried."""
    regular = [
        (f"e{n}", f"2024-{m:02d}-{1 + (n * m) % 28:02d}", 9.0) for n in range(600) for m in range(1, 13)
    ]
    leaving = [(f"x{n}", f"2024-{m:02d}-15", 9.0) for n in range(15) for m in range(1, 8 + n % 3)]
    orders = pd.DataFrame(regular + leaving, columns=["customer_id", "date", "amount"])
    study = study_of(orders, tmp_path, "2024-12")
    assert life(study).about["way"].tolist() == ["bg_nbd"]
    record = tried(study).record
    assert record["origin"].tolist() == ["2024-03", "2024-06", "2024-09"]
    happened = record["happened"]
    np.testing.assert_allclose(record["brier_constant"], happened * (1 - happened))


def test_a_law_that_tells_nobody_from_another_is_not_shown() -> None:
    same = people(days_ever=[3.0] * 50, span_days=[60.0] * 50, age_days=[90.0] * 50)
    with pytest.raises(DataError, match="tells no customer from another"):
        by_law(same, 3)
    with pytest.raises(DataError, match="ordered on two days"):
        by_law(people(days_ever=[1.0] * 50, span_days=[0.0] * 50, age_days=[90.0] * 50), 3)
