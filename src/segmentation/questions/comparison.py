"""The page on the comparison: where do the methods agree, and which one found those who mattered afterwards?"""

import pandas as pd

from segmentation.comparison.agreement import consensus, set_apart
from segmentation.comparison.contest import Capacity, capacity_name
from segmentation.comparison.origins import why_skipped
from segmentation.questions import results
from segmentation.questions.words import count, reader, say, share
from segmentation.show import charts, tables
from segmentation.study.study import Study
from segmentation.words.labels import label

_SHOWN = 25
_MEASURES = {"captured": "share", "captured_of_oracle": "share", "missed": "share", "wasted": "share"}


def answer(study: Study) -> tables.Block:
    """The verdict: which method decides, whether the evidence supports it, what a switch would gain."""
    judged = results.verdict(study)
    if judged.status == "untried":
        return _no_trial(study)
    said = [reader(study).say(text) for text in (*judged.sentences(), *judged.notes())]
    return tables.answer(*said, kind=judged.kind)


def sizes(study: Study) -> charts.Chart:
    """Tier sizes against value shares, all methods side by side."""
    shares = study.tier_shares()
    best = shares[shares["tier"] == study.tier_names[0]]
    low, high = best["share_of_customers"].min(), best["share_of_customers"].max()
    title = say(
        study,
        f"The best tier takes {share(low)} to {share(high)} of the customers, depending on the method",
        f"不同方法的最高等级占客户的 {share(low)} 至 {share(high)}",
    )
    return charts.sizes(shares, title=title, language=study.language, tier_names=study.tier_names)


def agreement(study: Study) -> tables.Block:
    """How far each pair of methods agrees."""
    found = results.agreement(study)
    labels = {
        "method_a": say(study, "Method", "方法"),
        "method_b": say(study, "and method", "与方法"),
    }
    return tables.table(
        found[["method_a", "method_b", "share_same", "share_top_common", "ari", "ami", "kappa"]],
        caption=say(
            study,
            "Do the methods agree? (1 = always, 0 = as by chance)",
            "各方法是否一致？（1 = 完全一致，0 = 如同随机）",
        ),
        formats={"share_same": "share", "share_top_common": "share"},
        labels=labels,
        language=study.language,
    )


def who_agrees(study: Study) -> tables.Block:
    """The customers whom all methods, one method or some put on top, and what sets them apart."""
    votes = consensus(study.tiers(), study.tier_names[0])
    found = set_apart(study.profile(), votes)
    words = {
        "all": say(study, "in the best tier for all methods", "所有方法均评为最高等级"),
        "some": say(study, "for several methods", "部分方法评为最高等级"),
        "none": say(study, "for none", "无方法评为最高等级"),
    }
    found["whose"] = [
        words.get(whose) or say(study, f"for {whose} only", f"仅 {whose} 评为最高等级")
        for whose in found["whose"]
    ]
    return tables.table(
        found,
        caption=say(
            study, "Who is in the best tier for whom (medians)", "谁被哪些方法评为最高等级（中位数）"
        ),
        formats={
            "share_of_value": "share",
            "monetary": "money",
            "average_order": "money",
            "growth": "share",
        },
        labels={
            "whose": say(study, "In the best tier", "最高等级"),
            "share_of_value": label("share_of_value", study.language),
        },
        language=study.language,
        currency=study.settings.currency,
    )


def trial_table(study: Study, capacity: Capacity | None = None) -> tables.Block:
    """What each contestant captured, missed and wasted at a capacity, the mean of the origins."""
    trial = results.trial(study)
    if trial.pooled.empty:
        return _no_trial(study)
    capacity = capacity if capacity is not None else study.settings.capacities[0]
    found = trial.pooled[trial.pooled["capacity"] == capacity_name(capacity)]
    size = found["share"].iloc[0]
    found = found.drop(columns=["capacity", "share", "chosen"])
    found = found.dropna(axis="columns", how="all")
    if found["origins"].nunique() == 1:
        found = found.drop(columns="origins")
    found["method"] = [label(name, study.language) for name in found["method"]]
    place = share(size)
    return tables.table(
        found,
        caption=say(
            study,
            f"On trial, with places for {place} of the customers: means of {len(_origins(study))} origins",
            f"回测结果（可服务客户：{place}），为 {len(_origins(study))} 个时点的平均",
        ),
        formats=_MEASURES,
        language=study.language,
    )


def trial_notes(study: Study) -> tables.Block:
    """Which origins were used, which skipped and why, and which methods failed."""
    trial = results.trial(study)
    lines = [
        say(
            study,
            f"Learned up to {', '.join(_origins(study)) or 'no month'}; judged by the {study.settings.holdout_months} "
            "months after each, which no method could see.",
            f"学习截至 {'、'.join(_origins(study)) or '无'}；以其后 {study.settings.holdout_months} 个月检验，"
            "任何方法均未见过这些数据。",
        )
    ]
    for row in trial.skipped.to_dict("records"):
        why = reader(study).say(why_skipped(row))
        lines.append(say(study, f"{row['origin']} was skipped: {why}.", f"{row['origin']} 已跳过：{why}。"))
    for failure in trial.failures.itertuples():
        lines.append(
            say(
                study,
                f"{failure.method} failed at {failure.origin}: {failure.reason}",
                f"{failure.method} 在 {failure.origin} 失败：{failure.reason}",
            )
        )
    return tables.words("\n".join(lines))


