"""Customer ids replaced by pseudonyms, for reports read by people who must not know the customers."""

import hashlib
import hmac
import os

import pandas as pd

KEY = "SEGMENTATION_PSEUDONYM_KEY"


def pseudonyms(customers: pd.DataFrame) -> pd.Series:
    """A name for every customer, indexed by `customer_id`.

    With a secret in the environment variable SEGMENTATION_PSEUDONYM_KEY: the first 12 hexadecimal digits of
    the keyed hash (HMAC-SHA256) of the id, the same in every month. Without one: the customer's rank by
    `monetary` (ties by id), good for this month only.

    >>> customers = pd.DataFrame({"customer_id": ["a", "b"], "monetary": [5.0, 9.0]})
    >>> pseudonyms(customers).to_dict()
    {'b': '#1', 'a': '#2'}
    """
    ranked = customers.sort_values(["monetary", "customer_id"], ascending=[False, True])["customer_id"]
    secret = os.environ.get(KEY)
    if secret:
        names = [hmac.new(secret.encode(), i.encode(), hashlib.sha256).hexdigest()[:12] for i in ranked]
    else:
        width = len(str(len(ranked)))
        names = [f"#{rank:0{width}}" for rank in range(1, len(ranked) + 1)]
    return pd.Series(names, index=pd.Index(ranked, name="customer_id"), name="pseudonym", dtype="str")


def fingerprint() -> str:
    """What tells one secret from another without telling it; empty without a secret."""
    secret = os.environ.get(KEY)
    return hmac.new(secret.encode(), b"which secret", hashlib.sha256).hexdigest()[:12] if secret else ""
