"""How a rule is learned: the methods, each with `fit(profile)` and a `rule_`."""

from segmentation.methods.abc import ABC
from segmentation.methods.building import build
from segmentation.methods.clusters import Clusters
from segmentation.methods.contract import Method
from segmentation.methods.rfm import RFM
from segmentation.methods.scorecard import Scorecard
from segmentation.methods.threshold import Threshold

__all__ = ["ABC", "RFM", "Clusters", "Method", "Scorecard", "Threshold", "build"]
