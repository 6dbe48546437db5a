"""The first page: which customers are key this month, what changed, can it be trusted?"""

from segmentation import charts, tables
from segmentation.movement.states import counts
from segmentation.pages.words import count, month_name, say, share, tier_name
from segmentation.study import Study


def answer(study: Study) -> tables.Block:
    """The verdict of the month in a few sentences."""
    top = study.tier_names[0]
    shares = study.tier_shares()
    official = study.settings.official
    best = shares[(shares["method"] == official) & (shares["tier"] == top)].iloc[0]
    return tables.answer(
        say(
            study,
            f"{count(best['customers'])} of {count(len(study.profile()))} customers are "
            f"{tier_name(study, top)} in {month_name(study, study.month)}: they bring "
            f"{share(best['share_of_value'])} of {study.window_months} months' value.",
            f"{month_name(study, study.month)}，{count(len(study.profile()))} 位客户中有 {count(best['customers'])} "
            f"位为 {tier_name(study, top)}，贡献近 {study.window_months} 个月金额的 {share(best['share_of_value'])}。",
        ),
    )


def figures(study: Study) -> tables.Block:
    """The headline figures: customers, the best tier, and what changed."""
    top = study.tier_names[0]
    shares = study.tier_shares()
    best = shares[(shares["method"] == study.settings.official) & (shares["tier"] == top)].iloc[0]
    items: list[tuple[str, object, str]] = [
        (
            "customers",
            len(study.profile()),
            say(study, f"{study.window_months} months", f"近 {study.window_months} 个月"),
        ),
        (tier_name(study, top), int(best["customers"]), share(best["share_of_customers"])),
        (say(study, "Their share of value", "其金额占比"), share(best["share_of_value"]), ""),
    ]
    if study.has_month_before:
        made = counts(study.moves()).set_index("kind")["customers"]
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
    found.insert(1, "label", [study.settings.tiers[tier] for tier in found["tier"]])
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


def trend(study: Study) -> charts.Chart:
    """The tiers over the last months."""
    found = study.trend()
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
