"""Evidence beside k-means: do a Gaussian mixture and Ward's method find the same groups?"""

import numpy as np
import pandas as pd

from segmentation.methods.kmeans import one_thread
from segmentation.rules import CentresRule

MOST_WARD = 5_000


def other_shapes(rule: CentresRule, profile: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """How far a Gaussian mixture and Ward's method agree with the rule's clusters, for the same k.

    Returns one row a shape: shape, customers (every n-th in the order of the features, at most 5,000: Ward
    is quadratic), adjusted_rand and adjusted_mutual_information (1 is the same groups, 0 is chance), and
    smallest_share, the share of the smallest group. The rule does not depend on any of this.
    """
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score
    from sklearn.mixture import GaussianMixture

    rows = rule.scaled(profile)
    order = np.lexsort(rows.T[::-1])
    taken = order[:: -(-len(order) // MOST_WARD)]
    rows = rows[taken]
    names = {name: place for place, name in enumerate(rule.segment_names)}
    own = rule.apply(profile.iloc[taken])["segment"].map(names).to_numpy(dtype=np.intp)
    k = min(len(rule.clusters), len(np.unique(rows, axis=0)))
    found = []
    with one_thread():
        shapes = dict.fromkeys(("Gaussian mixture", "Ward"), np.zeros(len(rows), dtype=int))
        if len(rows) > 1:
            mixture = GaussianMixture(k, n_init=3, reg_covar=1e-4, random_state=seed)
            shapes["Gaussian mixture"] = mixture.fit_predict(rows)
            shapes["Ward"] = AgglomerativeClustering(k).fit_predict(rows)
    for shape, labels in shapes.items():
        found.append(
            {
                "shape": shape,
                "customers": len(rows),
                "adjusted_rand": float(adjusted_rand_score(own, labels)),
                "adjusted_mutual_information": float(adjusted_mutual_info_score(own, labels)),
                "smallest_share": float(np.bincount(labels, minlength=k).min() / len(rows)),
            }
        )
    return pd.DataFrame(found)
