import os
import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

from segmentation.command.checking import check
from segmentation.command.starting import first_parameters
from segmentation.errors import DataError, ParameterError
from segmentation.study.parameters import read_parameters
from segmentation.study.settings import Settings
from segmentation.study.study import Study

SALES = pd.DataFrame(
    [
        (
            f"customer {n % 40:02d}",
            f"S{n}",
            f"2017-{1 + n % 6:02d}-{1 + n % 28:02d}",
            round(1.37 ** (n % 40), 2),
        )
        for n in range(600)
    ],
    columns=["customer_id", "order_id", "order_date", "amount"],
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    lines = [
        *SALES.itertuples(index=False),
        ("", "X", "2017-06-01", 5.0),
        ("test 9", "Y", "2017-06-30", 7.25),
    ]
    pd.DataFrame(lines, columns=SALES.columns).to_csv(tmp_path / "sales.csv", index=False)
    return tmp_path / "sales.csv"


def settings(source: Path, **keys: object) -> Settings:
    whole = {"orders": str(source), "window_months": 6, "month": "2017-06"}
    return Settings.of(whole | keys, root=source.parent)


def test_everything_is_said_and_nothing_is_written(source: Path) -> None:
    before = sorted(os.listdir(source.parent))
    found = check(settings(source))
    assert sorted(os.listdir(source.parent)) == before
    text = found.text
    for said in (
        "lines in the source",
        "no customer",
        "ledger",
        "'test 9'",
        "Is the data of June 2017 good enough to publish?",
        "customers",
        "every possible customer is in exactly one",
    ):
        assert said in text
    assert re.search("Customer +customer_id +customer_id", text)
    assert f"{SALES['amount'].sum() + 12.25:,.2f}" in text, "money is said to the cent"
    assert not found.stopped


def test_restated_months_and_new_columns_are_said_and_the_store_is_left_alone(source: Path) -> None:
    Study(settings(source)).ledger  # noqa: B018  a run or a notebook has read the orders
    store = {
        path: path.read_bytes() for path in source.parent.rglob("*") if path.is_file() and path != source
    }
    assert "restated" not in check(settings(source)).text
    sales = pd.read_csv(source, dtype=str).assign(discount="0")
    sales.loc[0, "amount"] = "1001.00"
    sales.to_csv(source, index=False)
    text = check(settings(source)).text
    before = SALES.loc[SALES["order_date"].str.startswith("2017-01"), "amount"].sum()
    assert f"restated 2017-01: 1 customer, USD {before:,.2f} before, USD {before + 1000:,.2f} now" in text
    assert "did not have before (discount)" in text
    assert all(path.read_bytes() == content for path, content in store.items())


def test_a_check_speaks_the_first_language_of_the_settings(source: Path) -> None:
    sales = pd.read_csv(source, dtype=str).assign(product="P1", unused="x")
    sales.loc[:9, "product"] = "POST"
    pd.concat([sales, sales.tail(3)]).to_csv(source, index=False)
    Study(settings(source)).ledger  # noqa: B018
    sales.loc[0, "amount"] = "1001.00"
    pd.concat([sales, sales.tail(3)]).to_csv(source, index=False)
    methods = {"ABC": {}, "Mine": {"use": "Threshold", "column": "no_such", "cuts": [2, 1]}}
    chinese = check(settings(source, language=["zh", "en"], methods=methods)).text
    english = check(settings(source, language="en", methods=methods)).text
    for line in chinese.splitlines():
        table_row = not line or "  " in line
        assert table_row or re.search("[\u4e00-\u9fff]", line), line
    for said in (
        "无客户",
        "待定：",
        "未使用：",
        "未审核：",
        "已重述 2017-01",
        "2017年6月的数据质量是否足以发布？",
        "通过",
    ):
        assert said in chinese
    for word in (" lines", " customers", "The ", "set aside", "found no line", "Not used"):
        assert word not in chinese
    assert not re.search("[\u4e00-\u9fff]", english)


@pytest.mark.parametrize(
    ("given", "said"), [({}, "zone UTC"), ({"timezone": "Asia/Shanghai"}, "zone Asia/Shanghai")]
)
def test_where_days_begin_is_said(source: Path, given: dict[str, str], said: str) -> None:
    orders = pd.read_csv(source)
    moments = pd.to_datetime(orders["order_date"], utc=True)
    orders.assign(order_date=moments).to_parquet(source.with_suffix(".parquet"))
    assert said in check(settings(source.with_suffix(".parquet"), **given)).text
    assert "zone" not in check(settings(source, **given)).text


def test_a_gate_that_stops_is_said_not_raised(source: Path) -> None:
    found = check(settings(source, gates={"rows_set_aside": {"stop": 0.0001}}))
    assert found.stopped
    assert "stops the run" in found.text


def test_the_last_complete_month_is_taken_without_one(source: Path) -> None:
    assert check(settings(source, month=None)).month == "2017-06"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"methods": ["ABCD"]}, "no method is called 'ABCD'"),
        ({"methods": {"ABC": {}, "Mine": {"use": "no.such:Method"}}}, "'no.such' cannot be imported"),
        ({"methods": {"RFM": {"score": 4}}}, "unknown option 'score'; did you mean 'scores'?"),
        ({"gates": {"fewer_row": 1}}, "unknown gate 'fewer_row'"),
    ],
)
def test_what_a_run_would_not_take_is_refused(source: Path, keys: dict[str, object], said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        check(settings(source, **keys))


def test_a_method_that_fails_is_named_and_the_others_go_on(source: Path) -> None:
    methods = {"ABC": {}, "Mine": {"use": "Threshold", "column": "no_such", "cuts": [2, 1]}}
    text = check(settings(source, methods=methods)).text
    assert "not audited" in text
    assert "every possible customer is in exactly one" in text


def test_a_first_parameters_file_is_one_that_check_takes(source: Path, tmp_path: Path) -> None:
    (tmp_path / "params").mkdir()
    path = tmp_path / "params" / "sales.yaml"
    path.write_text(first_parameters(source), encoding="utf-8")
    found = read_parameters(path)
    assert found["orders"]["columns"] == {
        "customer_id": "customer_id",
        "order_id": "order_id",
        "date": "order_date",
        "amount": "amount",
    }
    assert "month" not in found, "a schedule moves on"
    assert found["window_months"] == 3
    assert check(Settings.load(path)).month == "2017-06"


def test_a_currency_that_the_orders_name_is_taken(tmp_path: Path) -> None:
    SALES.assign(币种="人民币").to_csv(tmp_path / "sales.csv", index=False)
    assert yaml.safe_load(first_parameters(tmp_path / "sales.csv"))["currency"] == "CNY"


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        (["￥5", "7元"], "currency: CNY  # by the signs beside the amounts\n"),
        (["$5", "7"], "currency: USD  # by the signs beside the amounts; or ARS, AUD"),
        (["€5", "7"], "currency: EUR  # by the signs beside the amounts\n"),
        (["5", "7"], "currency: USD  # to decide: the orders do not name it"),
    ],
)
def test_signs_beside_the_amounts_tell_the_currency(tmp_path: Path, amounts: list[str], said: str) -> None:
    rows = "".join(f"a,2017-01-0{n},{amount}\n" for n, amount in enumerate(amounts, 1))
    (tmp_path / "s.csv").write_text(f"customer,date,amount\n{rows}", encoding="utf-8")
    assert said in first_parameters(tmp_path / "s.csv")


