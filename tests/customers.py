"""Generated customers and every form of every method, for property tests."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from segmentation.methods import ABC, RFM, Clusters, Method, Scorecard, Threshold

# cents: negative, zero, a cent, usual amounts with ties, a thousand million
CENTS = st.one_of(
    st.sampled_from([-500, 0, 1, 1, 29, 1000, 1000, 2500, 10**11]),
    st.integers(-10_000, 1_000_000),
    st.integers(1, 10**11),
)
FORMS: dict[str, Method] = {
    "ABC by value": ABC(),
    "ABC by customers": ABC(share_of_customers=(0.05, 0.20)),
    "ABC limits": ABC(limits="data"),
    "Threshold": Threshold(cuts=(10, 50)),
    "Threshold low": Threshold(cuts=(30, 200), column="recency_days"),
    "RFM sum": RFM(),
    "RFM mean": RFM(cuts="mean"),
    "RFM breaks": RFM(cuts="breaks", scores=3),
    "RFM given": RFM(cuts={"R": [200, 30], "F": [2, 4], "M": "median"}),
    "RFM nested": RFM(scores=3, nested=True),
    "RFM weighted": RFM(combine="weighted", pairwise=[[1, 5, 7], [1 / 5, 1, 3], [1 / 7, 1 / 3, 1]]),
    "RFM R first": RFM(combine="r_first", scores=9),
    "RFM percentile": RFM(combine="percentile", weights=(0.2, 0.3, 0.5)),
    "RFM eight": RFM(segments="eight"),
    "RFM ten": RFM(segments="ten"),
    "RFM eleven": RFM(segments="eleven", money="average_order"),
    "RFM three": RFM(segments="three"),
    "Clusters": Clusters(k=3),
    "Scorecard": Scorecard(
        {
            "monetary": {"weight": 0.5},
            "mean_gap_days": {"weight": 0.2},
            "recency_days": {"weight": 0.3, "cuts": [300, 60], "points": [10, 50, 90]},
        }
    ),
}
INDEPENDENT = [name for name in FORMS if name not in ("RFM nested", "Clusters")]


@st.composite
def profiles(draw: st.DrawFn, largest: int = 30) -> pd.DataFrame:
    """A small profile with many ties; money is whole cents."""
    kinds = draw(
        st.lists(
            st.tuples(
                st.sampled_from([0, 1, 30, 30, 99, 400]) | st.integers(0, 700),
                st.sampled_from([1, 1, 1, 2, 3, 50]),
                CENTS,
                st.sampled_from([None, 7.5, 30.0, 90.0]),
            ),
            min_size=1,
            max_size=largest,
        )
    )
    again = draw(st.integers(0, 3))
    return make(kinds + kinds[:again] + kinds[:1])


def make(kinds: list[tuple[int, int, int, float | None]]) -> pd.DataFrame:
    """The profile of customers given as (recency, frequency, cents, gap)."""
    recency, frequency, cents, gaps = (list(column) for column in zip(*kinds))
    money = np.array(cents, dtype=np.int64) / 100
    profile = pd.DataFrame(
        {
            "customer_id": [f"c{place:03}" for place in range(len(kinds))],
            "recency_days": recency,
            "frequency": frequency,
            "monetary": money,
            "average_order": money / np.array(frequency),
            "mean_gap_days": np.array(gaps, dtype=np.float64),
        }
    )
    profile.attrs = {"as_of": "2017-12", "window_months": 12, "currency": "USD", "minor_units": 2}
    return profile


def in_other_units(profile: pd.DataFrame, factor: int) -> pd.DataFrame:
    """The same profile with its money told in a unit `factor` times smaller."""
    cents = np.rint(profile["monetary"].to_numpy() * 100).astype(np.int64) * factor
    money = cents / 100
    return profile.assign(monetary=money, average_order=money / profile["frequency"].to_numpy())
