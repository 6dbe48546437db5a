"""A history in memory for tests of the trial: orders as a frame, profiles made in plain pandas."""

from pathlib import Path

import numpy as np
import pandas as pd

from segmentation import months


class OrderHistory:
    """Orders (customer_id, day, amount) as the comparison wants to see them."""

    def __init__(self, orders: pd.DataFrame, window_months: int) -> None:
        self.orders, self.window_months = orders, window_months
        self.months = months.span(*(months.of(day) for day in (orders["day"].min(), orders["day"].max())))

    def profile(self, month: str, window_months: int | None = None) -> pd.DataFrame:
        window = window_months or self.window_months
        begin = pd.Timestamp(months.first_day(months.add(month, 1 - window)))
        as_of = pd.Timestamp(months.last_day(month))
        known = self.orders[self.orders["day"] <= as_of]
        inside = known[known["day"] >= begin]
        groups = inside.groupby("customer_id", sort=True)
        profile = pd.DataFrame(
            {
                "recency_days": (as_of - groups["day"].max()).dt.days,
                "frequency": groups.size(),
                "monetary": (groups["amount"].sum() * 100).round() / 100,
                "returns": 0,
                "last_order": groups["day"].max(),
                "first_order": known.groupby("customer_id")["day"].min(),
                "active_months": inside["day"].dt.strftime("%Y-%m").groupby(inside["customer_id"]).nunique(),
            }
        )
        profile = profile[profile["frequency"].notna()].reset_index(names="customer_id")
        profile.attrs = {"as_of": month, "window_months": window}
        return profile

    def order_histories(self, month: str, window: int) -> pd.DataFrame:
        begin = pd.Timestamp(months.first_day(months.add(month, 1 - window)))
        known = self.orders[self.orders["day"] <= pd.Timestamp(months.last_day(month))]
        inside = known[known["day"] >= begin]
        inside = inside.assign(squared=inside["amount"] ** 2)
        groups, within = known.groupby("customer_id")["day"], inside.groupby("customer_id")
        found = pd.DataFrame(
            {
                "days": groups.nunique(),
                "first_order": groups.min(),
                "last_order": groups.max(),
                "window_days": within["day"].nunique(),
                "orders": within.size(),
                "amount": within["amount"].sum(),
                "amount_squared": within["squared"].sum(),
            }
        )
        figures = ["window_days", "orders", "amount", "amount_squared"]
        return found.fillna(dict.fromkeys(figures, 0.0)).reset_index()

    def later_value(self, first: str, last: str) -> pd.DataFrame:
        begin, end = pd.Timestamp(months.first_day(first)), pd.Timestamp(months.last_day(last))
        inside = self.orders[self.orders["day"].between(begin, end)]
        value = (inside.groupby("customer_id")["amount"].sum() * 100).round() / 100
        return value.rename("value").reset_index()


def cdnow() -> pd.DataFrame:
    """CDNOW's orders (an order = customer and day), read out of the installed lifetimes package."""
    import importlib.util

    spec = importlib.util.find_spec("lifetimes")
    text = Path(next(iter(spec.submodule_search_locations))) / "datasets" / "CDNOW_master.txt"
    columns = ["customer_id", "day", "cds", "amount"]
    lines = pd.read_csv(text, sep=r"\s+", skiprows=1, names=columns, dtype={"customer_id": str})
    lines["day"] = pd.to_datetime(lines["day"].astype(str), format="%Y%m%d")
    return lines.groupby(["customer_id", "day"], as_index=False)["amount"].sum()


class Column:
    """A method that scores by one profile column."""

    def __init__(self, column: str, sign: float = 1.0) -> None:
        self.column, self.sign = column, sign

    def fit(self, profile: pd.DataFrame) -> "Column":
        return self

    def score(self, profile: pd.DataFrame) -> np.ndarray:
        return self.sign * profile[self.column].to_numpy(dtype=float)


class QuintileSum:
    """RFM's sum of quintile scores: cuts are occurring values, a value on a cut has the better score."""

    def fit(self, profile: pd.DataFrame) -> "QuintileSum":
        self.cuts_ = [self._cuts(column) for column in self._columns(profile)]
        return self

    def score(self, profile: pd.DataFrame) -> np.ndarray:
        return sum((c[:, None] >= cuts).sum(1) for c, cuts in zip(self._columns(profile), self.cuts_))

    @staticmethod
    def _columns(profile: pd.DataFrame) -> list[np.ndarray]:
        return [
            sign * profile[name].to_numpy(dtype=float)
            for sign, name in ((-1, "recency_days"), (1, "frequency"), (1, "monetary"))
        ]

    @staticmethod
    def _cuts(column: np.ndarray) -> np.ndarray:
        ranked = np.sort(column)
        quantiles = [ranked[-(-i * len(ranked) // 5) - 1] for i in range(1, 5)]
        return np.array([ranked[ranked > q].min(initial=np.inf) for q in quantiles])


def write_orders(path: Path, customers: int, months: int, seed: int = 0) -> Path:
    """A file of simulated orders from January 2016 on: customer_id, date, amount; everybody at an own rate."""
    random = np.random.default_rng(seed)
    days = (pd.Timestamp("2016-01-01") + pd.DateOffset(months=months) - pd.Timestamp("2016-01-01")).days
    count = 1 + random.poisson(random.gamma(0.8, 0.04, customers) * days)
    who = np.repeat(np.arange(customers), count)
    day = pd.Timestamp("2016-01-01") + pd.to_timedelta(random.integers(0, days, len(who)), unit="D")
    amount = random.gamma(6.0, 1 / random.gamma(3.0, 0.06, customers)[who]).round(2)
    made = pd.DataFrame({"customer_id": np.char.add("c", who.astype(str)), "date": day, "amount": amount})
    made.to_csv(path, index=False)
    return path
