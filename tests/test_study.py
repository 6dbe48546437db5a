"""A study: settings from anywhere, results shared through the store, ids shown or not, methods that fail."""

import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from segmentation import Study
from segmentation.command.artefacts import write_artefacts
from segmentation.command.preparing import failed_challengers
from segmentation.errors import DataError, ParameterError
from segmentation.questions.moves import changes
from segmentation.rules import Rule
from segmentation.study.inputs import inputs

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def orders(tmp_path_factory):
    """A year of orders: customer n buys every n-th month, and n × 10 each time."""
    rows = [
        (f"顾客{n:02d}", f"2025-{month:02d}-1{n % 9}", f"{n * 10}.{month:02d}")
        for n in range(1, 31)
        for month in range(1, 13)
        if month % (1 + n % 4) == 0
    ]
    path = tmp_path_factory.mktemp("orders") / "orders.csv"
    pd.DataFrame(rows, columns=["客户编号", "订单日期", "金额"]).to_csv(path, index=False)
    return path


@pytest.fixture
def study(orders, tmp_path):
    def study(**given):
        values = {
            "orders": str(orders),
            "month": "2025-12",
            "window_months": 6,
            "methods": ["ABC", "RFM"],
            "store": str(tmp_path / "store"),
        }
        return Study.open(values | given)

    return study


def test_the_month_is_the_last_complete_one(study, orders, tmp_path):
    later = tmp_path / "later.csv"
    later.write_text(orders.read_text() + "顾客01,2026-01-05,9\n")
    assert study(month=None).month == "2025-12"
    assert study(month=None, orders=str(later)).month == "2025-12"  # January has only begun


def test_a_second_study_reads_what_the_first_computed(study, monkeypatch):
    first = study().tiers()
    monkeypatch.setattr(
        "segmentation.study.study.learn", lambda *a, **k: pytest.fail("learned a second time")
    )
    pd.testing.assert_frame_equal(study().tiers(), first)


def test_a_stored_rule_gives_the_same_tiers(study):
    found = study()
    rule = Rule.from_json(found.rule("ABC").to_json())
    assert rule.apply(found.profile())["tier"].tolist() == found.tiers()["ABC"].tolist()


def test_orders_after_the_month_change_nothing(study, orders, tmp_path):
    later = tmp_path / "later.csv"
    more = "顾客01,2026-01-05,999999\n"
    later.write_text(orders.read_text() + more)
    now, then = study(), study(orders=str(later))
    assert inputs(then)["ledger"] == inputs(now)["ledger"]
    pd.testing.assert_frame_equal(then.tiers(), now.tiers())


def test_the_published_inputs_name_no_place(study, orders, tmp_path):
    told = json.dumps(inputs(study()), ensure_ascii=False)
    assert str(tmp_path) not in told
    assert str(orders.parent) not in told


def written(run):
    """Every file of a run as text, by name."""

    def text(path):
        if path.suffix == ".parquet":
            return pd.read_parquet(path).to_csv()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                return "".join(book.read(name).decode() for name in book.namelist())
        return path.read_text("utf-8-sig")

    return {path.relative_to(run).as_posix(): text(path) for path in run.rglob("*.*")}


@pytest.mark.parametrize("secret", [None, "a key"])
def test_ids_are_nowhere_when_they_must_not_be_shown(study, tmp_path, monkeypatch, secret):
    if secret:
        monkeypatch.setenv("SEGMENTATION_PSEUDONYM_KEY", secret)
    by_hand = tmp_path / "overrides.csv"
    by_hand.write_text(
        "customer_id,tier,who,why,until\n"
        "顾客30,A,代表顾客29的李,与顾客28合并，另见 gone-1,2026-06-30\n"
        "gone-1,B,Li,见顾客30,2026-06-30\n"
    )
    open_ = study(overrides=str(by_hand))
    closed = study(overrides=str(by_hand), show_customer_ids=False)
    write_artefacts(open_, tmp_path / "open")
    write_artefacts(closed, tmp_path / "run")
    assert "顾客28合并" in written(tmp_path / "open")["tables/overrides.csv"]
    assert "与…合并，另见 …" in written(tmp_path / "run")["tables/overrides.csv"]
    assert "顾客30" in written(tmp_path / "open")["customers.xlsx"]
    for name, text in written(tmp_path / "run").items():
        assert "顾客" not in text.replace("顾客编号", ""), name
        assert "gone-1" not in text, name
    assert closed.tiers()["ABC"].value_counts().to_dict() == open_.tiers()["ABC"].value_counts().to_dict()
    assert changes(closed)["kind"].value_counts().to_dict() == changes(open_)["kind"].value_counts().to_dict()


def test_without_a_key_the_pseudonym_is_the_rank(study):
    closed = study(show_customer_ids=False)
    richest = closed.profile().sort_values("monetary", ascending=False)["customer_id"]
    assert richest.tolist() == sorted(richest)


def test_a_challenger_that_fails_is_named_and_the_others_go_on(study, tmp_path, monkeypatch):
    (tmp_path / "mine.py").write_text(
        "class Broken:\n    def fit(self, profile):\n        raise ValueError('no luck')\n"
    )
    monkeypatch.chdir(tmp_path)
    found = study(methods={"ABC": {}, "mine": {"use": "mine:Broken"}})
    assert failed_challengers(found) == {"mine": "ValueError: no luck"}
    assert list(found.tiers().columns) == ["customer_id", "ABC"]
    with pytest.raises(DataError, match="the official method mine failed: ValueError: no luck"):
        study(methods={"mine": {"use": "mine:Broken"}}).tiers()


