"""One file a question that a page answers: its facts, its sentences, its tables and charts.

Importing this package makes every fact known to `study.facts()` and to the monthly run.
"""

from segmentation.questions import (  # noqa: F401
    actions,
    agreement,
    attributes,
    baskets,
    by_group,
    confidence,
    credit,
    customers,
    data,
    gates,
    key,
    known,
    list_record,
    lost,
    managers,
    method,
    moves,
    newcomers,
    overrides,
    pace,
    price,
    receivables,
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
