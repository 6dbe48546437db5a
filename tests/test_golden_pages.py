"""Golden pages: every word of six pages of the demo month, in every language, as a reader sees them.

A change of a sentence, a figure or a list shows in the diff of tests/golden/. To take what is there now for right:
`GOLDEN=write pytest tests/test_golden_pages.py`, and read the diff.
"""

import json
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from segmentation import Study
from segmentation.questions import data
from segmentation.show.charts.chart import Chart
from segmentation.words.translations import languages

HERE = Path(__file__).parent
PAGES = ("0-month", "1-data", "5-comparison", "6-movement", "7-life", "8-outlook")
GIVEN = {
    "orders": "demo:complete-journey",
    "month": "2017-12",
    "window_months": 6,
    "methods": {"ABC": {}, "RFM": {"scores": 5}},
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("golden"))


def told(path: Path, given: dict[str, Any]) -> str:
    """What every cell of a notebook shows, as text; of a chart its words."""
    names: dict[str, Any] = {"__builtins__": __builtins__}
    shown = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"]).strip()
        if cell["cell_type"] != "code" or "parameters" in cell["metadata"].get("tags", []):
            continue
        *before, last = source.splitlines()
        names |= {} if "study" in names else given
        exec("\n".join(before), names)  # noqa: S102
        if last.startswith("study ="):
            exec(last, names)  # noqa: S102
            continue
        block = eval(last, names)  # noqa: S307
        shown.append(f"{block.title}\n{block.alt}" if isinstance(block, Chart) else repr(block))
    return "\n\n".join(f"## {path.stem}\n{text}" if not n else text for n, text in enumerate(shown))


@pytest.mark.parametrize("language", languages())
def test_the_pages_say_what_they_said(language: str, store: str) -> None:
    given = {**GIVEN, "store": store, "language": language}
    notebooks = HERE.parent / "notebooks"
    now = "\n\n".join(told(notebooks / f"{page}.ipynb", given) for page in PAGES) + "\n"
    golden = HERE / "golden" / f"pages.{language}.txt"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(now, encoding="utf-8")
    assert now == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize(("bad", "kind"), [(0, "good"), (4, "good"), (5, "caution"), (40, "caution")])
def test_the_data_page_is_good_up_to_five_in_a_hundred(tmp_path: Path, bad: int, kind: str) -> None:
    rows = [(f"c{n}", "2025-01-31" if n >= bad else "no day", 5) for n in range(100)]
    path = tmp_path / "orders.csv"
    pd.DataFrame(rows, columns=["customer_id", "date", "amount"]).to_csv(path, index=False)
    study = Study.open({"orders": str(path), "month": "2025-01", "store": str(tmp_path / "store")})
    assert f'class="answer {kind}"' in data.answer(study).html
