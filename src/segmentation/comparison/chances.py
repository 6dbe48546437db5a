"""P(tier) for amount rules: models of coming back, put on trial one window ago; the best one speaks."""

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from segmentation import months
from segmentation.comparison.capture import Floats
from segmentation.comparison.chance_learning import LearnedChance, cross_learned, log_loss
from segmentation.comparison.confidence import DORMANT, GRADES, amount_cuts
from segmentation.comparison.own_spend import OwnSpend
from segmentation.comparison.reaching import reaches
from segmentation.comparison.returning import Known, Returning
from segmentation.errors import DataError
from segmentation.methods.bg_nbd import BgNbd

SHOCKS = (3.0, 5.0, 8.0, 12.0, 20.0, 30.0, 50.0, 80.0)
UNTRIED_SHOCK = 20.0
_SAMPLE = 10_000


class Histories(Protocol):
    """What P(tier) needs to know of the past; a Study is one."""

    @property
    def months(self) -> list[str]:
        """Every month of data up to the one asked for, oldest first."""
        ...

    @property
    def window_months(self) -> int:
        """The months of a window."""
        ...

    def order_histories(self, month: str, window: int) -> pd.DataFrame:
        """Everybody known by the month's end, as `ledger.profiles.order_histories` gives it."""
        ...

    def later_value(self, first: str, last: str) -> pd.DataFrame:
        """The net value of each customer in those months: customer_id, value."""
        ...


@dataclass(frozen=True)
class Chances:
    """P(tier) of every customer, and which model says so on what evidence.

    chances: customer_id, a column a tier, `dormant` (no order at all); the rows sum to 1.
    models: one row a candidate: model ("drop_out": BG/NBD; "drift": with a shock of the window besides;
    "learned": corrected by a logistic regression), chosen, shock (its shape; infinite for none), origin and
    ahead (the month end of the test and the months looked at after it; empty where nothing could be tested),
    customers, log_loss (of all tiers), ece (own tier, ten bins), sure, said, came (those called sure there,
    what was said of them and the share that came true; of the best tier).
    """

    chances: pd.DataFrame
    models: pd.DataFrame