@pytest.mark.parametrize(("name", "digits"), [("JPY", 0), ("KRW", 0), ("VND", 0), ("EUR", 2)])
def test_a_currency_has_its_own_decimal_digits(tmp_path: Path, name: str, digits: int) -> None:
    SALES.assign(currency=name).to_csv(tmp_path / "sales.csv", index=False)
    assert yaml.safe_load(first_parameters(tmp_path / "sales.csv"))["minor_units"] == digits


def test_two_columns_that_fit_an_optional_role_are_a_choice_and_the_others_are_kept(tmp_path: Path) -> None:
    SALES.assign(负责人主属部门="a", 归属部门="b").to_csv(tmp_path / "sales.csv", index=False)
    text = first_parameters(tmp_path / "sales.csv")
    assert '# branch: "负责人主属部门" or "归属部门"  # to decide' in text
    found = yaml.safe_load(text)
    assert set(found["orders"]["columns"]) == {"customer_id", "order_id", "date", "amount"}
    assert "to its end, now 2017-06\n" in text, "the orders were read for the month"


def test_orders_that_end_in_their_first_month_name_that_month(tmp_path: Path) -> None:
    SALES.assign(order_date="2017-01-10").to_csv(tmp_path / "sales.csv", index=False)
    text = first_parameters(tmp_path / "sales.csv")
    assert "incomplete_month: stop  # or warn: the orders end before 2017-01 is over" in text


