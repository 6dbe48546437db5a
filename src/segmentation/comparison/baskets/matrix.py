"""Baskets as a sparse matrix: which groups of products each order holds, and whose it is."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse


@dataclass(frozen=True)
class Baskets:
    """Orders and the groups of products in them.

    Attributes:
        holds: one row a basket, one column a group of products: 1 where it lies in the basket.
        groups: the names of the columns, sorted.
        customer: the place of each basket's customer in `customers`.
        customers: the ids of the customers, sorted.
    """

    holds: sparse.csr_matrix
    groups: np.ndarray
    customer: np.ndarray
    customers: np.ndarray

    @classmethod
    def of(cls, lines: pd.DataFrame) -> "Baskets":
        """Make baskets of lines: customer_id, order_id, product_group; lines alike count once.

        >>> lines = pd.DataFrame({"customer_id": ["a", "a", "b"], "order_id": ["1", "1", "1"],
        ...                       "product_group": ["tea", "milk", "tea"]})
        >>> made = Baskets.of(lines)
        >>> made.groups.tolist(), made.holds.toarray().tolist()
        (['milk', 'tea'], [[1, 1], [0, 1]])
        """
        customer, customers = pd.factorize(lines["customer_id"], sort=True)
        order, orders = pd.factorize(lines["order_id"], sort=True)
        whole = customer.astype(np.int64) * max(len(orders), 1) + order
        basket, first = np.unique(whole, return_inverse=True)
        group, groups = pd.factorize(lines["product_group"], sort=True)
        ones = np.ones(len(lines), dtype=np.int64)
        holds = sparse.csr_matrix((ones, (first, group)), shape=(len(basket), len(groups)))
        holds.data[:] = 1
        return cls(holds, np.asarray(groups), basket // max(len(orders), 1), np.asarray(customers))

    @property
    def sizes(self) -> np.ndarray:
        """How many groups lie in each basket."""
        return np.asarray(self.holds.sum(axis=1)).ravel()
