"""`segmentation apply`: a stored rule on files of customers and of orders, in and out."""

import csv
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from segmentation.command.applying import apply_file
from segmentation.command.checking import check
from segmentation.errors import DataError, ParameterError
from segmentation.methods import ABC, RFM, Scorecard, Threshold
from segmentation.study.settings import Settings

CUSTOMERS = pd.DataFrame(
    {
        "customer_id": ["007", "nan", '=HYPERLINK("x")', "甲,乙"],
        "recency_days": [1, 30, 200, 400],
        "frequency": [9, 3, 2, 1],
        "monetary": [500.0, 80.0, 30.0, 0.0],
    }
)


@pytest.fixture
def rule(tmp_path: Path) -> Path:
    path = tmp_path / "rule.json"
    learned = Threshold(cuts=(50, 100)).fit(CUSTOMERS).rule_
    path.write_text(learned.to_json(), encoding="utf-8")
    return path


def put(folder: Path, name: str, frame: pd.DataFrame = CUSTOMERS, encoding: str = "utf-8") -> Path:
    path = folder / name
    if path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    elif path.suffix == ".xlsx":
        frame.to_excel(path, index=False, engine="xlsxwriter", engine_kwargs=TEXT)
    else:
        frame.to_csv(path, index=False, encoding=encoding)
    return path


TEXT = {"options": {"strings_to_formulas": False}}


def take(path: Path) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    return pd.read_csv(path, dtype={"customer_id": "str"}, keep_default_na=False, encoding="utf-8-sig")


@pytest.mark.parametrize("into", ["out.csv", "out.parquet", "out.xlsx"])
@pytest.mark.parametrize("source", ["in.csv", "in.parquet", "in.xlsx"])
def test_customers_in_every_kind_of_file(tmp_path: Path, rule: Path, source: str, into: str) -> None:
    done = apply_file(rule, put(tmp_path, source), tmp_path / into)
    assert done.counts == {"A": 1, "B": 1, "C": 2}
    found = read_back(tmp_path / into)
    assert found["tier"].tolist() == ["A", "B", "C", "C"]
    ids = CUSTOMERS["customer_id"].tolist()
    if not into.endswith("csv"):
        assert found["customer_id"].tolist() == ids
        assert done.notes == ()
    else:
        assert found["customer_id"].tolist() == [*ids[:2], "'" + ids[2], ids[3]]
        assert done.notes[0].startswith("1 cells that a spreadsheet would run as a formula")


def read_back(path: Path) -> pd.DataFrame:
    """The file as text, by the package's own reader."""
    from segmentation.intake.customer_files import read_table

    return read_table(path)[0]


def test_rows_columns_and_texts_stay_as_they_were(tmp_path: Path, rule: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("note,monetary,customer_id\nx,0100.50,007\n,-3,008\n", encoding="utf-8")
    apply_file(rule, source, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["note", "monetary", "customer_id", "score", "tier"],
        ["x", "0100.50", "007", "100.5", "A"],
        ["", "'-3", "008", "-3.0", "C"],
    ]


def test_chinese_columns_and_encodings(tmp_path: Path, rule: Path) -> None:
    frame = pd.DataFrame({"客户": ["甲", "乙"], "消费": ["1,000.5", " "]})
    source = put(tmp_path, "in.csv", frame, encoding="gb18030")
    with pytest.raises(DataError, match="monetary is empty"):
        apply_file(rule, source, tmp_path / "out.csv", columns={"monetary": "消费"})
    assert not (tmp_path / "out.csv").exists()
    source = put(tmp_path, "in.csv", frame.iloc[:1], encoding="gb18030")
    apply_file(rule, source, tmp_path / "out.csv", columns={"monetary": "消费"})
    assert take(tmp_path / "out.csv")[["客户", "tier"]].values.tolist() == [["甲", "A"]]


def test_orders_are_summed_over_the_rules_window(tmp_path: Path) -> None:
    profile = CUSTOMERS.copy()
    profile.attrs = {"as_of": "2017-11", "window_months": 2, "currency": "USD", "minor_units": 2}
    path = tmp_path / "rule.json"
    path.write_text(ABC(share_of_customers=(0.3, 0.6)).fit(profile).rule_.to_json(), encoding="utf-8")
    orders = tmp_path / "orders.csv"
    orders.write_text(
        "customer_id,date,amount\nold,2017-10-31,9999\na,2017-11-01,300\na,2017-12-31,250\nb,2017-12-01,20\n",
        encoding="utf-8",
    )
    done = apply_file(path, orders, tmp_path / "out.parquet")
    found = take(tmp_path / "out.parquet").set_index("customer_id")
    assert found["monetary"].to_dict() == {"a": 550.0, "b": 20.0}
    assert found["tier"].to_dict() == {"a": "A", "b": "C"}
    assert done.notes == ("orders summed as of 2017-12 over 2 months",)
    earlier = apply_file(path, orders, tmp_path / "earlier.parquet", as_of="2017-11")
    assert earlier.customers == 2  # old and a


@pytest.mark.parametrize("stray", ["2018-02-28", "2018-03-31"])
def test_orders_are_summed_as_of_the_month_that_a_check_takes(stray: str, tmp_path: Path) -> None:
    profile = CUSTOMERS.copy()
    profile.attrs = {"window_months": 1}
    path = tmp_path / "rule.json"
    path.write_text(ABC().fit(profile).rule_.to_json(), encoding="utf-8")
    orders = tmp_path / "orders.csv"
    lines = [f"c{n % 40},2017-{n % 3 + 10}-{n % 30 + 1:02d},5" for n in range(3000)]
    orders.write_text("\n".join(["customer_id,date,amount", *lines, f"late,{stray},5"]), encoding="utf-8")
    done = apply_file(path, orders, tmp_path / "out.csv")
    taken = check(Settings.of({"orders": str(orders), "window_months": 1}, root=tmp_path)).month
    assert done.notes[0] == f"orders summed as of {taken} over 1 months"
    assert done.customers == 40


def test_ends_of_lines_stay_within_their_cells(tmp_path: Path, rule: Path) -> None:
    frame = CUSTOMERS.assign(manager=["a\r=1+1", "b\r\nc", "d\n-2", "e"])
    frame.to_parquet(tmp_path / "in.parquet")
    apply_file(rule, tmp_path / "in.parquet", tmp_path / "out.csv")
    again = pd.read_csv(tmp_path / "out.csv", dtype=str)
    assert len(again) == len(CUSTOMERS)
    assert again["manager"].tolist() == frame["manager"].tolist()
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["manager"] for row in csv.DictReader(file)] == frame["manager"].tolist()


