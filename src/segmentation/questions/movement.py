"""The page on movement: who moved since last month, and why?"""

import pandas as pd

from segmentation.movement.attribution import causes
from segmentation.movement.states import counts, matrix
from segmentation.questions import results
from segmentation.questions.words import count, month_name, say
from segmentation.show import charts, tables
from segmentation.study.study import Study
from segmentation.words.labels import label


def answer(study: Study) -> tables.Block:
    """How many moved, and in which direction."""
    if not study.has_month_before:
        return no_month_before(study)
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
        return no_month_before(study)
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
        return no_month_before(study)
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
        return no_month_before(study)
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
        return no_month_before(study)
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


def no_month_before(study: Study) -> tables.Block:
    """What stands where a comparison with last month would."""
    return tables.answer(
        say(
            study,
            f"There is no month before {month_name(study, study.month)} to compare with.",
            f"{month_name(study, study.month)}之前没有可比较的月份。",
        ),
        kind="caution",
    )
