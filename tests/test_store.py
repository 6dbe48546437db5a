"""The store: one computation for many readers, and nothing half-written."""

import multiprocessing
from pathlib import Path

import pandas as pd
import pytest

from segmentation.study.store import Store


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


def test_another_key_is_another_result(tmp_path):
    store = Store(tmp_path)
    assert [store.text("t", key, lambda key=key: str(key)) for key in (1, 2, 1)] == ["1", "2", "1"]
