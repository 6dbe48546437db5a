"""The verdict: which method is official, does the evidence support it, and what would a switch gain?"""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from segmentation.comparison.contest import HIATUS, SPEND
from segmentation.comparison.trial import Trial
from segmentation.errors import ParameterError

Status = Literal["clear", "level", "beaten", "untried"]
Language = Literal["en", "zh"]


@dataclass(frozen=True)
class Verdict:
    """What the trial says of the official method, at one capacity, by captured value pooled over origins.

    `status`: "clear" (it clearly beats every method that ranks differently), "level" (no method is clearly
    better), "beaten" (at least one is clearly better), "untried" (no trial). `winner` is "" without a clear
    one. `other`: whom the figures compare with: the one to switch to (beaten), or the closest rival. `gain`
    with `low` and `high` (for all methods at once): captured by `other` less captured by the official one, as
    shares; `gain_value` the same in money over one hold-out. `better`: all that are clearly better, best
    first.
    """

    official: str
    status: Status
    capacity: float
    origins: int
    window_months: int
    holdout_months: int
    hiatus_days: int
    captured: float
    winner: str
    other: str
    other_captured: float
    gain: float
    low: float
    high: float
    gain_value: float
    better: tuple[str, ...]

    @property
    def supported(self) -> bool:
        """Whether the evidence speaks for the official method."""
        return self.status == "clear"

    def sentences(self, language: Language = "en") -> tuple[str, str, str]:
        """Who decides, whether the evidence supports it, what a switch would gain: made from the figures.

        Raises ParameterError for another language than en and zh.
        """
        from segmentation.comparison.verdict_words import WORDS

        if language not in WORDS:
            raise ParameterError(f"language: {language!r} is not known; use 'en' or 'zh'")
        return WORDS[language](self)


def verdict(trial: Trial, capacity: float | None = None) -> Verdict:
    """Judge the official method of a trial at a capacity (default: the first one of the trial)."""
    official = str(trial.setting["official"].iloc[0])
    differences = trial.differences
    if capacity is None:
        capacity = float(differences["capacity"].iloc[0]) if len(differences) else float("nan")
    found = differences[
        (differences["capacity"] == capacity)
        & (differences["origin"] == "all")
        & (differences["measure"] == "captured")
        & differences["difference"].notna()
    ].set_index("method")
    if found.empty:
        return _made(trial, "untried", capacity)
    won = trial.winners[(trial.winners["capacity"] == capacity) & (trial.winners["measure"] == "captured")]
    winner = str(won["winner"].iloc[0])
    clearly = found[found["clear"] & (found["difference"] > 0)].sort_values("difference", ascending=False)
    better = tuple(map(str, clearly.index))
    differs = found[found["high_all"] > found["low_all"]]
    other = str(differs["difference"].idxmax()) if len(differs) else ""
    if better:
        other = next((name for name in better if name not in (SPEND, HIATUS)), better[0])
    status: Status = "beaten" if better else "clear" if winner == official else "level"
    return _made(trial, status, capacity, found, winner, other, better)


def _made(
    trial: Trial,
    status: Status,
    capacity: float,
    found: pd.DataFrame | None = None,
    winner: str = "",
    other: str = "",
    better: tuple[str, ...] = (),
) -> Verdict:
    setting = trial.setting.iloc[0]
    official, nothing = str(setting["official"]), 0.0 if found is not None else float("nan")
    pooled = trial.pooled[trial.pooled["capacity"] == capacity].set_index("method")
    captured = pooled["captured"].to_dict()
    one = {} if found is None or not other else found.loc[other].to_dict()
    return Verdict(
        official=official,
        status=status,
        capacity=capacity,
        origins=int(pooled["origins"].get(official, 0)),
        window_months=int(setting["window_months"]),
        holdout_months=int(setting["holdout_months"]),
        hiatus_days=int(setting["hiatus_days"]),
        captured=captured.get(official, float("nan")),
        winner=winner,
        other=other,
        other_captured=captured.get(other, float("nan")),
        gain=one.get("difference", nothing),
        low=one.get("low_all", nothing),
        high=one.get("high_all", nothing),
        gain_value=_money(trial, capacity, official, other) if one else nothing,
        better=better,
    )


def _money(trial: Trial, capacity: float, official: str, other: str) -> float:
    """What `other` captured more than the official method, in money, the mean over their common origins."""
    at = trial.results[trial.results["capacity"] == capacity]
    value = (
        (at["captured"] * at["later_value"]).groupby([at["method"], at["origin"]]).first().unstack(level=0)
    )
    return float((value[other] - value[official]).mean()) if other in value else 0.0
