"""The table of customers: read, judged and reconciled like orders, joined by the orders' rules of who is one."""

from pathlib import Path

import pandas as pd
import pytest

from segmentation import Study
from segmentation.errors import DataError, ParameterError
from segmentation.intake.customers import read_customers
from segmentation.intake.options import CustomersTable, Intake
from segmentation.intake.tables import LikeOrders
from segmentation.questions import known_customers, watch
from segmentation.questions.responsible import with_responsible

LIKE = LikeOrders(Intake.of("orders.csv"))
ORDERS = """customer_id,date,amount
17,2017-11-05,200
17,2017-12-05,200
18,2017-12-06,50
Lee,2017-12-07,30
9,2017-12-08,7
"""


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def study(folder: Path, customers: str | None, orders: str = ORDERS, **settings: object) -> Study:
    given = {} if customers is None else {"customers": write(folder / "customers.csv", customers)}
    return Study.open(
        {
            "orders": {"path": write(folder / "orders.csv", orders), **settings.pop("of_orders", {})},
            "store": str(folder / "store"),
            "month": "2017-12",
            "window_months": 1,
            "methods": {"Threshold": {"column": "monetary", "cuts": [100, 20]}},
            "origins": 1,
            **given,
            **settings,
        }
    )


CHINESE = """客户清单
客户编号,客户名称,行业,规模,注册日期
17.0,宏达,钢铁,12,2015-01-01
18.0,晨光,未知,5,

,无名,零售,,
18.0,晨光,未知,5,
4.0,从未,零售,1,
"""


def test_rows_are_judged_with_their_numbers(tmp_path: Path) -> None:
    found = read_customers(CustomersTable.of(write(tmp_path / "c.csv", CHINESE)), LIKE)
    assert found.table["customer_id"].tolist() == ["17", "18", "4"], "17.0 is 17"
    assert found.table["customer_name"].tolist() == ["宏达", "晨光", "从未"]
    assert found.table["industry"].isna().tolist() == [False, True, False], "a word for nothing is unknown"
    assert found.set_aside[["row", "reason"]].values.tolist() == [[6, "no customer"], [7, "duplicate row"]]
    lines = found.reconciliation.set_index("rule")["rows"]
    assert lines["rows in the table"] == 5 == lines.drop("rows in the table").sum()


@pytest.mark.parametrize("kind", ["xlsx", "parquet", "duckdb", "frame"])
def test_every_kind_of_source_says_the_same(tmp_path: Path, kind: str) -> None:
    frame = pd.DataFrame({"customer": [17.0, 18.0], "gender": ["f", None], "plan": ["gold", "blue"]})
    path = tmp_path / f"customers.{kind}"
    if kind == "xlsx":
        frame.to_excel(path, index=False)
    elif kind == "parquet":
        frame.to_parquet(path)
    elif kind == "duckdb":
        import duckdb

        with duckdb.connect(str(path)) as connection:
            connection.execute("CREATE TABLE customers AS FROM frame")
    found = read_customers(CustomersTable.of(frame if kind == "frame" else path), LIKE).table
    assert found["customer_id"].tolist() == ["17", "18"]
    assert found["sex"].isna().tolist() == [False, True]
    assert found["plan"].tolist() == ["gold", "blue"], "any column is an attribute"


def test_several_rows_of_a_customer_need_a_day(tmp_path: Path) -> None:
    rows = "customer,industry\na,steel\nb,retail\na,food\n"
    path = write(tmp_path / "c.csv", rows)
    with pytest.raises(DataError, match=r"'a' .c.csv, row 2; c.csv, row 4.; give a column valid_from"):
        read_customers(CustomersTable.of(path), LIKE)
    aside = read_customers(CustomersTable.of({"path": path, "several_rows": "set_aside"}), LIKE)
    assert aside.table["customer_id"].tolist() == ["b"]
    assert aside.set_aside["reason"].tolist() == ["customer on several rows"] * 2


def test_a_row_counts_from_its_day_on(tmp_path: Path) -> None:
    rows = "customer,industry,valid_from\na,food,2017-06-01\na,steel,\na,wood,2018-01-01\nb,wood,2018-01-01\n"
    found = read_customers(CustomersTable.of(write(tmp_path / "c.csv", rows)), LIKE)
    days = ("2017-05-31", "2017-12-31", "2018-01-01")
    known_then = [found.as_of(pd.Timestamp(day))["industry"].tolist() for day in days]
    assert known_then == [["steel"], ["food"], ["wood", "wood"]]
    same_day = write(
        tmp_path / "d.csv", "customer,industry,valid_from\na,food,2017-06-01\na,steel,2017-06-01\n"
    )
    with pytest.raises(DataError, match="several rows of the same valid_from"):
        read_customers(CustomersTable.of(same_day), LIKE)


def test_whom_it_does_not_know_is_counted_both_ways_with_the_money(tmp_path: Path) -> None:
    opened = study(tmp_path, "id,Name\n17.0,Acme\n18.0,Beta\n4.0,Never\n".replace("id,", "customer_id,"))
    lines = known_customers.customers_reconciliation(opened).set_index("rule")
    assert lines.loc["known, ordered in the window", ["customers", "amount"]].tolist() == [2, 250.0]
    assert lines.loc["not in the table, ordered in the window", ["customers", "amount"]].tolist() == [2, 37.0]
    assert lines.loc["in the table, never ordered", "customers"] == 1
    assert "37" in known_customers.answer(opened).text


