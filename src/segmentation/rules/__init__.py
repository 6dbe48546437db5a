"""What a method learned, as a handful of numbers: applied, stored, translated to SQL, said and proved."""

from segmentation.rules.base import Remark, Rule
from segmentation.rules.centres import CentresRule, Cluster, Feature
from segmentation.rules.criteria import Criterion, Floor, Segment
from segmentation.rules.points import PointsRule

__all__ = [
    "CentresRule",
    "Cluster",
    "Criterion",
    "Feature",
    "Floor",
    "PointsRule",
    "Remark",
    "Rule",
    "Segment",
]
