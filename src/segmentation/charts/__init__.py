"""Charts of tiers: each a function of a plain frame and a title that states the finding."""

from segmentation.charts.agreement_map import agreement
from segmentation.charts.chart import Chart
from segmentation.charts.choices_map import sensitivity
from segmentation.charts.cluster_map import clusters
from segmentation.charts.concentration import pareto
from segmentation.charts.firmness import confidence, stability
from segmentation.charts.intake import reconciliation
from segmentation.charts.moves import movement_flow, movement_matrix
from segmentation.charts.reasons import causes
from segmentation.charts.rfm_map import rfm_heat
from segmentation.charts.tier_sizes import sizes
from segmentation.charts.trend import months
from segmentation.charts.trial import capture, differences

__all__ = [
    "Chart",
    "agreement",
    "capture",
    "causes",
    "clusters",
    "confidence",
    "differences",
    "months",
    "movement_flow",
    "movement_matrix",
    "pareto",
    "reconciliation",
    "rfm_heat",
    "sensitivity",
    "sizes",
    "stability",
]
