"""Everybody as of any month end, by number, and where the official method placed them: what pages 7 and 8 ask."""

from typing import cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from segmentation.movement.life.known import Known
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence

Places = NDArray[np.int8]


def known_of(study: Study) -> Known:
    """Everybody as of any month end up to the study's own; nothing later may be asked for."""
    return cast(Known, study.remembered("known", lambda: Known(study.ledger, study.month)))


def known_now(study: Study) -> pd.DataFrame:
    """Everybody at the month's end."""
    found = study.remembered("known now", lambda: known_of(study).at(study.month, study.window_months))
    return cast(pd.DataFrame, found)


def better_tiers(study: Study) -> list[Sentence]:
    """The tiers above the lowest, as they are said."""
    return [sentence("{tier:tier}", tier=tier) for tier in study.tier_names[:-1]]


def places(study: Study, month: str) -> Places:
    """The place of each customer's tier at a month end among the tier names, by number; -1 without one.

    Raises DataError where the official method cannot be learned then.
    """

    def made() -> Places:
        tiers = study.learned(study.settings.official, month)["tiers"]
        found = np.full(len(known_of(study).ids), -1, dtype=np.int8)
        numbers = _numbers(study).reindex(tiers["customer_id"]).to_numpy()
        found[numbers] = pd.Categorical(tiers["tier"], categories=list(study.tier_names)).codes
        return found

    return cast(Places, study.remembered(("places", month), made))


def _numbers(study: Study) -> pd.Series:
    """The customers' numbers by the ids that are shown."""

    def made() -> pd.Series:
        known = known_of(study)
        everybody = pd.DataFrame({"customer": range(len(known.ids)), "number": range(len(known.ids))})
        return study.shown(known.named(everybody)).set_index("customer_id")["number"]

    return cast(pd.Series, study.remembered("numbers", made))