def test_what_is_not_recognised_is_left_open_with_the_reason(tmp_path: Path) -> None:
    SALES.rename(columns={"amount": "mystery: #1"}).to_csv(tmp_path / "sales.csv", index=False)
    text = first_parameters(tmp_path / "sales.csv")
    assert '    # amount: "mystery: #1"  # to decide; what was paid' in text
    found = yaml.safe_load(text)["orders"]["columns"]
    assert found == {"customer_id": "customer_id", "order_id": "order_id", "date": "order_date"}
    assert yaml.safe_load(text)["orders"]["path"].endswith("sales.csv")


def test_dates_that_are_undecided_are_said(tmp_path: Path) -> None:
    SALES.assign(order_date="3/4/2017").to_csv(tmp_path / "sales.csv", index=False)
    assert "say date_order: day_first or month_first" in first_parameters(tmp_path / "sales.csv")


@pytest.mark.parametrize(
    ("columns", "asked"),
    [
        (
            ("Order ID", "When", "Who", "How much"),
            {"date": "When", "customer_id": "Who", "amount": "How much"},
        ),
        (("Order ID", "Order Date", "Who", "Net"), {"customer_id": "Who", "amount": "Net"}),
        (("Beleg", "Datum", "Kunde", "Wert netto"), {"amount": "Wert netto"}),
    ],
)
def test_all_that_is_missing_is_asked_at_once_by_what_the_columns_hold(
    columns: tuple[str, ...], asked: dict[str, str], tmp_path: Path
) -> None:
    rows = "".join(f"S{n},2026-01-{n + 1:02d},Customer {n},{n}.50 €\n" for n in range(9))
    (tmp_path / "s.csv").write_text(",".join(columns) + "\n" + rows, encoding="utf-8")
    text = first_parameters(tmp_path / "s.csv")
    for role, column in asked.items():
        assert f'    # {role}: "{column}"  # to decide' in text
    assert not set(asked) & set(yaml.safe_load(text)["orders"].get("columns") or {})


