"""The tier that counts: overrides and damping on top of the official rule, and both reported."""

import pandas as pd
import pytest

from segmentation import Study
from segmentation.errors import ParameterError
from segmentation.questions import notices as page
from segmentation.questions.overrides import decided, overrides
from segmentation.study.inputs import inputs

GIVEN = {"month": "2025-06", "window_months": 1, "methods": {"T": {"use": "Threshold", "cuts": [100, 50]}}}


@pytest.fixture
def study(tmp_path):
    """A customer whose spend jumps from 40 to 200 in the last month, and one who stays at 70."""
    rows = [("jumper", f"2025-{m:02d}-10", 200 if m == 6 else 40) for m in range(1, 7)]
    rows += [("steady", f"2025-{m:02d}-11", 70) for m in range(1, 7)]
    orders = tmp_path / "orders.csv"
    pd.DataFrame(rows, columns=["customer_id", "order_date", "amount"]).to_csv(orders, index=False)

    def study(**given):
        return Study.open({**GIVEN, "orders": str(orders), "store": str(tmp_path / "store"), **given})

    return study


def _tiers(study):
    return decided(study).set_index("customer_id")["tier"].to_dict()


def test_without_more_the_rule_decides(study):
    assert _tiers(study()) == {"jumper": "A", "steady": "B"}


def test_damping_waits_for_a_second_month(study):
    assert _tiers(study(damping_months=2)) == {"jumper": "C", "steady": "B"}


def test_an_override_counts_until_its_day(study, tmp_path):
    path = tmp_path / "by-hand.csv"
    path.write_text(
        "customer_id,tier,who,why,until\nsteady,A,Li,40 referrals,2025-06-30\njumper,C,Wu,credit,2025-05-31\n"
    )
    opened = study(overrides=str(path))
    found = decided(opened).set_index("customer_id")
    assert found["tier"].to_dict() == {"jumper": "A", "steady": "A"}
    assert found["tier_by_rule"].to_dict() == {"jumper": "A", "steady": "B"}
    listed = overrides(opened)
    assert listed["status"].tolist() == ["applied", "expired"]
    assert listed[["tier_by_hand", "tier_by_rule"]].values.tolist() == [["A", "B"], ["C", "A"]]
    assert opened.ask("overrides").equals(listed)
    assert study().ask("overrides").empty
    assert "1 of 2 have expired" in page.by_hand(study(overrides=str(path))).text
    assert "已过期" in page.by_hand(study(overrides=str(path), language="zh")).text


def test_another_file_of_overrides_is_another_run(study, tmp_path):
    path = tmp_path / "by-hand.csv"
    path.write_text("customer_id,tier,who,why,until\nsteady,A,Li,referrals,2025-06-30\n")
    before = inputs(study(overrides=str(path)))
    path.write_text("customer_id,tier,who,why,until\nsteady,A,Li,referrals,2025-07-31\n")
    assert inputs(study(overrides=str(path))) != before


def test_a_missing_file_of_overrides_is_named(study):
    with pytest.raises(ParameterError, match=r"nowhere\.csv"):
        inputs(study(overrides="nowhere.csv"))
