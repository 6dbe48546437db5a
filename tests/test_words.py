"""The words: every sentence has its translation, none is left over; what a language says of itself."""

import ast
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentation.intake.reconciliation import COUNTED, SET_ASIDE
from segmentation.intake.tables import RULES
from segmentation.methods.building import BUILT_IN
from segmentation.methods.naming import _WORDS
from segmentation.reporting.notebooks import prose
from segmentation.words.columns import COLUMNS
from segmentation.words.reader import Reader, Sentence, sentence
from segmentation.words.states import STATES
from segmentation.words.translations import facts, languages, placeholders, translations

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "segmentation"
# functions whose text arguments a reader sees
SAID = {"say", "answer", "note", "table", "figures", "sentence", "Sentence", "word", "translated", "caption"}
OTHERS = [language for language in languages() if language != "en"]
FORMATTED = re.compile(r"\{\w+:(integer|share|money|exact|points|month|tier|word|column|list|\w+\|\w+)\}")
SAME = re.compile(r"^[^A-Za-z]*$")  # nothing to translate


def strings(tree: ast.AST) -> set[str]:
    """Every text in the code but docstrings."""
    docs = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docs
    }


def said_in(tree: ast.AST) -> set[str]:
    """The sentences that code says: texts given to one of SAID, also by a name or in a condition.

    A text with a reader's format in its braces is a sentence wherever it stands.
    """
    found = {text for text in strings(tree) if FORMATTED.search(text)}
    named: dict[str, list[ast.AST]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named.setdefault(node.targets[0].id, []).append(node.value)

    def texts(node: ast.AST) -> None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
        elif isinstance(node, ast.IfExp):
            texts(node.body), texts(node.orelse)
        elif isinstance(node, ast.Name):
            for value in named.get(node.id, []):
                if isinstance(value, ast.Constant | ast.IfExp):
                    texts(value)
        elif isinstance(node, ast.Tuple | ast.List | ast.Starred):
            for child in ast.iter_child_nodes(node):
                texts(child)

    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in SAID:
                for argument in node.args[1:] if name == "table" else node.args:
                    texts(argument)
                for keyword in node.keywords:
                    if keyword.arg in ("note", "caption"):
                        texts(keyword.value)
    return found


def template_words() -> set[str]:
    template = (SOURCE / "reporting" / "template" / "page.html.j2").read_text(encoding="utf-8")
    return set(re.findall(r'say\("(.*?)"\)', template))


def code_cells(path: Path) -> ast.AST:
    import json

    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ast.parse("\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"))


TREES = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py"))]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CATALOGUE = {
    *(column.heading for column in COLUMNS.values()),
    *(column.meaning for column in COLUMNS.values()),
    *STATES.values(),
    *(*COUNTED, *SET_ASIDE, *RULES),
    *(name for name in BUILT_IN if not name.isupper()),
    "ABC by value",  # of params/demo.yaml
    "Lifetime value",  # of params/cdnow.yaml
}
NEEDED = (
    {text for tree in [*TREES, *map(code_cells, NOTEBOOKS)] for text in said_in(tree)}
    | {line for path in NOTEBOOKS for line in prose(path)}
    | template_words()
    | CATALOGUE
)
KNOWN = {text for tree in TREES for text in strings(tree)} | NEEDED
KNOWN |= {f"very {word}" for words in _WORDS.values() for word in words} | {"very high", "very low"}


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_missing(language: str) -> None:
    sentences = {
        text for text in NEEDED - set(BUILT_IN) | CATALOGUE if not SAME.match(re.sub(r"\{[^}]*\}", "", text))
    }
    assert sorted(sentences - set(translations(language))) == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_left_over(language: str) -> None:
    assert sorted(set(translations(language)) - KNOWN) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_holds_the_same_figures(language: str) -> None:
    plural = re.compile(r"\{(\w+):[^}]*\|[^}]*\}")
    for text, translated in translations(language).items():
        only_plural = set(plural.findall(text)) - placeholders(plural.sub("", text))
        assert placeholders(text) - only_plural <= placeholders(translated) <= placeholders(text), text


@pytest.mark.parametrize("language", languages())
def test_a_language_says_everything_of_itself(language: str) -> None:
    assert set(facts(language)) == set(facts("en"))
    assert Reader(language).month("2017-02")


@pytest.mark.parametrize("language", OTHERS)
def test_chinese_is_written_as_chinese(language: str) -> None:
    for text, translated in translations(language).items():
        shown = re.sub(r"\{[^}]*\}|ln\(.*?\)", "甲", translated)  # a formula is written as one
        assert not re.search(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?()][\u4e00-\u9fff]", shown), (text, translated)
        assert not re.search(r"）\s|\s（|\s[，。；：]", shown), (text, translated)


def test_a_sentence_may_hold_a_sentence_a_list_and_words() -> None:
    inner = sentence("For {method:word} only", method="RFM")
    said = Reader("zh").say("{key}: {before} → {after}", key=inner, before=["up", "down"], after=-1234)
    assert said == "仅 RFM 评为最高等级：升级、降级 → −1,234"
    assert str(Sentence("{n:integer} {n:month|months}", {"n": 1})) == "1 month"


def test_a_users_own_words_stay_theirs() -> None:
    reader = Reader("zh", tiers={"Gold": "Our {best}", "B": "Main"})
    assert [reader.tier("Gold"), reader.tier("B"), reader.word("our rule")] == [
        "Gold（Our {best}）",
        "B（主要）",
        "our rule",
    ]


@given(st.text(max_size=20))
def test_any_text_survives_being_said(text: str) -> None:
    for language in languages():
        assert text.strip() in Reader(language).say(
            "{key}: {before} → {after}", key=text, before="", after=""
        )


def test_a_mean_of_counts_keeps_its_decimals() -> None:
    assert Reader().cells(pd.Series([2.5, 3.0]), "frequency") == ["2.50", "3.00"]
    assert Reader().cells(pd.Series([2.0, 3.0]), "frequency") == ["2", "3"]
