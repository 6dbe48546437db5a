"""Gates: is the data of a month good enough to publish? Each gate passes, warns, or stops the run."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from segmentation import months
from segmentation.errors import DataError, ParameterError, did_you_mean
from segmentation.ledger.completeness import COMPLETE, THIN
from segmentation.ledger.ledger import Ledger
from segmentation.study.facts import fact
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence

OK, WARN, STOP = "ok", "warn", "stop"
NOT_COVERED = "not_covered"
_OF_SILENCE = ("fewer_rows", "fewer_customers", "incomplete_month")

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
    "rows_set_aside": "{figure:share} of the lines are set aside",
    "money_set_aside": "lines set aside are worth {figure:share} of the money that came in",
    "without_customer": "{figure:share} of the lines name no customer",
    "fewer_rows": "{figure:share} fewer lines than in the month before",
    "fewer_customers": "{figure:share} fewer customers than in the month before",
    "new_columns": "{figure:integer} {figure:column|columns} that the source did not have before",
    "incomplete_month": "the orders end before the month is over",
    NOT_COVERED: "the month has no accepted line",
}


@dataclass(frozen=True)
class Finding:
    """What a gate found.

    Attributes:
        gate: the gate's name, as in the parameters.
        level: "ok", "warn" or "stop".
        figure: what was found: a share, a number, or 1 for yes.
        warn, stop: from which figure on it warns and stops; None: never.
        detail: what belongs to the figure, such as the names of the new columns; empty where nothing does.
    """

    gate: str
    level: str
    figure: float
    warn: float | None
    stop: float | None
    detail: Sentence | str = ""

    @property
    def sentence(self) -> Sentence:
        """What was found.

        >>> print(Finding("rows_set_aside", "warn", 0.249, 0.05, 0.5).sentence)
        24.9% of the lines are set aside
        """
        if self.gate == "incomplete_month" and not self.figure:
            return sentence("the orders reach the end of the month")
        found = sentence(_SAID[self.gate], figure=self.figure)
        return sentence("{found} ({detail})", found=found, detail=self.detail) if self.detail else found


@fact
def gates(study: Study) -> pd.DataFrame:
    """Whether the month's data is good enough to publish: what each gate found, and its limits."""
    return pd.DataFrame(
        [
            {
                "gate": finding.gate,
                "level": finding.level,
                "found": finding.sentence,
                "warn": finding.warn,
                "stop": finding.stop,
            }
            for finding in findings(study)
        ]
    )


def findings(study: Study) -> list[Finding]:
    """What each gate found of the study's month, under the limits of its settings."""
    settings = study.settings
    return examine(study.ledger, study.month, settings.gates, quiet=settings.quiet_month == "allow")


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
            raise ParameterError(f"gates: unknown gate {gate!r}{did_you_mean(str(gate), list(DEFAULTS))}")
        limits[gate] = _limits(gate, told)
    return limits


def examine(
    ledger: Ledger, month: str, gates: Mapping[str, Any] | None = None, *, quiet: bool = False
) -> list[Finding]:
    """Hold a month of the ledger, and the reading that made it, against every gate.

    What is set aside is judged in the lines dated in the month and in all lines, and the worse one counts; a
    line whose date cannot be read is only among all lines.

    Args:
        ledger: the ledger.
        month: the month to be published.
        gates: the parameters' limits, see `thresholds`.
        quiet: whether a month without an accepted line may be one in which nobody ordered.

    A month without an accepted line has one finding more, the last. It stops whatever the limits are; a quiet
    month that is allowed, inside the months that the orders cover or directly after them, has a warning, and
    one is all that its silence can bring.

    Raises ParameterError for limits that are none.
    """
    found = _figures(ledger, month)
    judged = [
        Finding(gate, _level(figure, *limits), figure, *limits, detail)
        for gate, limits in thresholds(gates or {}).items()
        for figure, detail in [found[gate]]
    ]
    if ledger.lines_in(month):
        return judged
    if not quiet or month not in ledger.until(month):
        return [*judged, _not_covered(ledger, month, STOP)]
    soft = [replace(f, level=WARN) if f.gate in _OF_SILENCE and f.level == STOP else f for f in judged]
    return [*soft, _not_covered(ledger, month, WARN)]


