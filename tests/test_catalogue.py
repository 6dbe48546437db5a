"""Every name that a table of the pages may show is in the catalogue, in both languages."""

import pandas as pd
import pytest

from segmentation import profile, read_orders
from segmentation.intake.headings import NAMES
from segmentation.intake.reconciliation import COUNTED, SET_ASIDE
from segmentation.words.columns import COLUMNS
from segmentation.words.reader import Reader

ORDERS = pd.DataFrame({"customer": ["a", ""], "date": ["2017-01-01", "?"], "amount": ["1", "?"]})
FOUND = read_orders(ORDERS)


@pytest.mark.parametrize(
    "names",
    [
        (*COUNTED, *SET_ASIDE, "accepted", "ledger"),
        FOUND.reconciliation()["effect"].unique(),
        FOUND.set_aside.columns,
        FOUND.spanning().columns,
        [role for role in NAMES if role != "cost"],
        profile(FOUND, as_of="2017-01", window_months=1).columns,
        ["Key", "Main", "Ordinary", "account_manager", "branch"],
    ],
    ids=["rules", "effects", "set aside", "spanning", "roles", "profile", "tiers"],
)
def test_nothing_is_left_untranslated(names: list[str]) -> None:
    said = Reader("zh")
    words = [said.heading(name, unit=False) if name in COLUMNS else said.word(name) for name in names]
    assert not [word for word in words if word.isascii()]