def capture(study: Study) -> charts.Chart | tables.Block:
    """The share of later value captured along all capacities."""
    trial = results.trial(study)
    if trial.curve.empty:
        return _no_trial(study)
    first = study.settings.capacities[0]
    pooled = trial.pooled[trial.pooled["capacity"] == capacity_name(first)]
    captured = dict(zip(pooled["method"], pooled["captured"]))
    official = study.settings.official
    title = say(
        study,
        f"{official}'s choice brought {share(captured[official])} of what was bought afterwards; "
        f"the best possible choice {share(captured['oracle'])}",
        f"{official} 所选客户贡献了之后金额的 {share(captured[official])}；"
        f"理论最优为 {share(captured['oracle'])}",
    )
    return charts.capture(
        trial.curve,
        title=title,
        official=official,
        capacity=list(trial.pooled["share"].unique()),
        language=study.language,
    )


def differences(study: Study) -> charts.Chart | tables.Block:
    """The difference of every challenger to the official method, with its interval."""
    trial = results.trial(study)
    if trial.differences.empty:
        return _no_trial(study)
    first = study.settings.capacities[0]
    found = trial.differences
    found = found[
        (found["capacity"] == capacity_name(first))
        & (found["origin"] == "all")
        & (found["measure"] == "captured")
    ]
    better = results.verdict(study).better
    official = study.settings.official
    title = (
        say(
            study,
            f"{label(better[0], 'en')} clearly captured more than {official}",
            f"{label(better[0], 'zh')} 明显优于 {official}",
        )
        if len(better)
        else say(
            study, f"No challenger clearly captured more than {official}", f"没有方法明显优于 {official}"
        )
    )
    return charts.differences(found, title=title, official=official, language=study.language)


def _origins(study: Study) -> list[str]:
    return list(pd.unique(results.trial(study).results["origin"]))


def _no_trial(study: Study) -> tables.Block:
    """What a trial would need, where there is none."""
    need = study.window_months + study.settings.holdout_months
    return tables.answer(
        say(study, "There is no trial yet.", "尚无法回测。"),
        say(
            study,
            f"It needs {need} months of orders ({study.window_months} to learn from and "
            f"{study.settings.holdout_months} to look at afterwards); there are {len(study.months)}.",
            f"回测需要 {need} 个月的订单（{study.window_months} 个月用于学习，{study.settings.holdout_months} "
            f"个月用于检验）；目前有 {len(study.months)} 个月。",
        ),
        *(
            f"{row['origin']}: {reader(study).say(why_skipped(row))}"
            for row in results.trial(study).skipped.to_dict("records")
        ),
        kind="caution",
    )


def stability(study: Study) -> charts.Chart:
    """How much of each tier is the same when the rule is learned from customers drawn anew."""
    found = results.stability(study).tiers
    top = found[found["tier"] == study.tier_names[0]].sort_values("jaccard")
    title = (
        say(
            study,
            f"Learned again from other customers, {top['method'].iloc[-1]} keeps most of its best tier "
            f"({top['jaccard'].iloc[-1]:.2f}), {top['method'].iloc[0]} least ({top['jaccard'].iloc[0]:.2f})",
            f"重新抽样学习后，{top['method'].iloc[-1]} 的最高等级最稳定（{top['jaccard'].iloc[-1]:.2f}），"
            f"{top['method'].iloc[0]} 最不稳定（{top['jaccard'].iloc[0]:.2f}）",
        )
        if len(top)
        else say(study, "Nothing to learn again", "无法重新学习")
    )
    return charts.stability(found, title=title, language=study.language, tier_names=study.tier_names)


def sensitivity(study: Study) -> charts.Chart:
    """What share of the best tier survives each defensible choice."""
    found = results.sensitivity(study)
    others = found.specifications[~found.specifications["base"].astype(bool)]
    core = int(found.customers["core"].sum())
    title = (
        say(
            study,
            f"{count(core)} customers are in the best tier in at least 90 % of {len(others) + 1} defensible choices",
            f"在 {len(others) + 1} 种合理设定中，有 {count(core)} 位客户在 90% 以上的设定下均属最高等级",
        )
        if len(others)
        else say(study, "There was no other choice to try", "没有其他可比较的设定")
    )
    return charts.sensitivity(found.specifications, title=title, language=study.language)


def core(study: Study) -> tables.Block:
    """The customers who are in the best tier whatever one chooses."""
    found = results.sensitivity(study).customers
    facts = study.profile()[["customer_id", "recency_days", "frequency", "monetary", "last_order"]]
    shown = found[found["core"].astype(bool)].drop(columns="core").merge(facts, on="customer_id", how="left")
    shown = shown.sort_values(["share_top", "monetary", "customer_id"], ascending=[False, False, True])
    return tables.table(
        shown.reset_index(drop=True),
        caption=say(study, "In the best tier whatever one chooses", "无论如何设定都属最高等级的客户"),
        formats={"share_top": "share", "recency_days": "days", "frequency": "integer", "monetary": "money"},
        labels={"share_top": say(study, "Share of choices", "占全部设定")},
        limit=_SHOWN,
        language=study.language,
        currency=study.settings.currency,
    )
