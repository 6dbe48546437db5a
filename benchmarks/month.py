"""The monthly run as a whole process, in multiples of one empty notebook through papermill and nbconvert.

Cold: no store. Warm: `--force` on the store that the cold run left. The floor is measured in the same round.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[1]
ROUNDS = 3


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "params").mkdir()
        shutil.copy(ROOT / "params" / "demo.yaml", place / "params" / "demo.yaml")
        shutil.copytree(ROOT / "notebooks", place / "notebooks")
        empty = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("")])
        empty.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(empty, place / "empty.ipynb")
        command = [sys.executable, "-m", "segmentation"]
        run = [*command, "run", "params/demo.yaml"]
        steps = "papermill --log-level ERROR empty.ipynb out.ipynb && jupyter-nbconvert --to html out.ipynb"
        floor = ["sh", "-c", steps]
        rows: dict[str, list[float]] = {"empty notebook": [], "cold": [], "warm, --force": [], "--help": []}
        for _ in range(ROUNDS):
            rows["empty notebook"].append(_seconds(floor, place))
            shutil.rmtree(place / ".segmentation", ignore_errors=True)
            shutil.rmtree(place / "reports", ignore_errors=True)
            rows["cold"].append(_seconds(run, place))
            rows["warm, --force"].append(_seconds([*run, "--force"], place))
            rows["--help"].append(_seconds([*command, "--help"], place))
        base = statistics.median(rows["empty notebook"])
        for name, seconds in rows.items():
            median = statistics.median(seconds)
            print(f"{name:15} {median:6.2f} s  {median / base:5.1f} × the empty notebook")


def _seconds(command: list[str], place: Path) -> float:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    began = time.perf_counter()
    subprocess.run(
        command,
        cwd=place,
        env={**os.environ, "PATH": path},
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
