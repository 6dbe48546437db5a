"""What makes a key customer: which attributes tell the best tier from the others, and which do not?"""

import pandas as pd

from segmentation import months
from segmentation.comparison.attributes import small_cells, telling
from segmentation.comparison.attributes.values import OTHERS, UNKNOWN, Attributes, attributes_of
from segmentation.comparison.records import wilson
from segmentation.intake.customers import NO_ATTRIBUTE
from segmentation.show.tables import Block
from segmentation.study.facts import fact, piece
from segmentation.study.study import Study
from segmentation.study.tables import customers_of
from segmentation.words.reader import Sentence, sentence

_SENTENCES = 5
_SHOWN = 15
_QUARTER = 3
_DIGITS = 3  # of more, hidden cells could be reckoned
_APART = (*NO_ATTRIBUTE, "account_manager", "branch")  # who serves a customer is no trait of the customer


@fact(needs=("customers",))
def attributes(study: Study) -> pd.DataFrame:
    """Of every value of every attribute, how many are in the best tier, against all customers in the table.

    Columns: attribute, trait ("–": not said; "…": several rare ones), customers, top, share_best with true_from
    and true_to (Wilson), lift, by_lot, q, tells. Empty where a small cell would show.
    """
    tiered, known = _known(study)
    found = telling.shares(known.values.loc[tiered.index], tiered["tier"] == study.tier_names[0])
    found["top"] = found["top"].astype("Int64")
    cells = hidden_cells(study).set_index(["attribute", "trait"])[study.tier_names[0]]
    shown = ~cells.reindex(pd.MultiIndex.from_frame(found[["attribute", "trait"]])).to_numpy(dtype=bool)
    open_to_see = ["top", "share_best", "true_from", "true_to", "lift", "by_lot", "q"]
    found.loc[~shown, open_to_see] = pd.NA
    found["tells"] = found["tells"] & shown
    found = found.sort_values(["q", "by_lot", "attribute", "trait"], ignore_index=True)
    return found[["attribute", "trait", "customers", *open_to_see, "tells"]]


@fact(needs=("customers",))
def attribute_tiers(study: Study) -> pd.DataFrame:
    """How many customers of each value are in each tier, small cells hidden.

    Columns: attribute, trait, customers, and one for each tier.
    """
    tiered, known = _known(study)
    parts = []
    for name in map(str, known.values):
        table = _crossed(study, known.values.loc[tiered.index, name], tiered["tier"])
        cells = hidden_cells(study)
        cells = (
            cells[cells["attribute"] == name].set_index("trait")[list(study.tier_names)].reindex(table.index)
        )
        shown = table.where(~cells.to_numpy(dtype=bool))
        shown.insert(0, "customers", table.sum(axis="columns"))
        parts.append(shown.rename_axis("trait").reset_index().assign(attribute=name))
    columns = ["attribute", "trait", "customers", *study.tier_names]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


@fact(needs=("customers",))
def attribute_strength(study: Study) -> pd.DataFrame:
    """How strongly each attribute goes with the tiers, and how often it changes beside them.

    One row an attribute, the strongest first: attribute, values, known (customers of whom it is said),
    association (corrected Cramér's V, 0 to 1), changed_value (of those known three months ago, the share whose value
    is another now; empty where the table does not say from which day a row holds).
    """
    tiered, known = _known(study)
    rows = []
    for name in map(str, known.values):
        values = known.values.loc[tiered.index, name]
        rows.append(
            {
                "attribute": name,
                "values": int(values.nunique()),
                "known": int((values != UNKNOWN).sum()),
                "association": round(telling.strength(values, tiered["tier"]), _DIGITS),
                "changed_value": _changed(study, name),
            }
        )
    found = pd.DataFrame(rows, columns=["attribute", "values", "known", "association", "changed_value"])
    return found.sort_values(["association", "attribute"], ascending=[False, True], ignore_index=True)


