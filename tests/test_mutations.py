"""A thousand broken parameters files and two hundred broken stores: one sentence, a documented exit code.

The suite tries some; `MUTATIONS=1000 STORES=200 pytest tests/test_mutations.py` tries them all. Every one is
made from its number, so that a failure can be looked at again: `FIRST=417 MUTATIONS=1`.
"""

import copy
import json
import os
import random
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from project_making import PLAIN, THRESHOLD, make_project
from test_archive import check_whole

from segmentation.cli import main

FIRST = int(os.environ.get("FIRST", "0"))
MUTATIONS = int(os.environ.get("MUTATIONS", "60"))
STORES = int(os.environ.get("STORES", "8"))
DOCUMENTED = {0, 2, 3, 4, 5, 6, 73, 75}
FULL: dict[str, Any] = {
    "month": "2017-12",
    "orders": {
        "path": "orders.csv",
        "columns": {"customer_id": "customer_id", "date": "order_date", "amount": "amount"},
        "duplicates": "keep",
        "drawn_on": "2018-01-05",
        "test_customers": ["TEST*"],
    },
    "currency": "USD",
    "minor_units": 2,
    "timezone": "Asia/Shanghai",
    "window_months": 6,
    "holdout_months": 2,
    "origins": 1,
    "tiers": {"A": "Key", "B": "Main", "C": "Ordinary"},
    "methods": {"ABC": {"share_of_value": [0.8, 0.95]}, "Spend": {"use": "Threshold", **THRESHOLD}},
    "official": "ABC",
    "refit": "quarterly",
    "damping_months": 1,
    "capacity": [0.2, 5],
    "hiatus_days": 180,
    "cost_of_missing": 5.0,
    "cost_of_waste": 1.0,
    "gates": {"incomplete_month": "warn", "rows_set_aside": {"warn": 0.05, "stop": 0.5}},
    "span": 50,
    "language": ["en", "zh"],
    "show_customer_ids": True,
    "seed": 1,
    "notebook_timeout": 60,
    "notebooks": "notebooks",
    "store": ".segmentation",
    "reports": "reports",
}
VALUES: list[Any] = [
    *(None, True, False, 0, 1, -1, 2, 7, 10**6, 10**30, -(10**400), 0.0, -0.5, 0.3, 1e308, 1e-320),
    *(float("nan"), float("inf"), -float("inf"), "", " ", "\0", "a\0b", "\ud800", "orders.csv\0", "x" * 5000),
    *("2017-12", "2017-13", "9999-12-31", "9999-12", "0001-01", "0000-00", "Asia", "UTC+25", "/", "..", "~"),
    *(
        "/dev/null",
        "/proc/self/mem",
        "../" * 30 + "etc/shadow",
        "orders.csv/x",
        "*",
        "[",
        "**/*",
        "os:system",
    ),
    *(
        "builtins:eval",
        "{month}",
        "%s",
        "=cmd()",
        "'; DROP TABLE",
        "名" * 300,
        "\u202egnp",
        "🙂",
        "postgresql://",
    ),
    *(
        "http://[",
        "demo:",
        "demo:nothing",
        "ABC",
        "customer_id",
        "con",
        "file:///etc/passwd",
        ":memory:",
        "\n\n",
    ),
    *(
        [],
        {},
        [[]],
        [None],
        {"": ""},
        {"a": {"b": {"c": []}}},
        [1, "a", None],
        {"use": "os:system"},
        [0.2, 0.1],
    ),
    *({"warn": float("nan")}, {"warn": "x", "stop": -1}, [10**30], ["2017-12", "2017-12"], [0.5] * 3000),
]


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside nested mappings and lists."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, part in items for place in ((*path, key), *_places(part, (*path, key)))]


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def mutated(chance: random.Random) -> bytes:
    """A parameters file with one to three things wrong in it."""
    values = copy.deepcopy(FULL)
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        *above, key = chance.choice(_places(values))
        holder, how = _at(values, tuple(above)), chance.random()
        if how < 0.7:
            holder[key] = copy.deepcopy(chance.choice(VALUES))
        elif how < 0.8:
            del holder[key]
        elif how < 0.9 and isinstance(holder, dict):
            holder[str(chance.choice(VALUES))] = holder.pop(key)
        else:
            holder[key] = [copy.deepcopy(holder[key])] if chance.random() < 0.5 else {"x": holder[key]}
    text = json.dumps(values, ensure_ascii=chance.random() < 0.5, indent=1)
    content = bytearray(text.encode("utf-8", "surrogatepass"))
    how = chance.random()
    if how < 0.1:
        del content[chance.randrange(len(content)) :]
    elif how < 0.2:
        for _ in range(chance.randint(1, 5)):
            content[chance.randrange(len(content))] = chance.randrange(256)
    elif how < 0.25:
        place = chance.randrange(len(content))
        content[place:place] = chance.choice(
            [b"\0", b"\xff", b"&a [*a]", b"!!python/name:os.system", b"[" * 3000]
        )
    return bytes(content)


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start kernels without the modules that plain notebooks never import."""
    monkeypatch.setattr("segmentation.command.monthly.PRELOAD", ())


def code_of(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """The exit code of the command, in this process; whatever else it raises goes through."""
    monkeypatch.setattr(sys, "argv", ["segmentation", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.mark.filterwarnings("ignore")
def test_no_parameters_file_ends_in_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    params = make_project(tmp_path, PLAIN)
    monkeypatch.chdir(tmp_path)
    failed = []
    for number in range(FIRST, FIRST + MUTATIONS):
        chance = random.Random(number)
        params.write_bytes(mutated(chance))
        # one in twelve is run as a whole, with its notebooks
        command = "run" if number % 12 == 0 else "check"
        try:
            code = code_of(monkeypatch, command, params)
            _, err = capsys.readouterr()
            if code not in DOCUMENTED or "Traceback" in err or (code not in (0, 3, 6) and not err):
                failed.append(f"{number} {command}: exit {code}: {err[-300:]}")
        except Exception as error:
            failed.append(f"{number} {command}: {type(error).__name__}: {str(error)[:300]}")
    assert not failed, "\n".join(failed)
    outside = {path.name for path in tmp_path.iterdir()}
    known = {"params", "orders.csv", "notebooks", ".segmentation", "reports"}
    print("written beside:", outside - known)


def harm(store: Path, chance: random.Random) -> str:
    """Damage one thing in a store, and say what."""
    path = chance.choice(sorted(path for path in store.rglob("*") if path.name != "store"))
    ways: list[Callable[[], object]] = [lambda: shutil.rmtree(path) if path.is_dir() else path.unlink()]
    if path.is_file():
        content = bytearray(path.read_bytes() or b"\0")
        ways += [
            lambda: path.write_bytes(content[: chance.randrange(len(content))]),
            lambda: path.write_bytes(bytes(chance.randrange(256) for _ in range(200))),
            lambda: path.write_bytes(
                content[: (at := chance.randrange(len(content)))] + b"\xff" + content[at + 1 :]
            ),
            lambda: (path.unlink(), path.mkdir()),
            lambda: (path.unlink(), path.symlink_to("nowhere")),
        ]
    else:
        ways += [lambda: (shutil.rmtree(path), path.write_text("in the way"))]
    place = chance.randrange(len(ways))
    ways[place]()
    return f"{path.relative_to(store)}, way {place}"


def test_no_damage_to_a_store_changes_what_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    params = make_project(tmp_path, PLAIN)
    assert code_of(monkeypatch, "run", params) == 0
    store, sound = tmp_path / ".segmentation", tmp_path / "sound"
    shutil.copytree(store, sound)
    failed = []
    for number in range(FIRST, FIRST + STORES):
        chance = random.Random(number)
        shutil.rmtree(store)
        shutil.copytree(sound, store)
        what = [harm(store, chance) for _ in range(chance.randint(1, 3))]
        try:
            code = code_of(monkeypatch, "run", params, "--force")
            _, err = capsys.readouterr()
            if code:
                failed.append(f"{number}: {what}: exit {code}: {err[-300:]}")
        except Exception as error:
            failed.append(f"{number}: {what}: {type(error).__name__}: {str(error)[:300]}")
    runs = check_whole(tmp_path / "reports")
    same = {(run / "manifest.json").read_bytes() for run in runs}
    assert not failed, "\n".join(failed)
    assert len(same) == 1
