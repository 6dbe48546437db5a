"""Who moved: states, matrix, and the refusal of tiers that cannot be compared."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.errors import DataError
from segmentation.movement.states import KINDS, and_dormant, changes, counts, matrix

NAMES = ["A", "B", "C"]
OLD = pd.DataFrame({"customer_id": list("abcdef"), "ABC": list("ABBCAC")})
NEW = pd.DataFrame({"customer_id": list("abcdgh"), "ABC": list("AACBCB")})


def test_who_was_dormant_and_still_is_can_be_added():
    moved = changes(OLD, NEW, "ABC", NAMES, dormant_before=["g", "z"]).assign(value=1.0)
    found = and_dormant(moved, ["g", "z"])
    assert len(found) == len(moved) + 1
    assert found.iloc[-1][["customer_id", "before", "after", "kind"]].tolist() == [
        *("z", "dormant", "dormant", "stayed"),
    ]


def test_every_kind_of_change_is_named():
    moved = changes(OLD, NEW, "ABC", NAMES, dormant_before=["g", "z"]).set_index("customer_id")
    assert moved["kind"].to_dict() == {
        "a": "stayed",
        "b": "up",
        "c": "down",
        "d": "up",
        "e": "dormant",
        "f": "dormant",
        "g": "returned",
        "h": "new",
    }
    assert moved.loc["g", "before"] == "dormant"
    assert moved.loc["h", "before"] == "new"
    assert moved.loc["f", "after"] == "dormant"


def test_the_matrix_counts_every_customer_once():
    moved = changes(OLD, NEW, "ABC", NAMES, dormant_before=["g"])
    table = matrix(moved, NAMES)
    assert list(table.index) == ["A", "B", "C", "dormant", "new"]
    assert table.to_numpy().tolist() == [[1, 0, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0], [0, 1, 0, 0]]
    assert counts(moved).set_index("kind")["customers"].to_dict() == dict(zip(KINDS, [2, 1, 1, 1, 2, 1]))


def test_a_matrix_of_money_sums_the_column():
    moved = changes(OLD, NEW, "ABC", NAMES).assign(money=[1.0, 2, 4, 8, 16, 32, 64, 128])
    assert matrix(moved, NAMES, "money").loc["B"].tolist() == [2.0, 0.0, 4.0, 0.0]


def test_a_month_without_customers_moves_everybody():
    assert (changes(OLD, NEW.iloc[:0], "ABC", NAMES)["kind"] == "dormant").all()
    assert (changes(OLD.iloc[:0], NEW, "ABC", NAMES)["kind"] == "new").all()
    assert matrix(changes(OLD.iloc[:0], NEW.iloc[:0], "ABC", NAMES), NAMES).to_numpy().sum() == 0


def test_a_customer_given_twice_is_refused():
    with pytest.raises(DataError, match="'a' is given more than once"):
        changes(pd.concat([OLD, OLD.iloc[:1]]), NEW, "ABC", NAMES)


def test_a_strange_tier_is_refused():
    with pytest.raises(DataError, match="customer 'a' is in 'D'"):
        changes(OLD.assign(ABC="D"), NEW, "ABC", NAMES)


@given(st.dictionaries(st.integers(0, 30), st.tuples(st.sampled_from("ABC-"), st.sampled_from("ABC-"))))
@settings(max_examples=50, deadline=None)
def test_the_list_and_the_matrix_hold_the_same_customers(states):
    old = pd.DataFrame(
        [(str(i), a) for i, (a, _) in states.items() if a != "-"], columns=["customer_id", "M"]
    )
    new = pd.DataFrame(
        [(str(i), b) for i, (_, b) in states.items() if b != "-"], columns=["customer_id", "M"]
    )
    moved = changes(old, new, "M", NAMES)
    table = matrix(moved, NAMES)
    assert table.to_numpy().sum() == len(moved) == len({*old["customer_id"], *new["customer_id"]})
    assert table.loc[NAMES].sum(axis=1).tolist() == [int((old["M"] == tier).sum()) for tier in NAMES]
    assert table[NAMES].sum().tolist() == [int((new["M"] == tier).sum()) for tier in NAMES]
    assert counts(moved)["customers"].sum() == len(moved)
