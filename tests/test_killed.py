"""A process killed while it writes the ledger leaves the old one or the new one; the next run is right.

The suite kills at a few instants; `KILLS=50 pytest tests/test_killed.py` at fifty.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd

from segmentation.ledger.ledger import Ledger

KILLS = int(os.environ.get("KILLS", "5"))
UPDATE = """
import sys
from segmentation.ledger.ledger import Ledger
print("imported", flush=True)
Ledger.update({"path": sys.argv[1]}, sys.argv[2])
"""


def sales(path: Path, extra: float) -> None:
    rows = [
        (f"c{n % 500:03d}", f"S{n}", f"2017-{1 + n % 12:02d}-{1 + n % 28:02d}", n % 97 + extra)
        for n in range(6000)
    ]
    pd.DataFrame(rows, columns=["customer_id", "order_id", "date", "amount"]).to_csv(path, index=False)


def contents(ledger: Ledger) -> list[tuple[str, str, int]]:
    """Every month with its checksum and what its file really holds."""
    return [
        (month, ledger.checksum(month), int(pd.read_parquet(path)["amount_minor"].sum()))
        for month, path in zip(ledger.months, ledger.paths(ledger.first, ledger.last))
    ]


def test_killed_at_any_instant_the_next_run_is_right(tmp_path: Path) -> None:
    source, folder = tmp_path / "sales.csv", tmp_path / "ledger"
    command = [sys.executable, "-c", UPDATE, str(source), str(folder)]
    wanted = []
    for extra in (0.0, 1.0):
        sales(source, extra)
        wanted.append(contents(Ledger.update({"path": str(source)}, tmp_path / f"whole-{extra}")))
    sales(source, 0.0)
    Ledger.update({"path": str(source)}, folder)
    sales(source, 1.0)
    start = time.perf_counter()
    Ledger.update({"path": str(source)}, tmp_path / "timed")
    lasts = time.perf_counter() - start
    instants = random.Random(7)
    killed = 0
    for turn in range(KILLS):
        sales(source, float(turn % 2))
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(instants.uniform(0, 1.2 * lasts))
            process.send_signal(signal.SIGKILL)
            killed += process.wait() == -signal.SIGKILL
        left = contents(Ledger.open(folder))
        assert left in wanted, "the old ledger or the new one stands"
        again = Ledger.update({"path": str(source)}, folder)
        assert contents(again) == wanted[turn % 2]
        assert not list(folder.glob("*.part"))
    assert killed, "no process was killed while it worked"