def test_ids_are_one_by_the_rules_of_the_orders(tmp_path: Path) -> None:
    rows = "customer_id,name\nLEE,Lee & Co\n0009,Nine\n"
    strict = study(tmp_path, rows)
    assert "'9' – '0009'; 'Lee' – 'LEE'" in known_customers.answer(strict).text
    assert strict.customers()["customer_id"].tolist() == ["0009", "LEE"]
    (tmp_path / "ways.csv").write_text("from,to\n0009,9\n")
    lenient = study(tmp_path, rows, of_orders={"ignore_case": True, "identities": str(tmp_path / "ways.csv")})
    assert lenient.customers()["customer_id"].tolist() == ["9", "lee"]
    assert lenient.join(lenient.customers())["customer_name"].notna().sum() == 2


def test_a_name_stands_beside_every_id(tmp_path: Path) -> None:
    opened = study(tmp_path, "customer_id,name,account manager\n17,Acme,王芳\n18,Beta,\n")
    published = with_responsible(opened, opened.profile())
    assert list(published)[:3] == ["customer_id", "customer_name", "account_manager"]
    assert published.set_index("customer_id").loc["17", ["customer_name", "account_manager"]].tolist() == [
        "Acme",
        "王芳",
    ]
    joined = pd.DataFrame({"customer_id": ["17"]})
    assert "Acme" in opened.table(watch.with_manager(opened, joined), "List").html


def test_no_name_stands_beside_a_pseudonym(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEGMENTATION_PSEUDONYM_KEY", raising=False)
    hidden = study(
        tmp_path, "customer_id,name,industry\n17,Acme,steel\n4,Never,wood\n", show_customer_ids=False
    )
    assert list(hidden.called()) == ["customer_id"]
    assert list(hidden.customers()) == ["customer_id", "industry"]
    assert hidden.customers()["customer_id"].tolist() == ["#1"], "who never ordered has no pseudonym"
    assert list(with_responsible(hidden, hidden.profile()))[:2] == ["customer_id", "recency_days"]


def test_a_frame_is_joined_or_refused(tmp_path: Path) -> None:
    opened = study(tmp_path, None)
    score = pd.DataFrame({"customer": [17.0, 18.0, 5.0], "score_of_mine": [1, 2, 3]})
    found = opened.join(score)
    assert found.set_index("customer_id")["score_of_mine"].dropna().to_dict() == {"17": 1, "18": 2}
    assert (found.attrs["not_here"], found.attrs["not_in_frame"], found.attrs["as_of"]) == (1, 2, "2017-12")
    refused = {
        "none of its 1 ids in 'customer' is a customer here: it has 'x'": {
            "customer": ["x"],
            "a": [1],
        },
        "'17' is on several rows .rows 1 and 2.": {"customer": ["17", "17.0"], "a": [1, 2]},
        "'monetary' is a column of the customers already; rename it": {"customer": ["17"], "monetary": [1]},
        "no column was recognised as customer_id": {"x": [1], "y": [2]},
    }
    for words, columns in refused.items():
        with pytest.raises(DataError, match=words):
            opened.join(pd.DataFrame(columns))


def test_methods_score_by_an_attribute_only_where_it_is_said(tmp_path: Path) -> None:
    card = {"Scorecard": {"criteria": {"sex": {"categories": {"f": 100, "m": 0}}}}}
    rows = "customer_id,sex\n17,m\n18,f\nLee,f\n9,m\n"
    with pytest.raises(DataError, match="sex"):
        study(tmp_path, rows, methods=card).scored()
    allowed = study(tmp_path, rows, methods=card, score_by=["sex"]).scored().set_index("customer_id")
    assert allowed["score"].to_dict() == {"17": 0.0, "18": 100.0, "9": 0.0, "Lee": 100.0}
    with pytest.raises(ParameterError, match="no attribute 'sexe'; did you mean 'sex'"):
        study(tmp_path, rows, score_by=["sexe"]).profile()


def test_another_table_is_another_report(tmp_path: Path) -> None:
    from segmentation.study.inputs import inputs

    first = inputs(study(tmp_path, "customer_id,industry\n17,steel\n"))
    assert inputs(study(tmp_path, "customer_id,industry\n17,steel\n")) == first
    assert inputs(study(tmp_path, "customer_id,industry\n17,wood\n")) != first
    assert "path" not in first["settings"]["customers"]


def test_check_accounts_for_the_tables_and_tells_what_would_end_a_run(tmp_path: Path) -> None:
    from segmentation.command.checking import check

    found = check(study(tmp_path, "customer_id,name\n17,Acme\n").settings)
    assert found.refusal is None
    assert "knows 1 of the 4 customers" in found.text
    refused = check(study(tmp_path, "customer_id,name\n17,Acme\n17,Other\n").settings)
    assert isinstance(refused.refusal, DataError)
    assert "give a column valid_from" in refused.text
