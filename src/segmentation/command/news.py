"""What is new in a published month against the one before, in a sentence for the end of a run."""

import pandas as pd

from segmentation import months
from segmentation.reporting.archive import Archive, Run
from segmentation.words.formats import several


def news(archive: Archive, month: str) -> str | None:
    """How many customers moved between the newest runs of two months; None without the month before."""
    now, before = archive.latest(month), archive.latest(months.add(month, -1))
    if now is None or before is None:
        return None
    new, old = _tiers(now), _tiers(before)
    if new is None or old is None:
        return None
    both = pd.DataFrame({"was": old, "is": new}).dropna()
    changed = int((both["was"] != both["is"]).sum())
    came, went = len(new.index.difference(old.index)), len(old.index.difference(new.index))
    return (
        f"against {before.month}: {several(changed, 'customer')} of {len(both):,} in another tier, "
        f"{came:,} new, {went:,} no longer there"
    )


def _tiers(run: Run) -> pd.Series | None:
    try:
        found = pd.read_parquet(run.folder / "tiers.parquet", columns=["customer_id", "tier"])
    except (OSError, ValueError, KeyError):
        return None
    return found.set_index("customer_id")["tier"]
