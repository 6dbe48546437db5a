"""The fingerprint of a class in memory: it follows what the class computes, and nothing else."""

import subprocess
import sys
from typing import Any

import pytest

from segmentation.methods.live_code import fingerprint

CELL = """
from dataclasses import dataclass
import numpy as np
import pandas as pd

WEIGHTS = {"monetary": 2.0}
CUTS = np.array([1.0, 2.0])
TABLE = pd.DataFrame({"word": ["a", "b"]})

def helper(x):
    return [np.log1p(v) for v in [x, CUTS.sum(), len(TABLE)]]

@dataclass
class Mine:
    weight: float = 1.0

    def fit(self, profile):
        return self

    def score(self, profile):
        return helper(profile["monetary"] * WEIGHTS["monetary"]) * self.weight
"""


def of(cell: str) -> str | None:
    """The fingerprint of `Mine`, as a notebook's cell would define it."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(cell, "<cell>", "exec", dont_inherit=True), namespace)  # noqa: S102
    return fingerprint(namespace["Mine"])


def test_the_same_code_is_the_same_and_where_it_stands_does_not_matter() -> None:
    assert of(CELL) is not None
    assert of(CELL) == of("\n\n# moved\n" + CELL)
    assert of(CELL) == of(CELL + "\nunrelated = open('/dev/null')\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2.0}", "3.0}"),
        ("[1.0, 2.0]", "[1.0, 2.5]"),
        ('["a", "b"]', '["a", "c"]'),
        ("log1p", "log2"),
        ("= 1.0", "= 1.5"),
        ("* self.weight", "- self.weight"),
        ("return self\n", "return None\n"),
    ],
)
def test_what_it_reaches_counts(old: str, new: str) -> None:
    assert of(CELL.replace(old, new)) not in (None, of(CELL))


def test_it_is_the_same_in_another_process() -> None:
    program = "import sys, test_live_code as t; print(t.of(t.CELL))"
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert found == {of(CELL)}


@pytest.mark.parametrize("value", ["np.random.default_rng()", "open('/dev/null')", "iter([1])"])
def test_what_cannot_be_told_from_its_like_has_none(value: str) -> None:
    assert of(CELL.replace('{"monetary": 2.0}', value)) is None
