"""The comparison's results for a study: each computed once, by whoever asks first, and kept in the store."""

from collections.abc import Callable
from itertools import pairwise

import pandas as pd

from segmentation.comparison import agreement as agreeing
from segmentation.comparison import migration
from segmentation.comparison import sensitivity as sensing
from segmentation.comparison import stability as steadying
from segmentation.comparison import trial as trying
from segmentation.comparison import verdict as judging
from segmentation.comparison.chances import Chances, tier_chances
from segmentation.comparison.confidence import amount_cuts, graded, of_own_tier
from segmentation.comparison.shares import tier_shares
from segmentation.methods.lifetime import LifetimeValue
from segmentation.movement import attribution, lists, refit, states
from segmentation.questions import worthwhile
from segmentation.questions.gates import Finding, judge, refuse
from segmentation.study.study import Study

_TRIAL = {
    *("methods", "official", "origins", "holdout_months", "capacity"),
    *("hiatus_days", "cost_of_missing", "cost_of_waste"),
}
_WINDOWS = (3, 6, 12)
_YEARLY_DISCOUNT = 0.10


def trial(study: Study) -> trying.Trial:
    """The methods on trial at past month ends, with what happened up to this month."""
    settings = study.settings

    def run() -> dict[str, pd.DataFrame]:
        return trying.trial(
            study,
            study.methods(),
            official=settings.official,
            origins=settings.origins,
            holdout_months=settings.holdout_months,
            capacity=settings.capacities,
            month=study.month,
            hiatus_days=settings.hiatus_days,
            cost_of_missing=settings.cost_of_missing,
            cost_of_waste=settings.cost_of_waste,
            seed=settings.seed,
        ).tables()

    asked = settings.model_dump(include=_TRIAL)
    return trying.Trial.from_tables(study.frames("trial", {**study.question(study.month), **asked}, run))


def verdict(study: Study) -> judging.Verdict:
    """What the trial says of the official method at the first capacity."""
    return judging.verdict(trial(study))


def agreement(study: Study) -> pd.DataFrame:
    """How far each pair of methods agrees on this month's tiers."""
    return agreeing.agreement(study.tiers(), study.tier_names)


def stability(study: Study, month: str | None = None) -> steadying.Stability:
    """What learning again from resampled customers changes, for every method that can be learned."""
    month = month or study.month
    sound = {n: m for n, m in study.methods().items() if "failed" not in study.learned(n, month)}

    def run() -> dict[str, pd.DataFrame]:
        known = {name: study.rule(name, month) for name in sound if study.learned_at(name, month) == month}
        return steadying.stability(
            sound,
            study.profile(month),
            study.tier_names,
            seed=study.settings.seed,
            rules={name: rule for name, rule in known.items() if rule is not None},
        ).tables()

    key = {**study.question(month), "methods": {name: study.settings.methods[name] for name in sound}}
    return steadying.Stability.from_tables(study.frames("stability", key, run))


def sensitivity(study: Study) -> sensing.Sensitivity:
    """What share of the best tier survives each defensible choice."""

    def run() -> dict[str, pd.DataFrame]:
        windows = {w for w in _WINDOWS if w <= len(study.months)} | {study.window_months}
        profiles = {window: study.profile(window=window) for window in sorted(windows)}
        return sensing.sensitivity(
            study.methods(), profiles, study.tier_names, window_months=study.window_months
        ).tables()

    key = {**study.question(study.month), "methods": study.settings.methods}
    return sensing.Sensitivity.from_tables(study.frames("sensitivity", key, run))


def is_probability(study: Study, name: str) -> bool:
    """Whether the chances of a method's tiers are probabilities (an amount rule), not steadiness."""
    rule = study.rule(name)
    return rule is not None and amount_cuts(rule) is not None


def chances(study: Study, name: str | None = None) -> pd.DataFrame:
    """Each customer's chance of each tier: customer_id, a column a tier.

    For amount rules the probability over an independent window; for the others the steadiness, the share of
    refits on resampled customers.
    """
    name = name or study.settings.official
    if not is_probability(study, name):
        steady = stability(study).steadiness
        return steady[steady["method"] == name].drop(columns="method").reset_index(drop=True)
    return probabilities(study, name).chances


