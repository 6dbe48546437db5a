"""Which customers matter most this month, by which method, and can the answer be trusted?

Everything public is imported on first use, so that `import segmentation` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segmentation.intake.orders import read_orders
    from segmentation.ledger.profiles import profile
    from segmentation.methods import ABC, RFM, Clusters, Scorecard, Threshold
    from segmentation.rules import Rule
    from segmentation.study.study import Study

_HOME = {
    "read_orders": "intake.orders",
    "profile": "ledger.profiles",
    "ABC": "methods",
    "RFM": "methods",
    "Clusters": "methods",
    "Scorecard": "methods",
    "Threshold": "methods",
    "Rule": "rules",
    "Study": "study.study",
}

__all__ = ["ABC", "RFM", "Clusters", "Rule", "Scorecard", "Study", "Threshold", "profile", "read_orders"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import a public name from its room on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'segmentation' has no attribute {name!r}")
    if name == "Study":
        import_module("segmentation.questions")  # so that a study knows every fact
    return getattr(import_module(f"segmentation.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
