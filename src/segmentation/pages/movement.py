"""The page on movement: who moved since last month?"""

import pandas as pd

from segmentation import charts, results, tables
from segmentation.labels import label
from segmentation.movement.attribution import causes
from segmentation.movement.lists import REASONS
from segmentation.movement.states import counts, matrix
from segmentation.pages.words import count, month_name, say, tier_name
from segmentation.study import Study

_SHOWN = 25


def answer(study: Study) -> tables.Block:
    """How many moved, and in which direction."""
    if not study.has_month_before:
        return _no_month_before(study)
    moved = results.moves(study)
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
    moved = results.moves(study)
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
            made = counts(results.moves(study, method)).set_index("kind")["customers"]
            rows.append({"method": method, **made.to_dict()})
    found = pd.DataFrame(rows)
    known = found[["up", "down", "stayed"]].sum(axis=1)
    found["changed"] = (found["up"] + found["down"]) / known.where(known > 0)
    return tables.table(
        found[["method", "up", "down", "stayed", "new", "returned", "dormant", "changed"]],
        caption=say(study, "Moves since last month, by method", "各方法自上月以来的变动"),
        formats={"changed": "share"},
        language=study.language,
    )


def flow(study: Study) -> charts.Chart | tables.Block:
    """The same moves as a flow, with what the changes have to do with."""
    if not study.has_month_before:
        return _no_month_before(study)
    found = causes(results.attributed(study), study.tier_names)
    total = int(found["customers"].sum())
    main = found.sort_values("customers").iloc[-1] if total else None
    title = (
        say(
            study,
            f"{count(main['customers'])} of {count(total)} changes of tier: {label(main['cause'], study.language).lower()}",
            f"{count(total)} 次等级变动中有 {count(main['customers'])} 次：{label(main['cause'], study.language)}",
        )
        if main is not None
        else say(study, "Nobody changed tier", "没有客户变动等级")
    )
    moved = matrix(results.moves(study), study.tier_names)
    return charts.movement_flow(moved, title=title, language=study.language, tier_names=study.tier_names)


def why(study: Study) -> tables.Block:
    """Whether the customer moved or the boundary, and how much of it is within noise."""
    if not study.has_month_before:
        return _no_month_before(study)
    changed = results.not_comparable(study)
    if len(changed):
        return tables.answer(
            say(study, "The two months' rules are not comparable:", "两个月的规则不可比："),
            *(f"{row['key']}: {row['before']} → {row['after']}" for row in changed.to_dict("records")),
            kind="caution",
        )
    found = causes(results.attributed(study), study.tier_names)
    labels = {
        "within_noise": say(study, "of these within noise", "其中属正常波动"),
        "share": say(study, "Share of changes", "占全部变动"),
    }
    found["cause"] = [label(cause, study.language) for cause in found["cause"]]
    return tables.table(
        found,
        caption=say(study, "Why customers changed tier", "等级变动的原因"),
        formats={"share": "share"},
        labels=labels,
        note=say(
            study,
            "The customer: also under last month's rule. The boundary: last month's figures would do. "
            "Within noise: the old tier still has a chance of one in four.",
            "客户变化：按上月规则也会变动。分界移动：仅因规则变化。正常波动：原等级仍有四分之一以上的可能。",
        ),
        language=study.language,
    )


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


def reversals(study: Study) -> tables.Block:
    """How many change tier each month, and how many change back."""
    return tables.table(
        results.month_to_month(study).drop(columns="method"),
        caption=say(
            study, "Changes month by month, and those taken back a month later", "逐月变动及次月复原情况"
        ),
        formats={"share_changed": "share", "share_reversed": "share", "reversed": "integer"},
        labels={
            "share_changed": say(study, "Share changed", "变动占比"),
            "share_reversed": say(study, "Of these taken back", "其中次月复原"),
        },
        language=study.language,
    )


