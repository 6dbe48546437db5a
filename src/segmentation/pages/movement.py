"""The page on movement: who moved since last month?"""

import pandas as pd

from segmentation import charts, tables
from segmentation.labels import label
from segmentation.movement.states import counts, matrix
from segmentation.pages.words import count, month_name, say, tier_name
from segmentation.study import Study

_SHOWN = 25


def answer(study: Study) -> tables.Block:
    """How many moved, and in which direction."""
    if not study.has_month_before:
        return _no_month_before(study)
    moved = study.moves()
    made = counts(moved).set_index("kind")["customers"]
    official = study.settings.official
    verdict = say(
        study,
        f"Under {official}, {count(made['up'])} customers moved up and {count(made['down'])} down since "
        f"{month_name(study, study.month_before)}; {count(made['stayed'])} stayed.",
        f"按 {official}，自{month_name(study, study.month_before)}以来 {count(made['up'])} 位客户升级，"
        f"{count(made['down'])} 位降级，{count(made['stayed'])} 位不变。",
    )
    grounds = say(
        study,
        f"{count(made['new'])} bought for the first time, {count(made['returned'])} came back, "
        f"{count(made['dormant'])} went dormant (no order for {study.window_months} months).",
        f"新客户 {count(made['new'])} 位，回流 {count(made['returned'])} 位，"
        f"休眠 {count(made['dormant'])} 位（{study.window_months} 个月内无订单）。",
    )
    return tables.answer(verdict, grounds)


def moves_matrix(study: Study) -> charts.Chart | tables.Block:
    """From which state to which, in customers, under the official method."""
    if not study.has_month_before:
        return _no_month_before(study)
    moved = study.moves()
    stayed = (moved["kind"] == "stayed").sum() / max(moved["before"].isin(study.tier_names).sum(), 1)
    title = say(
        study,
        f"{stayed:.0%} of last month's customers kept their tier",
        f"上月客户中有 {stayed:.0%} 保持原等级",
    )
    return charts.movement_matrix(matrix(moved, study.tier_names), title=title, language=study.language)


def changes_by_method(study: Study) -> tables.Block:
    """How many customers each method moved."""
    if not study.has_month_before:
        return _no_month_before(study)
    before = study.tiers(study.month_before)
    rows = []
    for method in study.tiers().columns.drop("customer_id"):
        if method in before:
            made = counts(study.moves(method)).set_index("kind")["customers"]
            rows.append({"method": method, **made.to_dict()})
    found = pd.DataFrame(rows)
    known = found[["up", "down", "stayed"]].sum(axis=1)
    found["changed"] = (found["up"] + found["down"]) / known.where(known > 0)
    return tables.table(
        found[["method", "up", "down", "stayed", "new", "returned", "dormant", "changed"]],
        caption=say(study, "Moves since last month, by method", "各方法自上月以来的变动"),
        formats={"changed": "share"},
        labels={"stayed": label("same", study.language)},
        language=study.language,
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


def _list(study: Study, *, came: bool, caption: str) -> tables.Block:
    if not study.has_month_before:
        return _no_month_before(study)
    top = study.tier_names[0]
    moved = study.moves()
    inside, outside = ("after", "before") if came else ("before", "after")
    chosen = moved[(moved[inside] == top) & (moved[outside] != top)]
    facts = study.profile()[["customer_id", "recency_days", "frequency", "monetary", "last_order"]]
    shown = chosen[["customer_id", "before", "after"]].merge(facts, on="customer_id", how="left")
    shown = shown.sort_values(["monetary", "customer_id"], ascending=[False, True]).reset_index(drop=True)
    return tables.table(
        shown,
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


def _no_month_before(study: Study) -> tables.Block:
    return tables.answer(
        say(
            study,
            f"There is no month before {month_name(study, study.month)} to compare with.",
            f"{month_name(study, study.month)}之前没有可比较的月份。",
        ),
        kind="caution",
    )
