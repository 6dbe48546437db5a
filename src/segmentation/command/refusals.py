"""What a run would refuse before it learns anything: overrides, notebooks and the folders it writes to."""

import os
from pathlib import Path

from segmentation.command.monthly import notebooks_folder
from segmentation.command.pages import variants_of
from segmentation.errors import ParameterError, SegmentationError
from segmentation.questions.overrides import read_overrides
from segmentation.reporting.notebooks import find_pages, read_leaves
from segmentation.study.settings import Settings


def check_surroundings(settings: Settings) -> None:
    """Look at everything beside the orders that a run of these settings needs.

    A project without notebooks of its own takes those of the package, which are not looked at.
    Raises ParameterError naming the key, for overrides or notebooks that cannot be used, and for places where
    nothing can be written.
    """
    try:
        if settings.overrides is not None:
            if not settings.place("overrides").is_file():
                raise ParameterError(f"there is no such file ({settings.overrides})")
            read_overrides(settings.place("overrides"), list(settings.tiers))
    except SegmentationError as error:
        raise ParameterError(f"overrides: {str(error).removeprefix('overrides: ')}") from None
    folder = notebooks_folder(settings)
    try:
        if folder.is_dir() or settings.notebooks != Settings.model_fields["notebooks"].default:
            pages = find_pages(folder).pages
            read_leaves(pages, variants_of(pages, settings), settings.languages)
    except SegmentationError as error:
        raise ParameterError(f"notebooks: {str(error).removeprefix('notebooks: ')}") from None
    for key in ("reports", "store"):
        _check_writable(key, settings.place(key))


def _check_writable(key: str, place: Path) -> None:
    """Refuse a place that is no folder, or where this user may not write."""
    folder = place
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if not folder.is_dir():
        raise ParameterError(f"{key}: {folder.name} is a file, not a folder; name another place")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ParameterError(f"{key}: nothing can be written in {folder}; allow it, or name another place")
