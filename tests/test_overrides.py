"""Overrides: tiers set by hand, with who, why and until when; shown beside what the rule says."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from segmentation.errors import DataError
from segmentation.questions.overrides import apply_overrides, read_overrides

TIERS = ("A", "B", "C")
TIERED = pd.DataFrame({"customer_id": ["007", "b", "c"], "score": [1.0, 2.0, 3.0], "tier": ["C", "B", "A"]})
GOOD = "customer_id,tier,who,why,until\n007,A,Li,40 referrals,2018-06-30\nc,A,Li,large bid,2017-12-31\n"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "overrides.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_an_override_replaces_the_tier_and_keeps_what_the_rule_says(tmp_path: Path) -> None:
    table = read_overrides(written(tmp_path, GOOD), TIERS)
    done = apply_overrides(TIERED, table, date(2017, 12, 31))
    assert done.tiered["tier"].tolist() == ["A", "B", "A"]
    assert done.tiered["tier_by_rule"].tolist() == ["C", "B", "A"]
    assert done.table["status"].tolist() == ["applied", "agrees"]
    assert done.table["tier_by_rule"].tolist() == ["C", "A"]
    assert TIERED["tier"].tolist() == ["C", "B", "A"]


def test_expired_and_unknown_ones_are_reported_and_not_applied(tmp_path: Path) -> None:
    text = GOOD + "gone,B,Li,was here,2018-06-30\nb,A,Wu,trial,2017-11-30\n"
    done = apply_overrides(TIERED, read_overrides(written(tmp_path, text), TIERS), date(2018, 1, 31))
    assert done.table["status"].tolist() == ["applied", "expired", "not here", "expired"]
    assert done.tiered["tier"].tolist() == ["A", "B", "A"]


def test_chinese_headers_and_encoding(tmp_path: Path) -> None:
    text = "客户编号,等级,批准人,原因,有效期至\n007,A,李,转介绍 40 位客户,2018-06-30\n"
    table = read_overrides(written(tmp_path, text, "gb18030"), TIERS)
    assert table[["customer_id", "why"]].values.tolist() == [["007", "转介绍 40 位客户"]]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("d,Z,Li,why,2018-06-30", r"overrides.csv, row 4: tier 'Z' is not one of A, B, C"),
        ("d,A,,why,2018-06-30", "row 4: who is empty"),
        ("d,A,Li,why,30/06/2018", "row 4: until '30/06/2018' is not a day such as 2018-06-30"),
        ("d,A,Li,why,", "row 4: until is empty"),
    ],
)
def test_bad_rows_are_named(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_overrides(written(tmp_path, GOOD + row + "\n"), TIERS)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no column 'until'; an override needs customer_id, tier"):
        read_overrides(written(tmp_path, "customer_id,tier,who,why\na,A,Li,x\n"), TIERS)


def test_two_in_force_for_one_customer_are_refused(tmp_path: Path) -> None:
    table = read_overrides(written(tmp_path, GOOD + "007,B,Wu,other,2018-01-31\n"), TIERS)
    with pytest.raises(DataError, match="customer '007' has two in force on 2017-12-31"):
        apply_overrides(TIERED, table, date(2017, 12, 31))
    assert apply_overrides(TIERED, table, date(2018, 2, 28)).tiered["tier"].tolist() == ["A", "B", "A"]
