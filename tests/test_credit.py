"""Credit grades as of a month end: golden figures on real invoices, and invoices small enough to check by eye."""

from pathlib import Path

import pandas as pd
import pytest

from segmentation import Study
from segmentation.errors import DataError
from segmentation.intake.options import Intake, PaymentsTable
from segmentation.intake.payments import Payments, read_payments
from segmentation.intake.tables import LikeOrders
from segmentation.ledger.credit.grades import grades, known_at
from segmentation.ledger.credit.receivables import receivables
from segmentation.ledger.credit.record import came_true
from segmentation.questions import credit as page
from segmentation.questions import receivables as owed

LIKE = LikeOrders(Intake.of("orders.csv"))
IBM = Path(__file__).parents[2] / "shared" / "data" / "invoices_ibm_ar" / "accounts_receivable.parquet"
real = pytest.mark.skipif(not IBM.exists(), reason="the invoices are not here")


def read(folder: Path, rows: str) -> Payments:
    path = folder / "invoices.csv"
    path.write_text(rows, encoding="utf-8")
    return read_payments(PaymentsTable.of(str(path)), LIKE)


@pytest.fixture(scope="module")
def ibm() -> Payments:
    return read_payments(PaymentsTable.of(str(IBM)), LIKE)


@real
@pytest.mark.parametrize(
    ("month", "figures"),
    [
        ("2012-12", [99, 5725.06, 788.74, 26.841, 23.143, 3.698, 27.330, 0.9616]),
        ("2013-06", [84, 5119.85, 835.56, 23.151, 19.373, 3.778, 26.257, 0.96087]),
        ("2013-11", [79, 4788.88, 542.56, 22.990, 20.385, 2.605, 22.574, 0.97247]),
    ],
)
def test_what_is_owed(ibm: Payments, month: str, figures: list[float]) -> None:
    assert list(receivables(ibm, month, 100).values())[1:] == pytest.approx(figures, abs=5e-4)


@real
@pytest.mark.parametrize(
    ("month", "late", "auc"),
    [
        ("2012-12", [0.086, 0.202, 0.386, 0.872], 0.872),
        ("2013-03", [0.037, 0.156, 0.355, 0.811], 0.891),
        ("2013-06", [0.026, 0.162, 0.417, 0.734], 0.868),
    ],
)
def test_the_grades_come_true(ibm: Payments, month: str, late: list[float], auc: float) -> None:
    found = came_true(ibm, month, 12, 3, "2013-12", 100)
    assert found["late_share"].round(3).tolist() == late
    assert found["auc"].round(3).iloc[0] == auc


@real
def test_nothing_paid_later_is_known(ibm: Payments) -> None:
    then = grades(known_at(ibm, "2013-06"), 12, 100).set_index("customer_id")
    assert then["credit_grade"].value_counts()[["AA", "A", "B", "C"]].tolist() == [35, 23, 18, 24]
    known = known_at(ibm, "2013-06").invoices
    assert (int(known["is_open"].sum()), int((known["is_open"] & known["decided"]).sum())) == (84, 12)
    later = known_at(ibm, "2013-12").invoices
    peek = later[(later["issued_on"] <= "2013-06-30") & (later["issued_on"] > "2012-06-30")]
    truth = (peek["days_late"] > 0).groupby(peek["customer_id"]).mean()
    assert int((truth.round(6) != then["late_share"].round(6)).sum()) == 37
    cut = Payments(
        ibm.invoices[ibm.invoices["issued_on"] <= "2013-06-30"], ibm.paid, ibm.set_aside, ibm.reconciliation
    )
    pd.testing.assert_frame_equal(grades(known_at(cut, "2013-06"), 12, 100).set_index("customer_id"), then)


@real
def test_the_key_customers_who_pay_badly(tmp_path: Path) -> None:
    study = Study.open(
        {
            "orders": {"path": str(IBM), "columns": {"order_id": "invoiceNumber", "date": "InvoiceDate"}},
            "payments": str(IBM),
            "month": "2013-06",
            "store": str(tmp_path),
            "methods": {
                "ABC": {"share_of_value": [0.80, 0.95]},
                "Scorecard": {
                    "criteria": {"credit_grade": {"categories": {"AA": 100, "A": 80, "B": 40, "C": 0}}}
                },
            },
        }
    )
    bad = page.bad_payers(study)
    assert (len(bad), round(bad["monetary"].sum(), 2)) == (17, 15287.66)
    table = page.tier_by_credit(study).pivot(index="tier", columns="credit_grade", values="customers")
    assert table[["AA", "A", "B", "C"]].values.tolist() == [[20, 17, 13, 17], [9, 4, 4, 4], [6, 2, 1, 3]]
    assert "17 customers of A (Key) worth USD 15,288 pay badly (grade C)" in page.answer(study).text
    assert "talk, do not lengthen terms" in page.tiers_and_grades(study).text
    scored = study.scored("Scorecard").set_index("customer_id")
    assert set(scored.loc[bad["customer_id"], "score"]) == {0.0}, "the grade is a criterion"
    changed = page.grade_changes(study)
    assert (changed["grade_before"] != changed["credit_grade"]).all()
    assert owed.receivables(study).iloc[0][["open", "receivables"]].tolist() == [84, 5119.85]


