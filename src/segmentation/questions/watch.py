"""The lists for the people who look after the customers: who came, who left, who rises, who slips."""

import pandas as pd

from segmentation.movement.lists import REASONS
from segmentation.questions import results
from segmentation.questions.movement import no_month_before
from segmentation.questions.responsible import by_responsible, with_responsible
from segmentation.questions.words import say, tier_name
from segmentation.show import tables
from segmentation.study.study import Study

_SHOWN = 25


def risers(study: Study, limit: int = _SHOWN) -> tables.Block:
    """Tomorrow's stars: who rises, and is close to the next tier or likely to cross."""
    return _watched(
        study,
        results.risers(study),
        say(
            study,
            "Tomorrow's stars: rising, and close to the next tier or likely to reach it",
            "明日之星：正在上升，接近或很可能升级",
        ),
        {
            "growth": "share",
            "monetary": "money",
            "short_by": "money",
            "chance_better": "share",
            "next_tier": "tier",
        },
        limit,
    )


def slipping(study: Study, limit: int = _SHOWN) -> tables.Block:
    """Customers of the best tier who show signs of slipping."""
    top = tier_name(study, study.tier_names[0])
    return _watched(
        study,
        results.slipping(study),
        say(
            study,
            f"Watch list: {top} customers who may slip, and why",
            f"关注名单：可能下滑的 {top} 客户及原因",
        ),
        {
            "growth": "share",
            "monetary": "money",
            "chance_stay": "share",
            "recency_days": "days",
            "mean_gap_days": "days",
        },
        limit,
    )


def newly(study: Study, limit: int = _SHOWN) -> tables.Block:
    """Customers who are in the best tier for the first time."""
    return _watched(
        study,
        results.newly_big(study),
        say(
            study,
            f"For the first time in {tier_name(study, study.tier_names[0])} in {len(study.past)} months",
            f"{len(study.past)} 个月来首次进入 {tier_name(study, study.tier_names[0])}",
        ),
        {"growth": "share", "monetary": "money", "recency_days": "days", "frequency": "integer"},
        limit,
    )


def newly_stable(study: Study) -> tables.Block:
    """Customers who have begun to buy regularly."""
    return _watched(
        study,
        results.newly_stable(study),
        say(
            study,
            "Newly stable: buying in at least two thirds of the months",
            "新晋稳定客户：至少三分之二的月份有购买",
        ),
        {
            "growth": "share",
            "monetary": "money",
            "recency_days": "days",
            "frequency": "integer",
            "active_months": "integer",
        },
    )


def joined_top(study: Study) -> tables.Block:
    """Who came into the best tier."""
    return _list(
        study,
        came=True,
        caption=say(
            study,
            f"New in {tier_name(study, study.tier_names[0])} this month",
            f"本月新进 {tier_name(study, study.tier_names[0])}",
        ),
    )


def left_top(study: Study) -> tables.Block:
    """Who left the best tier."""
    return _list(
        study,
        came=False,
        caption=say(
            study,
            f"No longer in {tier_name(study, study.tier_names[0])}",
            f"本月退出 {tier_name(study, study.tier_names[0])}",
        ),
    )


def by_manager(study: Study) -> tables.Block:
    """What each account manager, or branch, has to look after this month."""
    found = by_responsible(study)
    if found.empty:
        return tables.note(
            say(
                study,
                "The orders name no account managers (a column account_manager or branch).",
                "订单中没有客户经理信息（account_manager 或 branch 列）。",
            )
        )
    top = tier_name(study, study.tier_names[0])
    who = found.columns[0]
    found[who] = found[who].where(found[who] != "", say(study, "not known", "未知"))
    return tables.table(
        found,
        caption=say(study, "Whom it concerns, and how many customers each", "涉及的负责人及其客户数"),
        formats={"top_value": "money"},
        labels={
            "top": say(study, f"In {top}", f"{top} 客户"),
            "top_value": say(study, "Spend of these", "其消费金额"),
            "came": say(study, f"New in {top}", f"新进 {top}"),
            "left": say(study, f"Left {top}", f"退出 {top}"),
            "slipping": say(study, "May slip", "可能下滑"),
            "rising": say(study, "Rising", "正在上升"),
        },
        language=study.language,
        currency=study.settings.currency,
    )


def _list(study: Study, *, came: bool, caption: str) -> tables.Block:
    if not study.has_month_before:
        return no_month_before(study)
    top = study.tier_names[0]
    moved = results.moves(study)
    inside, outside = ("after", "before") if came else ("before", "after")
    chosen = moved[(moved[inside] == top) & (moved[outside] != top)]
    facts = study.profile()[["customer_id", "recency_days", "frequency", "monetary", "last_order"]]
    shown = chosen[["customer_id", "before", "after"]].merge(facts, on="customer_id", how="left")
    shown = shown.sort_values(["monetary", "customer_id"], ascending=[False, True]).reset_index(drop=True)
    return tables.table(
        _named(study, shown),
        caption=caption,
        formats={
            "before": "tier",
            "after": "tier",
            "monetary": "money",
            "recency_days": "days",
            "frequency": "integer",
        },
        limit=_SHOWN,
        language=study.language,
        tiers=study.tier_names,
        currency=study.settings.currency,
    )


def _named(study: Study, customers: pd.DataFrame) -> pd.DataFrame:
    """The list with who looks after each customer: the account manager, or else the branch."""
    named = with_responsible(study, customers)
    return named.drop(columns="branch") if {"account_manager", "branch"} <= set(named) else named


def _watched(
    study: Study, found: pd.DataFrame, caption: str, formats: dict[str, str], limit: int = _SHOWN
) -> tables.Block:
    """A list for the sales team, its reasons in words."""
    shown = _named(study, found)
    if "reasons" in shown:
        shown["reasons"] = [
            say(study, ", ", "，").join(REASONS[code][study.language] for code in codes.split(", ") if code)
            for codes in shown["reasons"]
        ]
    return tables.table(
        shown.dropna(axis="columns", how="all") if len(shown) else shown,
        caption=caption,
        formats={
            name: form
            for name, form in formats.items()
            if name in shown and (shown[name].notna().any() or shown.empty)
        },
        limit=limit,
        language=study.language,
        tiers=study.tier_names,
        currency=study.settings.currency,
    )
