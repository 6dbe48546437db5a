"""Takes the ids of customers out of messages that are kept under reports, where they are not shown."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from segmentation.errors import SegmentationError
from segmentation.study.settings import Settings

if TYPE_CHECKING:
    from segmentation.study.study import Study


def masking(settings: Settings, study: "Study | None") -> Callable[[str], str]:
    """What takes ids out of a message; a study that is None has not been opened.

    Before the orders are read nobody knows the ids, and all that a message quotes may be one.
    """
    if settings.show_customer_ids:
        return str
    try:
        return study.mask() if study else _unquoted
    except SegmentationError:  # the orders cannot be read
        return _unquoted


def _unquoted(text: str) -> str:
    return re.sub(r"'[^'\n]*'|\"[^\"\n]*\"", "'…'", text)
