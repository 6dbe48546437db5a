"""What every method's page shows: the answer, the rule in words, the sizes of its tiers, whom it puts on top."""

import pandas as pd

from segmentation.questions.words import count, say, share, tier_name
from segmentation.rules import Rule
from segmentation.show import tables
from segmentation.study.study import Study

_SHOWN = 25
_ASKED = {"monetary": "money", "average_order": "money", "last_order": "date", "score": "number"}


def name_of(study: Study, kind: str) -> str | None:
    """The name under which the settings ask for a method of this class; None if they ask for none."""
    methods = study.settings.methods
    return next((name for name, given in methods.items() if given.get("use", name) == kind), None)


def absent(study: Study, kind: str) -> tables.Block:
    """What stands where a method would, that this run does not ask for."""
    return tables.answer(
        say(
            study,
            f"This run does not use {kind}; it compares {', '.join(study.settings.methods)}.",
            f"本期未使用 {kind}；参与比较的方法为 {'、'.join(study.settings.methods)}。",
        )
    )


def failed(study: Study, name: str) -> tables.Block | None:
    """What stands where a method would, that failed; None if it did not."""
    found = study.learned(name)
    if "failed" not in found:
        return None
    why = found["failed"]["reason"].iloc[0]
    return tables.answer(say(study, f"{name} failed this month.", f"{name} 本期未能完成。"), why, kind="bad")


def answer(study: Study, kind: str) -> tables.Block:
    """Whom the method puts on top, and what they bring."""
    name = name_of(study, kind)
    if name is None:
        return absent(study, kind)
    if missing := failed(study, name):
        return missing
    top = study.tier_names[0]
    shares = study.tier_shares()
    best = shares[(shares["method"] == name) & (shares["tier"] == top)].iloc[0]
    verdict = say(
        study,
        f"{name} puts {count(best['customers'])} customers in {tier_name(study, top)}: {share(best['share_of_customers'])} "
        f"of all, who bring {share(best['share_of_value'])} of the value.",
        f"{name} 将 {count(best['customers'])} 位客户评为 {tier_name(study, top)}：占全部客户的 "
        f"{share(best['share_of_customers'])}，贡献 {share(best['share_of_value'])} 的金额。",
    )
    rule = (
        study.rule(name) if kind in ("ABC", "RFM") else None
    )  # the others' remarks are long: see the statement
    remarks = [remark.zh if study.language == "zh" else remark.en for remark in rule.remarks] if rule else []
    return tables.answer(verdict, *remarks[:2], kind="neutral")


def statement(study: Study, kind: str) -> tables.Block:
    """The rule in plain words, every cut with its closed side."""
    rule = _rule(study, kind)
    if rule is None:
        return _nothing(study)
    return tables.words(rule.statement(language=study.language))


def audit(study: Study, kind: str) -> tables.Block:
    """Whether the rule gives every possible customer exactly one segment and tier, or what is wrong."""
    rule = _rule(study, kind)
    if rule is None:
        return _nothing(study)
    found = rule.audit()
    good = say(
        study,
        f"All {count(found.cells)} combinations were checked: every possible customer is in exactly one segment and tier.",
        f"已逐一检查全部 {count(found.cells)} 种组合：每位可能的客户恰好归入一个细分与等级。",
    )
    bad = say(
        study,
        f"Of {count(found.cells)} combinations {count(len(found.overlapping))} match several segments and "
        f"{count(len(found.uncovered))} match none.",
        f"在 {count(found.cells)} 种组合中，{count(len(found.overlapping))} 种对应多个细分，"
        f"{count(len(found.uncovered))} 种没有对应的细分。",
    )
    named = [
        (say(study, "Segments never reached", "永远无法归入的细分"), found.unreachable + found.out_of_reach),
        (say(study, "Tiers that no customer can have", "无法归入的等级"), found.empty_tiers),
        (say(study, "Cuts that coincide", "重合的分界点"), found.coinciding),
        (say(study, "Better, yet lower", "更优却更低"), found.non_monotone),
    ]
    remarks = [f"{what}: {', '.join(which)}" for what, which in named if which]
    sound = found.ok and not found.non_monotone
    return tables.answer(good if found.ok else bad, *remarks, kind="good" if sound else "caution")


def sizes(study: Study, kind: str) -> tables.Block:
    """The tiers with their customers and value."""
    name = name_of(study, kind)
    if name is None or "failed" in study.learned(name):
        return _nothing(study)
    shares = study.tier_shares()
    return tables.table(
        shares[shares["method"] == name].drop(columns="method"),
        caption=say(study, "Tiers, their customers and what they bring", "各等级的客户数与贡献"),
        formats={"share_of_customers": "share", "value": "money", "share_of_value": "share"},
        language=study.language,
        tiers=study.tier_names,
        currency=study.settings.currency,
    )


def segments(study: Study, kind: str) -> tables.Block:
    """The segments or clusters with their tier, customers and means."""
    scored = _scored(study, kind)
    if scored is None or "segment" not in scored:
        return _nothing(study)
    groups = scored.groupby(["segment", "tier"], sort=False)
    found = groups.agg(
        customers=("customer_id", "size"),
        value=("monetary", "sum"),
        recency_days=("recency_days", "median"),
        frequency=("frequency", "median"),
        monetary=("monetary", "median"),
    ).reset_index()
    found.insert(3, "share_of_customers", found["customers"] / len(scored))
    order = found.assign(mean=found["value"] / found["customers"]).sort_values("mean", ascending=False).index
    total = found["value"].sum()
    found["value"] = found["value"] / total if total else float("nan")
    found = found.rename(columns={"value": "share_of_value"})
    return tables.table(
        found.loc[order],
        caption=say(
            study, "Its segments (days, orders and spend are medians)", "各细分（天数、订单数、金额为中位数）"
        ),
        formats={
            "share_of_customers": "share",
            "share_of_value": "share",
            "monetary": "money",
            "frequency": "number",
        },
        language=study.language,
        tiers=study.tier_names,
        currency=study.settings.currency,
    )


def top_customers(study: Study, kind: str) -> tables.Block:
    """The customers it puts first."""
    scored = _scored(study, kind)
    if scored is None:
        return _nothing(study)
    columns = [
        "customer_id",
        "tier",
        "segment",
        "score",
        "recency_days",
        "frequency",
        "monetary",
        "last_order",
    ]
    ranked = scored.sort_values(["score", "monetary", "customer_id"], ascending=[False, False, True])
    shown = ranked[[column for column in columns if column in ranked]].reset_index(drop=True)
    if kind in ("ABC", "Threshold"):
        shown = shown.drop(columns="score")  # the amount itself
    return tables.table(
        shown,
        caption=say(study, "The customers it puts first", "排在最前的客户"),
        formats={name: form for name, form in _ASKED.items() if name in shown},
        limit=_SHOWN,
        language=study.language,
        tiers=study.tier_names,
        currency=study.settings.currency,
    )


def _rule(study: Study, kind: str) -> Rule | None:
    name = name_of(study, kind)
    return study.rule(name) if name is not None and "failed" not in study.learned(name) else None


def _scored(study: Study, kind: str) -> pd.DataFrame | None:
    name = name_of(study, kind)
    return study.scored(name) if name is not None and "failed" not in study.learned(name) else None


def _nothing(study: Study) -> tables.Block:
    return tables.note(say(study, "Nothing to show.", "无内容可显示。"))