def tier_chances(history: Histories, month: str, rule: Any) -> Chances:
    """P(tier): the probability that the next window, not overlapping this one, puts the customer there.

    `rule` is an amount rule; its cuts hold for the next window. Order days come from BG/NBD fitted to all
    customers known, spend from gamma-gamma; returns come off in the population's proportion. The shock (how
    much rates drift) and the model are those with the least log loss at the last month end with a full
    window after it, where a logistic regression learns to correct the model besides. Without such a month
    end the window's own second half is foretold from its first with cuts in proportion, and the shock's
    variance doubled, since a random walk drifts twice as far between windows as between their halves.

    Raises DataError for a rule that looks at more than spend (ask for its steadiness instead), and where no
    customer has an order above zero to learn from.
    """
    cuts = amount_cuts(rule)
    if cuts is None:
        raise DataError(
            f"{rule.method}: the rule looks at more than spend, so its tiers have no probability; "
            "ask for their steadiness"
        )
    window = history.window_months
    now = _Moment.of(history, month, window, window, np.array(cuts))
    origin = months.add(month, -window)
    models: list[dict[str, Any]] = []
    shock, learned = UNTRIED_SHOCK, None
    if history.months[0] <= months.add(origin, 1 - window):
        then = _Moment.of(history, origin, window, window, np.array(cuts)).sample()
        models, shock, learned = _tried(history, then, _before(history, origin, window, np.array(cuts)))
    elif window > 1 and history.months[0] <= months.add(month, -(window // 2)):
        half = window // 2
        share = np.array(cuts) * half / window
        middle = months.add(month, -half)
        then = _Moment.of(history, middle, window - half, half, share, now).sample()
        models, shock, _ = _tried(history, then, None, learn=False)
        shock /= 2.0
        models = [{**model, "shock": model["shock"] / 2.0} for model in models]
    if not models:
        untried = {"origin": "", "ahead": 0, "customers": 0, "sure": 0}
        models = [{"model": "drift", "chosen": True, "shock": shock, **untried}]
    reached = now.reaches([shock])[0]
    if learned is not None:
        reached = learned.corrected(reached, now.facts())
    table = pd.DataFrame(_tiers_of(reached), columns=[*rule.tiers, DORMANT])
    table.insert(0, "customer_id", now.customers["customer_id"].to_numpy())
    columns = ["model", "chosen", "shock", "origin", "ahead", "customers", "log_loss", "ece"]
    return Chances(table, pd.DataFrame(models).reindex(columns=[*columns, "sure", "said", "came"]))


class _Moment(NamedTuple):
    """The customers of a window, the population they come from, and the months ahead."""

    month: str
    ahead_months: int
    cuts: Floats
    customers: pd.DataFrame
    model: BgNbd
    spend: OwnSpend
    kept: float
    orders_a_day: float

    @classmethod
    def of(
        cls,
        history: Histories,
        month: str,
        window: int,
        ahead: int,
        cuts: Floats,
        like: "_Moment | None" = None,
    ) -> "_Moment":
        """As of a month; the population is learned from all known by then, or taken from another moment."""
        everybody = history.order_histories(month, window)
        customers = everybody[everybody["window_days"] > 0]
        net = history.later_value(months.add(month, 1 - window), month).set_index("customer_id")["value"]
        customers = customers.assign(net=customers["customer_id"].map(net).fillna(0.0))
        if like is not None:
            return like._replace(month=month, ahead_months=ahead, cuts=cuts, customers=customers)
        figures = [customers[c].to_numpy(dtype=np.float64) for c in ("orders", "amount", "amount_squared")]
        if not ((figures[0] > 0) & (figures[1] > 0)).any():
            raise DataError(f"{month}: no customer has an order above zero to learn a chance from")
        known = Known.of(everybody, month)
        # where nobody came back yet, one order in twice the time seen; a day at least, for who came on the last
        seen = max(float(known.age.mean()), 1.0)
        model = BgNbd.fit(*known) if (known.repeats > 0).any() else BgNbd(1.0, seen, 0.0, 1.0, 0)
        kept = float(customers["net"].sum() / customers["amount"].sum())
        per_day = float(customers["orders"].sum() / customers["window_days"].sum())
        return cls(month, ahead, cuts, customers, model, OwnSpend.fit(*figures), kept, per_day)

    def sample(self) -> "_Moment":
        """At most 10,000 customers, every n-th in the order of their figures."""
        figures = self.customers.drop(columns="customer_id")
        rank = np.lexsort([figures[column].to_numpy() for column in figures])
        step = -(-len(rank) // _SAMPLE) or 1
        return self._replace(customers=self.customers.iloc[rank[::step]])

    def reaches(self, shocks: list[float]) -> list[Floats]:
        """P(the months ahead reach each cut), and any order at all, under shocks of these shapes."""
        first, last = months.last_day(self.month), months.last_day(months.add(self.month, self.ahead_months))
        known = Known.of(self.customers, self.month)
        laws = [Returning(self.model, shock).law(known, float((last - first).days)) for shock in shocks]
        gross = self.cuts / self.kept if self.kept > 0 else np.full(len(self.cuts), np.inf)
        orders, amount = (self.customers[c].to_numpy(dtype=np.float64) for c in ("orders", "amount"))
        return reaches(laws, self.spend, orders, amount, np.maximum(gross, 1e-9), self.orders_a_day)

    def facts(self) -> Floats:
        """What a correction looks at: silence, silence in own gaps, tenure, orders; logarithms."""
        known = Known.of(self.customers, self.month)
        silent = known.age - known.recency
        gap = np.where(known.repeats > 0, known.recency / np.maximum(known.repeats, 1.0), known.age)
        orders = self.customers["window_days"].to_numpy(dtype=np.float64)
        columns = [silent, silent / np.maximum(gap, 2.0), known.age, orders]
        return np.log1p(np.column_stack(columns))

    def places(self) -> NDArray[np.intp]:
        """The position of each customer's tier now."""
        return (self.customers["net"].to_numpy()[:, None] < self.cuts[None, :]).sum(axis=1)

    def came(self, history: Histories) -> NDArray[np.intp]:
        """Where the months ahead put them; after the last tier, who ordered nothing."""
        end = months.add(self.month, self.ahead_months)
        ids = self.customers["customer_id"]
        value = history.later_value(months.add(self.month, 1), end).set_index("customer_id")["value"]
        later = ids.map(value).fillna(0.0).to_numpy(dtype=np.float64)
        days = history.order_histories(end, self.ahead_months).set_index("customer_id")["window_days"]
        place = (later[:, None] < self.cuts[None, :]).sum(axis=1)
        nothing = (place == len(self.cuts)) & (ids.map(days).fillna(0).to_numpy() == 0)
        return np.where(nothing, len(self.cuts) + 1, place)


def _before(history: Histories, origin: str, window: int, cuts: Floats) -> _Moment | None:
    """The origin before that one, if its window is known as well."""
    earlier = months.add(origin, -window)
    if history.months[0] > months.add(earlier, 1 - window):
        return None
    return _Moment.of(history, earlier, window, window, cuts).sample()


def _tried(
    history: Histories, then: _Moment, before: _Moment | None, learn: bool = True
) -> tuple[list[dict[str, Any]], float, LearnedChance | None]:
    """The candidates' record, the best shock, and the correction if it did better than none.

    A correction is judged where it was not learned: at this origin, learned at the one before; without one,
    on fifths of the customers that were left out.
    """
    came, places = then.came(history), then.places()
    tried = dict(zip([np.inf, *SHOCKS], then.reaches([np.inf, *SHOCKS])))
    losses = {shock: log_loss(_tiers_of(reached), came) for shock, reached in tried.items()}
    finite = min(SHOCKS, key=lambda shock: losses[shock])
    shock = min((np.inf, finite), key=lambda one: losses[one])
    candidates = {"drop_out": (np.inf, tried[np.inf]), "drift": (finite, tried[finite])}
    if learn:
        if before is not None:
            taught = LearnedChance.fit(before.reaches([shock])[0], before.facts(), before.came(history))
            candidates["learned"] = (shock, taught.corrected(tried[shock], then.facts()))
        else:
            candidates["learned"] = (shock, cross_learned(tried[shock], then.facts(), came))
    rows = [
        {"model": name, "chosen": False, "shock": size, **_record(then, reached, places, came)}
        for name, (size, reached) in candidates.items()
    ]
    best = min(rows, key=lambda row: row["log_loss"])
    best["chosen"] = True
    if best["model"] != "learned":
        return rows, shock, None
    return rows, shock, LearnedChance.fit(tried[shock], then.facts(), came)


def _record(
    then: _Moment, reached: Floats, places: NDArray[np.intp], came: NDArray[np.intp]
) -> dict[str, Any]:
    chances = _tiers_of(reached)
    own = chances[np.arange(len(chances)), places]
    sure = (places == 0) & (own >= GRADES[0][1])
    return {
        "origin": then.month,
        "ahead": then.ahead_months,
        "customers": len(own),
        "log_loss": log_loss(chances, came),
        "ece": calibration_error(own, came == places),
        "sure": int(sure.sum()),
        "said": float(own[sure].mean()) if sure.any() else np.nan,
        "came": float((came == places)[sure].mean()) if sure.any() else np.nan,
    }


def calibration_error(said: Floats, came: NDArray[np.bool_]) -> float:
    """The expected calibration error: in ten bins of what was said, the mean distance to what came.

    >>> round(calibration_error(np.array([.9, .9, .2]), np.array([True, False, False])), 3)
    0.333
    """
    place = np.minimum((said * 10).astype(int), 9)
    gaps = np.bincount(place, said, 10) - np.bincount(place, came, 10)
    return float(np.abs(gaps).sum() / len(said))


def _tiers_of(reached: Floats) -> Floats:
    """A chance a tier, and of none, from the chances to reach each cut."""
    least = np.column_stack([np.zeros(len(reached)), reached, np.ones(len(reached))])
    return np.clip(np.diff(least, axis=1), 0.0, 1.0)
