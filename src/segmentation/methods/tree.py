"""The shallow decision tree that reproduces a centres rule, in the columns' own units, with its fidelity."""

from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from segmentation.rules import CentresRule
from segmentation.rules.numbers import numbers
from segmentation.rules.wording import label, with_unit

DEPTH = 3
MOST_ROWS = 10_000


class Leaf(NamedTuple):
    """A cluster and the conditions that lead to it: (column, "below" or "from", value)."""

    cluster: int
    conditions: tuple[tuple[str, Literal["below", "from"], float], ...]


class Tree(NamedTuple):
    """The leaves of the tree, and the share of customers whom it puts into the rule's cluster."""

    leaves: tuple[Leaf, ...]
    fidelity: float

    def said(self, rule: CentresRule, language: Literal["en", "zh"]) -> str:
        """The tree in one sentence a leaf, the clusters by name."""
        parts = []
        for leaf in self.leaves:
            cluster = rule.clusters[leaf.cluster]
            name = cluster.name_zh if language == "zh" and cluster.name_zh else cluster.name
            conditions = [_condition(rule, condition, language) for condition in leaf.conditions]
            parts.append(f"{(' & ').join(conditions) or '–'} → {name}")
        if language == "zh":
            return f"可近似读作决策树（与规则一致的客户占 {self.fidelity:.1%}）：{'；'.join(parts)}。"
        return f"Roughly, as a tree (the same for {self.fidelity:.1%} of customers): {'; '.join(parts)}."


def shallow_tree(rule: CentresRule, profile: pd.DataFrame) -> Tree:
    """Fit a tree of at most 3 levels and k + 3 leaves to the rule's clusters; on every n-th of 10,000 rows.

    Splits are moved to the next occurring value, so that they read as "from" and "below" a real value.
    Fidelity is measured on all customers.
    """
    from sklearn.tree import DecisionTreeClassifier

    columns = [feature.column for feature in rule.features]
    values = np.column_stack([numbers(profile, column) for column in columns])
    order = np.lexsort(values.T[::-1])
    codes = {name: place for place, name in enumerate(rule.segment_names)}
    clusters = rule.apply(profile)["segment"].map(codes).to_numpy(dtype=np.intp)
    taken = order[:: -(-len(order) // MOST_ROWS)]
    fitted = DecisionTreeClassifier(
        max_depth=DEPTH, max_leaf_nodes=len(rule.clusters) + 3, random_state=0
    ).fit(values[taken], clusters[taken])
    leaves = tuple(_leaves(fitted.tree_, fitted.classes_, columns, values))
    found = np.full(len(values), -1)
    for leaf in leaves:
        found[_reached(leaf, columns, values)] = leaf.cluster
    return Tree(leaves, float((found == clusters).mean()))


def _leaves(
    tree: Any, classes: np.ndarray, columns: list[str], values: np.ndarray, node: int = 0
) -> list[Leaf]:
    """The leaves from left to right; neighbours that lead to the same cluster are joined."""
    left, right = tree.children_left[node], tree.children_right[node]
    if left < 0:
        return [Leaf(int(classes[int(np.argmax(tree.value[node][0]))]), ())]
    place = int(tree.feature[node])
    above = values[values[:, place] > tree.threshold[node], place]
    split = float(above.min())
    sides: list[tuple[int, Literal["below", "from"]]] = [(left, "below"), (right, "from")]
    branches = [(_leaves(tree, classes, columns, values, child), side) for child, side in sides]
    reached = {leaf.cluster for found, _ in branches for leaf in found}
    if len(reached) == 1:
        return [Leaf(reached.pop(), ())]
    return [
        Leaf(leaf.cluster, _tightened(((columns[place], side, split), *leaf.conditions)))
        for found, side in branches
        for leaf in found
    ]


def _tightened(
    conditions: tuple[tuple[str, Literal["below", "from"], float], ...],
) -> tuple[tuple[str, Literal["below", "from"], float], ...]:
    """One condition a column and side: the narrowest."""
    kept: dict[tuple[str, Literal["below", "from"]], float] = {}
    for column, side, value in conditions:
        narrower = min if side == "below" else max
        kept[column, side] = narrower(kept.get((column, side), value), value)
    return tuple((column, side, value) for (column, side), value in kept.items())


def _reached(leaf: Leaf, columns: list[str], values: np.ndarray) -> np.ndarray:
    mask = np.ones(len(values), dtype=bool)
    for column, side, value in leaf.conditions:
        x = values[:, columns.index(column)]
        mask &= x < value if side == "below" else x >= value
    return mask


def _condition(
    rule: CentresRule, condition: tuple[str, Literal["below", "from"], float], language: Literal["en", "zh"]
) -> str:
    column, side, value = condition
    text = with_unit(value, column, language, rule.currency, rule.minor_units)
    sign = "<" if side == "below" else "≥"
    return f"{label(column, language)} {sign} {text}"