def test_the_currency_is_taken_from_its_column_though_another_column_is_missing(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("Customer,Date,Currency,Worth\nA,2026-01-02,JPY,5\n", encoding="utf-8")
    found = yaml.safe_load(first_parameters(tmp_path / "s.csv"))
    assert (found["currency"], found["minor_units"]) == ("JPY", 0)


def test_several_currencies_are_a_line_to_decide(tmp_path: Path) -> None:
    rows = "A,2026-01-02,EUR,5\nA,2026-02-02,EUR,5\nB,2026-02-28,GBP,5\n"
    (tmp_path / "s.csv").write_text(f"customer,date,currency,amount\n{rows}", encoding="utf-8")
    text = first_parameters(tmp_path / "s.csv")
    assert "# rates: {GBP: ?}  # to decide: what one of each costs in EUR" in text
    assert "currency: EUR  # named by the orders; or GBP" in text


def test_what_only_its_owner_knows_is_taken_at_its_likeliest_and_asked(tmp_path: Path) -> None:
    rows = "".join(f"Müller {n},{n}/4/2026,5\n" for n in range(1, 9))
    (tmp_path / "s.csv").write_bytes(f"Kunde,Datum,Betrag\n{rows}".encode("latin-1"))
    text = first_parameters(tmp_path / "s.csv")
    found = yaml.safe_load(text)["orders"]
    assert (found["encoding"], found["date_order"]) == ("latin-1", "day_first")
    assert text.count("# to decide: s.csv: ") == 2
    said = yaml.safe_load(first_parameters(tmp_path / "s.csv", encoding="cp1252"))["orders"]
    assert said["encoding"] == "cp1252"


def test_the_sheet_is_asked_for_or_given(tmp_path: Path) -> None:
    with pd.ExcelWriter(tmp_path / "s.xlsx", engine="xlsxwriter") as book:
        for name in ("2016", "2017"):
            SALES.to_excel(book, sheet_name=name, index=False)
    text = first_parameters(tmp_path / "s.xlsx")
    assert '  sheet: "2016"  # or "2017"\n' in text
    assert yaml.safe_load(first_parameters(tmp_path / "s.xlsx", sheet="*"))["orders"]["sheet"] == "*"


@pytest.mark.parametrize(
    "content", ["a,b\n1,2\n", "\n\n \n", "x\n", 'a,b\n"1,2\n3,4\n', "1,2017-01-02,5\n2,2017-01-03,6\n"]
)
def test_any_text_ends_with_a_file_that_yaml_reads(content: str, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(content, encoding="utf-8")
    text = first_parameters(tmp_path / "s.csv")
    assert yaml.safe_load(text)["orders"]["path"].endswith("s.csv")
    assert "to decide" in text


def test_a_month_whose_lines_are_all_set_aside_is_shown_before_it_is_said(source: Path) -> None:
    with source.open("a", encoding="utf-8") as file:
        file.writelines(f",N{n},2017-08-{n % 28 + 1:02d},5\n" for n in range(169))
    found = check(settings(source, month="2017-08"))
    text = found.text
    assert found.stopped
    assert text.index("Which column was taken for what") < text.index("From the lines that came in")
    assert "the month has no accepted line (169 lines are dated in it and set aside: no customer 169)" in text
    assert "100.0% of the lines are set aside (in August 2017" in text
    nothing = check(settings(source, month="2018-01"))
    assert "the orders cover January 2017 to June 2017, and none is dated in it" in nothing.text
    assert check(settings(source, month="2016-01")).stopped


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"overrides": "no.csv"}, "overrides: there is no such file"),
        ({"overrides": "bad.csv"}, "overrides: bad.csv, row 2: tier 'Z' is not one of"),
        ({"notebooks": "nowhere"}, "notebooks: .* holds no notebook"),
        ({"notebooks": "broken"}, "notebooks: .*not a notebook"),
        ({"reports": "sales.csv"}, "reports: sales.csv is a file, not a folder"),
        ({"store": "sales.csv/store"}, "store: sales.csv is a file"),
    ],
)
def test_what_a_run_could_not_use_is_refused(source: Path, keys: dict[str, object], said: str) -> None:
    (source.parent / "bad.csv").write_text("customer_id,tier,who,why,until\na,Z,Li,x,2018-01-01\n")
    (source.parent / "broken").mkdir()
    (source.parent / "broken" / "1.ipynb").write_text("{")
    with pytest.raises(ParameterError, match=said):
        check(settings(source, **keys))


@pytest.mark.parametrize(
    ("methods", "code"),
    [
        ({"ABC": {"share_of_value": [0.95, 0.80]}}, 2),
        ({"ABC": {}, "RFM": {"scores": 99}}, 2),
        ({"Mine": {"use": "Threshold", "column": "no_such", "cuts": [2, 1]}}, 3),
        ({"ABC": {}, "Mine": {"use": "Threshold", "column": "no_such", "cuts": [2, 1]}}, None),
    ],
)
def test_a_method_that_would_end_a_run_ends_a_check_alike(
    source: Path, methods: dict[str, object], code: int | None
) -> None:
    try:
        refusal: Exception | None = check(settings(source, methods=methods)).refusal
    except ParameterError as error:
        refusal = error
    assert getattr(refusal, "exit_code", None) == code
    study = Study(settings(source, methods=methods, store=str(source.parent / "store")))
    ended = None
    try:
        for name in methods:
            study.learned(name)
    except (ParameterError, DataError) as error:
        ended = error.exit_code
    assert ended == code


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no such file"):
        first_parameters(tmp_path / "sales.csv")
