"""What a method learned, as a handful of numbers: applied, stored, translated to SQL, said and proved."""

from segmentation.rules import audit, explain, sql, statement  # noqa: F401 - they register the kinds
from segmentation.rules.base import Floor, Remark, Rule
from segmentation.rules.centres import CentresRule, Cluster, Feature
from segmentation.rules.criteria import Criterion, Segment
from segmentation.rules.findings import Audit, Change, Explanation
from segmentation.rules.points import PointsRule

__all__ = [
    "Audit",
    "CentresRule",
    "Change",
    "Cluster",
    "Criterion",
    "Explanation",
    "Feature",
    "Floor",
    "PointsRule",
    "Remark",
    "Rule",
    "Segment",
]