def probabilities(study: Study, name: str | None = None, month: str | None = None) -> Chances:
    """P(tier) of an amount rule's customers, and the record of the models that could have said it."""
    name, month = name or study.settings.official, month or study.month
    rule = study.rule(name, month)
    key = {**study.question(month), "rule": study.learned(name, month)["rule"]["json"].iloc[0]}
    return Chances.from_tables(
        study.frames("chances", key, lambda: tier_chances(study, month, rule).tables())
    )


def confidence(study: Study, name: str | None = None) -> pd.DataFrame:
    """How many customers of each tier are sure of it, likely, a coin toss or doubtful."""
    name = name or study.settings.official
    return graded(study.learned(name)["tiers"]["tier"], _in_order(study, name), study.tier_names)


def chance_of_tier(study: Study, name: str | None = None) -> pd.Series:
    """For each customer of the profile, in its order, the chance of the tier that the method gives."""
    name = name or study.settings.official
    own = of_own_tier(study.learned(name)["tiers"]["tier"], _in_order(study, name))
    return pd.Series(own, name="chance")


def moves(study: Study, name: str | None = None) -> pd.DataFrame:
    """Every customer of last month and this one with the states before and after, under one method."""
    before = study.month_before
    return states.changes(
        study.tiers(before),
        study.tiers(),
        name or study.settings.official,
        study.tier_names,
        study.dormant(before)["customer_id"],
    )


def not_comparable(study: Study, name: str | None = None) -> pd.DataFrame:
    """The settings in which last month's rule differs from this month's; empty if they can be compared."""
    was, now = study.rule(name, study.month_before), study.rule(name)
    return attribution.what_changed(was, now)


def attributed(study: Study, name: str | None = None) -> pd.DataFrame:
    """Why each customer changed tier since last month: the customer, the boundary, both, or time."""
    name = name or study.settings.official
    was, now = study.rule(name, study.month_before), study.rule(name)
    if was is None or now is None:
        return pd.DataFrame(columns=["customer_id", "before", "after", "cause", "within_noise"])
    return attribution.attribute(
        study.profile(study.month_before), study.profile(), was, now, study.tier_names, chances(study, name)
    )


def risers(study: Study) -> pd.DataFrame:
    """Tomorrow's stars: customers below the best tier who rise and are close or likely to cross."""
    name = study.settings.official
    rule = study.rule(name)
    cuts = amount_cuts(rule) if rule is not None else None
    tiers = study.learned(name)["tiers"]["tier"]
    return lists.risers(study.profile(), tiers, study.tier_names, chances(study), cuts)


def slipping(study: Study) -> pd.DataFrame:
    """Customers of the best tier with at least one sign of slipping, and the reason."""
    tiers = study.learned(study.settings.official)["tiers"]["tier"]
    return lists.slipping(study.profile(), tiers, study.tier_names, chances(study))


def newly_big(study: Study) -> pd.DataFrame:
    """Customers in the best tier this month and in none of the months before."""
    official = study.settings.official
    earlier = [_tiers(study, month) for month in study.past[:-1]]
    return lists.newly_big(study.profile(), study.tiers(), earlier, official, study.tier_names[0])


def newly_stable(study: Study) -> pd.DataFrame:
    """Customers who buy regularly in this window and did in none before."""
    return lists.newly_stable(study.profile(), [study.profile(month) for month in study.past[:-1]])


def trend(study: Study) -> pd.DataFrame:
    """Customers and value of the official method's tiers in each of the past months."""
    parts = [
        tier_shares(study.profile(month), _tiers(study, month), study.tier_names).assign(month=month)
        for month in study.past
    ]
    return pd.concat(parts, ignore_index=True)


def month_to_month(study: Study) -> pd.DataFrame:
    """How many customers change tier each month under the official method, and how many change back."""
    return steadying.month_to_month({month: _tiers(study, month) for month in study.past})


