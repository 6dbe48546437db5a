"""Who moved since last month: the customer or the boundary?"""

import pandas as pd

from segmentation.movement import attribution, states
from segmentation.questions.confidence import chances
from segmentation.questions.published import published_otherwise, said
from segmentation.show import charts
from segmentation.show.charts.chart import Chart
from segmentation.show.tables import Block
from segmentation.study.facts import fact, piece
from segmentation.study.study import Study
from segmentation.words.reader import sentence


@fact(publish=False, needs=("month_before",))
def changes(study: Study, name: str = "") -> pd.DataFrame:
    """Every customer of last month and this one with the states before and after, under one method.

    Where last month was published under other settings, the official method's states before are those.
    """
    before, other = study.month_before, published_otherwise(study)
    followed = other is not None and other.tiers is not None and name in ("", study.settings.official)
    return states.changes(
        other.tiers if followed and other and other.tiers is not None else study.tiers(before),
        study.tiers(),
        name or study.settings.official,
        study.tier_names,
        study.dormant(before)["customer_id"],
    )


@fact(publish=False, needs=("month_before",))
def attributed(study: Study, name: str = "") -> pd.DataFrame:
    """Why each customer changed tier since last month: the customer, the boundary, both, or time."""
    name = name or study.settings.official
    was, now = study.rule(name, study.month_before), study.rule(name)
    if was is None or now is None or published_otherwise(study) is not None:
        return attribution.not_attributed(changes(study, name))
    by_month = {month: float(study.later_value(month, month)["value"].sum()) for month in study.months}
    season = attribution.season_factor(pd.Series(by_month), study.month, study.window_months)
    old, new = study.profile(study.month_before), study.profile()
    return attribution.attribute(old, new, was, now, study.tier_names, chances(study, name), season)


@fact(needs=("month_before",))
def moves(study: Study) -> pd.DataFrame:
    """Everybody who changed state since last month, and what the change has to do with."""
    moved = changes(study)
    why = attributed(study)[["customer_id", "cause", "within_noise"]]
    return moved[moved["kind"] != "stayed"].merge(why, on="customer_id", how="left")


@fact(needs=("month_before",))
def causes(study: Study) -> pd.DataFrame:
    """Whether the customers changed or the boundary, and how much of it is within noise."""
    found = attribution.causes(attributed(study), study.tier_names)
    return found.rename(columns={"within_noise": "noise", "share": "share_of_changes"})


@fact(publish=False, needs=("month_before",))
def not_comparable(study: Study) -> pd.DataFrame:
    """The settings in which last month's rule differs from this month's; empty if they can be compared."""
    official = study.settings.official
    return attribution.what_changed(study.rule(official, study.month_before), study.rule(official))


@piece
def answer(study: Study) -> Block:
    """How many moved, and in which direction."""
    made = states.counts(changes(study)).set_index("kind")["customers"]
    otherwise = said(study)
    return study.answer(
        *([otherwise] if otherwise else []),
        sentence(
            "Under {official:word}, {up:integer} {up:customer|customers} moved up and {down:integer} down since "
            "{before:month}; {stayed:integer} stayed."
        ),
        sentence(
            "{new:integer} bought for the first time, {returned:integer} came back, {dormant:integer} went dormant "
            "(no order for {window:integer} {window:month|months})."
        ),
        official=study.settings.official,
        before=study.month_before,
        window=study.window_months,
        up=int(made["up"]),
        down=int(made["down"]),
        stayed=int(made["stayed"]),
        new=int(made["new"]),
        returned=int(made["returned"]),
        dormant=int(made["dormant"]),
        kind="caution" if otherwise else "neutral",
    )


@piece
def matrix(study: Study) -> Chart:
    """From which state to which, in customers, under the official method."""
    moved = changes(study)
    stayed = (moved["kind"] == "stayed").sum() / max(moved["before"].isin(study.tier_names).sum(), 1)
    title = study.say("{stayed:share} of last month's customers kept their tier", stayed=stayed)
    return charts.movement_matrix(states.matrix(moved, study.tier_names), title, study.reader)


@piece
def flow(study: Study) -> Chart:
    """The same moves as a flow; the title leads with how much of the movement is within noise."""
    found = attribution.causes(attributed(study), study.tier_names)
    title = study.say(
        "Why customers changed tier is not known: last month was published with other settings"
        if published_otherwise(study)
        else attribution.lead(found)
    )
    moved = states.matrix(changes(study), study.tier_names)
    return charts.movement_flow(moved, title, study.reader)


@piece
def why(study: Study) -> Block:
    """Whether the customer moved or the boundary, and how much of it is within noise."""
    if (otherwise := said(study)) is not None:
        return study.answer(otherwise, "Why customers changed tier cannot be told.", kind="caution")
    changed = not_comparable(study)
    if len(changed):
        return study.answer(
            "The two months' rules are not comparable:",
            *(
                sentence("{key}: {before} → {after}", key=key, before=was, after=now)
                for key, was, now in changed[["key", "before", "after"]].itertuples(index=False)
            ),
            kind="caution",
        )
    return study.table(
        causes,
        "Why customers changed tier",
        note="The customer: also under last month's rule. The boundary: last month's figures would do. The season: "
        "the same step of the window moved everybody's money a year ago. Within noise: the old tier still has a "
        "chance of one in four.",
    )


@piece
def by_method(study: Study) -> Block:
    """How many customers each method moved."""
    if missing := changes.missing(study):
        return study.answer(missing, kind="caution")
    before = study.tiers(study.month_before)
    rows = []
    for method in study.tiers().columns.drop("customer_id"):
        if method in before:
            made = states.counts(changes(study, method)).set_index("kind")["customers"]
            rows.append({"method": method, **made.to_dict()})
    found = pd.DataFrame(rows)
    known = found[["up", "down", "stayed"]].sum(axis=1)
    found["share_moved"] = (found["up"] + found["down"]) / known.where(known > 0)
    columns = ["method", "up", "down", "stayed", "new", "returned", "dormant", "share_moved"]
    return study.table(found[columns], "Moves since last month, by method")