def price_of_refit(study: Study) -> tables.Block:
    """What learning the rule less often would save."""
    found = results.price_of_refit(study)
    if found.empty:
        return _no_month_before(study)
    words = {"monthly": "每月", "quarterly": "每季", "yearly": "每年"}
    found["refit"] = [say(study, name, words[name]) for name in found["refit"]]
    return tables.table(
        found,
        caption=say(study, "What learning the rule less often would save", "降低规则更新频率的效果"),
        formats={"changed": "share", "reversed": "share", "different": "share"},
        labels={
            "refit": say(study, "Learned", "更新频率"),
            "learned": say(study, "Rules", "规则数"),
            "changed": say(study, "Changes a month", "每月变动"),
            "reversed": say(study, "Of these taken back", "其中次月复原"),
            "different": say(study, "Would be placed otherwise by a fresh rule", "与每月更新规则不同"),
        },
        language=study.language,
    )


def price_of_damping(study: Study) -> tables.Block:
    """What waiting before a change would save, and cost."""
    found = results.price_of_damping(study)
    if found.empty:
        return _no_month_before(study)
    return tables.table(
        found,
        caption=say(
            study,
            "What waiting for several qualifying months would save, and cost",
            "连续多月达标才变动的效果与代价",
        ),
        formats={
            "changed": "share",
            "reversed": "share",
            "withheld": "share",
            "different": "share",
            "delay": "number",
        },
        labels={
            "qualifying": say(study, "Months that must qualify", "需连续达标月数"),
            "changed": say(study, "Changes a month", "每月变动"),
            "reversed": say(study, "Of these taken back", "其中次月复原"),
            "delay": say(study, "Delay in months", "平均延迟（月）"),
            "withheld": say(study, "Changes that never come", "最终未发生的变动"),
            "different": say(study, "In another tier than at once", "与即时变动不同"),
        },
        language=study.language,
    )


def worth(study: Study) -> tables.Block:
    """What this month's moves are worth, by the migration value of the tiers."""
    values, stake = results.migration_values(study)
    if values.empty:
        return _no_month_before(study)
    stake["kind"] = [label(kind, study.language) for kind in stake["kind"]]
    return tables.table(
        stake,
        caption=say(
            study,
            "What the moves are worth: the change of expected future value, discounted by 10 % a year",
            "变动的价值：预期未来金额的变化（年折现率 10%）",
        ),
        formats={"value": "money"},
        labels={"kind": say(study, "Move", "变动"), "net": say(study, "Net", "净额")},
        language=study.language,
        currency=study.settings.currency,
    )


def tier_values(study: Study) -> tables.Block:
    """What a customer of each tier is worth, by how customers move between tiers."""
    values, _ = results.migration_values(study)
    if values.empty:
        return _no_month_before(study)
    shown = values[["state", "monthly", "stays", "value"]].rename(columns={"state": "tier"})
    return tables.table(
        shown,
        caption=say(study, "What a customer of each tier is expected to bring", "各等级客户的预期价值"),
        formats={"monthly": "money", "stays": "share", "value": "money"},
        labels={
            "monthly": say(study, "In the month after", "次月金额"),
            "stays": say(study, "Still there a month later", "一个月后仍在该等级"),
            "value": say(study, "In all future, discounted", "未来全部金额（折现）"),
        },
        language=study.language,
        tiers=study.tier_names,
        currency=study.settings.currency,
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
    moved = results.moves(study)
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


def _watched(
    study: Study, found: pd.DataFrame, caption: str, formats: dict[str, str], limit: int = _SHOWN
) -> tables.Block:
    """A list for the sales team, its reasons in words."""
    shown = found.copy()
    if "reasons" in shown:
        shown["reasons"] = [
            ", ".join(REASONS[code][study.language] for code in codes.split(", ") if code)
            for codes in shown["reasons"]
        ]
    labels = {
        "next_tier": say(study, "Next tier", "上一级"),
        "short_by": say(study, "Short of it by", "还差"),
        "chance_better": say(study, "Chance of a better tier", "升级可能"),
        "chance_stay": say(study, "Chance to stay", "保级可能"),
        "reasons": say(study, "Why", "原因"),
    }
    return tables.table(
        shown.dropna(axis="columns", how="all") if len(shown) else shown,
        caption=caption,
        formats={
            name: form
            for name, form in formats.items()
            if name in shown and (shown[name].notna().any() or shown.empty)
        },
        labels=labels,
        limit=limit,
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