def price_of_refit(study: Study) -> pd.DataFrame:
    """What learning the official rule less often saves in changes, and how far it drifts."""
    official = study.settings.official
    fresh = Study(study.settings.model_copy(update={"refit": "monthly"}))

    def tiers_with(month: str, learned: str) -> pd.Series:
        rule = fresh.rule(official, learned)
        assert rule is not None
        profile = study.profile(month)
        return pd.Series(rule.apply(profile)["tier"].to_numpy(), index=pd.Index(profile["customer_id"]))

    if study.rule(official) is None or len(study.past) < 2:
        return pd.DataFrame()
    return refit.price_of_refit(study.past, tiers_with, official)


def price_of_damping(study: Study) -> pd.DataFrame:
    """What waiting for several qualifying months saves in changes, and what it costs in delay."""
    if len(study.past) < 3:
        return pd.DataFrame()
    frames = {month: _tiers(study, month) for month in study.past}
    return refit.price_of_damping(frames, study.settings.official, study.tier_names, (1, 2, 3))


def migration_values(study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The migration value of every tier, and what this month's moves gained and lost; empty without moves."""
    past, official = study.past, study.settings.official
    steps, dormant = [], []
    for was, now in pairwise(past):
        gone = study.dormant(was)["customer_id"]
        moved = states.changes(_tiers(study, was), _tiers(study, now), official, study.tier_names, gone)
        worth = study.later_value(now, now).set_index("customer_id")["value"]
        steps.append(moved.assign(value=moved["customer_id"].map(worth).fillna(0.0)))
        dormant.append(len(gone))
    if not steps:
        return pd.DataFrame(), pd.DataFrame()
    values = migration.tier_values(steps, dormant, study.tier_names, _YEARLY_DISCOUNT)
    return values, migration.at_stake(steps[-1], values)


def failed_challengers(study: Study) -> dict[str, str]:
    """The challengers that could not be learned this month or at a trial's origin, with the reason.

    A method that learns from earlier months and has too few of them at an origin has not failed there.
    """
    young = {
        name
        for name, method in study.methods().items()
        if getattr(method, "needs_history", False) and not isinstance(method, LifetimeValue)
    }
    failed = {
        str(row["method"]): f"trial at {row['origin']}: {row['reason']}"
        for row in trial(study).failures.to_dict("records")
        if row["method"] not in young
    }
    for name in study.settings.methods:
        if "failed" in (found := study.learned(name)):
            failed[name] = found["failed"]["reason"].iloc[0]
    return failed


def prepare(study: Study, progress: Callable[[str], None]) -> None:
    """Compute everything that takes long, so that the notebooks find it in the store."""
    progress(f"reading orders and bringing the ledger up to {study.month}")
    refuse(gates(study), study.month)
    study.profile()
    for name in study.settings.methods:
        progress(f"learning {name}")
        study.learned(name)
        if study.has_month_before:
            study.learned(name, study.month_before)
    progress(f"tracing {study.settings.official} over the months")
    trend(study)
    progress("drawing the customers anew to see what holds")
    stability(study)
    chances(study)
    progress("putting the methods on trial")
    trial(study)
    progress("trying other defensible choices")
    sensitivity(study)


def gates(study: Study) -> list[Finding]:
    """Whether the month's data is good enough to publish, gate by gate."""
    return judge(study.ledger, study.month, study.settings.gates)


def worth_tiering(study: Study) -> worthwhile.Verdict:
    """Whether tiers can mean something for these customers."""
    return worthwhile.worthwhile(study.profile(), study.settings.span)


def _tiers(study: Study, month: str) -> pd.DataFrame:
    """The official method's tiers of a month, as a tiers frame."""
    found = study.learned(study.settings.official, month)["tiers"][["customer_id", "tier"]]
    return found.rename(columns={"tier": study.settings.official})


def _in_order(study: Study, name: str) -> pd.DataFrame:
    """The chances in the order of the profile."""
    found = chances(study, name)
    return study.profile()[["customer_id"]].merge(found, on="customer_id", how="left", validate="1:1")
