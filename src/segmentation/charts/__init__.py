"""Charts of tiers: each a function of a plain frame and a title that states the finding."""

from segmentation.charts.chart import Chart
from segmentation.charts.concentration import pareto
from segmentation.charts.moves import movement_matrix
from segmentation.charts.tier_sizes import sizes

__all__ = ["Chart", "movement_matrix", "pareto", "sizes"]
