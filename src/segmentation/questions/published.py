"""Was last month published under other settings, and with how many customers in the best tier?"""

import json
from dataclasses import dataclass
from typing import Any

import pandas as pd

from segmentation.reporting.archive import Archive
from segmentation.reporting.manifest import file_digest, read_manifest
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence

# the settings that decide who is in which tier, beside the official method's own options
_DECIDE = ("window_months", "official", "tiers", "refit")


_FOLLOWED = (
    "{before:month} was published {how:and}: {then:integer} {top:tier} {then:customer|customers} then, {now:integer} "
    "by today's settings. Moves are told against what was published."
)
_NOT_FOLLOWED = (
    "{before:month} was published {how:and}: {then:integer} {top:tier} {then:customer|customers} then, {now:integer} "
    "by today's settings. Moves are told by today's settings."
)


@dataclass(frozen=True)
class Published:
    """Last month as it was published, where that was under other settings than this month's.

    run: the run's name. differs: the settings that differ, (key, then, now). customers: how many were in the
    best tier. digest: of the published tiers. tiers: customer_id and a column of the official method's name;
    None where ids are not shown or the tiers were others, so that customers cannot be followed.
    """

    run: str
    differs: tuple[tuple[str, Any, Any], ...]
    customers: int
    digest: str
    tiers: pd.DataFrame | None

    def told(self) -> dict[str, Any]:
        """What of it decides what a report says, as JSON values."""
        return {"run": self.run, "differs": [list(one) for one in self.differs], "tiers": self.digest}


def published_otherwise(study: Study) -> Published | None:
    """Last month's published run, if there is one and it was made with other settings than this study's."""
    found: Published | None = study.remembered(("published otherwise",), lambda: _read(study))
    return found


def said(study: Study) -> Sentence | None:
    """That last month was published under other settings, with both counts; None where it was not."""
    found = published_otherwise(study)
    if found is None:
        return None
    tiers = study.learned(study.settings.official, study.month_before)["tiers"]["tier"]
    return sentence(
        _FOLLOWED if found.tiers is not None else _NOT_FOLLOWED,
        before=study.month_before,
        how=[_how(*one) for one in found.differs],
        then=found.customers,
        now=int((tiers == study.tier_names[0]).sum()),
        top=study.tier_names[0],
    )


def _how(key: str, then: Any, now: Any) -> Sentence:
    if key == "window_months":
        return sentence(
            "with a window of {then:integer} {then:month|months} (now {now:integer})", then=then, now=now
        )
    if key == "official":
        return sentence("by {then:word} (now {now:word})", then=then, now=now)
    texts = [
        value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in (then, now)
    ]
    return sentence("with {key} {then} (now {now})", key=key, then=texts[0], now=texts[1])


def _read(study: Study) -> Published | None:
    if not study.has_month_before:
        return None
    run = Archive(study.settings.place("reports")).latest(study.month_before)
    if run is None:
        return None
    then = read_manifest(run.folder).get("made_from", {}).get("settings", {})
    asked = study.settings.model_dump(include={*_DECIDE, "methods"})
    now = json.loads(json.dumps(asked, default=str))  # a class at hand is no JSON value
    differs = [(key, then.get(key), now[key]) for key in _DECIDE if key in then and then[key] != now[key]]
    official = str(then.get("official", ""))
    if official == now["official"]:
        options = [settings.get("methods", {}).get(official) for settings in (then, now)]
        if options[0] != options[1]:
            differs.append((official, *options))
    path = run.folder / "tiers.parquet"
    if not differs or not path.is_file():
        return None
    tiers = pd.read_parquet(path)
    column = f"{official}_tier" if f"{official}_tier" in tiers else "tier"
    best = next(iter(then.get("tiers", study.tier_names)))
    shown = then.get("show_customer_ids", True) and study.settings.show_customer_ids
    known = set(tiers[column]) <= set(study.tier_names)
    followed = tiers[["customer_id", column]].rename(columns={column: study.settings.official})
    return Published(
        run.name,
        tuple(differs),
        int((tiers[column] == best).sum()),
        file_digest(path),
        followed if shown and known else None,
    )
