"""One file a question that a page answers: its facts, its sentences, its tables and charts.

Importing this package makes every fact known to `study.facts()` and to the monthly run.
"""

from segmentation.questions import (  # noqa: F401
    agreement,
    confidence,
    customers,
    data,
    gates,
    lost,
    managers,
    method,
    moves,
    newcomers,
    overrides,
    price,
    record,
    retest,
    rfm,
    season,
    sensitivity,
    stability,
    tiers,
    trial,
    watch,
    worthwhile,
)
