"""The house's laws: one direction, no circles, rooms of a readable size, and CONTRIBUTING's table true."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "segmentation"
# each room may import those before it; the ground, words, show and reporting serve all that come after them
GROUND = ("errors", "months", "engine")
ORDER = (
    *GROUND,
    *("words", "show", "reporting", "intake", "ledger", "rules", "testing", "methods", "comparison"),
    *("movement", "study", "questions", "command", "cli", "__init__", "__main__"),
)
APART = {"show": {"reporting"}, "reporting": {"intake"}}  # show knows no page, reporting no orders
FILES = sorted(SOURCE.rglob("*.py"))
MOST_LINES = 320


def module(path: Path) -> str:
    """The dotted name of a file, without the package's own."""
    parts = list(path.relative_to(SOURCE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


MODULES = {module(path): path for path in FILES}


def imports(path: Path) -> set[str]:
    """The modules of ours that a file imports, anywhere in it, also for type checks only."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "segmentation":
            base = (node.module or "").removeprefix("segmentation").lstrip(".")
            names = [f"{base}.{alias.name}".lstrip(".") for alias in node.names]
            names = [name if name in MODULES else base for name in names]
        elif isinstance(node, ast.Import):
            names = [alias.name.removeprefix("segmentation.") for alias in node.names]
        found |= {name for name in names if name in MODULES and MODULES[name] != path}
    return found


IMPORTS = {name: imports(path) for name, path in MODULES.items()}


def room(name: str) -> str:
    return name.split(".")[0]


def test_every_room_is_in_the_drawing() -> None:
    assert {room(name) for name in MODULES} == set(ORDER)


@pytest.mark.parametrize("name", MODULES)
def test_no_arrow_goes_up(name: str) -> None:
    if name == "__init__":  # the public surface loads everything lazily
        return
    mine = ORDER.index(room(name))
    up = {other for other in IMPORTS[name] if ORDER.index(room(other)) > mine}
    assert not up
    assert not {other for other in IMPORTS[name] if room(other) in APART.get(room(name), set())}


def test_no_circle() -> None:
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " → ".join((*way[way.index(name) :], name))
        if name not in done:
            for other in sorted(IMPORTS[name]):
                if MODULES[name].name != "__init__.py":  # a package's front lists its own files
                    visit(other, (*way, name))
            done.add(name)

    for name in IMPORTS:
        visit(name, ())


def test_the_package_has_few_entries() -> None:
    entries = {path.name for path in SOURCE.iterdir() if path.name not in ("__pycache__", "py.typed")}
    assert len(entries) <= 20, sorted(entries)


@pytest.mark.parametrize("path", FILES, ids=module)
def test_a_file_is_a_room_that_says_what_it_is_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    said = ast.get_docstring(ast.parse(text))
    assert said
    assert text.count("\n") <= MOST_LINES


def test_chinese_stands_only_where_the_intake_recognises_it() -> None:
    chinese = [
        name for name, path in MODULES.items() if re.search(r"[\u4e00-\u9fff]", path.read_text("utf-8"))
    ]
    assert len(chinese) <= 6, chinese
    assert {room(name) for name in chinese} <= {"intake"}


def test_contributing_tells_every_room() -> None:
    table = re.findall(r"^\| (`.*?) \|", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
    told = {name.strip("/").removesuffix(".py") for cell in table for name in re.findall(r"`([^`]+)`", cell)}
    rooms = {name for name in ORDER if not name.startswith("__")} | {"sql"}
    assert told == rooms
