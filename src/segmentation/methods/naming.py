"""Names of clusters, from what distinguishes each of them."""

import numpy as np

from segmentation.rules import Feature
from segmentation.rules.wording import label

# low and high words by column, in English and Chinese; low and high are the values, not what is better
_WORDS = {
    "recency_days": (("recent", "近期"), ("long ago", "久未光顾")),
    "frequency": (("rare", "低频"), ("frequent", "高频")),
    "order_days": (("rare", "低频"), ("frequent", "高频")),
    "monetary": (("low spend", "低消费"), ("high spend", "高消费")),
    "profit": (("low profit", "低利润"), ("high profit", "高利润")),
    "average_order": (("small orders", "小单"), ("large orders", "大单")),
    "tenure_days": (("new", "新客"), ("long-standing", "老客")),
    "growth": (("falling", "下降"), ("growing", "增长")),
}
_MIDDLE = 0.35
_VERY = 1.35


def cluster_names(features: tuple[Feature, ...], centres: np.ndarray) -> list[tuple[str, str]]:
    """An English and a Chinese name for each centre (k × features, standardised), all distinct.

    A feature within 0.35 standard deviations of the mean is not mentioned; beyond 1.35 it is "very" so.

    >>> features = (Feature(column="recency_days", mean=0, sd=1), Feature(column="monetary", mean=0, sd=1))
    >>> cluster_names(features, np.array([[-0.8, 1.6], [0.9, -0.7]]))
    [('recent, very high spend', '近期、很高消费'), ('long ago, low spend', '久未光顾、低消费')]
    """
    names = []
    for centre in centres:
        words = [_word(feature.column, value) for feature, value in zip(features, centre)]
        said = [word for word in words if word is not None]
        names.append(
            (", ".join(en for en, _ in said) or "average", "、".join(zh for _, zh in said) or "平均")
        )
    seen: dict[str, int] = {}
    distinct = []
    for en, zh in names:
        seen[en] = seen.get(en, 0) + 1
        distinct.append((en, zh) if seen[en] == 1 else (f"{en} ({seen[en]})", f"{zh}（{seen[en]}）"))
    return distinct


def _word(column: str, value: float) -> tuple[str, str] | None:
    if abs(value) < _MIDDLE:
        return None
    high = bool(value > 0)
    if column in _WORDS:
        en, zh = _WORDS[column][high]
    else:
        en, zh = (
            f"{'high' if high else 'low'} {label(column)}",
            f"{label(column, 'zh')}{'高' if high else '低'}",
        )
    return (f"very {en}", f"很{zh}") if abs(value) >= _VERY else (en, zh)
