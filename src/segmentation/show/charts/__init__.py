"""Charts of tiers: each a function of a plain frame and a title that states the finding."""

from segmentation.show.charts.chart import Chart
from segmentation.show.charts.choices_map import sensitivity
from segmentation.show.charts.cluster_map import clusters
from segmentation.show.charts.concentration import pareto
from segmentation.show.charts.firmness import confidence, stability
from segmentation.show.charts.moves import movement_flow, movement_matrix
from segmentation.show.charts.rfm_map import rfm_heat
from segmentation.show.charts.share_over_months import share_over_months
from segmentation.show.charts.tier_sizes import sizes
from segmentation.show.charts.trend import months
from segmentation.show.charts.trial import capture, differences

__all__ = [
    "Chart",
    "capture",
    "clusters",
    "confidence",
    "differences",
    "months",
    "movement_flow",
    "movement_matrix",
    "pareto",
    "rfm_heat",
    "sensitivity",
    "share_over_months",
    "sizes",
    "stability",
]
