"""The page on the data: what came in, what was set aside and why, and does it reconcile?"""

from typing import Literal

import pandas as pd

from segmentation.intake.reconciliation import first_of_each
from segmentation.questions import results
from segmentation.questions.gates import as_frame
from segmentation.questions.words import count, money, month_name, say
from segmentation.show import charts, tables
from segmentation.study.study import Study
from segmentation.words.labels import label

_SHOWN = 20


def answer(study: Study) -> tables.Block:
    """Whether every line is accounted for."""
    came, used = _ends(study)
    aside = int(came["rows"] - used["rows"])
    months = study.ledger.months
    exact = f"{study.settings.currency} {used['amount']:,.{study.settings.minor_units}f}"
    if aside:
        verdict = say(
            study,
            f"Every one of {count(came['rows'])} lines is accounted for: {count(used['rows'])} are used, "
            f"{count(aside)} are set aside, each with its reason.",
            f"{count(came['rows'])} 行数据全部有据可查：采用 {count(used['rows'])} 行，"
            f"搁置 {count(aside)} 行，逐行注明原因。",
        )
    else:
        verdict = say(
            study,
            f"All {count(came['rows'])} lines are used; none had to be set aside.",
            f"全部 {count(came['rows'])} 行数据均被采用，无一搁置。",
        )
    grounds = say(
        study,
        f"The ledger holds {exact} for {count(used['customers'])} customers in "
        f"{len(months)} months, {months[0]} to {months[-1]}; it equals the accepted lines to the last minor unit.",
        f"台账共 {count(used['customers'])} 位客户、{len(months)} 个月（{months[0]} 至 {months[-1]}），"
        f"金额 {exact}，与采用的数据行分毫不差。",
    )
    share = aside / max(int(came["rows"]), 1)
    return tables.answer(verdict, grounds, kind="good" if share < 0.05 else "caution")


def figures(study: Study) -> tables.Block:
    """Lines, customers, orders and money, as they were used."""
    came, used = _ends(study)
    return tables.figures(
        [
            (say(study, "Lines that came in", "读入行数"), int(came["rows"]), study.ledger.source),
            (say(study, "Lines used", "采用行数"), int(used["rows"]), ""),
            (say(study, "Orders", "订单数"), int(used["orders"]), ""),
            (say(study, "Customers", "客户数"), int(used["customers"]), ""),
            (say(study, "Money", "金额"), money(study, used["amount"]), ""),
        ],
        language=study.language,
    )


def reconciliation(study: Study) -> tables.Block:
    """Every rule that found something, with the rows, orders, customers and money; the last line is the ledger."""
    lines = study.ledger.reconciliation()
    quiet = lines[(lines["rows"] == 0) & lines["effect"].isin(["counted", "set aside"])]
    shown = lines.drop(quiet.index).reset_index(drop=True)
    shown["rule"] = [label(rule, study.language) for rule in shown["rule"]]
    shown["effect"] = [label(effect, study.language) for effect in shown["effect"]]
    nothing = say(study, ", ", "、").join(label(rule, study.language) for rule in quiet["rule"])
    return tables.table(
        shown,
        caption=say(study, "From the lines that came in to the ledger", "从读入数据到台账"),
        formats={"amount": "exact"},
        note=say(study, f"Looked for and not found: {nothing}.", f"已检查而未发现：{nothing}。")
        if nothing
        else None,
        language=study.language,
        currency=study.settings.currency,
        minor_units=study.settings.minor_units,
    )


def gates(study: Study) -> tables.Block:
    """What each gate found, and from where on it warns or stops."""
    found = as_frame(results.gates(study), study.language)
    found["level"] = [label(level, study.language) for level in found["level"]]
    return tables.table(
        found[["found", "level"]],
        caption=say(study, "Is the data good enough to publish?", "数据质量是否足以发布？"),
        labels={"found": say(study, "Found", "检查结果"), "level": say(study, "Verdict", "结论")},
        highlight=found["level"] != label("ok", study.language),
        language=study.language,
    )


def worthwhile(study: Study) -> tables.Block:
    """Whether tiers can mean something for these customers, with every figure looked at."""
    verdict = results.worth_tiering(study)
    reasons = [reason.sentence(study.language) for reason in verdict.reasons]
    kinds: dict[str, Literal["good", "neutral", "bad"]] = {"worthwhile": "good", "little": "bad"}
    return tables.answer(
        verdict.headline(study.language), *reasons, kind=kinds.get(verdict.verdict, "neutral")
    )


def columns(study: Study) -> tables.Block:
    """Which column of the source was taken for what."""
    found = study.ledger.columns_found
    meanings = [label("goods_cost" if role == "cost" else role, study.language) for role in found]
    return tables.table(
        pd.DataFrame({"taken_for": meanings, "column": list(found.values()), "key": list(found)}),
        caption=say(study, "Which column was taken for what", "各列的识别结果"),
        labels={
            "taken_for": say(study, "Taken for", "识别为"),
            "column": say(study, "Column of the source", "数据源中的列"),
            "key": say(study, "Key under orders.columns", "参数 orders.columns 中的键"),
        },
        language=study.language,
    )


def set_aside(study: Study) -> tables.Block:
    """The first lines that were set aside for each reason."""
    lines = study.set_aside()
    if lines.empty:
        return tables.note(say(study, "No line was set aside.", "没有搁置任何数据行。"))
    shown = first_of_each(lines, _SHOWN)
    shown["reason"] = [label(reason, study.language) for reason in shown["reason"]]
    return tables.table(
        shown,
        caption=say(study, "Lines set aside: the first for each reason", "搁置的数据行：每种原因的前几行"),
        formats={"amount": "exact"} if "amount" in shown else {},
        note=say(
            study,
            f"{len(shown)} of {count(len(lines))} lines are shown; all of them are kept in the store.",
            f"共 {count(len(lines))} 行，显示 {len(shown)} 行；全部保存在存储中。",
        ),
        language=study.language,
        currency=study.settings.currency,
        minor_units=study.settings.minor_units,
    )


def months(study: Study) -> charts.Chart:
    """Customers and money of every month up to this one."""
    figures = study.ledger.figures()
    figures = figures[figures["month"] <= study.month]
    last = figures.iloc[-1]
    title = say(
        study,
        f"{month_name(study, study.month)}: {count(last['customers'])} customers bought for "
        f"{money(study, last['amount'])}",
        f"{month_name(study, study.month)}：{count(last['customers'])} 位客户共消费 {money(study, last['amount'])}",
    )
    return charts.months(
        figures.rename(columns={"amount": "value"}).assign(tier="all"),
        title=title,
        language=study.language,
        tier_names=("all",),
    )


def _ends(study: Study) -> tuple[pd.Series, pd.Series]:
    """The first and the last line of the reconciliation."""
    lines = study.ledger.reconciliation()
    return lines.iloc[0], lines.iloc[-1]
