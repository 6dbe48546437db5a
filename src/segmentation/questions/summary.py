"""What the list of all months says of this one: the verdict, and the figures that it draws over the months."""

from typing import Any

from segmentation.questions.lost import lost
from segmentation.questions.month import decides
from segmentation.questions.restated import amounts
from segmentation.questions.tiers import best_tier
from segmentation.questions.watch import slipping
from segmentation.study.study import Study
from segmentation.words.reader import sentence
from segmentation.words.stored import stored


def summary(study: Study) -> dict[str, Any]:
    """The month in a few JSON values, to be said in any language.

    `verdict`: a stored sentence. `reader`: the currency, minor units and tiers that it is said with.
    `amounts`: the money of every month, for whoever asks later whether it was corrected. `figures`: name →
    label (a stored sentence), format and value; None where it is not known.
    """
    best, top = best_tier(study), study.tier_names[0]
    gone = len(lost(study)) if lost.missing(study) is None else None
    spend = float(study.profile()["monetary"].sum())
    figures = {
        "customers": (sentence("Customers"), "integer", len(study.profile())),
        "key": (sentence("{top:tier} customers", top=top), "integer", int(best["customers"])),
        "share": (sentence("What they bring"), "share", float(best["share_of_value"])),
        "spend": (sentence("Spend"), "money", spend),
        "lost": (sentence("Lost"), "integer", gone),
        "slipping": (sentence("Slipping"), "integer", len(slipping(study))),
    }
    return {
        "month": study.month,
        "amounts": amounts(study),
        "verdict": stored(decides(study)),
        "reader": {
            "currency": study.settings.currency,
            "minor_units": study.settings.minor_units,
            "tiers": study.settings.tiers,
        },
        "figures": {
            name: {"label": stored(label), "format": kind, "value": None if value != value else value}
            for name, (label, kind, value) in figures.items()
        },
    }
