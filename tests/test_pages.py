"""The notebooks' own cells on data that breaks assumptions: every cell gives something to look at."""

import json
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from segmentation.errors import DataError

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def _orders(rows):
    return pd.DataFrame(rows, columns=["customer_id", "order_date", "amount"])


_MONTHS = [f"2025-{month:02d}" for month in range(1, 13)]
ODD = {
    "one customer": _orders([("007", f"{month}-15", 10.5) for month in _MONTHS]),
    "one order each": _orders([(f"c{n}", f"{_MONTHS[n % 12]}-0{1 + n % 9}", 5.0 + n) for n in range(60)]),
    "all amounts equal": _orders(
        [
            (f"c{n}", f"{month}-10", 20.0)
            for n, month in product(range(12), _MONTHS)
            if (n + int(month[5:])) % 3
        ]
    ),
    "one month only": _orders([(f"c{n}", "2025-12-05", 1.0 + n) for n in range(20)]),
    "months without orders": _orders(
        [
            (f"c{n}", f"{month}-10", 3.0 * n + 1)
            for n, month in product(range(15), ["2025-01", "2025-06", "2025-12"])
        ]
    ),
    "mostly returns": _orders(
        [(f"c{n}", f"{month}-10", 5.0 * (1 if n % 3 else -1)) for n, month in product(range(12), _MONTHS)]
        + [(f"c{n}", "2025-11-03", 1.0) for n in range(12)]
    ),
    "odd ids": _orders(
        [
            (name, f"{month}-1{n % 9}", 10.0 + n)
            for n, name in enumerate(
                ["007", "nan", "a,b", 'say "hi"', "<script>alert(1)</script>", "客户=1+1", "=1+1"]
            )
            for month in _MONTHS[n % 3 :]
        ]
    ),
}


@pytest.fixture(scope="module")
def study_of(tmp_path_factory):
    folders = {}

    def study_of(name):
        if name not in folders:
            folders[name] = tmp_path_factory.mktemp("odd")
            ODD[name].to_csv(folders[name] / "orders.csv", index=False)
        return {
            "orders": str(folders[name] / "orders.csv"),
            "store": str(folders[name] / "store"),
            "month": "2025-12",
            "window_months": 6,
        }

    return study_of


@pytest.mark.parametrize(("name", "language"), [*((name, "en") for name in ODD), ("odd ids", "zh")])
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_shows_something(path, name, language, study_of):
    given = {**study_of(name), "language": language}
    names = {"__builtins__": __builtins__}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        *before, last = "".join(cell["source"]).strip().splitlines()
        if "parameters" in cell["metadata"].get("tags", []) or last.startswith("study ="):
            exec("\n".join([*before, last]), names)  # noqa: S102
            names |= {} if "study" in names else given
            continue
        try:
            exec("\n".join(before), names)  # noqa: S102
            shown = eval(last, names)  # noqa: S307
        except DataError:  # a run presses no page of a method that cannot be learned
            if "about" not in names:
                raise
            return
        bundle = getattr(shown, "html", None) or getattr(shown, "svg", None)
        assert bundle, last
        assert "<script>alert" not in bundle
        assert "nan%" not in bundle, last
