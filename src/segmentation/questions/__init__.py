"""One file a question that a page answers: its facts, its sentences, its tables and charts.

Importing this package makes every fact known to `study.facts()` and to the monthly run.
"""

from segmentation.questions import (  # noqa: F401
    agreement,
    confidence,
    lost,
    method,
    moves,
    price,
    rfm,
    sensitivity,
    stability,
    tiers,
    trial,
    watch,
)
