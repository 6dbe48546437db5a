"""Small frames for the charts, one for each function, checkable by eye."""

from collections.abc import Callable

import pandas as pd

from segmentation.show import charts
from segmentation.words.reader import Reader

EN = Reader()

MOVES = pd.DataFrame(
    [[8, 2, 0, 1], [1, 6, 2, 0], [0, 1, 5, 1], [1, 0, 1, 0], [0, 1, 3, 0]],
    index=pd.Index(["A", "B", "C", "dormant", "new"], name="before"),
    columns=pd.Index(["A", "B", "C", "dormant"], name="after"),
)


def _pareto(title: str = "t", reader: Reader = EN) -> charts.Chart:
    return charts.pareto(pd.Series([50.0, 30, 15, 5]), title, reader, tiers=pd.Series(["A", "A", "B", "C"]))


def _sizes(title: str = "t", reader: Reader = EN) -> charts.Chart:
    rows = [("ABC", "A", 0.5, 0.8), ("ABC", "B", 0.5, 0.2), ("RFM", "A", 0.2, 0.6), ("RFM", "B", 0.8, 0.4)]
    columns = ["method", "tier", "share_of_customers", "share_of_value"]
    return charts.sizes(pd.DataFrame(rows, columns=columns), title, reader)


def _rfm_heat(title: str = "t", reader: Reader = EN) -> charts.Chart:
    return charts.rfm_heat(
        pd.DataFrame({"r": [1, 5, 5], "f": [1, 5, 5], "monetary": [10.0, 200, 300]}), title, reader
    )


def _clusters(title: str = "t", reader: Reader = EN) -> charts.Chart:
    frame = pd.DataFrame(
        {
            "recency_days": [1, 2, 90, 80],
            "monetary": [900.0, 700, 0, -5],
            "tier": ["A", "A", "C", "C"],
            "segment": ["recent, high spend", "recent, high spend", "rare", "rare"],
        }
    )
    return charts.clusters(frame, title, reader)


def _capture(title: str = "t", reader: Reader = EN) -> charts.Chart:
    rows = [(m, s, s**e) for m, e in (("ABC", 0.5), ("RFM", 0.4), ("random", 1.0)) for s in (0.0, 0.2, 1.0)]
    curve = pd.DataFrame(rows, columns=["method", "share", "captured"])
    return charts.capture(curve, title, reader, official="ABC")


def _differences(title: str = "t", reader: Reader = EN) -> charts.Chart:
    rows = [("RFM", 0.02, 0.01, 0.03, 0.005, 0.035, True), ("spend", -0.01, -0.03, 0.01, -0.04, 0.02, False)]
    columns = ["method", "difference", "low", "high", "low_all", "high_all", "clear"]
    return charts.differences(pd.DataFrame(rows, columns=columns), title, reader, official="ABC")


def _stability(title: str = "t", reader: Reader = EN) -> charts.Chart:
    rows = [("ABC", "A", 0.9), ("ABC", "B", 0.3), ("RFM", "A", 0.7)]
    return charts.stability(pd.DataFrame(rows, columns=["method", "tier", "jaccard"]), title, reader)


def _confidence(title: str = "t", reader: Reader = EN) -> charts.Chart:
    columns = ["tier", "sure", "likely", "coin_toss", "doubtful"]
    frame = pd.DataFrame([("A", 6, 3, 1, 0), ("B", 1, 1, 1, 1), ("C", 0, 0, 0, 0)], columns=columns)
    return charts.confidence(frame, title, reader)


def _sensitivity(title: str = "t", reader: Reader = EN) -> charts.Chart:
    rows = [
        ("ABC", "as set", 6, 1.0, True),
        ("ABC", "cut -10 %", 6, 0.5, False),
        ("RFM", "as set", 3, None, False),
    ]
    columns = ["method", "choice", "window_months", "kept", "base"]
    return charts.sensitivity(pd.DataFrame(rows, columns=columns), title, reader)


def _months(title: str = "t", reader: Reader = EN) -> charts.Chart:
    rows = [("2017-11", "A", 3, 10.0), ("2017-11", "B", 5, 4.0), ("2017-12", "A", 4, 12.0)]
    return charts.months(pd.DataFrame(rows, columns=["month", "tier", "customers", "value"]), title, reader)


def _share_over_months(title: str = "t", reader: Reader = EN) -> charts.Chart:
    rows = [("2017-11", 0.05, 0.01), ("2017-12", 0.04, 0.01)]
    frame = pd.DataFrame(rows, columns=["month", "share_silent", "half_width"])
    return charts.share_over_months(frame, "share_silent", title, reader)


MAKERS: dict[str, Callable[..., charts.Chart]] = {
    "capture": _capture,
    "clusters": _clusters,
    "confidence": _confidence,
    "differences": _differences,
    "months": _months,
    "movement_flow": lambda title="t", reader=EN: charts.movement_flow(MOVES, title, reader),
    "movement_matrix": lambda title="t", reader=EN: charts.movement_matrix(MOVES, title, reader),
    "pareto": _pareto,
    "rfm_heat": _rfm_heat,
    "sensitivity": _sensitivity,
    "share_over_months": _share_over_months,
    "sizes": _sizes,
    "stability": _stability,
}