SCORE = "class Own:\n    def fit(self, profile):\n        return self\n    def score(self, profile):\n"


@pytest.mark.parametrize("edited", ["own_way.py", "ways/sign.py"])
def test_an_edited_method_of_the_users_is_learned_again(study, tmp_path, monkeypatch, edited):
    """In one process, where the class was loaded before; and so is one whose imported module was edited."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ways").mkdir()
    score = f"from ways.sign import SIGN\n{SCORE}        return SIGN * profile['monetary'] * +1\n"
    (tmp_path / "own_way.py").write_text(score)
    (tmp_path / "ways" / "sign.py").write_text("SIGN = +1\n")
    given = {"methods": {"ABC": {}, "own": {"use": "own_way:Own"}}}
    before, tiers = inputs(study(**given)), study(**given).tiers()["own"].tolist()
    assert inputs(study(**given)) == before
    path = tmp_path / edited
    path.write_text(path.read_text().replace("+1", "-1"))  # of the same length, within the same second
    assert inputs(study(**given)) != before
    assert study(**given).tiers()["own"].tolist() != tiers
    path.write_text(path.read_text().replace("-1", "+1"))
    assert study(**given).tiers()["own"].tolist() == tiers


WEIGHT = 1


class Weighed:
    def fit(self, profile):
        return self

    def score(self, profile):
        return WEIGHT * profile["monetary"]


def test_a_class_at_hand_is_a_method_and_known_by_the_code_that_it_reaches(study, monkeypatch):
    given = {"methods": {"ABC": {}, "Mine": Weighed, "Twice": {"use": Weighed}}}
    found = study(**given)
    tiers = found.tiers()["Mine"].tolist()
    assert found.tiers()["Twice"].tolist() == tiers
    assert list(found.store.folder.glob("method-Mine/*/digests.json"))
    before = json.dumps(inputs(found))
    monkeypatch.setitem(globals(), "WEIGHT", -1)
    assert json.dumps(inputs(study(**given))) != before
    assert study(**given).tiers()["Mine"].tolist() != tiers
    monkeypatch.setattr(Weighed, "score", lambda self, profile: profile["monetary"])
    assert study(**given).tiers()["Mine"].tolist() == tiers


def test_a_class_whose_code_cannot_be_known_is_not_kept(study, monkeypatch):
    given = {"methods": {"ABC": {}, "Odd": Weighed}}
    monkeypatch.setitem(globals(), "WEIGHT", iter([1]))
    odd = study(**given)
    assert inputs(odd)["own_methods"] == {"Odd": None}
    assert "TypeError" in failed_challengers(odd)["Odd"]
    assert not list(odd.store.folder.glob("method-Odd/*"))


def test_a_method_that_ends_the_process_is_a_failed_challenger(study, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "leaving.py").write_text(
        "class Own:\n    def fit(self, profile):\n        raise SystemExit(0)\n"
    )
    found = study(methods={"ABC": {}, "own": {"use": "leaving:Own"}})
    assert "SystemExit" in failed_challengers(found)["own"]


def test_another_secret_is_another_run(study, monkeypatch):
    closed = study(show_customer_ids=False)
    monkeypatch.setenv("SEGMENTATION_PSEUDONYM_KEY", "one")
    one = inputs(closed)
    monkeypatch.setenv("SEGMENTATION_PSEUDONYM_KEY", "another")
    assert inputs(closed) != one
    assert "another" not in json.dumps(inputs(closed))


def test_a_wrong_option_is_a_parameter_error(study):
    with pytest.raises(ParameterError, match="did you mean 'scores'"):
        study(methods={"ABC": {}, "RFM": {"score": 4}}).tiers()


def test_refit_holds_the_official_rule_between(study):
    held = study(refit="quarterly", month="2025-11")
    assert held.learned_at("ABC", "2025-11") == "2025-09"
    assert held.learned_at("RFM", "2025-11") == "2025-11"  # challengers are learned every month
    assert held.rule("ABC").as_of == "2025-09"
    assert held.learned_at("ABC", "2025-07") == "2025-06"
    # December 2024 is not known: the first month with a full window
    assert study(refit="yearly").learned_at("ABC", "2025-08") == "2025-06"


def test_a_notebook_gives_its_globals(orders, tmp_path):
    names = {"__builtins__": {}, "orders": str(orders), "month": "2025-12", "pd": pd, "store": str(tmp_path)}
    assert Study.open(names).month == "2025-12"


def test_the_monthly_run_gives_the_places(orders, tmp_path, monkeypatch):
    from segmentation.study.settings import Settings

    run = Settings.of({"orders": str(orders), "store": str(tmp_path / "run")}, root=tmp_path)
    monkeypatch.setenv("SEGMENTATION_SETTINGS", run.model_dump_json())
    study = Study.open({"__builtins__": {}, "orders": "demo:cdnow", "month": "2025-10"})
    assert (study.settings.orders["path"], study.month) == (str(orders), "2025-10")


def test_an_unknown_key_is_refused_outside_a_notebook():
    with pytest.raises(ParameterError, match="did you mean 'month'"):
        Study.open({"monht": "2025-12"})
