"""Customer ids replaced by pseudonyms, for reports read by people who must not know the customers."""

import hashlib
import hmac
import os
import re
from collections.abc import Iterable

import pandas as pd

_WORDS = re.compile(r"[A-Za-z0-9]+|.", re.DOTALL)  # a word, or any one character beside words
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


class Mask:
    """Takes customers' ids out of free text: every place where one stands as a word, or words, of its own.

    >>> Mask(["C-07", "12"])("promised to c-07: 12 visits, not 120")
    'promised to …: … visits, not 120'
    """

    def __init__(self, ids: Iterable[str]) -> None:
        self._ids = {known for text in ids if (known := text.strip().casefold())}
        self._most = max((len(_WORDS.findall(known)) for known in self._ids), default=0)

    def knowing(self, also: Iterable[str]) -> "Mask":
        """A mask that takes out further ids too."""
        more = [*also]
        return Mask([*self._ids, *more]) if more else self

    def __call__(self, text: str) -> str:
        """The text with … in the place of each id; the longest id where several begin at a word."""
        words = _WORDS.findall(text)
        folded = [word.casefold() for word in words]
        masked, place = [], 0
        while place < len(words):
            end = next(
                (
                    end
                    for end in range(min(place + self._most, len(words)), place, -1)
                    if "".join(folded[place:end]) in self._ids
                ),
                None,
            )
            masked.append(words[place] if end is None else "…")
            place = place + 1 if end is None else end
        return "".join(masked)


def fingerprint() -> str:
    """What tells one secret from another without telling it; empty without a secret."""
    secret = os.environ.get(KEY)
    return hmac.new(secret.encode(), b"which secret", hashlib.sha256).hexdigest()[:12] if secret else ""