@fact(publish=False, needs=("customers",))
def hidden_cells(study: Study) -> pd.DataFrame:
    """Which cells of the attributes' tables are hidden: attribute, trait, and a truth value for each tier.

    What was hidden in an earlier month of the year stays hidden, or its difference from a later month would
    tell.
    """
    known = _attributes(study)
    ids = study.customers()["customer_id"]
    parts = []
    for name in map(str, known.values):
        mask: pd.DataFrame | None = None
        for month in _months_of_year(study):
            tiers = ids.map(_tiers(study, month)).dropna()
            table = _crossed(study, known.values.loc[tiers.index, name], tiers)
            cells = small_cells.hidden(table, study.settings.minimum_cell)
            mask = (
                cells
                if mask is None
                else (cells | mask.reindex(cells.index, fill_value=False)).astype("bool")
            )
        assert mask is not None
        parts.append(mask.rename_axis("trait").reset_index().assign(attribute=name))
    columns = ["attribute", "trait", *study.tier_names]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


@piece
def answer(study: Study) -> Block:
    """At most five sentences that passed; else that nothing in the table tells key customers from others."""
    found, top = attributes(study), study.tier_names[0]
    tiered, _ = _known(study)
    if tiered.empty:
        return study.answer("None of the month's customers is in the table of customers.", kind="caution")
    if found.empty:
        return study.answer(
            "The table of customers has no attribute by which customers differ.", kind="caution"
        )
    base = float((tiered["tier"] == top).mean()) if len(tiered) else 0.0
    said = [*_known_at_all(study)]
    telling_ones = found[found["tells"] & ~found["trait"].isin([UNKNOWN, OTHERS])].head(_SENTENCES)
    for row in telling_ones.to_dict("records"):
        said.append(
            sentence(
                "{attribute:word} {value}: {share:share} of {n:integer} customers are {top:tier}, against {base:share} "
                "of all in the table (95% interval {low:share} to {high:share}).",
                attribute=row["attribute"],
                value=row["trait"],
                share=row["share_best"],
                n=int(row["customers"]),
                top=top,
                base=base,
                low=row["true_from"],
                high=row["true_to"],
            )
        )
    if telling_ones.empty:
        said.insert(
            0,
            sentence(
                "Nothing in this table tells key customers from others: of {n:integer} {n:value|values} of "
                "{attributes:integer} {attributes:attribute|attributes}, none differs by more than chance.",
                n=len(found),
                attributes=found["attribute"].nunique(),
            ),
        )
    return study.answer(*said, kind="neutral" if telling_ones.empty else "good")


@piece
def values(study: Study) -> Block:
    """The values that differ most, with their intervals."""
    note = sentence(
        "–: not said; …: several rare values together. Of what is called a difference, at most 5% are false. Counts "
        "below {n:integer} are not shown, nor what would give them back.",
        n=study.settings.minimum_cell,
    )
    top = study.tier_names[0]
    return study.table(
        attributes,
        sentence("Share in {top:tier} by attribute, the clearest difference first", top=top),
        limit=_SHOWN,
        note=note,
    )


@piece
def how_strong(study: Study) -> Block:
    """Each attribute's association with the tiers, and what changes more often."""
    known = _attributes(study)
    said = [_stability(study)]
    if known.left_out:
        said.append(
            sentence(
                "Left out, since nearly every customer has a value of its own or all have the same: {names:list}.",
                names=[study.reader.word(name) for name in known.left_out],
            )
        )
    return study.table(
        attribute_strength,
        "How strongly each attribute goes with the tiers",
        note=" ".join(study.say(part) for part in said),
    )


@piece
def tiers_by_value(study: Study) -> Block:
    """The customers of each value, tier by tier."""
    return study.table(attribute_tiers, "Attributes and tiers, in customers", limit=_SHOWN)


