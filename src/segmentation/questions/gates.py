"""Gates: is the data of a month good enough to publish? Each gate passes, warns, or stops the run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from segmentation import months
from segmentation.errors import DataError, ParameterError
from segmentation.intake.columns import nearest
from segmentation.ledger.completeness import COMPLETE, THIN
from segmentation.ledger.ledger import Ledger
from segmentation.words.formats import several

OK, WARN, STOP = "ok", "warn", "stop"

# gate -> from which figure on it warns and stops (None: never); shares are of 1
DEFAULTS: dict[str, tuple[float | None, float | None]] = {
    "rows_set_aside": (0.05, 0.50),
    "money_set_aside": (0.05, 0.50),
    "without_customer": (0.05, 0.50),
    "fewer_rows": (0.30, 0.80),
    "fewer_customers": (0.30, 0.80),
    "new_columns": (1, None),
    "incomplete_month": (None, 1),
}

_SAID = {
    "rows_set_aside": ("{:.1%} of the lines are set aside", "{:.1%} 的数据行被搁置"),
    "money_set_aside": (
        "lines set aside are worth {:.1%} of the money that came in",
        "被搁置的数据行占读入金额的 {:.1%}",
    ),
    "without_customer": ("{:.1%} of the lines name no customer", "{:.1%} 的数据行没有客户"),
    "fewer_rows": ("{:.1%} fewer lines than in the month before", "数据行比上月减少 {:.1%}"),
    "fewer_customers": ("{:.1%} fewer customers than in the month before", "客户数比上月减少 {:.1%}"),
    "new_columns": ("{} that the source did not have before", "数据源新增了 {:.0f} 列"),
    "incomplete_month": (
        "the orders end before the month is over",
        "订单数据在该月结束之前就终止了",
    ),
}

_COMPLETE = ("the orders reach the end of the month", "订单数据覆盖到该月结束")


@dataclass(frozen=True)
class Finding:
    """What a gate found.

    Attributes:
        gate: the gate's name, as in the parameters.
        level: "ok", "warn" or "stop".
        figure: what was found: a share, a number, or 1 for yes.
        warn, stop: from which figure on it warns and stops; None: never.
        detail: what belongs to the figure, such as the names of the new columns.
        detail_zh: the same in Chinese, where it is not the same.
    """

    gate: str
    level: str
    figure: float
    warn: float | None
    stop: float | None
    detail: str = ""
    detail_zh: str = ""

    def sentence(self, language: str = "en") -> str:
        """Say what was found, in "en" or "zh".

        >>> Finding("rows_set_aside", "warn", 0.249, 0.05, 0.5).sentence()
        '24.9% of the lines are set aside'
        """
        if self.gate == "incomplete_month" and not self.figure:
            return _COMPLETE[language == "zh"]
        columns = self.gate == "new_columns" and language != "zh"
        figure = several(self.figure, "column") if columns else self.figure
        text = _SAID[self.gate][language == "zh"].format(figure)
        if not self.detail:
            return text
        return f"{text}（{self.detail_zh or self.detail}）" if language == "zh" else f"{text} ({self.detail})"


def thresholds(gates: Mapping[str, Any]) -> dict[str, tuple[float | None, float | None]]:
    """Give every gate's limits, the parameters' before the defaults.

    Args:
        gates: gate to `{warn: 0.05, stop: 0.5}`, to a number (where it stops), or to `off`, `warn`, `stop`.

    Raises ParameterError for an unknown gate or limits that are none.

    >>> thresholds({"incomplete_month": "warn"})["incomplete_month"]
    (1, None)
    """
    limits = dict(DEFAULTS)
    for gate, told in gates.items():
        if gate not in DEFAULTS:
            raise ParameterError(f"gates: unknown gate {gate!r}{nearest(str(gate), list(DEFAULTS))}")
        limits[gate] = _limits(gate, told)
    return limits


def judge(ledger: Ledger, month: str, gates: Mapping[str, Any] | None = None) -> list[Finding]:
    """Hold a month of the ledger, and the reading that made it, against every gate.

    What is set aside is judged in the lines dated in the month and in all lines, and the worse one counts; a
    line whose date cannot be read is only among all lines.

    Args:
        ledger: the ledger.
        month: the month to be published.
        gates: the parameters' limits, see `thresholds`.

    Raises:
        ParameterError: limits that are none.
        DataError: a month that the orders do not cover.
    """
    ledger.checksum(month)
    found = _figures(ledger, month)
    return [
        Finding(gate, _level(figure, *limits), figure, *limits, *details)
        for gate, limits in thresholds(gates or {}).items()
        for figure, *details in [found[gate]]
    ]


class Refused(DataError):
    """A gate stopped the run.

    Attributes:
        reasons: every reason and the remedy, by language; the message is the English one.
    """

    def __init__(self, message: str, reasons: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.reasons = reasons or {}


def refuse(findings: list[Finding], month: str) -> None:
    """Raise Refused where a gate stops the run, with every reason and the remedy."""
    stopped = [finding for finding in findings if finding.level == STOP]
    if not stopped:
        return
    keys = ", ".join(f"{finding.gate}: warn" for finding in stopped)
    en, zh = (join.join(f.sentence(said) for f in stopped) for said, join in (("en", "; "), ("zh", "；")))
    english = f"month {month}: {en}. To publish nevertheless, say under gates: {keys}"
    raise Refused(english, {"en": english, "zh": f"{month}：{zh}。如仍要发布，请在参数 gates 下写：{keys}"})


def as_frame(findings: list[Finding], language: str = "en") -> pd.DataFrame:
    """Give the findings as a frame: gate, level, found (a sentence), warn, stop."""
    return pd.DataFrame(
        [
            {
                "gate": finding.gate,
                "level": finding.level,
                "found": finding.sentence(language),
                "warn": finding.warn,
                "stop": finding.stop,
            }
            for finding in findings
        ]
    )


def _limits(gate: str, told: Any) -> tuple[float | None, float | None]:
    warn, stop = DEFAULTS[gate]
    if told in ("off", False):
        return None, None
    if told == "warn":
        return (warn if warn is not None else stop), None
    if told == "stop":
        return None, (warn if warn is not None else stop)
    if _is_limit(told):
        warn, stop = (None if warn is None else min(warn, float(told))), float(told)
    elif isinstance(told, Mapping) and set(told) <= {"warn", "stop"} and all(map(_is_limit, told.values())):
        warn, stop = told.get("warn"), told.get("stop")
    else:
        raise ParameterError(
            f"gates.{gate}: {told!r} is not off, warn, stop, a number or {{warn: 0.05, stop: 0.5}}"
        )
    for limit in (warn, stop):
        if limit is not None and limit > 1 and gate != "new_columns":
            remedy = "1 is yes: write warn or stop" if gate == "incomplete_month" else _as_share(limit)
            raise ParameterError(f"gates.{gate}: {limit:g} is never reached; {remedy}")
    if warn is not None and stop is not None and warn > stop:
        raise ParameterError(
            f"gates.{gate}: warn: {warn:g} is more than stop: {stop:g}, so that it never warns; "
            f"write the lower one as warn"
        )
    return warn, stop


def _as_share(limit: float) -> str:
    return f"shares are of 1: write {limit / 100:g} for {limit:g} %"


def _is_limit(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _level(figure: float, warn: float | None, stop: float | None) -> str:
    if not figure:
        return OK
    if stop is not None and figure >= stop:
        return STOP
    return WARN if warn is not None and figure >= warn else OK


def _figures(ledger: Ledger, month: str) -> dict[str, tuple[float, str, str]]:
    """Gate to its figure and what belongs to it, in English and Chinese."""
    by_month = ledger.figures().set_index("month")
    this, before = (by_month[by_month.index == name].sum() for name in (month, months.add(month, -1)))
    lines = ledger.reconciliation()
    whole = _shares(lines[lines["effect"] == "set aside"], lines.iloc[-1])
    in_month = _shares(ledger.set_aside_in(month), this.rename({"lines": "rows"}))
    return {
        **{gate: _worse(in_month[gate], whole[gate], month) for gate in whole},
        "fewer_rows": (_fall(before["lines"], this["lines"]), "", ""),
        "fewer_customers": (_fall(before["customers"], this["customers"]), "", ""),
        "new_columns": (float(len(ledger.new_columns)), ", ".join(ledger.new_columns), ""),
        "incomplete_month": _incomplete(ledger, month, int(this["lines"])),
    }


def _shares(aside: pd.DataFrame, accepted: pd.Series) -> dict[str, float]:
    """What is set aside of the lines and the money that came in, by gate."""
    rows, money = aside["rows"].sum(), float(aside["amount"].abs().sum())
    nobody = aside.loc[aside["rule"] == "no customer", "rows"].sum()
    came_in = rows + accepted["rows"]
    return {
        "rows_set_aside": _share(rows, came_in),
        "money_set_aside": _share(money, money + abs(float(accepted["amount"]))),
        "without_customer": _share(nobody, came_in),
    }


def _worse(in_month: float, whole: float, month: str) -> tuple[float, str, str]:
    """The worse of a month's share and that of all months, saying which it is."""
    if not in_month and not whole:
        return 0.0, "", ""
    if in_month >= whole:
        return in_month, f"in {month}; {whole:.1%} in all months", f"{month}；全部月份为 {whole:.1%}"
    return whole, f"in all months; {in_month:.1%} in {month}", f"全部月份；{month} 为 {in_month:.1%}"


def _incomplete(ledger: Ledger, month: str, lines: int) -> tuple[float, str, str]:
    """Whether the orders end before the month does, and how that shows."""
    ends, last = ledger.ends(month), ledger.last_day_until(month)
    if ends == COMPLETE:
        return 0.0, "", ""
    if ends == THIN:
        return (
            1.0,
            f"{several(lines, 'line')} in the month, hardly any beside the months before",
            f"该月仅有 {lines:,} 行，远少于此前各月",
        )
    return 1.0, f"the last one is of {last}", f"最后一笔为 {last}"


def _share(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else 0.0


def _fall(before: float, this: float) -> float:
    """By which share a figure is lower than the month before; 0 where it is not, or nothing was before."""
    return max(0.0, 1 - float(this) / float(before)) if before else 0.0
