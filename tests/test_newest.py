"""reports/latest: the newest month under names that never change, replaced at once, apart from what is published."""

import os
from pathlib import Path

import pytest

from segmentation.reporting.archive import Archive
from segmentation.reporting.manifest import readable


def publish(archive: Archive, month: str, key: str, *, tables: bool = True) -> Path:
    with archive.lock(), archive.staging() as folder:
        if tables:
            (folder / "tables").mkdir()
            (folder / "tables" / "lost.csv").write_text(key)
            (folder / "customers.xlsx").write_text(key)
            (folder / "tiers.parquet").write_text(key)
        (folder / "index.html").write_text(key)
        (folder / "manifest.json").write_text(readable({"key": key}))
        return archive.publish(folder, month, key).folder


def held(reports: Path) -> dict[str, str]:
    latest = reports / "latest"
    return {
        path.relative_to(latest).as_posix(): path.read_text() for path in latest.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("links", [True, False])
def test_the_newest_month_and_its_newest_version_are_held(tmp_path: Path, links: bool, monkeypatch) -> None:
    if not links:

        def refused(*_: object, **__: object) -> None:
            raise OSError("no right to make links")

        monkeypatch.setattr(os, "symlink", refused)
    archive = Archive(tmp_path)
    for month, key, newest in [
        ("2017-11", "a" * 8, "a" * 8),
        ("2017-12", "b" * 8, "b" * 8),
        ("2017-10", "c" * 8, "b" * 8),
        ("2017-12", "d" * 8, "d" * 8),
    ]:
        publish(archive, month, key)
        assert held(tmp_path) == dict.fromkeys(("tables/lost.csv", "customers.xlsx", "tiers.parquet"), newest)


def test_writing_into_it_leaves_the_published_run_alone(tmp_path: Path) -> None:
    run = publish(Archive(tmp_path), "2017-12", "a" * 8)
    (tmp_path / "latest" / "customers.xlsx").write_text("mine")
    assert (run / "customers.xlsx").read_text() == "a" * 8


def test_a_run_with_nothing_to_take_away_makes_no_folder(tmp_path: Path) -> None:
    publish(Archive(tmp_path), "2017-12", "a" * 8, tables=False)
    assert not (tmp_path / "latest").exists()
