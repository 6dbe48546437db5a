"""Prints a run's pages as PDF with an installed Chromium or Chrome, apart from the run: no PDF comes out twice."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from segmentation.errors import ParameterError, WriteError

BROWSER = "CHROMIUM"  # the environment variable that names one
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_SECONDS = 120  # a page
_FOLDER = "_pdf"


def browser() -> str:
    """The browser that prints; raises ParameterError if there is none."""
    named = os.environ.get(BROWSER)
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        looked = f"{BROWSER}={named} is no program" if named else f"none of {', '.join(_NAMES)} is installed"
        raise ParameterError(
            f"--pdf: no Chromium or Chrome was found ({looked}); install one, or name its program in the environment "
            f"variable {BROWSER}, or print the pages from a browser by hand (nothing was run)"
        )
    return found


def print_pages(run: Path, program: str) -> Path:
    """Print every page of a run into `reports/_pdf/<month>/<run>/`, and return that folder.

    A page to search in is left out: on paper nothing can be typed. Raises WriteError for a page that cannot be
    printed, with what the browser said.
    """
    folder = run.parent.parent / _FOLDER / run.parent.name / run.name
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="printing") as profile:
        for page in sorted(run.glob("*.html")):
            if 'class="search"' not in page.read_text(encoding="utf-8"):
                _print(page, folder / f"{page.name.removesuffix('.html')}.pdf", program, profile)
    return folder


def _print(page: Path, target: Path, program: str, profile: str) -> None:
    beside = target.with_name(f".{target.name}")
    asked = [
        *(program, "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
        *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),  # root has no sandbox
        *(f"--user-data-dir={profile}", "--no-pdf-header-footer", f"--print-to-pdf={beside}", page.as_uri()),
    ]
    try:
        done = subprocess.run(asked, capture_output=True, timeout=_SECONDS, check=False)
        said = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
    except (OSError, subprocess.TimeoutExpired) as error:
        said = str(error)
    if not beside.is_file() or not beside.read_bytes().startswith(b"%PDF"):
        raise WriteError(
            f"--pdf: {page.name} could not be printed by {program}: {said}; the report stands as it is"
        )
    os.replace(beside, target)
