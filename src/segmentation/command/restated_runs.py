"""What late or corrected orders change in all the months that were published, customer by customer.

The run says it. Its page says in a line what changed since last month was published (`questions/restated.py`): it
must come out the same from an empty store, which knows nothing of how the orders stood before. The published runs
do: their manifests hold the checksums of the ledger's months, so nothing that happened to the ledger in between,
such as a notebook that read it, hides a change.
"""

from segmentation.ledger.ledger import Ledger
from segmentation.ledger.restating import changed_tiers, sentences
from segmentation.reporting.archive import Archive, Run, finished
from segmentation.reporting.manifest import read_manifest
from segmentation.rules import Rule
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence

_NAMED = 5


def restated_runs(study: Study, archive: Archive) -> list[Sentence]:
    """Say every month that was rewritten, and every published one whose tiers would now differ.

    A month of the ledger is held against the last run of the study's month, or else against the run
    published last that knew it.
    """
    runs = [run for month in archive.months() if (run := archive.latest(month))]
    runs.sort(key=lambda run: (run.month == study.month, finished(run)))
    published = [(run, *_made_from(run)) for run in runs]
    known = {month: checksum for _, stood, _ in published for month, checksum in stood.items()}
    if not known:
        return []
    lines = sentences(study.ledger.at(known, published[-1][2]), study.ledger)
    for run, stood, minor_units in sorted(published, key=lambda of: of[0].month) if lines else ():
        lines += _tiers_of(study, run, study.ledger.at(stood, minor_units))
    return lines


def _made_from(run: Run) -> tuple[dict[str, str], int]:
    """The checksums of the ledger's months in a run, and the decimal digits of its currency."""
    made_from = read_manifest(run.folder).get("made_from", {})
    return made_from.get("ledger", {}), made_from.get("settings", {}).get("minor_units", 2)


def _tiers_of(study: Study, run: Run, stood: Ledger) -> list[Sentence]:
    """The sentence on a published run whose tiers would now be different, if they would."""
    path = run.folder / "rules" / f"{study.settings.official}.json"
    if not path.is_file():
        return []
    rule = Rule.from_json(path.read_text(encoding="utf-8"))
    window = rule.window_months or study.window_months
    changed = changed_tiers(rule, stood, study.ledger, run.month, window)
    if changed.empty:
        return []
    said = sentence(
        "{n:integer} {n:tier|tiers} published for {month} would now be different",
        n=len(changed),
        month=run.month,
    )
    if not study.settings.show_customer_ids:
        return [said]
    told = [
        f"{row['customer_id']} {row['tier_before'] or '–'} → {row['tier_after'] or '–'}"
        for row in changed.head(_NAMED).fillna("").to_dict("records")
    ]
    more = " …" if len(changed) > _NAMED else ""
    return [sentence("{said}: {customers:list}{more}", said=said, customers=told, more=more)]