class Refused(DataError):
    """A gate stopped the run; `why` says every reason and the remedy to the reader."""

    def __init__(self, why: Sentence) -> None:
        super().__init__(str(why))
        self.why = why


def refuse(findings: list[Finding], month: str) -> None:
    """Raise Refused where a gate stops the run, with every reason and the remedy."""
    stopped = [finding for finding in findings if finding.level == STOP]
    if stopped and stopped[-1].gate == NOT_COVERED:
        raise Refused(
            sentence(
                "month {month}: {reasons:semicolon}. Name another month, correct what is set aside, or say "
                "quiet_month: allow where nobody ordered in it",
                month=month,
                reasons=[finding.sentence for finding in reversed(stopped)],
            )
        )
    if stopped:
        raise Refused(
            sentence(
                "month {month}: {reasons:semicolon}. To publish nevertheless, say under gates: {keys}",
                month=month,
                reasons=[finding.sentence for finding in stopped],
                keys=", ".join(f"{finding.gate}: warn" for finding in stopped),
            )
        )


def _limits(gate: str, told: Any) -> tuple[float | None, float | None]:
    warn, stop = DEFAULTS[gate]
    if told == "off" or told is False:  # 0 is a limit: nothing may be found
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


def _figures(ledger: Ledger, month: str) -> dict[str, tuple[float, Sentence | str]]:
    """Gate to its figure and what belongs to it."""
    by_month = ledger.figures().set_index("month")
    this, before = (by_month[by_month.index == name].sum() for name in (month, months.add(month, -1)))
    lines = ledger.reconciliation()
    whole = _shares(lines[lines["effect"] == "set aside"], lines.iloc[-1])
    in_month = _shares(ledger.set_aside_in(month), this.rename({"lines": "rows"}))
    return {
        **{gate: _worse(in_month[gate], whole[gate], month) for gate in whole},
        "fewer_rows": (_fall(before["lines"], this["lines"]), ""),
        "fewer_customers": (_fall(before["customers"], this["customers"]), ""),
        "new_columns": (float(len(ledger.new_columns)), ", ".join(ledger.new_columns)),
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


def _worse(in_month: float, whole: float, month: str) -> tuple[float, Sentence | str]:
    """The worse of a month's share and that of all months, saying which it is."""
    if not in_month and not whole:
        return 0.0, ""
    if in_month >= whole:
        return in_month, sentence("in {month:month}; {all:share} in all months", month=month, all=whole)
    return whole, sentence("in all months; {share:share} in {month:month}", share=in_month, month=month)


def _not_covered(ledger: Ledger, month: str, level: str) -> Finding:
    """That a month has no accepted line, and what became of those that are dated in it."""
    aside = ledger.set_aside_in(month)
    why = sentence(
        "the orders cover {first:month} to {last:month}, and none is dated in it",
        first=ledger.first,
        last=ledger.last,
    )
    if len(aside):
        rules = aside.sort_values("rows", ascending=False, kind="stable").to_dict("records")
        why = sentence(
            "{n:integer} {n:line is|lines are} dated in it and set aside: {reasons:list}",
            n=int(aside["rows"].sum()),
            reasons=[sentence("{rule:word} {n:integer}", rule=r["rule"], n=int(r["rows"])) for r in rules],
        )
    warn, stop = (None, 1) if level == STOP else (1, None)
    return Finding(NOT_COVERED, level, 1.0, warn, stop, why)


def _incomplete(ledger: Ledger, month: str, lines: int) -> tuple[float, Sentence | str]:
    """Whether the orders end before the month does, and how that shows."""
    if month not in ledger.months:
        ended = month > ledger.last
        return float(ended), sentence(
            "the last one is of {day}", day=ledger.last_day.isoformat()
        ) if ended else ""
    ends, last = ledger.ends(month), ledger.last_day_until(month)
    if ends == COMPLETE:
        return 0.0, ""
    if ends == THIN:
        thin = "{n:integer} {n:line|lines} in the month, hardly any beside the months before"
        return 1.0, sentence(thin, n=lines)
    return 1.0, sentence("the last one is of {day}", day=last)


def _share(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else 0.0


def _fall(before: float, this: float) -> float:
    """By which share a figure is lower than the month before; 0 where it is not, or nothing was before."""
    return max(0.0, 1 - float(this) / float(before)) if before else 0.0
