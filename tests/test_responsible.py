"""Account managers and branches beside the customers of the lists, counted by hand."""

from pathlib import Path

import pandas as pd
import pytest

from segmentation import Study
from segmentation.command.artefacts import tables
from segmentation.questions import managers, watch
from segmentation.questions.managers import by_account_manager
from segmentation.questions.responsible import with_responsible

MANAGERS = {"big": "王芳", "was": "李娜", "now": "王芳", "small": "李娜", "lost": "Zhao", "alone": None}
# amounts in November and December; A is who reaches 100 in the month
AMOUNTS = {
    "big": (500, 500),
    "was": (200, 10),
    "now": (10, 200),
    "small": (20, 30),
    "lost": (300, None),
    "alone": (5, 5),
}


def study(folder: Path, managers: dict[str, str | None] = MANAGERS, **settings: object) -> Study:
    rows = [
        (customer, f"2017-{month}-30", amount, managers[customer], "East" if managers[customer] else None)
        for customer, amounts in AMOUNTS.items()
        for month, amount in zip((11, 12), amounts)
        if amount is not None
    ]
    frame = pd.DataFrame(rows, columns=["customer_id", "date", "amount", "account_manager", "branch"])
    frame.to_csv(folder / "orders.csv", index=False)
    return Study.open(
        {
            "orders": str(folder / "orders.csv"),
            "store": str(folder / "store"),
            "month": "2017-12",
            "window_months": 1,
            "methods": {"Threshold": {"column": "monetary", "cuts": [100, 20]}},
            "official": "Threshold",
            "holdout_months": 1,
            "origins": 1,
            **settings,
        }
    )


def test_every_account_manager_is_counted_with_what_changed(tmp_path: Path) -> None:
    found = by_account_manager(study(tmp_path)).set_index("account_manager")
    wanted = ["customers", "top", "top_value", "came", "left"]
    assert found.index[0] == "王芳", "most value of the best tier comes first"
    assert found.loc["王芳", wanted].tolist() == [2, 2, 700, 1, 0]
    assert found.loc["李娜", wanted].tolist() == [2, 0, 0, 0, 1]
    assert found.loc["Zhao", wanted].tolist() == [0, 0, 0, 0, 1], "whose last customer left"
    assert found.loc["", wanted].tolist() == [1, 0, 0, 0, 0], "of whom nobody is known"
    assert found["customers"].sum() == len(study(tmp_path).profile())


def test_the_lists_name_who_looks_after_the_customer(tmp_path: Path) -> None:
    opened = study(tmp_path)
    published = tables(opened)
    assert list(published["customers"])[:3] == ["customer_id", "account_manager", "branch"]
    moves = published["moves"].set_index("customer_id")
    assert moves.loc["lost", "account_manager"] == "Zhao"
    assert len(published["by_account_manager"]) == 4
    assert "王芳" in watch.joined_top(opened).html
    assert "East" not in watch.joined_top(opened).html, "the page has room for one of the two"
    assert "Zhao" in managers.by_manager(opened).html
    assert with_responsible(opened, opened.profile()).attrs == opened.profile().attrs


def test_without_an_account_manager_the_branch_is_counted(tmp_path: Path) -> None:
    nobody = dict.fromkeys(MANAGERS)
    frame_study = study(tmp_path)
    orders = pd.read_csv(tmp_path / "orders.csv").drop(columns="account_manager")
    orders.to_csv(tmp_path / "orders.csv", index=False)
    assert by_account_manager(frame_study)["branch"].tolist() == ["East", ""]
    assert "East" in watch.joined_top(frame_study).html
    (tmp_path / "none").mkdir()
    unnamed = study(tmp_path / "none", nobody)
    assert unnamed.ask("by_account_manager").empty
    assert "by_account_manager" not in tables(unnamed)
    assert "no account managers" in managers.by_manager(unnamed).text


def test_no_name_stands_beside_a_pseudonym(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEGMENTATION_PSEUDONYM_KEY", raising=False)
    hidden = study(tmp_path, show_customer_ids=False)
    assert list(hidden.responsible()) == ["customer_id"]
    published = tables(hidden)
    assert "by_account_manager" not in published
    assert "account_manager" not in published["customers"]
    assert "王芳" not in watch.joined_top(hidden).html
