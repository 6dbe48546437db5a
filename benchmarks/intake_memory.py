"""Memory while a large CSV becomes a ledger: `python benchmarks/intake_memory.py [gigabytes] [packed]`.

The aim is 1 GB of memory for a file of 5 GB. A process of its own does the work, and its peak is measured.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

ROWS_A_GIGABYTE = 16_500_000
LINES = """
COPY (SELECT 'customer ' || (hash(i // 3) % 2000000) AS customer_id, 'SO' || (1000000 + i // 3) AS order_id,
             CAST(TIMESTAMP '2016-01-01' + to_seconds(i * 3 // {thirds}) AS VARCHAR) AS order_date,
             'product ' || (hash(i * 7) % 5000) AS product,
             CAST((hash(i * 5) % 100000) / 100 AS DECIMAL(12, 2)) AS amount
      FROM range({rows}) AS r(i)) TO '{path}' (HEADER)
"""
WORK = """
import resource, sys
from segmentation.ledger.ledger import Ledger
ledger = Ledger.update({"path": sys.argv[1]}, sys.argv[2])
print(len(ledger.months), ledger.reconciliation()["rows"].iloc[-1],
      resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def main(gigabytes: float, packed: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sales.csv"
        rows = int(ROWS_A_GIGABYTE * gigabytes)
        duckdb.execute(LINES.format(rows=rows, path=path, thirds=max(1, round(gigabytes))))
        size = path.stat().st_size / 1e9
        if packed:
            subprocess.run(["gzip", "-1", str(path)], check=True)
            path = path.with_name("sales.csv.gz")
        start = time.perf_counter()
        command = [sys.executable, "-c", WORK, str(path), str(Path(folder) / "ledger")]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        taken = time.perf_counter() - start
        print(
            f"{size:.2f} GB, {rows:,} rows, {said[0]} months: {taken:.0f} s, peak {int(said[2]) / 1e6:.2f} GB"
        )
        assert int(said[1]) == rows


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0, "packed" in sys.argv)
