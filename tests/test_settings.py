"""Parameters: what is accepted, what is refused and with which words, and what decides a report."""

from pathlib import Path

import pytest

from segmentation.errors import ParameterError
from segmentation.study.settings import Settings

PARAMS = Path(__file__).parents[1] / "params"


@pytest.fixture
def write(tmp_path):
    (tmp_path / "params").mkdir()
    path = tmp_path / "params" / "month.yaml"

    def write(text: str) -> Path:
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("path", sorted(PARAMS.glob("*.yaml")), ids=lambda p: p.name)
def test_the_committed_files_are_valid(path):
    assert Settings.load(path).official in Settings.load(path).methods


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("monht: 2017-12", "month.yaml: unknown key 'monht'; did you mean 'month'?"),
        ("window_months: six", "window_months: input should be a valid integer (got 'six')"),
        ("window_months: '6'", "window_months"),
        ("month: 2017-13", "month: '2017-13' does not look like"),
        ("month: 201711", "month: 201711 is not a month; write it with a hyphen, such as 2017-11"),
        (
            "orders: {path: a.xlsx, sheet: 1}",
            "orders.sheet: 1 is not a name; write the sheet's name in quotes",
        ),
        ("month: 2017-12-31", "month: '2017-12-31' does not look like"),
        ("month: 2017-12\nmonth: 2017-11", "line 2: the key 'month' is given twice"),
        ("orders: !!binary aGVsbG8=", "line 1: the tag 'tag:yaml.org,2002:binary' is not plain data"),
        ("orders: !!python/object/apply:os.system [true]", "is not plain data"),
        ("12: 1", "line 1: the key 12 is not text"),
        ("official: LTV", "official: 'LTV' is not among methods: ABC, RFM, Clusters"),
        ("methods: {}", "methods"),
        ("tiers: [A]", "tiers: needs at least two tiers"),
        ("capacity: 0", "capacity"),
        ("- month", "expected `key: value` lines, found list"),
        ("a: [", "not valid YAML"),
        ("root: elsewhere", "unknown key 'root'"),
        ("methods: {../../2017-12/r001-1a2b3c4d/rules/ABC: {use: ABC}}", "has the sign '/'"),
        ("methods: {RFM/AHP: {use: RFM}}", "has the sign '/', which cannot stand in the name of a file"),
        ('methods: {"..": {use: RFM}}', "cannot be the name of a file"),
        ('methods: {"a\\\\b": {use: RFM}}', "has the sign"),
        ('methods: {"a\\0b": {use: RFM}}', "holds a NUL"),
        ('methods: {"a\\u202eb": {use: RFM}}', "characters that cannot be shown"),
        (f"methods: {{{'x' * 120}: {{use: RFM}}}}", "has 120 characters; 60 are the most"),
        ("methods: {customer_id: {use: RFM}}", "is the name of a column of ours"),
        ("methods: {spend: {use: ABC}}", "is the name of a column of ours"),
        ("methods: {con: {use: RFM}}", "cannot be the name of a file"),
        ("methods: {ABC: {}, abc: {use: ABC}}", "'ABC' and 'abc' differ only in case"),
        ('methods: {"": {use: ABC}}', "is empty"),
        ("tiers: [customer_id, B]", "'customer_id' cannot be the name of a tier"),
        ('tiers: {A: "a\\0b", B: x}', "holds a NUL"),
    ],
)
def test_a_bad_file_is_refused_with_the_key_and_the_remedy(write, text, words):
    with pytest.raises(ParameterError) as caught:
        Settings.load(write(text))
    assert words in str(caught.value)
    assert "month.yaml" in str(caught.value)


def test_what_is_meant_plainly_is_taken(write):
    assert Settings.load(write("orders: [a.csv, b.csv]")).orders == {"path": ["a.csv", "b.csv"]}
    orders = Settings.load(write("orders: {path: a.csv, test_customers: TEST*, not_products: POST}")).orders
    assert (orders["test_customers"], orders["not_products"]) == (["TEST*"], ["POST"])


@pytest.mark.parametrize(
    "text", ["", "# nothing yet\n", "month: 2017-12", "orders:", "orders: {}", "orders: []"]
)
def test_a_file_that_names_no_orders_is_not_the_demo(write, text):
    with pytest.raises(
        ParameterError, match=r"month\.yaml: orders are missing; name them, such as `orders: sal"
    ):
        Settings.load(write(text))
    assert Settings.of({}).orders["path"] == "demo:complete-journey", "a notebook runs as it stands"


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ParameterError, match=r"nowhere\.yaml: there is no such parameters file"):
        Settings.load(tmp_path / "nowhere.yaml")


def test_a_file_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "gbk.yaml"
    path.write_bytes("currency: 人民币".encode("gbk"))
    with pytest.raises(ParameterError, match="not UTF-8"):
        Settings.load(path)


def test_places_resolve_from_the_folder_that_holds_params(write):
    path = write("orders: a.csv\nstore: 仓库")
    assert Settings.load(path).place("store") == path.parent.parent / "仓库"


def test_places_and_credentials_decide_nothing():
    here = Settings.of(
        {"orders": {"path": "postgresql://user:secret@db/shop", "query": "select 1"}}, root="/a"
    )
    there = Settings.of({"orders": {"path": "sales.csv"}, "reports": "elsewhere"}, root="/b")
    assert here.without_places() == there.without_places()
    assert "secret" not in str(here.without_places())


def test_a_meaningful_change_decides_something():
    one = Settings.of({"window_months": 6})
    assert one.without_places() != Settings.of({"window_months": 7}).without_places()


def test_several_sheets_and_a_lone_pattern_are_lists() -> None:
    orders = {"path": "a.xlsx", "sheet": ["2016", "2017"], "test_customers": "TEST*"}
    assert Settings.of({"orders": orders}).orders == {**orders, "test_customers": ["TEST*"]}


def test_a_currency_has_its_own_digits_unless_they_are_given() -> None:
    digits = [Settings.of({"currency": code}).minor_units for code in ("EUR", "JPY", "KRW", "KWD")]
    assert digits == [2, 0, 0, 3]
    assert Settings.of({"currency": "JPY", "minor_units": 2}).minor_units == 2
