"""Did orders come late, or corrected, since last month was published, and which of its tiers would now differ?"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from segmentation.questions.published import published_otherwise
from segmentation.reporting.archive import Archive, Run
from segmentation.reporting.contents import read_summary
from segmentation.reporting.manifest import read_manifest
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence

_NAMED = 3  # months that are told one by one


@dataclass(frozen=True)
class Restated:
    """What is not as it was when last month was published.

    run: the run's name. months: month → money then and now; None where it is not known. tiers: how many tiers
    of last month would be different now, the best tier's rule learned anew; None where it cannot be told.
    """

    run: str
    months: dict[str, tuple[float | None, float | None]]
    tiers: int | None

    def told(self) -> dict[str, Any]:
        """What of it decides what a report says, as JSON values."""
        return {
            "run": self.run,
            "months": {m: list(money) for m, money in self.months.items()},
            "tiers": self.tiers,
        }


def restated(study: Study) -> Restated | None:
    """What was restated since last month's newest run; None where nothing was, or there is no such run."""
    found: Restated | None = study.remembered(("restated",), lambda: _read(study))
    return found


def said(study: Study) -> Sentence | None:
    """The restatement in a sentence; None where there was none."""
    found = restated(study)
    if found is None:
        return None
    months = found.months
    tiers = (
        sentence("")
        if found.tiers is None
        else sentence(
            " {n:integer} {n:tier|tiers} of {before:month} would now be different.",
            n=found.tiers,
            before=study.month_before,
        )
    )
    if len(months) <= _NAMED:
        which = [_of(month, *money) for month, money in months.items()]
        return sentence(
            "Orders are not what they were when {before:month} was published: {which:semicolon}.{tiers}",
            before=study.month_before,
            which=which,
            tiers=tiers,
        )
    was, now = (sum(money[at] or 0.0 for money in months.values()) for at in (0, 1))
    known = all(money[0] is not None for money in months.values())
    return sentence(
        "Orders of {n:integer} months, {first:month} to {last:month}, are not what they were when {before:month} was "
        "published{money}.{tiers}",
        n=len(months),
        before=study.month_before,
        first=min(months),
        last=max(months),
        money=sentence(": {was:money} → {now:money}", was=was, now=now) if known else sentence(""),
        tiers=tiers,
    )


def _of(month: str, was: float | None, now: float | None) -> Sentence:
    if was is None:
        return sentence("{month:month}", month=month)
    return sentence("{month:month} {was:exact} → {now:exact}", month=month, was=was, now=now or 0.0)


def _read(study: Study) -> Restated | None:
    if not study.has_month_before:
        return None
    run = Archive(study.settings.place("reports")).latest(study.month_before)
    if run is None:
        return None
    made_from = read_manifest(run.folder).get("made_from", {})
    if made_from.get("settings", {}).get("minor_units", 2) != study.settings.minor_units:
        return None  # checksums of other units
    then = made_from.get("ledger", {})
    now = {month: study.ledger.checksum(month) for month in study.ledger.until(study.month_before)}
    changed = [month for month in sorted({*then, *now}) if then.get(month) != now.get(month)]
    if not then or not changed:
        return None
    was = read_summary(run.folder).get("amounts", {})
    stands = amounts(study)
    return Restated(
        run.name, {month: (was.get(month), stands.get(month)) for month in changed}, _tiers(study, run)
    )


def amounts(study: Study) -> dict[str, float]:
    """The money of every month up to this one."""
    figures = study.ledger.figures()
    figures = figures[figures["month"] <= study.month]
    return dict(zip(figures["month"], figures["amount"].astype("float64")))


def _tiers(study: Study, run: Run) -> int | None:
    """How many customers' tiers of last month differ from those that were published, under the same settings."""
    path = run.folder / "tiers.parquet"
    if published_otherwise(study) or not study.settings.show_customer_ids or not path.is_file():
        return None
    official = study.settings.official
    was = pd.read_parquet(path).set_index("customer_id")[f"{official}_tier"]
    now = study.learned(official, study.month_before)["tiers"].set_index("customer_id")["tier"]
    both = pd.DataFrame({"was": was, "now": now}).fillna("")
    return int((both["was"] != both["now"]).sum())
