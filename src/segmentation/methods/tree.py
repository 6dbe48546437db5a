"""The shallow decision tree that reproduces a centres rule, in the columns' own units, with its fidelity."""

from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from segmentation.rules import CentresRule
from segmentation.rules.values import measured, values_of
from segmentation.words.reader import Sentence, sentence

DEPTH = 3
MOST_ROWS = 10_000
Condition = tuple[str, Literal["below", "from"], float]


class Branch(NamedTuple):
    """A cluster and the conditions that lead to it: (column, "below" or "from", value)."""

    cluster: int
    conditions: tuple[Condition, ...]


class Tree(NamedTuple):
    """The leaves of the tree, and the share of customers whom it puts into the rule's cluster."""

    leaves: tuple[Branch, ...]
    fidelity: float

    def said(self, rule: CentresRule) -> Sentence:
        """The tree in one sentence, the clusters by name."""
        leaves = []
        for leaf in self.leaves:
            parts = [_condition(rule, condition) for condition in leaf.conditions]
            name = rule.clusters[leaf.cluster].name
            leaves.append(sentence("{conditions:list} → {name:word}", conditions=parts or ["–"], name=name))
        return sentence(
            "Roughly, as a tree (the same for {fidelity:share} of customers): {leaves:semicolon}.",
            fidelity=self.fidelity,
            leaves=leaves,
        )


def shallow_tree(rule: CentresRule, profile: pd.DataFrame) -> Tree:
    """Fit a tree of at most 3 levels and k + 3 leaves to the rule's clusters; on every n-th of 10,000 rows.

    Splits are moved to the next occurring value, so that they read as "from" and "below" a real value.
    Fidelity is measured on all customers.
    """
    from sklearn.tree import DecisionTreeClassifier

    columns = [feature.column for feature in rule.features]
    values = np.column_stack([values_of(profile, column) for column in columns])
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
) -> list[Branch]:
    """The leaves from left to right; neighbours that lead to the same cluster are joined."""
    left, right = tree.children_left[node], tree.children_right[node]
    if left < 0:
        return [Branch(int(classes[int(np.argmax(tree.value[node][0]))]), ())]
    place = int(tree.feature[node])
    above = values[values[:, place] > tree.threshold[node], place]
    split = float(above.min())
    sides: list[tuple[int, Literal["below", "from"]]] = [(left, "below"), (right, "from")]
    branches = [(_leaves(tree, classes, columns, values, child), side) for child, side in sides]
    reached = {leaf.cluster for found, _ in branches for leaf in found}
    if len(reached) == 1:
        return [Branch(reached.pop(), ())]
    return [
        Branch(leaf.cluster, _tightened(((columns[place], side, split), *leaf.conditions)))
        for found, side in branches
        for leaf in found
    ]


def _tightened(
    conditions: tuple[Condition, ...],
) -> tuple[Condition, ...]:
    """One condition a column and side: the narrowest."""
    kept: dict[tuple[str, Literal["below", "from"]], float] = {}
    for column, side, value in conditions:
        narrower = min if side == "below" else max
        kept[column, side] = narrower(kept.get((column, side), value), value)
    return tuple((column, side, value) for (column, side), value in kept.items())


def _reached(leaf: Branch, columns: list[str], values: np.ndarray) -> np.ndarray:
    mask = np.ones(len(values), dtype=bool)
    for column, side, value in leaf.conditions:
        x = values[:, columns.index(column)]
        mask &= x < value if side == "below" else x >= value
    return mask


def _condition(rule: CentresRule, condition: Condition) -> Sentence:
    column, side, value = condition
    said = measured(value, column, rule.currency, rule.minor_units)
    if side == "below":
        return sentence("{column:column} < {value}", column=column, value=said)
    return sentence("{column:column} ≥ {value}", column=column, value=said)
