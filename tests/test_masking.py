"""With ids hidden, no message that is kept under reports holds one; the terminal tells whoever runs it."""

import json
from pathlib import Path

import pytest
from notebook_making import notebook
from project_making import PLAIN, make_project

from segmentation.cli import main
from segmentation.ledger.pseudonyms import Mask


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segmentation.command.monthly.PRELOAD", ())


@pytest.mark.parametrize(
    ("ids", "text", "masked"),
    [
        (["C07"], "call C07, c07's and C071", "call …, …'s and C071"),
        (["7"], "7 of 77, #7, -7-", "… of 77, #…, -…-"),
        (["客户甲"], "请给客户甲打电话", "请给…打电话"),
        (["Ann Lee", "Ann"], "Ann Lee told Ann", "… told …"),
        (["a.b(c)*", "\\d"], "a.b(c)* and a.b(c), \\d", "… and a.b(c), …"),
        ([" padded "], "a padded one", "a … one"),
        (["", "  "], "nothing at all", "nothing at all"),
        ([], "nobody", "nobody"),
    ],
)
def test_an_id_is_masked_where_it_stands_as_words_of_its_own(ids: list[str], text: str, masked: str) -> None:
    assert Mask(ids)(text) == masked
    assert Mask([]).knowing(ids)(text) == masked


def run(monkeypatch: pytest.MonkeyPatch, params: Path) -> int:
    monkeypatch.setattr("sys.argv", ["segmentation", "run", str(params)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def kept(root: Path) -> str:
    return "".join(
        path.read_text("utf-8", "replace") for path in (root / "reports").rglob("*.*") if path.is_file()
    )


@pytest.mark.parametrize("shown", [True, False])
def test_an_error_of_a_notebook_names_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: bool
) -> None:
    failing = notebook(
        "# Fails", "import sys", "print('C07 waits', file=sys.stderr)", "raise ValueError('C07 is odd')"
    )
    params = make_project(tmp_path, {**PLAIN, "3-odd": failing}, show_customer_ids=shown)
    assert run(monkeypatch, params) == 4
    # the notebook's own code says it, which is not of the data
    told = kept(tmp_path).replace("'C07 waits'", "").replace("'C07 is odd'", "")
    assert ("C07" in told) == shown
    assert ("… is odd" in told) != shown


@pytest.mark.parametrize("shown", [True, False])
def test_an_error_of_the_overrides_names_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shown: bool
) -> None:
    params = make_project(tmp_path, PLAIN, show_customer_ids=shown, overrides="by_hand.csv")
    (tmp_path / "by_hand.csv").write_text("customer_id,tier,who,why,until\nA,C07,Li,swapped,2018-06-30\n")
    assert run(monkeypatch, params) == 3
    assert "C07" in capsys.readouterr().err
    assert ("C07" in kept(tmp_path)) == shown
    assert "is not one of A, B, C" in kept(tmp_path)


def test_an_error_before_the_orders_are_read_quotes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    params = make_project(tmp_path, PLAIN, show_customer_ids=False)
    (tmp_path / "orders.csv").write_text("customer_id,order_date,amount\nC07,C07,C07\n")
    assert run(monkeypatch, params) == 3
    assert json.loads(params.read_text())["orders"] == "orders.csv"
    assert "C07" not in kept(tmp_path)
