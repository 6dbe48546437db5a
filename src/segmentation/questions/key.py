"""Who are the key customers: all of the best tier, by name, the most money first."""

import pandas as pd

from segmentation.questions.confidence import chance_of_tier
from segmentation.questions.overrides import decided
from segmentation.questions.responsible import with_manager
from segmentation.show.tables import Block
from segmentation.study.facts import fact
from segmentation.study.study import Study
from segmentation.words.reader import sentence


@fact
def key_customers(study: Study) -> pd.DataFrame:
    """The customers of the best tier, the most money first; a tier set by hand counts.

    Columns: customer_id, monetary, share_of_value (of all customers' spend), frequency, recency_days,
    last_order, growth, chance (of the tier by the rule).
    """
    profile = study.profile()
    inside = (decided(study)["tier"] == study.tier_names[0]).to_numpy()
    total = float(profile["monetary"].clip(lower=0).sum())
    columns = ["customer_id", "monetary", "frequency", "recency_days", "last_order", "growth"]
    found = profile.reindex(columns=columns).assign(chance=chance_of_tier(study).to_numpy())[inside]
    found.insert(2, "share_of_value", found["monetary"] / total if total else float("nan"))
    return found.sort_values(["monetary", "customer_id"], ascending=[False, True], ignore_index=True)


def who(study: Study, limit: int = 10) -> Block:
    """The key customers by name, the most money first."""
    found = with_manager(study, key_customers(study))
    caption = sentence("All {top:tier} customers, the most money first", top=study.tier_names[0])
    return study.table(found, caption, limit=limit, name="key_customers")
