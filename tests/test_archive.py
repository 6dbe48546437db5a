"""The archive with real processes: old state or new state, never half of one, and one run at a time."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from html import unescape
from pathlib import Path

import pytest

from segmentation.errors import Locked, WriteError
from segmentation.reporting.archive import Archive
from segmentation.reporting.manifest import artefacts, digests, readable

KEYS = {"a": "a" * 64, "b": "b" * 64}


def publish(archive: Archive, month: str, key: str) -> Path:
    """Publish a small run whose manifest says what belongs in it."""
    with archive.lock(), archive.staging() as folder:
        fill(folder, key)
        return archive.publish(folder, month, key).folder


def fill(folder: Path, key: str) -> None:
    (folder / "tables").mkdir()
    for number in range(20):
        (folder / "tables" / f"t{number}.csv").write_text(f"{key}\n" * 500)
    (folder / "index.html").write_text(f"<p>{key}</p>")
    document = {"key": key, "artefacts": digests(folder, artefacts(folder))}
    (folder / "manifest.json").write_text(readable(document))
    (folder / "run.json").write_text('{"finished": "2018-01-02T03:04:05+00:00"}')


def check_whole(reports: Path) -> list[Path]:
    """Every folder that looks like a run is complete; every pointer and link leads somewhere. The runs."""
    runs = [path for path in reports.glob("*/r*-*") if path.is_dir()]
    for run in runs:
        document = json.loads((run / "manifest.json").read_text())
        assert document["artefacts"] == digests(run, artefacts(run))
    for pointer in reports.glob("*/latest.json"):
        assert (pointer.parent / json.loads(pointer.read_text())["run"] / "index.html").is_file()
    if (reports / "index.html").exists():
        assert all((reports / link).is_file() for link in listed(reports))
    return sorted(runs)


def listed(reports: Path) -> list[str]:
    """Where the list of runs leads to, in its order."""
    return re.findall(r'href="([^"#]+/index\.html)"', (reports / "index.html").read_text())


def test_versions_count_up_and_the_last_one_counts(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    first = publish(archive, "2017-12", KEYS["a"])
    second = publish(archive, "2017-12", KEYS["b"])
    third = publish(archive, "2017-12", KEYS["a"])
    earlier = publish(archive, "2017-02", KEYS["a"])
    assert [run.name for run in (first, second, third)] == ["r001-aaaaaaaa", "r002-bbbbbbbb", "r003-aaaaaaaa"]
    assert archive.latest("2017-12").folder == third
    assert json.loads((tmp_path / "2017-12" / "latest.json").read_text()) == {
        "month": "2017-12",
        "run": "r003-aaaaaaaa",
        "key": KEYS["a"],
    }
    order = [run.relative_to(tmp_path).as_posix() for run in (third, second, first, earlier)]
    assert listed(tmp_path) == [f"{run}/index.html" for run in order]
    check_whole(tmp_path)


def test_the_list_of_runs_is_one_file_without_script_or_network(tmp_path: Path) -> None:
    publish(Archive(tmp_path), "2017-12", KEYS["a"])
    page = (tmp_path / "index.html").read_text()
    assert "default-src 'none'" in unescape(page)
    assert "<script" not in page
    assert "://" not in page
    assert "2018-01-02 03:04" in page


def test_what_is_not_a_whole_run_is_neither_listed_nor_counted(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    publish(archive, "2017-11", KEYS["a"])
    for name in ("r002-00000000", "r003-11111111", "notes"):
        (tmp_path / "2017-11" / name).mkdir()
    (tmp_path / "2017-11" / "r003-11111111" / "manifest.json").write_text("{half")
    (tmp_path / "2017-11" / "r003-11111111" / "index.html").write_text("half")
    (tmp_path / "2017-10").mkdir()
    (tmp_path / "README.md").write_text("published runs")
    with archive.lock():
        assert archive.months() == ["2017-11"]
        assert archive.latest("2017-11").name == "r001-aaaaaaaa"
    assert len(listed(tmp_path)) == 1
    assert publish(archive, "2017-11", KEYS["b"]).name == "r004-bbbbbbbb"


def test_what_is_not_published_is_removed(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    with archive.lock(), archive.staging() as folder:
        (folder / "index.html").write_text("half")
    assert {path.name for path in tmp_path.iterdir()} <= {".lock"}


def test_evidence_is_kept_apart_and_numbered(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for number in (1, 2):
        with archive.lock(), archive.staging() as folder:
            (folder / "index.html").write_text("why")
            kept = archive.keep_evidence(folder, "2017-12", "3-rfm")
        assert kept == tmp_path / "_failed" / "2017-12" / f"f{number:03d}-3-rfm"
    assert archive.months() == []
    assert not (tmp_path / "index.html").exists()


def test_nothing_is_written_again_when_nothing_changed(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    publish(archive, "2017-12", KEYS["a"])
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    with archive.lock():
        pass
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert {p: t for p, t in after.items() if p.name != ".lock"} == {
        p: t for p, t in before.items() if p.name != ".lock"
    }


HOLD = """
import sys, time
from pathlib import Path
from segmentation.reporting.archive import Archive
with Archive(Path(sys.argv[1])).lock():
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_run_is_refused_and_a_killed_one_is_not_in_the_way(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(Locked, match="another run holds") as caught, archive.lock():
            pass
        assert caught.value.exit_code == 75
    finally:
        holder.kill()
        holder.communicate()
    assert publish(archive, "2017-12", KEYS["a"]).name == "r001-aaaaaaaa"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(WriteError, match="cannot write"), Archive(tmp_path / "reports").lock():
        pass


def test_reports_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("")
    with pytest.raises(WriteError, match="cannot write"), Archive(tmp_path / "reports").lock():
        pass


WRITER = """
import sys
from pathlib import Path
from test_archive import KEYS, publish
from segmentation.reporting.archive import Archive
print("ready", flush=True)
for turn in range(10_000):
    publish(Archive(Path(sys.argv[1])), "2017-12", KEYS["ab"[turn % 2]])
"""


def test_killed_at_random_instants_only_whole_runs_are_there(tmp_path: Path) -> None:
    chance = random.Random(20171231)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    seen = 0
    for _ in range(12):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, env=environment
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0, 0.25))
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        runs = check_whole(tmp_path)
        assert len(runs) >= seen
        with Archive(tmp_path).lock():
            pass
        assert check_whole(tmp_path) == runs
        if runs:
            pointer = json.loads((tmp_path / "2017-12" / "latest.json").read_text())
            assert pointer["run"] == runs[-1].name
        assert not (tmp_path / ".staging").exists()
        seen = len(runs)
    assert seen > 0
