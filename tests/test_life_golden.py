"""Stages of life, chances of silence and returns on real data: the figures of research, to their digits.

Sources: CDNOW master (an order = customer and day), Online Retail (UCI 352, positive lines with a customer),
Complete Journey; tier = ABC 80/95 over a window of twelve months.
"""

import numpy as np
import pandas as pd
import pytest
from life_making import ONLINE_RETAIL, abc_as_researched, complete_journey, ledger_of, online_retail
from order_history import cdnow

from segmentation import ABC, months, profile
from segmentation.methods.bg_nbd import BgNbd
from segmentation.movement.life.churn import TwoFacts, claimed, claimed_by_law, own_rate, tells
from segmentation.movement.life.known import Known, active
from segmentation.movement.life.silence import came_back, former, silent_share
from segmentation.movement.life.stages import Rhythm, stages, taken_back

RETAIL = pytest.mark.skipif(
    not ONLINE_RETAIL.exists(), reason="the reference data is not beside the checkout"
)
WINDOW = 12


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Known]:
    folder = tmp_path_factory.mktemp("ledgers")
    orders = {"CD": cdnow().rename(columns={"day": "date"}), "CJ": complete_journey()}
    if ONLINE_RETAIL.exists():
        orders["OR"] = online_retail()
    made = {name: ledger_of(frame, folder / name) for name, frame in orders.items()}
    return {name: Known(ledger, ledger.last) for name, ledger in made.items()}


