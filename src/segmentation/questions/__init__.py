"""One file a question that a page answers: its facts, its sentences, its tables and charts.

Importing this package makes every fact known to `study.facts()` and to the monthly run.
"""

from segmentation.questions import (  # noqa: F401
    agreement,
    at_risk,
    churn,
    confidence,
    customers,
    data,
    gates,
    life,
    lost,
    managers,
    method,
    moves,
    next_steps,
    outlook,
    overrides,
    price,
    rfm,
    sensitivity,
    silence,
    stability,
    stages,
    tiers,
    trial,
    value_loyalty,
    watch,
    win_back,
    worthwhile,
)
