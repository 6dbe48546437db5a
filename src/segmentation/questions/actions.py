"""What to do this month: every customer of the lists once, with who does it, what is at stake, by when."""

import pandas as pd

from segmentation import months
from segmentation.questions.confidence import chance_of_tier
from segmentation.questions.lost import lost
from segmentation.questions.responsible import with_manager
from segmentation.questions.watch import newly_big, rising, slipping
from segmentation.show.tables import Block
from segmentation.study.facts import fact
from segmentation.study.study import Study

AT_ONCE = 7  # days after the month's end


@fact
def actions(study: Study) -> pd.DataFrame:
    """What to do this month: lost, slipping, newly big and rising customers, the most money at stake first.

    One row a customer, for the first of these lists that names them: customer_id, tier (now; "dormant"),
    event (lost_key, slips, newly_big or rises), at_stake (money a month: what a lost customer brings less than
    before, what a slipping one is about to, what a new one brings times the chance that the tier does not
    hold, what a rising one is about to bring more), by_when: a lost or slipping customer before the next
    order is due by the usual gap, within a week of the month's end where it is overdue; anybody else, and
    whose gap is not known, by the end of the next month.
    """
    window = study.window_months
    known = study.profile().set_index("customer_id")
    tiers = study.learned(study.settings.official)["tiers"].set_index("customer_id")["tier"]
    now = known["monetary"]
    parts = {"slips": slipping(study).set_index("customer_id")["money_at_risk"]}
    if not newly_big.missing(study):
        new = newly_big(study).set_index("customer_id")["monetary"] / window
        leaves = 1.0 - pd.Series(chance_of_tier(study).to_numpy(), index=known.index).reindex(new.index)
        parts["newly_big"] = new * leaves
    parts["rises"] = rising(study).set_index("customer_id")["to_win"]
    if study.has_month_before:
        gone = lost(study).set_index("customer_id")["last_window"]
        fallen = (gone - now.reindex(gone.index).fillna(0.0)) / window
        parts = {"lost_key": fallen.clip(lower=0.0), **parts}
    found = pd.concat([at.rename("at_stake").reset_index().assign(event=name) for name, at in parts.items()])
    found = found.drop_duplicates("customer_id")
    found["tier"] = found["customer_id"].map(tiers).fillna("dormant")
    end = months.last_day(study.month)
    longest = (months.last_day(months.add(study.month, 1)) - end).days
    urgent = found["event"].isin(["lost_key", "slips"]).to_numpy()
    days = _days_left(known.reindex(found["customer_id"]), longest).where(urgent, longest)
    found["by_when"] = (pd.Timestamp(end) + pd.to_timedelta(days, unit="D")).to_numpy()
    found = found.sort_values(["at_stake", "customer_id"], ascending=[False, True], ignore_index=True)
    return found[["customer_id", "tier", "event", "at_stake", "by_when"]]


def _days_left(profile: pd.DataFrame, longest: int) -> pd.Series:
    """The days until the next order is due, between a week and a month; a week for one who went dormant."""
    left = (profile["mean_gap_days"] - profile["recency_days"]).round().clip(AT_ONCE, longest)
    return left.fillna(longest).where(profile["recency_days"].notna(), AT_ONCE)


def action_list(study: Study, limit: int = 10) -> Block:
    """The action list, the most money at stake first."""
    found = with_manager(study, actions(study))
    return study.table(found, "The most money at stake first", limit=limit, name="actions")
