"""The same tier table, movement and lists by branch, industry, region or any other attribute, in small."""

import pandas as pd

from segmentation.comparison.attributes import small_cells
from segmentation.errors import ParameterError, did_you_mean
from segmentation.questions.attributes import attributes_by_customer, hidden_cells
from segmentation.questions.moves import changes
from segmentation.questions.watch import rising, slipping
from segmentation.show.tables import Block
from segmentation.study.facts import fact, piece
from segmentation.study.study import Study

_SHOWN = 25
_MOVED = ("came", "left", "slipping", "rising")


def counted(study: Study, who: pd.Series) -> pd.DataFrame:
    """What there is to look after in each group of customers.

    who: the group of each customer, by customer_id; empty where nobody knows it.

    One row a group, by its name: customers, top (in the best tier), top_value (what these bring, in the
    currency), came and left (the best tier since last month; absent without a month before), slipping and
    rising (on those lists). Customers of whom no group is known are one row, named empty.
    """
    best = study.tier_names[0]
    customers = study.scored()
    is_top = customers["tier"] == best
    lists = {"slipping": slipping(study), "rising": rising(study)}
    if study.has_month_before:
        moved = changes(study)
        lists["came"] = moved[(moved["after"] == best) & (moved["before"] != best)]
        lists["left"] = moved[(moved["before"] == best) & (moved["after"] != best)]
    named = {name: frame["customer_id"].map(who).fillna("").value_counts() for name, frame in lists.items()}
    found = (
        customers.assign(top=is_top, top_value=customers["monetary"].where(is_top, 0.0))
        .groupby(customers["customer_id"].map(who).fillna(""))
        .agg(customers=("customer_id", "size"), top=("top", "sum"), top_value=("top_value", "sum"))
    )
    # whoever left may have left the window too, and with it the group's last customer
    everyone = found.index.union(named["left"].index) if "left" in named else found.index
    found = found.reindex(everyone, fill_value=0)
    for name in _MOVED:
        if name in named:
            found[name] = named[name].reindex(everyone, fill_value=0)
    return pd.DataFrame(found)


@fact(needs=("customers",))
def by_group(study: Study) -> pd.DataFrame:
    """What there is to look after by every attribute of the table of customers, small cells hidden.

    One row a value, by attribute, the most value of the best tier first: attribute, trait, customers, top,
    share_best, top_value, came, left, slipping, rising; see `counted`.
    """
    traits = attributes_by_customer(study)
    parts: list[pd.DataFrame] = []
    for name in map(str, traits):
        found = counted(study, traits[name]).drop(index="", errors="ignore")
        cells = hidden_cells(study)
        of_best = cells[cells["attribute"] == name].set_index("trait")[study.tier_names[0]]
        shut = of_best.reindex(found.index, fill_value=True).to_numpy(dtype=bool)
        found.insert(2, "share_best", found["top"] / found["customers"].where(found["customers"] > 0))
        found = found.astype({column: "Int64" for column in ("top", *_MOVED) if column in found})
        found.loc[shut, ["top", "share_best", "top_value"]] = pd.NA
        for column in [column for column in _MOVED if column in found]:
            some = found[column].astype("int64")
            table = pd.DataFrame({"on": some, "off": (found["customers"] - some).clip(lower=0)})
            mask = small_cells.hidden(table, study.settings.minimum_cell)["on"].to_numpy(dtype=bool)
            found.loc[mask, column] = pd.NA
        found = found.rename_axis("trait").reset_index()
        parts.append(
            found.sort_values(["top_value", "trait"], ascending=[False, True]).assign(attribute=name)
        )
    if not parts:
        return pd.DataFrame(
            columns=["attribute", "trait", "customers", "top", "share_best", "top_value", *_MOVED]
        )
    told = pd.concat(parts, ignore_index=True)
    told.insert(0, "attribute", told.pop("attribute"))
    return told


@piece
def groups(study: Study) -> Block:
    """Every value of every attribute with what there is to look after."""
    return study.table(by_group, "By attribute: tiers, movement and lists in small", limit=_SHOWN)


def of_group(study: Study, customers: pd.DataFrame, attribute: str, trait: str) -> pd.DataFrame:
    """The customers of a list, such as `slipping(study)`, who are of one value of an attribute.

    Raises ParameterError for an attribute or value that there is none of, with the nearest one.
    """
    traits = attributes_by_customer(study)
    if attribute not in traits:
        raise ParameterError(
            f"there is no attribute {attribute!r}{did_you_mean(attribute, list(map(str, traits)))}"
        )
    if trait not in set(traits[attribute]):
        known = sorted(traits[attribute].unique())
        raise ParameterError(f"{attribute}: there is no value {trait!r}{did_you_mean(trait, known)}")
    chosen = customers["customer_id"].map(traits[attribute]) == trait
    found = customers[chosen].reset_index(drop=True)
    found.attrs = customers.attrs
    return found
