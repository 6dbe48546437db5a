"""The payloads through every input that reaches something published: managers, overrides, labels, ids, messages."""

import csv
import re
from html.parser import HTMLParser
from pathlib import Path

import fastexcel
import pandas as pd
import pytest
from page_making import code, of, page
from payloads import TEXTS

from segmentation import Study
from segmentation.command.artefacts import tables, write_artefacts
from segmentation.command.explaining import explain
from segmentation.errors import printable
from segmentation.questions import actions, key, managers, month, notices
from segmentation.questions.search import search
from segmentation.show.tables import table
from segmentation.words.reader import Reader

# what is no name: blank, or written where nothing is known; all others must come through
NAMES = [text for text in dict.fromkeys(text.strip() for text in TEXTS) if text]
LABELS = ["</script><script>window.fired=1</script>", '"><img src=x onerror="window.fired=2">', "=1+1"]

_FETCH = ("iframe", "object", "embed", "base", "form", "link", "video", "meta", "marquee")


class Acting(HTMLParser):
    """Gathers what of a page could act: scripts, handlers, links that run, what is fetched."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        quiet = known.get("rel") == "icon" or (tag == "meta" and "http-equiv" not in known)
        if tag in _FETCH and not quiet:
            self.found.append(tag)
        for name, value in attrs:
            runs = value is not None and re.match(r"\s*(javascript|data:text)", value, re.IGNORECASE)
            if name.startswith("on") or runs or name == "srcdoc":
                self.found.append(f"{tag} {name}={value}")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A customer for each payload: called so, looked after by somebody called so, tier set by hand because of it."""
    folder = tmp_path_factory.mktemp("payloads")
    orders = pd.DataFrame(
        [
            (name, f"2017-{number:02d}-10", 10.0 + place, name)
            for place, name in enumerate(NAMES)
            for number in range(1, 13)
            if (place + number) % 3
        ],
        columns=["customer_id", "date", "amount", "account_manager"],
    )
    orders.to_parquet(folder / "orders.parquet", index=False)
    by_hand = pd.DataFrame(
        {"customer_id": NAMES, "tier": "A", "who": NAMES, "why": NAMES, "until": "2018-06-30"}
    )
    by_hand.to_parquet(folder / "by_hand.parquet", index=False)
    return Study.open(
        {
            "orders": str(folder / "orders.parquet"),
            "overrides": str(folder / "by_hand.parquet"),
            "tiers": dict(zip("ABC", LABELS)),
            "month": "2017-12",
            "window_months": 6,
            "methods": {"ABC": {}},
            "origins": 1,
            "store": str(folder / "store"),
        }
    )


@pytest.fixture(scope="module")
def known(study: Study) -> list[str]:
    """The customers that the orders have: a word for nothing, such as NULL, names nobody."""
    found = study.profile()["customer_id"].tolist()
    assert len(found) >= 85
    assert len(NAMES) - len(found) <= 8
    return found


@pytest.fixture(scope="module")
def run(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    write_artefacts(study, folder)
    return folder


def test_managers_and_reasons_of_overrides_come_through_whole(study: Study, known: list[str]) -> None:
    published = tables(study)
    assert set(published["overrides"]["why"]) == set(NAMES)
    who = published["customers"].set_index("customer_id")["account_manager"].dropna()
    assert who.tolist() == who.index.tolist()
    assert len(who) >= len(known) - 2


def test_every_table_reads_back_and_runs_nothing(study: Study, run: Path) -> None:
    acts = re.compile(r"[\s\x00-\x20\u200b\ufeff\xa0]*[=+\-@＝＋－＠]")
    for name, frame in tables(study).items():
        with (run / "tables" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        assert len(rows) == len(frame) + 1, name
        texts = [cell for row in rows for cell in row if not re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell)]
        assert not [text for text in texts if acts.match(text)], name


def test_the_workbook_holds_each_as_text(study: Study, run: Path, known: list[str]) -> None:
    book = fastexcel.read_excel(str(run / "customers.xlsx"))
    everybody = book.load_sheet("All customers", header_row=0, dtypes="string").to_pandas()

    def bare(text: str) -> str:  # XML has no other control characters, and ends lines one way
        return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text).replace("\r\n", "\n").replace("\r", "\n")

    shown = {re.sub(r"\s+", " ", bare(text)) for text in everybody["Customer"]}
    lost = [text for text in known if re.sub(r"\s+", " ", bare(text)) not in shown]
    assert lost == []


def test_no_page_acts_on_any_of_them(study: Study) -> None:
    blocks = [
        *(month.answer(study), month.figures(study), actions.action_list(study, limit=200)),
        *(key.who(study, limit=200), managers.by_manager(study), notices.notices(study), search(study)),
    ]
    html = page(*(code("x", of(block)) for block in blocks), tables="tables/{name}.csv")
    assert html.count("<script") == 3, "the page's two and the records of the search"
    acting = Acting(html).found
    assert acting == ["meta"], "the content policy alone"


def test_labels_of_tiers_are_text_wherever_they_stand() -> None:
    for label in TEXTS:
        reader = Reader(tiers={"A": label})
        told = reader.say("{t:tier} {t:tier}", t="A")
        assert told == "A A" if label == "A" else label in told
        frame = pd.DataFrame({"tier": ["A"], "n": [1]})
        html = page(code("x", of(table(frame, told, reader, note=told))), title=told)
        assert Acting(html).found == ["meta"]
        assert html.count("<script") == 1


@pytest.mark.parametrize("text", NAMES)
def test_the_terminal_is_not_acted_on(text: str) -> None:
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", printable(text))


def test_explain_tells_a_customer_with_any_name(study: Study, known: list[str]) -> None:
    for customer in known[::12]:
        assert customer in explain(study.settings, customer)
