"""What a run publishes beside its pages: tables for the sales team, the rules, and every customer's tier."""

from pathlib import Path

import pandas as pd

from segmentation.errors import ParameterError
from segmentation.questions import results
from segmentation.questions.decision import decided
from segmentation.questions.responsible import by_responsible, with_responsible
from segmentation.show.spreadsheets import write_csv
from segmentation.study.study import Study


def write_artefacts(study: Study, folder: Path) -> None:
    """Write tables/*.csv, rules/*.json and *.sql, and tiers.parquet; the same study gives the same bytes."""
    for name, table in tables(study).items():
        _into(folder / "tables")
        write_csv(table, _inside(folder, f"tables/{name}.csv"))
    _into(folder / "rules")
    for name in study.settings.methods:
        rule = study.rule(name)
        if rule is not None:
            _inside(folder, f"rules/{name}.json").write_text(rule.to_json(), encoding="utf-8")
            _inside(folder, f"rules/{name}.sql").write_text(rule.to_sql("customers") + "\n", encoding="utf-8")
    customers(study).to_parquet(folder / "tiers.parquet", index=False)


def customers(study: Study) -> pd.DataFrame:
    """Every customer: the `tier` that counts, the official rule's, then tier, score and segment by method."""
    found = decided(study).tiered.assign(chance=results.chance_of_tier(study))
    for name in study.settings.methods:
        learned = study.learned(name)
        if "tiers" in learned:
            columns = learned["tiers"].drop(columns="customer_id")
            found = found.join(columns.rename(columns={part: f"{name}_{part}" for part in columns}))
    return found


def tables(study: Study) -> dict[str, pd.DataFrame]:
    """The published tables by file name."""
    trial = results.trial(study)
    found = {
        "customers": customers(study).merge(study.profile(), on="customer_id", validate="1:1"),
        "tier_shares": study.tier_shares(),
        "reconciliation": study.ledger.reconciliation(),
        "agreement": results.agreement(study),
        "trial": trial.results,
        "trial_differences": trial.differences,
        "stability": results.stability(study).tiers,
        "sensitivity": results.sensitivity(study).specifications,
        "confidence": results.confidence(study),
        "rising": results.risers(study),
        "slipping": results.slipping(study),
        "newly_big": results.newly_big(study),
        "newly_stable": results.newly_stable(study),
    }
    if study.settings.overrides is not None:
        found["overrides"] = decided(study).table
    if study.has_month_before:
        moved = results.moves(study)
        why = results.attributed(study)[["customer_id", "cause", "within_noise"]]
        found["moves"] = moved[moved["kind"] != "stayed"].merge(why, on="customer_id", how="left")
    if len(managers := by_responsible(study)):
        found["by_account_manager"] = managers
    return {
        name: with_responsible(study, table) if "customer_id" in table else table
        for name, table in found.items()
    }


def _inside(folder: Path, name: str) -> Path:
    """The path of a file in the folder; raises ParameterError for a name that leads out of it."""
    path = folder / name
    if path.parent.resolve() != (folder / name.partition("/")[0]).resolve():
        raise ParameterError(f"{name}: leads out of the run's folder; nothing is written")
    return path


def _into(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