def _stability(study: Study) -> Sentence:
    """How often the tier changes, beside attributes that hardly do."""
    before = months.add(study.month, -_QUARTER)
    if before < study.ledger.first:
        return sentence("How often the tier changes is not known yet.")
    now, then = _tiers(study, study.month), _tiers(study, before)
    both = now.index.intersection(then.index)
    moved = float((now[both] != then[both]).mean()) if len(both) else 0.0
    if "valid_from" in customers_of(study).table:
        return sentence(
            "Of the customers of both months, {moved:share} changed tier in three months.", moved=moved
        )
    return sentence(
        "Of the customers of both months, {moved:share} changed tier in three months; the table does not say from "
        "which day its rows hold (valid_from), so an attribute may be younger than the month.",
        moved=moved,
    )


def _known_at_all(study: Study) -> list[Sentence]:
    """Whether being in the table at all goes with the best tier: then the table is no fair sample."""
    tiers = _tiers(study, study.month)
    there = tiers.index.isin(study.customers()["customer_id"])
    is_top = tiers.to_numpy() == study.tier_names[0]
    n, others = int(there.sum()), int((~there).sum())
    smallest = study.settings.minimum_cell
    cells = [int((there & is_top).sum()), int((~there & is_top).sum())]
    if min(n, others) < smallest or min(*cells, n - cells[0], others - cells[1]) < smallest:
        return []
    mine, theirs = wilson(cells[0], n), wilson(cells[1], others)
    if mine[0] <= theirs[1] and theirs[0] <= mine[1]:
        return []
    return [
        sentence(
            "Being in the table at all goes with the tier: {known:share} of the {n:integer} customers in it are "
            "{top:tier}, {unknown:share} of the {others:integer} others; whom it describes was not drawn by lot.",
            known=cells[0] / n,
            n=n,
            top=study.tier_names[0],
            unknown=cells[1] / others,
            others=others,
        )
    ]


def _changed(study: Study, name: str) -> float:
    """Of the customers known three months ago, the share whose value is another now."""
    before = months.add(study.month, -_QUARTER)
    if "valid_from" not in customers_of(study).table:
        return float("nan")
    now, then = (
        study.customers(month).set_index("customer_id").get(name, pd.Series(dtype="str"))
        for month in (study.month, before)
    )
    both = now.dropna().index.intersection(then.dropna().index)
    return float((now[both] != then[both]).mean()) if len(both) else float("nan")


def attributes_by_customer(study: Study) -> pd.DataFrame:
    """The value of every attribute, a column each, by customer_id: rare values together."""
    return _attributes(study).values.set_axis(pd.Index(study.customers()["customer_id"]), axis="index")


def _months_of_year(study: Study) -> list[str]:
    """The months of this year up to this one whose window is complete; at least this one."""
    return [month for month in study.past if month[:4] == study.month[:4]] or [study.month]


def _tiers(study: Study, month: str) -> pd.Series:
    """The official tier of every customer of a month."""
    return study.scored(month=month).set_index("customer_id")["tier"]


def _attributes(study: Study) -> Attributes:
    """The attributes of everybody in the table, their rare values together."""

    def make() -> Attributes:
        table = study.customers()
        columns = [str(name) for name in table if name not in _APART]
        within = [table["customer_id"].isin(_tiers(study, month).index) for month in _months_of_year(study)]
        return attributes_of(table, columns, study.settings.minimum_cell, within)

    found: Attributes = study.remembered("attributes", make)
    return found


def _known(study: Study) -> tuple[pd.DataFrame, Attributes]:
    """The customers of the month who are in the table (customer_id, tier), by its rows, and their attributes."""
    table = study.customers()
    tiers = table["customer_id"].map(_tiers(study, study.month))
    tiered = pd.DataFrame({"customer_id": table["customer_id"], "tier": tiers})
    return tiered[tiered["tier"].notna()], _attributes(study)


def _crossed(study: Study, values: pd.Series, tiers: pd.Series) -> pd.DataFrame:
    """Customers by value and tier, every tier a column."""
    return pd.crosstab(values, tiers).reindex(columns=list(study.tier_names), fill_value=0)