HEADER = "customer,invoice no,issue date,due date,amount,paid on,paid amount\n"


def test_odd_invoices_are_counted_and_kept(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        HEADER
        + "a,1,2017-01-05,2017-02-05,100,2017-01-20,60\n"
        + "a,1,2017-01-05,2017-02-05,100,2017-02-20,40\n"  # the rest, late
        + "a,2,2017-01-06,2017-02-06,100,2017-01-01,100\n"  # before it was issued
        + "a,3,2017-01-07,2017-02-07,100,2017-02-01,120\n"  # too much
        + "a,4,2017-01-08,2017-02-08,-30,,\n"  # a credit note
        + "a,5,2017-01-09,2017-02-09,100,2017-02-01,10\n"  # partly
        + "a,6,2017-01-10,2017-01-09,100,,\n"  # due before it was issued
        + "a,7,2017-01-10,2017-13-09,100,,\n"
        + ",8,2017-01-10,2017-02-09,100,,\n"
        + "a,9,2017-01-10,2017-02-10,100,,\n"
        + "a,9,2017-01-10,2017-02-10,900,,\n",
    )
    assert found.set_aside[["row", "reason"]].values.tolist() == [
        [8, "due before it was issued"],
        [9, "no due day"],
        [10, "no customer"],
        [11, "invoice on rows that differ"],
        [12, "invoice on rows that differ"],
    ]
    lines = found.reconciliation.set_index("rule")
    assert (
        lines.loc["rows in the table", "amount"]
        == lines[lines["effect"] != "in"].query("effect != 'counted'")["amount"].sum()
    )
    for rule in (
        "credit notes",
        "paid in several parts",
        "partly paid",
        "paid too much",
        "paid before it was issued",
    ):
        assert lines.loc[rule, "rows"] == 1, rule
    assert known_at(found, "2017-02").invoices["left"].tolist() == [0, 0, 0, -3000, 9000]
    late = known_at(found, "2017-02").invoices.set_index("invoice_id")["days_late"]
    assert late[["1", "2", "3", "5"]].tolist() == [15, 0, 0, 19]


def test_a_grade_needs_three_decided_invoices(tmp_path: Path) -> None:
    paid = {
        "good": {1: "2017-02-05", 2: "2017-03-05", 3: "2017-03-20"},
        "few": {1: "2017-02-05", 2: "2017-03-05", 4: ""},
        "bad": {1: "2017-04-28", 2: "", 3: "2017-03-28"},
    }
    rows = [  # issued on the first of a month, due on the fifth of the next
        f"{who},{who}{month},2017-0{month}-01,2017-0{month + 1}-05,100,{day},"
        for who, invoices in paid.items()
        for month, day in invoices.items()
    ]
    known = known_at(read(tmp_path, HEADER + "\n".join(rows)), "2017-04")
    found = grades(known, 12, 100).set_index("customer_id")
    assert found.loc["good", "credit_grade"] == "AA", "all on time"
    assert pd.isna(found.loc["few", "credit_grade"]), "open and due after the month's end decides nothing"
    assert found.loc["bad", ["credit_grade", "worst_days", "overdue"]].tolist() == ["C", 82.0, 100.0]
    alone = read(tmp_path, HEADER + rows[0])
    assert len(grades(known_at(alone, "2017-04"), 12, 100)) == 1, "one customer"


def test_another_currency_and_a_missing_column_are_told(tmp_path: Path) -> None:
    header = HEADER.replace("\n", ",currency\n")
    found = read(
        tmp_path, header + "a,1,2017-01-05,2017-02-05,100,,,USD\na,2,2017-01-05,2017-02-05,100,,,EUR\n"
    )
    assert found.set_aside["reason"].tolist() == ["another currency"]
    with pytest.raises(DataError, match=r"no column was recognised as due_on.*payments.columns.due_on"):
        read(tmp_path, "customer,invoice no,issue date,amount\na,1,2017-01-05,3\n")
    with pytest.raises(DataError, match="no row can be used"):
        read(tmp_path, HEADER + "a,1,2017-01-05,?,100,,\n")


def test_chinese_headings(tmp_path: Path) -> None:
    header = "客户编号,发票号码,开票日期,到期日,发票金额,回款日期,是否争议\n"
    found = read(tmp_path, header + '7.0,1,2017年1月5日,2017-02-05,"1,000",,是\n')
    assert found.invoices[["customer_id", "amount", "disputed"]].values.tolist() == [["7", 100000, True]]
