"""`segmentation explain`: one customer's tiers, why, what would change them, and the months before."""

from segmentation.questions import customers
from segmentation.study.settings import Settings
from segmentation.study.study import Study


def explain(settings: Settings, customer: str) -> str:
    """Everything about one customer at the end of the settings' month, as text in the first language.

    Raises ParameterError for a customer who never ordered up to then, with the nearest id.
    """
    study = Study(settings)
    blocks = [customers.answer(study, customer), customers.on_lists(study, customer)]
    if customers.known(study, customer):
        blocks.append(customers.by_every_method(study, customer))
        blocks += [customers.why(study, customer, method) for method in settings.methods]
        blocks.append(customers.life(study, customer))
    return "\n\n".join(
        map(repr, [*blocks, customers.year(study, customer), customers.history(study, customer)])
    )
