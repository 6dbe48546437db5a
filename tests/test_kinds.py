import gzip
import io
import json
import sqlite3
import tarfile
import zipfile
from pathlib import Path

import duckdb
import pytest

from segmentation import read_orders
from segmentation.errors import DataError, ParameterError, Undecided

TABLE = "customer_id,date,amount\nA,2026-01-02,5\nB,2026-01-03,7\n"
DUMP = "CREATE TABLE orders (customer_id TEXT, amount REAL);\nINSERT INTO orders VALUES ('A', 5);\n"
PAGE = "<table><tr><th>customer_id</th></tr><tr><td>A</td></tr></table>"
XML_2003 = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="x"></Workbook>'


def archive() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as zipped:
        zipped.writestr("orders.csv", TABLE)
    return content.getvalue()


def tar() -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as packed:
        told = tarfile.TarInfo("orders.csv")
        told.size = len(TABLE)
        packed.addfile(told, io.BytesIO(TABLE.encode()))
    return content.getvalue()


def document() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as zipped:
        zipped.writestr("word/document.xml", "<w/>")
    return content.getvalue()


OTHERS: dict[str, tuple[str, bytes, str]] = {
    "json": ("o.json", json.dumps({"orders": [{"customer_id": "A"}]}).encode(), "JSON"),
    "json list, pretty": ("o.csv", json.dumps([{"customer_id": "A"}], indent=2).encode(), "JSON"),
    "json lines": ("o.jsonl", b'{"customer_id": "A"}\n{"customer_id": "B"}\n', "JSON"),
    "json, marked": ("o.txt", b"\xef\xbb\xbf" + b'\n  {"a": 1}', "JSON"),
    "json, packed": ("o.json.gz", gzip.compress(b'[{"a": 1}]'), "JSON"),
    "pdf": ("o.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
    "pdf by the name of a csv": ("o.csv", b"%PDF-1.4\n", "PDF"),
    "page as xls": (
        "o.xls",
        PAGE.encode(),
        "HTML page; *.*|HTML page, not a table of orders; open it in a spread",
    ),
    "page with a head": ("o.xls", b"\xef\xbb\xbf<!DOCTYPE html>\n<html><body></body></html>", "HTML"),
    "page of GB18030": ("o.xls", f"<html><meta charset='gbk'>订单{PAGE}</html>".encode("gb18030"), "HTML"),
    "workbook of 2003": ("o.xls", XML_2003.encode(), "2003 in XML"),
    "xml": ("o.xml", b'<?xml version="1.0"?><orders><order/></orders>', "XML"),
    "dump": ("o.sql", DUMP.encode(), "dump of a database"),
    "dump of mysql": ("o.csv", b"-- MySQL dump 10.13\n/*!40101 SET NAMES utf8 */;\n" + DUMP.encode(), "dump"),
    "dump of postgres": (
        "o.sql",
        b"--\n-- PostgreSQL database dump\n--\n\nSET x = 0;\n\n" + DUMP.encode(),
        "dump",
    ),
    "dump of sqlite": ("o.sql", b"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n" + DUMP.encode(), "dump"),
    "dump of postgres, packed": ("o.dump", b"PGDMP\x01\x0e", "dump of a PostgreSQL"),
    "zip": ("o.zip", archive(), "ZIP archive; unpack it"),
    "zip by the name of a workbook": ("o.xlsx", archive(), "ZIP archive"),
    "word": ("o.docx", document(), "Word"),
    "tar": ("o.tar", tar(), "tar archive"),
    "tar.gz": ("o.csv.gz", gzip.compress(tar()), "tar archive"),
    "packed workbook": ("o.xlsx.gz", gzip.compress(archive()), "unpack it first"),
    "bzip2": ("o.csv.bz2", b"BZh91AY&SY", "bzip2; unpack it"),
    "rar": ("o.rar", b"Rar!\x1a\x07\x00", "RAR"),
    "7z": ("o.7z", b"7z\xbc\xaf\x27\x1c\x00", "7z"),
    "access": ("o.mdb", b"\x00\x01\x00\x00Standard Jet DB\x00", "Access"),
    "feather": ("o.feather", b"ARROW1\x00\x00", "Arrow"),
    "pickle": ("o.pkl", b"\x80\x04\x95\x00\x00", "pickle"),
    "lfs": ("o.csv", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS"),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_what_is_no_table_of_orders_is_named_with_a_remedy(kind: str, tmp_path: Path) -> None:
    name, content, said = OTHERS[kind]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=said) as told:
        read_orders(tmp_path / name)
    assert str(told.value).startswith(name)
    assert "; " in str(told.value)


@pytest.mark.parametrize("name", ["o.csv", "o.csv.gz", "o.data", "o.xls", "o.json"])
def test_tables_by_other_names_are_read_for_what_they_are(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(TABLE, encoding="utf-8")
    assert read_orders(tmp_path / name).accepted["amount"].sum() == 12


@pytest.mark.parametrize("name", ["o.csv.gz", "o.csv", "o"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_packed_tables_are_told_by_their_content(name: str, encoding: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(gzip.compress(TABLE.replace("A", "客户甲").encode(encoding)))
    assert read_orders(tmp_path / name).accepted["customer_id"].tolist() == ["客户甲", "B"]


@pytest.mark.parametrize("start", ["-- note", "[1]", "{x}", "<none>", "set", "begin"])
def test_a_table_whose_first_cell_looks_like_another_kind_is_a_table(start: str, tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text(f"{start},customer_id,date,amount\n1,A,2026-01-02,5\n", encoding="utf-8")
    assert read_orders(tmp_path / "o.csv").accepted["amount"].tolist() == [5]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE orders (customer_id, order_id, date, amount, note)")
        rows = [
            (7, "S1", "2026-01-02", 12.5, None),
            (7, "S2", "2026-01-03", 3, "x"),
            (8, 9007199254740993, "2026-02-01", -0.1, b"y"),
        ]
        database.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", rows)
        database.execute('CREATE TABLE "odd ""name" (a)')
    database.close()
    return path


def test_sqlite_is_read_as_it_stands(shop: Path) -> None:
    orders = read_orders({"path": str(shop), "table": "orders"})
    found = orders.accepted[["customer_id", "order_id", "amount"]].values.tolist()
    assert found == [["7", "S1", 12.5], ["7", "S2", 3.0], ["8", "9007199254740993", -0.1]]
    asked = {"path": str(shop), "query": "SELECT * FROM orders WHERE amount > 0;"}
    assert read_orders(asked).accepted["amount"].tolist() == [12.5, 3.0]
    shop.rename(shop.with_suffix(".csv"))
    assert len(read_orders({"path": str(shop.with_suffix(".csv")), "table": "orders"}).accepted) == 3


def test_the_table_of_a_database_is_asked_for(shop: Path) -> None:
    with pytest.raises(Undecided, match=r'an SQLite database: name a table .*odd "name, orders') as told:
        read_orders(shop)
    assert (told.value.key, told.value.choices) == ("table", ("orders",))
    with pytest.raises(ParameterError, match="has no table 'nix'; it has"):
        read_orders({"path": str(shop), "table": "nix"})


def test_the_tables_that_look_like_orders_are_offered_of_a_duckdb_file_too(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as database:
        database.execute("CREATE TABLE sales (customer_id TEXT, order_date DATE, amount DECIMAL(9, 2))")
        database.execute("CREATE TABLE staff (name TEXT)")
    with pytest.raises(Undecided, match=r"a DuckDB database: name a table .*sales, staff") as told:
        read_orders(path)
    assert (told.value.key, told.value.choices) == ("table", ("sales",))


@pytest.mark.parametrize(
    "query",
    [
        "ATTACH 'other.db' AS other",
        "DROP TABLE orders",
        "DELETE FROM orders",
        "SELECT nix",
        "PRAGMA user_version",
    ],
)
def test_a_query_of_sqlite_only_reads(query: str, shop: Path) -> None:
    before = shop.read_bytes()
    with pytest.raises((DataError, ParameterError), match=r"shop\.sqlite|no SELECT"):
        read_orders({"path": str(shop), "query": query})
    assert shop.read_bytes() == before


def test_a_database_that_is_damaged_is_one_sentence(shop: Path) -> None:
    shop.write_bytes(shop.read_bytes()[:100] + b"\xff" * 5000)
    with pytest.raises(DataError, match=r"^shop\.sqlite: cannot be read as SQLite"):
        read_orders({"path": str(shop), "table": "orders"})


ENCODED = {
    "latin-1": "Kunde,Datum,Betrag\nCafé René,2026-01-02,5\nMüller & Söhne,2026-01-03,6\n",
    "cp1252": "Customer,Date,Amount\nO’Brien – Söhne,2026-01-02,5\nMüller,2026-01-03,6\n",
    "cp1251": "Клиент,Дата,Сумма\nИванов,2026-01-02,5\nПетров и сын,2026-01-03,6\n",
    "koi8-r": "Клиент,Дата,Сумма\nИванов,2026-01-02,5\nПетров и сын,2026-01-03,6\n",
    "shift_jis": "顧客,日付,金額\n田中さん,2026-01-02,5\nスズキ商店,2026-01-03,6\n",
    "euc_jp": "顧客,日付,金額\n田中さん,2026-01-02,5\nスズキ商店,2026-01-03,6\n",
    "euc_kr": "고객,날짜,금액\n김철수 주식회사,2026-01-02,5\n삼성전자 서울지점 영업부,2026-01-03,6\n",
    "iso8859-7": "Πελάτης,Ημερομηνία,Ποσό\nΓιάννης,2026-01-02,5\n",
    "cp1256": "العميل,التاريخ,المبلغ\nمحمد,2026-01-02,5\n",
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_an_encoding_that_only_its_owner_knows_is_asked_for_with_the_likeliest_first(
    encoding: str, tmp_path: Path
) -> None:
    (tmp_path / "o.csv").write_bytes(ENCODED[encoding].encode(encoding))
    with pytest.raises(Undecided, match=f"`encoding: {encoding}`") as told:
        read_orders(tmp_path / "o.csv")
    assert told.value.choices[0] == encoding


def test_traditional_chinese_in_big5_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    text = "客戶編號,訂單日期,金額\n臺灣電力公司,2026-01-02,5\n統一企業股份有限公司,2026-01-03,6\n"
    (tmp_path / "o.csv").write_bytes(text.encode("big5"))
    with pytest.raises(Undecided, match="big5"):
        read_orders(tmp_path / "o.csv")


@pytest.mark.parametrize("packed", [True, False])
def test_a_line_that_no_table_has_is_refused(
    packed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("segmentation.intake.sources.encoding._LONGEST_LINE", 1 << 21)
    content = (TABLE + '"' + "a" * (1 << 22) + '",2026-01-02,5\n').encode()
    (tmp_path / "o.csv").write_bytes(gzip.compress(content) if packed else content)
    with pytest.raises(DataError, match="a line of more than 2 MB, and is no table of orders"):
        read_orders(tmp_path / "o.csv")


def test_packed_files_are_judged_by_what_they_unpack_to(tmp_path: Path) -> None:
    from segmentation.intake.options import Intake
    from segmentation.intake.sources import source_of

    content = (TABLE * 10_000).encode()
    (tmp_path / "o.csv.gz").write_bytes(gzip.compress(content))
    assert source_of(Intake.of(str(tmp_path / "o.csv.gz"))).size() == len(content)
