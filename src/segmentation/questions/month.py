"""The first page: which customers are key this month, what changed, can it be trusted?"""

import pandas as pd

from segmentation.movement.states import counts
from segmentation.questions import results
from segmentation.questions.decision import decided
from segmentation.questions.words import count, month_name, reader, say, share, tier_label, tier_name
from segmentation.show import charts, tables
from segmentation.study.study import Study
from segmentation.words.labels import label


def answer(study: Study) -> tables.Block:
    """The verdict of the month: who is key, which method decides, whether it stands, what a switch would gain."""
    top = study.tier_names[0]
    best = _best(study)
    judged = results.verdict(study)
    who = say(
        study,
        f"{count(best['customers'])} of {count(len(study.profile()))} customers are "
        f"{tier_name(study, top)} in {month_name(study, study.month)}; they bring "
        f"{share(best['share_of_value'])} of {study.window_months} months' value.",
        f"{month_name(study, study.month)}，{count(len(study.profile()))} 位客户中有 {count(best['customers'])} "
        f"位为 {tier_name(study, top)}，贡献近 {study.window_months} 个月金额的 {share(best['share_of_value'])}。",
    )
    worth = results.worth_tiering(study)
    little = [worth.sentence(study.language)] if worth.verdict == "little" else []
    kind = "caution" if little else judged.kind
    said = [reader(study).say(text) for text in judged.sentences()]
    return tables.answer(who, *little, *said, sure(study), kind=kind)


def sure(study: Study) -> str:
    """How many customers of the best tier are sure of it, and how many are a coin toss, in a sentence."""
    top = study.tier_names[0]
    graded = results.confidence(study).set_index("tier").loc[top]
    toss = graded["coin_toss"] + graded["doubtful"]
    if results.is_probability(study, study.settings.official):
        return say(
            study,
            f"{count(graded['sure'])} of the {count(graded['customers'])} {top} customers are sure (at least 90 % "
            f"likely to be {top} again in another such window); for {count(toss)} it is a coin toss or less.",
            f"{count(graded['customers'])} 位 {top} 级客户中，{count(graded['sure'])} 位把握很大（在另一同长窗口中"
            f"仍为 {top} 的概率不低于 90%），{count(toss)} 位难以确定。",
        )
    return say(
        study,
        f"{count(graded['sure'])} of the {count(graded['customers'])} {top} customers keep the tier in at least 90 % "
        f"of refits on resampled customers; {count(toss)} in fewer than 60 %.",
        f"{count(graded['customers'])} 位 {top} 级客户中，{count(graded['sure'])} 位在至少 90% 的重抽样中保持该等级，"
        f"{count(toss)} 位不足 60%。",
    )


def figures(study: Study) -> tables.Block:
    """The headline figures: customers, the best tier, and what changed."""
    top = study.tier_names[0]
    best = _best(study)
    items: list[tuple[str, object, str]] = [
        (
            "customers",
            len(study.profile()),
            say(study, f"{study.window_months} months", f"近 {study.window_months} 个月"),
        ),
        (
            tier_name(study, top),
            int(best["customers"]),
            say(
                study,
                f"{share(best['share_of_customers'])} of customers, {share(best['share_of_value'])} of value",
                f"占客户 {share(best['share_of_customers'])}，占金额 {share(best['share_of_value'])}",
            ),
        ),
    ]
    if study.has_month_before:
        made = counts(results.moves(study)).set_index("kind")["customers"]
        items += [
            ("up", int(made["up"]), ""),
            ("down", int(made["down"]), ""),
            ("dormant", int(made["dormant"]), ""),
        ]
    return tables.figures(items, language=study.language)


def tiers(study: Study) -> tables.Block:
    """The tiers of the official method, with their customers and value."""
    shares = study.tier_shares()
    found = shares[shares["method"] == study.settings.official].drop(columns="method")
    found.insert(1, "label", [tier_label(study, tier) for tier in found["tier"]])
    return tables.table(
        found,
        caption=say(
            study, f"The tiers by {study.settings.official}", f"按 {study.settings.official} 划分的等级"
        ),
        formats={"share_of_customers": "share", "value": "money", "share_of_value": "share"},
        labels={"label": say(study, "Name", "名称")},
        language=study.language,
        tiers=study.tier_names,
        currency=study.settings.currency,
    )


def by_hand(study: Study) -> tables.Block:
    """The tiers that a person set, beside what the rule says, and what became of each."""
    if study.settings.overrides is None:
        return tables.note(say(study, "No tier was set by hand.", "没有人工设定的等级。"))
    found = decided(study).table
    expired = int((found["status"] == "expired").sum())
    found["status"] = [label(status, study.language) for status in found["status"]]
    return tables.table(
        found,
        caption=say(
            study,
            f"Tiers set by hand ({expired} of {len(found)} have expired)",
            f"人工设定的等级（{len(found)} 项中 {expired} 项已过期）",
        ),
        formats={"tier": "tier", "tier_by_rule": "tier", "until": "date"},
        labels={
            "tier": say(study, "By hand", "人工等级"),
            "tier_by_rule": say(study, "By the rule", "规则等级"),
            "who": say(study, "Who", "设定人"),
            "why": say(study, "Why", "原因"),
            "until": say(study, "Until", "有效期至"),
            "status": say(study, "Status", "状态"),
        },
        language=study.language,
        tiers=study.tier_names,
    )


def trend(study: Study) -> charts.Chart:
    """The tiers over the last months."""
    found = results.trend(study)
    best = found[found["tier"] == study.tier_names[0]]
    first, last = best.iloc[0], best.iloc[-1]
    title = say(
        study,
        f"{tier_name(study, study.tier_names[0])} went from {count(first['customers'])} customers in "
        f"{month_name(study, first['month'])} to {count(last['customers'])}",
        f"{tier_name(study, study.tier_names[0])} 的客户数由{month_name(study, first['month'])}的 "
        f"{count(first['customers'])} 变为 {count(last['customers'])}",
    )
    return charts.months(found, title=title, language=study.language, tier_names=study.tier_names)


def confidence(study: Study) -> charts.Chart:
    """How sure the customers of each tier are of it."""
    return charts.confidence(
        results.confidence(study), title=sure(study), language=study.language, tier_names=study.tier_names
    )


def _best(study: Study) -> pd.Series:
    """The best tier of the official method: its customers, value and shares."""
    shares = study.tier_shares()
    official, top = study.settings.official, study.tier_names[0]
    return shares[(shares["method"] == official) & (shares["tier"] == top)].iloc[0]
