"""The demo's whole report, in both languages: small pages, no dead link, no id twice, every table's CSV beside it."""

import re
from pathlib import Path

import pytest
import yaml

from segmentation.command.monthly import run_month
from segmentation.reporting.progress import Progress
from segmentation.study.settings import Settings

ROOT = Path(__file__).parents[1]
MOST = 300_000  # bytes of a page


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo's run."""
    folder = tmp_path_factory.mktemp("demo")
    values = yaml.safe_load((ROOT / "params" / "demo.yaml").read_text(encoding="utf-8"))
    places = {"store": str(folder / "store"), "reports": str(folder / "reports"), "notebook_timeout": 1800}
    settings = Settings.of({**values, **places, "language": ["en", "zh"]}, root=ROOT)
    return run_month(settings, Progress(quiet=True)).page.parent


def pages(report: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(report.glob("*.html"))}


def test_each_page_is_at_most_300_kilobytes(report: Path) -> None:
    sizes = {name: len(text.encode()) for name, text in pages(report).items()}
    assert len(sizes) >= 20
    assert {name: size for name, size in sizes.items() if size > MOST} == {}


def test_every_link_leads_somewhere_and_no_place_has_two_names(report: Path) -> None:
    told = pages(report)
    for name, text in told.items():
        ids = re.findall(r' id="([^"]+)"', text)
        assert len(ids) == len(set(ids)), name
        for link in re.findall(r'<a href="([^"]+)"', text):
            file, _, place = link.partition("#")
            assert not file or (report / file).is_file(), (name, link)
            assert not place or f' id="{place}"' in told[file or name], (name, link)


def test_tables_and_workbook_are_in_the_language_of_the_page(report: Path) -> None:
    for name, text in pages(report).items():
        chinese = name.endswith(".zh.html")
        files = re.findall(r'<a href="(tables/[^"]+|customers[^"]*\.xlsx)"', text)
        assert len(files) >= 2, name
        assert {".zh." in file for file in files} == {chinese}, name
