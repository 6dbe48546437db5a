"""Publishes one month, or several one after the other past a bad one, and tells how each ended."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from segmentation.command.monthly import run_month, with_month
from segmentation.command.news import news
from segmentation.errors import Locked, ParameterError, SegmentationError
from segmentation.reporting.archive import Archive
from segmentation.reporting.progress import Progress
from segmentation.study.settings import Settings
from segmentation.words.formats import several

CHALLENGER_FAILED = 6
# from the mildest to the worst
_WORST = (0, CHALLENGER_FAILED, 3, 4, 5, 73, 75, 2)


class Ended(NamedTuple):
    """How a month ended: its page, or why there is none."""

    month: str
    exit_code: int
    page: Path | None = None
    published: bool = False
    failed: dict[str, str] = {}  # noqa: RUF012
    error: str = ""

    def as_json(self) -> str:
        """One line for a program that reads standard output."""
        told: dict[str, Any] = {
            "month": self.month,
            "exit_code": self.exit_code,
            "published": self.published,
            "page": str(self.page) if self.page else None,
            "failed_challengers": self.failed,
            "error": self.error or None,
        }
        return json.dumps(told, ensure_ascii=False)


def run_months(
    settings: Settings, months: Sequence[str | None], progress: Progress, force: bool, origin: Path
) -> list[Ended]:
    """Publish each month; of several, one that fails does not stop the others.

    Raises ParameterError and Locked, which every month would meet; for a single month whatever stops it.
    """
    ended: list[Ended] = []
    for place, month in enumerate(months, start=1):
        if len(months) > 1:
            progress(f"{month} ({place} of {len(months)})")
        try:
            ended.append(_month(with_month(settings, month), progress, force, origin))
        except (ParameterError, Locked):
            raise
        except SegmentationError as error:
            if len(months) == 1:
                raise
            progress(f"{month} failed: {error}")
            ended.append(Ended(str(month), error.exit_code, error=str(error)))
    if len(months) > 1:
        progress(tally(ended))
    return ended


def worst(ended: Sequence[Ended]) -> int:
    """The exit code of the month that ended worst.

    >>> worst([Ended("2017-11", 6), Ended("2017-12", 3), Ended("2018-01", 0)])
    3
    """
    return max((month.exit_code for month in ended), key=_WORST.index, default=0)


def tally(ended: Sequence[Ended]) -> str:
    """How many months were published, unchanged and failed, the failed ones by name.

    >>> tally([Ended("2017-11", 0, published=True), Ended("2017-12", 3)])
    '2 months: 1 published, 0 unchanged, 1 failed: 2017-12 (exit 3)'
    """
    failed = [month for month in ended if month.exit_code not in (0, CHALLENGER_FAILED)]
    published = sum(month.published for month in ended)
    said = (
        f"{several(len(ended), 'month')}: {published} published, "
        f"{len(ended) - published - len(failed)} unchanged, {len(failed)} failed"
    )
    named = ", ".join(f"{month.month} (exit {month.exit_code})" for month in failed)
    return f"{said}: {named}" if named else said


def _month(settings: Settings, progress: Progress, force: bool, origin: Path) -> Ended:
    outcome = run_month(settings, progress, force, origin)
    month = outcome.page.parent.parent.name
    for name, why in outcome.failed.items():
        progress(f"the challenger {name} failed: {why}")
    if settings.show_customer_ids and (said := news(Archive(settings.place("reports")), month)):
        progress(said)
    code = CHALLENGER_FAILED if outcome.failed else 0
    return Ended(month, code, outcome.page, outcome.published, dict(outcome.failed))
