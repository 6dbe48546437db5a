"""Which lists of customers does the month have, and what is each called?"""

import pandas as pd

from segmentation.questions.responsible import with_responsible
from segmentation.study.facts import FACTS
from segmentation.study.study import Study

# the facts that are lists of customers, in reading order: what each is called, and what it lists
LISTS: dict[str, tuple[str, str]] = {
    "actions": ("To do", "What to do this month, the most money at stake first."),
    "key_customers": ("Key customers", "Everybody in the best tier, the most money first."),
    "lost": ("Lost", "In the best tier last month and below it or dormant now, the most money first."),
    "slipping": ("Slipping", "In the best tier and on the way out of it, the most money at risk first."),
    "rising": ("Tomorrow's stars", "Below the best tier and on the way into a better one."),
    "at_risk": (
        "At risk",
        "Above the lowest tier and likely to order nothing, the most money at stake first.",
    ),
    "win_back": ("To win back", "Former key and main customers who have fallen silent, by tier and value."),
    "newly_big": ("Newly big", "In the best tier for the first time."),
    "newly_stable": ("Newly stable", "Buying regularly for the first time."),
    "next_tier": ("Close to a tier", "One order of their own size below the next tier."),
    "falling": ("Held by the past", "Below their tier when the oldest month leaves the window."),
    "bad_payers": ("Pay badly", "In the best tier and paying badly, the most money first."),
    "newcomers": (
        "New customers",
        "Customers for less than three months, with the tier that their pace would be.",
    ),
}


def lists(study: Study) -> dict[str, pd.DataFrame]:
    """The lists that the month has, by the name of their fact; each customer with who looks after them."""
    there = [name for name in LISTS if name in FACTS and FACTS[name].missing(study) is None]
    found = {name: study.ask(name) for name in there}
    return {name: with_responsible(study, frame) for name, frame in found.items() if len(frame)}
