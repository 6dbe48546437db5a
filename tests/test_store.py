"""The store: one computation for many readers, and nothing half-written."""

import importlib
import multiprocessing
import shutil
from pathlib import Path

import pandas as pd
import pytest

from segmentation.study.store import Store, libraries


def _count(folder: str, calls: str) -> int:
    def compute():
        with open(calls, "a") as file:
            file.write("x")
        return {"answer": pd.DataFrame({"n": range(1000)})}

    return len(Store(Path(folder)).frames("answer", {"of": "life"}, compute)["answer"])


def test_several_processes_compute_once(tmp_path):
    calls = tmp_path / "calls"
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        sizes = pool.starmap(_count, [(str(tmp_path / "store"), str(calls))] * 8)
    assert sizes == [1000] * 8
    assert calls.read_text() == "x"


def test_a_failure_leaves_nothing_and_is_tried_again(tmp_path):
    store = Store(tmp_path)

    def fail():
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError):
        store.frames("answer", 1, fail)
    assert [p for p in (tmp_path / "answer").iterdir() if p.is_dir()] == []
    assert store.frames("answer", 1, lambda: {"a": pd.DataFrame({"x": [1]})})["a"]["x"].tolist() == [1]


def test_what_was_kept_comes_back_as_it_was(tmp_path):
    frame = pd.DataFrame({"客户": ["007", "nan", '<script>"'], "day": pd.to_datetime(["2017-01-01"] * 3)})
    frame.attrs = {"as_of": "2017-01"}
    store = Store(tmp_path)
    first = store.frames("x", 1, lambda: {"f": frame})["f"]
    second = store.frames("x", 1, dict)["f"]
    pd.testing.assert_frame_equal(first, frame)
    pd.testing.assert_frame_equal(second, first)
    assert second.attrs == {"as_of": "2017-01"}


def _sum(store: Store, key: object = 1, n: int = 6) -> int:
    return int(store.frames("sums", key, lambda: {"sum": pd.DataFrame({"n": [n]})})["sum"]["n"].iloc[0])


def test_another_key_is_another_result(tmp_path):
    store = Store(tmp_path)
    assert [_sum(store, key, key) for key in (1, 2, 1)] == [1, 2, 1]
    assert _sum(store, 1, 99) == 1


@pytest.mark.parametrize("library", ["numpy", "pandas", "scikit-learn", "scipy", "duckdb"])
def test_another_version_of_a_library_that_computes_computes_anew(tmp_path, monkeypatch, library):
    store = Store(tmp_path)
    assert _sum(store) == 6
    module = {"scikit-learn": "sklearn"}.get(library, library)
    monkeypatch.setattr(importlib.import_module(module), "__version__", "9999.1", raising=False)
    assert _sum(store, n=7) == 7
    assert libraries()[library] == "9999.1"


def test_a_result_of_unknown_code_is_not_kept(tmp_path):
    store = Store(tmp_path)
    key = {"own_methods": {"Mine": None}}
    assert [_sum(store, key, n) for n in (1, 2)] == [1, 2]
    assert list(tmp_path.iterdir()) == []


def _truncated(folder):
    path = folder / "sum.parquet"
    path.write_bytes(path.read_bytes()[:-9])


def _flipped(folder):
    path = folder / "sum.parquet"
    content = bytearray(path.read_bytes())
    content[20] ^= 1
    path.write_bytes(content)


def _a_file(folder):
    shutil.rmtree(folder)
    folder.write_text("something else")


HARMS = [
    _truncated,
    _flipped,
    _a_file,
    lambda folder: (folder / "sum.parquet").unlink(),
    lambda folder: (folder / "digests.json").unlink(),
    lambda folder: (folder / "digests.json").write_bytes(b"\xff\0["),
    lambda folder: (folder / "digests.json").write_text("[1, 2]"),
    lambda folder: (folder / "digests.json").write_text('{"sum": 3}'),
]


@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_result_is_said_and_computed_anew(tmp_path, caplog, harm):
    store = Store(tmp_path)
    assert _sum(store) == 6
    (folder,) = (path for path in (tmp_path / "sums").iterdir() if path.is_dir())
    harm(folder)
    assert _sum(store, n=7) == 7
    assert "is damaged" in caplog.text
    caplog.clear()
    assert _sum(store, n=8) == 7
    assert caplog.text == ""
