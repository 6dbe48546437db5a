"""A small project for tests of the monthly run: orders, parameters and two short notebooks."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from nbformat import NotebookNode
from notebook_making import notebook, write_notebooks

THRESHOLD = {"column": "monetary", "cuts": [100, 50]}
MONTHS = [f"2017-{number:02d}" for number in range(1, 13)]
OPEN = ("from segmentation import Study", "study = Study.open(globals())")
NOTEBOOKS = {
    "0-month": notebook(
        "# Which customers are key?", *OPEN, "study.ask('tier_shares')", "print(study.month)"
    ),
    "2-abc": notebook("# What did ABC learn?", *OPEN, "print(study.store.folder, study.rule().statement())"),
}
# for tests of what happens around the notebooks: they import nothing, and so run in no time
PLAIN = {
    "0-month": notebook("# Which customers are key?", "print(month)"),
    "2-abc": notebook("# What did ABC learn?", "print(month)"),
}


def orders() -> pd.DataFrame:
    """Forty customers; customer n orders in every (n mod 4 + 1)th month, for n + 1 dollars and some cents."""
    rows = [
        (f"C{number:02d}", f"{month}-{number % 27 + 1:02d}", f"{number + 1}.{place:02d}")
        for number in range(40)
        for place, month in enumerate(MONTHS)
        if place % (number % 4 + 1) == 0
    ]
    # and one stranger with a name that must not be taken for anything else
    rows += [('<script>alert("1")</script>', f"{MONTHS[-1]}-31", "5.00")]
    return pd.DataFrame(rows, columns=["customer_id", "order_date", "amount"])


def make_project(root: Path, notebooks: Mapping[str, NotebookNode] = PLAIN, **settings: Any) -> Path:
    """Write a project and return its params file; settings replace the usual ones."""
    (root / "params").mkdir(parents=True)
    orders().to_csv(root / "orders.csv", index=False)
    write_notebooks(root / "notebooks", notebooks)
    values = {
        "month": "2017-12",
        "orders": "orders.csv",
        "window_months": 6,
        "holdout_months": 2,
        "origins": 1,
        "methods": {"ABC": {}},
        "notebook_timeout": 60,
        **settings,
    }
    params = root / "params" / "small.yaml"
    params.write_text(json.dumps(values))  # JSON is YAML
    return params
