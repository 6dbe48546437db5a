"""Everything that decides a month's results, for the key of its run: JSON values, no places or secrets."""

import hashlib
from typing import Any

from segmentation.errors import ParameterError
from segmentation.ledger.pseudonyms import fingerprint
from segmentation.methods.building import own_code
from segmentation.study.settings import Settings
from segmentation.study.study import Study
from segmentation.study.tables import digests


def inputs(study: Study) -> dict[str, Any]:
    """Give the settings, the checksums of the ledger's months, the tables, the overrides and a user's own methods."""
    settings = study.settings
    return {
        "settings": {**settings.without_places(), "month": study.month},
        "ledger": {month: study.ledger.checksum(month) for month in study.months},
        "baskets": study.ledger.baskets_digests(study.month),
        "overrides": _overrides(settings),
        "tables": digests(study),
        "own_methods": own_code(settings.methods, settings.root),
        "pseudonyms": None if settings.show_customer_ids else fingerprint(),
    }


def _overrides(settings: Settings) -> str | None:
    """The sha256 of the file of overrides."""
    if settings.overrides is None:
        return None
    path = settings.place("overrides")
    if not path.is_file():
        raise ParameterError(f"overrides: there is no such file ({settings.overrides})")
    return hashlib.sha256(path.read_bytes()).hexdigest()