def exact_waits(orders: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """The days from first to second order day from the orders themselves, where the ledger has months only."""
    until = pd.Timestamp(months.last_day(as_of))
    days = orders.loc[orders["date"] <= until, ["customer_id", "date"]].drop_duplicates().sort_values("date")
    second = days.groupby("customer_id")["date"].nth([0, 1]).to_frame().join(days["customer_id"])
    waits = second.groupby("customer_id")["date"].agg(["min", "max", "size"])
    waits = (waits["max"] - waits["min"]).dt.days[waits["size"] == 2]
    return waits.value_counts().sort_index().rename_axis("wait").reset_index(name="customers")


# k = 3: first_wait, r, alpha, then customers and the share that ordered again, of each stage
STAGES = {
    "CD": (
        "1998-03", 0, 185, 2.729, 169.74,
        {"growth_stage": (2622, 0.411), "maturity_stage": (4059, 0.328), "churn_stage": (16889, 0.054)},
    ),
    "OR": (
        "2011-08", 0, 105, 3.172, 128.27,
        {"conversion_stage": (548, 0.443), "growth_stage": (1098, 0.709),
         "maturity_stage": (611, 0.787), "churn_stage": (1060, 0.348)},
    ),
    "CJ": (
        "2017-09", 0, 21, 1.752, 11.30,
        {"conversion_stage": (7, 0.714), "growth_stage": (919, 0.962),
         "maturity_stage": (1201, 0.982), "churn_stage": (319, 0.740)},
    ),
    "CJ floor": (
        "2017-09", 90, 21, 1.752, 11.30,
        {"conversion_stage": (20, None), "growth_stage": (959, None),
         "maturity_stage": (1344, None), "churn_stage": (123, 0.553)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", [pytest.param("CD"), pytest.param("OR", marks=RETAIL), "CJ", "CJ floor"])
def test_stages_and_what_they_did_afterwards(name: str, ledgers: dict[str, Known]) -> None:
    as_of, floor, first_wait, r, alpha, expected = STAGES[name]
    ledger = ledgers[name[:2]]
    customers = ledger.at(as_of, WINDOW, months.add(as_of, 3))
    waits = exact_waits(complete_journey(), as_of) if name[:2] == "CJ" else ledger.first_waits(as_of)
    rhythm = Rhythm.fit(customers, waits)
    assert rhythm.first_wait == first_wait
    assert (rhythm.r, rhythm.alpha) == pytest.approx((r, alpha), rel=5e-4)
    placed = stages(customers, rhythm, floor)["stage"]
    again = (customers["later_orders"] > 0).groupby(placed).agg(["size", "mean"])
    assert again["size"].to_dict() == {stage: n for stage, (n, _) in expected.items()}
    for stage, (_, share) in expected.items():
        assert share is None or again.loc[stage, "mean"] == pytest.approx(share, abs=0.0006)


def test_the_ledgers_waits_are_a_day_off_where_a_month_holds_many_orders(ledgers: dict[str, Known]) -> None:
    customers = ledgers["CJ"].at("2017-09", WINDOW)
    assert Rhythm.fit(customers, ledgers["CJ"].first_waits("2017-09")).first_wait == pytest.approx(21, abs=1)


@RETAIL
def test_stage_by_tier_and_who_lasts(ledgers: dict[str, Known]) -> None:
    customers = ledgers["OR"].at("2011-08", WINDOW)
    placed = stages(customers, Rhythm.fit(customers, ledgers["OR"].first_waits("2011-08")), 0)
    now = profile(ledgers["OR"].ledger, "2011-08", WINDOW)
    tiers = ABC().fit(now).rule_.apply(now).set_index("customer_id")["tier"]
    counted = pd.crosstab(placed["stage"], ledgers["OR"].named(placed)["customer_id"].map(tiers))
    assert counted.to_numpy().tolist() == [[26, 138, 384], [475, 489, 134], [354, 221, 36], [67, 295, 698]]
    assert placed["lasting"].value_counts().to_dict() == {
        "in_between": 1254,
        "temporary": 879,
        "long_term": 636,
        "too_early": 548,
    }


@pytest.mark.parametrize(
    ("name", "as_of", "changed", "reversed_"),
    [
        ("CD", "1998-03", 0.101, 0.063),
        pytest.param("OR", "2011-08", 0.210, 0.135, marks=RETAIL),
        ("CJ", "2017-09", 0.336, 0.232),
    ],
)
def test_changes_of_stage_and_those_taken_back(name, as_of, changed, reversed_, ledgers) -> None:
    def placed(month: str) -> pd.DataFrame:
        customers = ledgers[name].at(month, WINDOW)
        return stages(customers, Rhythm.fit(customers, ledgers[name].first_waits(month)), 0)

    three = [placed(months.add(as_of, step)) for step in (-1, 0, 1)]
    assert taken_back(*three) == pytest.approx((changed, reversed_), abs=0.0006)


# learned at, tested at, horizon: AUC, Brier, the constant's, calibration error
CHURN = [
    ("CD", "1997-06", "1997-12", 6, 0.805, 0.133, 0.1780, 0.054),
    ("CD", "1997-12", "1998-03", 3, 0.736, 0.178, 0.2289, 0.045),
    pytest.param("OR", "2011-05", "2011-08", 3, 0.739, 0.206, 0.2505, 0.040, marks=RETAIL),
    ("CJ", "2017-06", "2017-09", 3, 0.878, 0.043, 0.0547, 0.016),
]


def pair(ledger: Known, learned: str, tested: str, horizon: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    ends = [(month, months.add(month, horizon)) for month in (learned, tested)]
    first, second = (active(ledger.at(as_of, WINDOW, until)) for as_of, until in ends)
    return first, second


@pytest.mark.parametrize(("name", "learned", "tested", "horizon", "auc", "brier", "constant", "error"), CHURN)
def test_the_two_facts_on_trial(name, learned, tested, horizon, auc, brier, constant, error, ledgers) -> None:
    claims = claimed(*pair(ledgers[name], learned, tested, horizon))
    record = claims.record()
    assert record["auc"] == pytest.approx(auc, abs=0.0006)
    assert record["brier"] == pytest.approx(brier, abs=0.0006)
    assert record["brier_constant"] == pytest.approx(constant, abs=0.00006)
    assert record["calibration_error"] == pytest.approx(error, abs=0.0006)
    assert tells([claims.lead()])


@pytest.mark.parametrize(
    ("name", "learned", "tested", "coefficients"),
    [
        ("CD", "1997-12", "1998-03", (1.701, 0.390, -1.655)),
        pytest.param("OR", "2011-05", "2011-08", (1.981, 0.105, -2.296), marks=RETAIL),
        ("CJ", "2017-06", "2017-09", (-1.724, 0.564, -1.231)),
    ],
)
def test_coefficients(name, learned, tested, coefficients, ledgers) -> None:
    fitted = TwoFacts.fit(pair(ledgers[name], learned, tested, 3)[0])
    # the figures come from a solver that stopped a little earlier than Newton's method does
    assert tuple(fitted) == pytest.approx(coefficients, abs=0.0025)


@pytest.mark.parametrize(
    ("name", "learned", "tested", "stakes", "said", "came"),
    [
        pytest.param("OR", "2011-05", "2011-08", [347_392, 280_348, 161_123], None, None, marks=RETAIL),
        (
            *("CD", "1997-12", "1998-03", [85_873, 32_266, 12_410]),
            *([0.473, 0.719, 0.825], [0.536, 0.740, 0.849]),
        ),
    ],
)
def test_money_at_stake_by_tier(name, learned, tested, stakes, said, came, ledgers) -> None:
    first, second = pair(ledgers[name], learned, tested, 3)
    chances = TwoFacts.fit(first).chances(second)
    now = profile(ledgers[name].ledger, tested, WINDOW)
    tier = abc_as_researched(now).apply(now)["tier"].to_numpy()
    of_tier = pd.DataFrame(
        {
            "stake": chances * own_rate(second, 3),
            "said": chances,
            "came": (second["later_orders"] <= 0).astype(float),
        }
    ).groupby(tier)
    assert of_tier["stake"].sum().tolist() == pytest.approx(stakes, rel=1e-3)
    if said:
        assert of_tier["said"].mean().tolist() == pytest.approx(said, abs=0.0015)
        assert of_tier["came"].mean().tolist() == pytest.approx(came, abs=0.0006)


# silent for longer than so many days: the share flagged, precision, recall
HIATUS = [
    ("CD", "1997-12", "1998-03", 90, 0.598, 0.809, 0.691),
    ("CD", "1997-12", "1998-03", 180, 0.364, 0.852, 0.442),
    pytest.param("OR", "2011-05", "2011-08", 90, 0.417, 0.602, 0.575, marks=RETAIL),
    pytest.param("OR", "2011-05", "2011-08", 180, 0.161, 0.664, 0.245, marks=RETAIL),
    ("CJ", "2017-06", "2017-09", 90, 0.053, 0.434, 0.394),
    ("CJ", "2017-06", "2017-09", 180, 0.012, 0.483, 0.099),
]


@pytest.mark.parametrize(("name", "learned", "tested", "days", "flagged", "precision", "recall"), HIATUS)
def test_days_silent_alone(name, learned, tested, days, flagged, precision, recall, ledgers) -> None:
    now = pair(ledgers[name], learned, tested, 3)[1]
    flag, silent = now["recency_days"] > days, now["later_orders"] <= 0
    found = flag.mean(), silent[flag].mean(), flag[silent].mean()
    assert found == pytest.approx((flagged, precision, recall), abs=0.0006)


def test_which_tiers_the_churn_stage_has(ledgers: dict[str, Known]) -> None:
    customers = ledgers["CJ"].at("2017-09", WINDOW)
    waits = exact_waits(complete_journey(), "2017-09")
    rhythm = Rhythm.fit(customers, waits)
    now = profile(ledgers["CJ"].ledger, "2017-09", WINDOW)
    tier = ABC().fit(now).rule_.apply(now).set_index("customer_id")["tier"]
    placed = ledgers["CJ"].named(stages(customers, rhythm, 90))
    gone = placed.loc[placed["stage"] == "churn_stage", "customer_id"]
    assert tier.reindex(gone).value_counts().sort_index().tolist() == [2, 5, 116]


@pytest.mark.parametrize(
    ("name", "first", "last", "shares"),
    [
        ("CD", "1997-09", "1998-06", [0.574, 0.572, 0.547, 0.516, 0.510, 0.541, 0.537, 0.533, 0.510, 0.539]),
        pytest.param("OR", "2011-06", "2011-11", [0.413, 0.402, 0.434, 0.392, 0.359, 0.318], marks=RETAIL),
        ("CJ", "2017-06", "2017-12", [0.040, 0.035, 0.041, 0.043, 0.045, 0.042, 0.038]),
    ],
)
def test_share_silent_over_the_months(name, first, last, shares, ledgers) -> None:
    found = [silent_share(ledgers[name], month, 3) for month in months.span(first, last)]
    assert [round(each["share_silent"], 3) for each in found] == shares
    if name == "OR":
        assert [round(each["half_width"], 3) for each in found][:1] == [0.023]
        assert (round(found[0]["had_brought"]), round(found[-1]["had_brought"])) == (397_622, 308_000)
        assert (round(found[0]["net_retention"], 3), round(found[-1]["net_retention"], 3)) == (0.803, 1.169)


@pytest.mark.parametrize(
    ("name", "base", "as_of", "horizon", "tiers"),
    [
        ("CD", "1997-06", "1998-01", 5, {"A": (6717, 0.172), "B": (7095, 0.099)}),
        pytest.param("OR", "2011-03", "2011-08", 3, {"A": (132, 0.470), "B": (307, 0.342)}, marks=RETAIL),
    ],
)
def test_who_comes_back_by_himself(name, base, as_of, horizon, tiers, ledgers) -> None:
    then = profile(ledgers[name].ledger, base, WINDOW)
    earlier = ABC().fit(then).rule_.apply(then)
    customers = ledgers[name].named(ledgers[name].at(as_of, WINDOW, months.add(as_of, horizon)))
    silent = former(earlier, customers, ["A", "B"])
    found = came_back(silent, "former_tier").set_index("group")
    for tier, (customers, share) in tiers.items():
        assert found.loc[tier, "customers"] == customers
        assert found.loc[tier, "came_back"] == pytest.approx(share, abs=0.0006)
    if name == "CD":
        by_silence = came_back(silent, "band").set_index("group")["came_back"]
        assert np.round(by_silence, 3).to_dict() == {
            "silent_120": 0.376,
            "silent_180": 0.293,
            "silent_270": 0.084,
        }
        returned = silent[silent["later_value"] > 0]["later_value"]
        assert returned.mean() == pytest.approx(58.41, abs=0.005)


# month, horizon; AUC and Brier of BG/NBD's chance of no order, fitted to everybody known
LAW = [
    ("CD", "1997-12", 6, 0.788, 0.1311),
    ("CD", "1998-03", 3, 0.738, 0.1750),
    pytest.param("OR", "2011-08", 3, 0.735, 0.2156, marks=RETAIL),
    ("CJ", "2017-09", 3, 0.881, 0.0469),
]


@pytest.mark.parametrize(("name", "as_of", "horizon", "auc", "brier"), LAW)
def test_the_law_of_orders_ranks_like_the_two_facts(name, as_of, horizon, auc, brier, ledgers) -> None:
    everybody = ledgers[name].at(as_of, WINDOW, months.add(as_of, horizon))
    record = claimed_by_law(everybody, (everybody["frequency"] > 0).to_numpy(), horizon).record()
    assert (record["auc"], record["brier"]) == pytest.approx((auc, brier), abs=0.0006)


@pytest.mark.parametrize(
    ("name", "as_of", "parameters"),
    [
        ("CD", "1997-12", (0.2656, 38.081, 0.5991, 2.2290)),
        ("CJ", "2017-09", (1.3998, 9.525, 0.0295, 26.7264)),
    ],
)
def test_the_law_of_orders_has_the_parameters_of_research(name, as_of, parameters, ledgers) -> None:
    everybody = ledgers[name].at(as_of, WINDOW)
    facts = (everybody[column].to_numpy(dtype=float) for column in ("days_ever", "span_days", "age_days"))
    days, span, age = facts
    found = BgNbd.fit(days - 1.0, span, age)
    assert (found.r, found.alpha, found.a, found.b) == pytest.approx(parameters, rel=2e-3)
