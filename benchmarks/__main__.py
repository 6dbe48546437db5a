"""Runs every benchmark in turn, or those named: `python -m benchmarks month`."""

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent

for path in sorted(HERE.glob("[a-z]*.py")):
    if len(sys.argv) == 1 or path.stem in sys.argv[1:]:
        print(f"\n{path.stem}", flush=True)
        runpy.run_module(f"benchmarks.{path.stem}", run_name="__main__")
