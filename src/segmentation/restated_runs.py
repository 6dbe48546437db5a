"""What late or corrected orders change in the months that were published: said by the run, not on its page.

A page must come out the same from an empty store, which knows nothing of how the orders stood before.
"""

import pandas as pd

from segmentation.reporting.archive import Archive
from segmentation.restating import changed_tiers, restatement
from segmentation.rules import Rule
from segmentation.study import Study

_NAMED = 5


def restated_runs(study: Study, archive: Archive) -> list[str]:
    """A line for every month that was rewritten, and for every published one whose tiers would now differ."""
    ledger, currency = study.ledger, study.settings.currency
    lines = [
        f"restated {month['month']}: {month['customers']:,} customers, "
        f"{currency} {month['amount_before']:,.2f} before, {month['amount_after']:,.2f} now"
        for month in restatement(ledger).to_dict("records")
    ]
    for month in archive.months() if lines else ():
        run = archive.latest(month)
        path = run.folder / "rules" / f"{study.settings.official}.json" if run else None
        if path is None or not path.is_file():
            continue
        rule = Rule.from_json(path.read_text(encoding="utf-8"))
        changed = changed_tiers(rule, ledger, month, rule.window_months or study.window_months)
        if len(changed):
            lines.append(
                f"{len(changed):,} tiers published for {month} would now be different{_who(study, changed)}"
            )
    return lines


def _who(study: Study, changed: pd.DataFrame) -> str:
    if not study.settings.show_customer_ids:
        return ""
    told = [
        f"{row['customer_id']} {row['tier_before'] or '–'} → {row['tier_after'] or '–'}"
        for row in changed.head(_NAMED).fillna("").to_dict("records")
    ]
    return f": {', '.join(told)}{' …' if len(changed) > _NAMED else ''}"
