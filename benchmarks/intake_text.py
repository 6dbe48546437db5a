"""3,000,000 rows of GB18030 CSV: reading and judging them against transcoding plus DuckDB's own read.

`python benchmarks/intake_text.py [rows]`. Both are timed in turn in one run; the ratio is what counts.
"""

import codecs
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from segmentation import read_orders

LINES = """
COPY (SELECT '客户' || (hash(i) % 200000) AS 客户编号, 'SO' || (1000000 + i // 2) AS 订单编号,
             CAST(TIMESTAMP '2016-01-01' + to_seconds(i * 21) AS VARCHAR) AS 订单日期,
             '产品' || (hash(i * 7) % 5000) AS 产品名称, hash(i * 3) % 9 + 1 AS 数量,
             CAST((hash(i * 5) % 100000) / 100 AS DECIMAL(12, 2)) AS 金额
      FROM range({rows}) AS r(i)) TO '{path}' (HEADER)
"""


def transcode(source: Path, target: Path, before: str = "gb18030", after: str = "utf-8") -> None:
    decoder = codecs.getincrementaldecoder(before)("strict")
    with source.open("rb") as stream, target.open("wb") as out:
        while chunk := stream.read(1 << 18):
            out.write(decoder.decode(chunk).encode(after))


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        utf8, chinese, again = (Path(folder) / name for name in ("utf8.csv", "gb18030.csv", "again.csv"))
        duckdb.execute(LINES.format(rows=rows, path=utf8))
        transcode(utf8, chinese, "utf-8", "gb18030")

        def floor() -> None:
            transcode(chinese, again)
            with duckdb.connect() as engine:
                engine.execute("CREATE TABLE t AS FROM read_csv($1)", [str(again)])

        times = [(timed(floor), timed(lambda: read_orders(chinese))) for _ in range(3)]
        for least, ours in times:
            print(
                f"transcode and DuckDB {least:5.2f} s   read_orders {ours:5.2f} s   ratio {ours / least:.2f}"
            )
        print(f"best of three each: {min(t[1] for t in times) / min(t[0] for t in times):.2f} (aim 1.3)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3_000_000)
