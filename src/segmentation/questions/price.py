"""What moves cost and are worth: changes taken back, learning less often, waiting, the value of a move."""

from segmentation.questions import results
from segmentation.questions.movement import no_month_before
from segmentation.questions.words import reader, say
from segmentation.show import tables
from segmentation.study.study import Study


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
        return no_month_before(study)
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
        return no_month_before(study)
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


def tier_values(study: Study) -> tables.Block:
    """What a customer of each tier is worth, by how customers move between tiers."""
    values, _ = results.migration_values(study)
    if values.empty:
        return no_month_before(study)
    shown = values[["state", "monthly", "stays", "value"]].rename(columns={"state": "tier"})
    return tables.table(
        shown,
        caption=say(study, "What a customer of each tier is expected to bring", "各等级客户的预期价值"),
        formats={"monthly": "money", "stays": "share", "value": "money"},
        labels={
            "monthly": say(study, "In the month after", "次月金额"),
            "stays": say(study, "Still there a month later", "一个月后仍在该等级"),
            "value": say(study, "In the next three years, discounted", "未来三年金额（折现）"),
        },
        language=study.language,
        tiers=study.tier_names,
        currency=study.settings.currency,
    )


def worth(study: Study) -> tables.Block:
    """What this month's moves are worth, by what customers who made the same move earlier brought after it."""
    _, found = results.migration_values(study)
    if found.empty:
        return no_month_before(study)
    reads = reader(study)
    shown = found[["before", "after", "customers", "brought", "stayed", "total", "total_low", "total_high"]]
    shown = shown.assign(before=[reads.word(state) for state in shown["before"]])
    return tables.table(
        shown.assign(after=[reads.word(state) for state in shown["after"]]),
        caption=say(
            study,
            "What the moves are worth a month: what earlier movers brought in the three months after, less "
            "those who stayed",
            "变动每月的价值：以往同类变动的客户在其后三个月的月均消费，减去未变动的客户",
        ),
        formats=dict.fromkeys(("brought", "stayed", "total", "total_low", "total_high"), "money"),
        labels={
            "brought": say(study, "Earlier movers brought", "以往变动者月均"),
            "stayed": say(study, "Those who stayed", "未变动者月均"),
            "total": say(study, "Worth a month", "每月价值"),
            "total_low": say(study, "95% from", "95% 下限"),
            "total_high": say(study, "95% to", "95% 上限"),
        },
        language=study.language,
        currency=study.settings.currency,
    )