def test_orders_of_less_than_a_month_need_to_be_told_the_month(tmp_path: Path) -> None:
    profile = CUSTOMERS.copy()
    profile.attrs = {"window_months": 1}
    path = tmp_path / "rule.json"
    path.write_text(ABC().fit(profile).rule_.to_json(), encoding="utf-8")
    orders = tmp_path / "orders.csv"
    orders.write_text("customer_id,date,amount\n007,2018-06-10,5\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"end on 2018-06-10, before .* with --as-of 2018-06"):
        apply_file(path, orders, tmp_path / "out.csv")
    assert apply_file(path, orders, tmp_path / "out.csv", as_of="2018-06").customers == 1


def test_a_customer_without_a_grade_is_counted(tmp_path: Path) -> None:
    card = Scorecard({"assets": {}}, missing="refuse")
    prospects = pd.DataFrame({"name": ["p", "q", "r"], "assets": [5.0, 1.0, None]})
    path = tmp_path / "rule.json"
    path.write_text(card.fit(prospects).rule_.to_json(), encoding="utf-8")
    done = apply_file(path, put(tmp_path, "in.csv", prospects), tmp_path / "out.csv")
    assert done.notes == ("1 customers have an empty value and got no tier",)
    assert take(tmp_path / "out.csv")["tier"].tolist()[2] == ""


def test_headers_are_neutralised_too(tmp_path: Path, rule: Path) -> None:
    frame = pd.DataFrame({"monetary": [70.0], "=1+1": ["+x"]})
    done = apply_file(rule, put(tmp_path, "in.parquet", frame), tmp_path / "out.csv")
    assert done.notes[0].startswith("2 cells")
    assert take(tmp_path / "out.csv").columns.tolist() == ["monetary", "'=1+1", "score", "tier"]


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, rule: Path) -> None:
    source = put(tmp_path, "in.csv")
    for suffix in ("csv", "xlsx", "parquet"):
        outputs = [tmp_path / f"{name}.{suffix}" for name in ("one", "two")]
        for output in outputs:
            apply_file(rule, source, output)
        assert outputs[0].read_bytes() == outputs[1].read_bytes()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            "customer_id,monetary\na,1\nb,abc\n",
            r"in.csv, row 3: monetary 'abc' is not a number \(1 such rows\)",
        ),
        ("customer_id,monetary\na,inf\n", "row 2: monetary 'inf' is not a number"),
        ("customer_id,monetary\n", "no customers|no rows|empty"),
        ("customer_id,colour\na,red\n", "neither customers .with monetary. nor orders"),
        ("", "empty"),
    ],
)
def test_bad_input_is_explained_and_writes_nothing(
    tmp_path: Path, rule: Path, rows: str, message: str
) -> None:
    source = tmp_path / "in.csv"
    source.write_text(rows, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        apply_file(rule, source, tmp_path / "out.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "rule.json"]


def test_a_rule_that_lacks_a_column_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "rule.json"
    path.write_text(RFM().fit(CUSTOMERS).rule_.to_json(), encoding="utf-8")
    with pytest.raises(DataError, match="the rule reads recency_days, frequency, monetary, and recency_days"):
        apply_file(path, put(tmp_path, "in.csv", CUSTOMERS.drop(columns="recency_days")), tmp_path / "o.csv")


def test_usage_errors(tmp_path: Path, rule: Path) -> None:
    source = put(tmp_path, "in.csv")
    for output, message in [("in.csv", "is the input itself"), ("out.doc", "cannot write '.doc'")]:
        with pytest.raises(ParameterError, match=message):
            apply_file(rule, source, tmp_path / output)
    with pytest.raises(ParameterError, match="there is no folder"):
        apply_file(rule, source, tmp_path / "no" / "out.csv")
    with pytest.raises(ParameterError, match="no such rule file"):
        apply_file(tmp_path / "none.json", source, tmp_path / "out.csv")
    (tmp_path / "bad.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ParameterError, match=r"bad.json: rule: kind None is not known"):
        apply_file(tmp_path / "bad.json", source, tmp_path / "out.csv")
    with pytest.raises(DataError, match="there is no column 'X'"):
        apply_file(rule, source, tmp_path / "out.csv", columns={"monetary": "X"})


def test_rules_are_read_without_scikit_learn() -> None:
    heavy = ("sklearn", "scipy", "matplotlib")
    code = f"import sys, segmentation.rules; print(sum(name in sys.modules for name in {heavy}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
