"""Who is big, who is loyal, and who could bring more? Cells of spend and loyalty, and what became of them."""

from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd

from segmentation import months
from segmentation.comparison.records import wilson
from segmentation.errors import DataError
from segmentation.movement.life.churn import TwoFacts
from segmentation.movement.life.known import active
from segmentation.movement.outlook.potential import (
    BIG_LOOSE,
    BIG_LOYAL,
    CELLS,
    Potential,
    cells,
    is_top,
    ranking,
)
from segmentation.questions.known import known_of
from segmentation.questions.life import TWO_FACTS, forecast_fails, life, too_little
from segmentation.questions.responsible import with_manager
from segmentation.questions.stages import crossed
from segmentation.show.tables import Block
from segmentation.study.facts import NEEDS, Asked, Need, fact, piece
from segmentation.study.study import Study
from segmentation.words.reader import Sentence, sentence

_LEAST = 30  # customers that a share is told of


@dataclass(frozen=True)
class Valued:
    """Customers by spend and loyalty.

    customers: customer_id, tier, cell, monetary, loyalty (the chance of an order within the horizon),
    potential_rank (1 is the highest), is_growing (among the top fifth by potential and not by spend). moves:
    before, after, customers. after: cell, seen_then, ordered_again, later_mean, one horizon ago. ranks: how
    spend and potential ranked customers then: score, missed, captured.
    """

    customers: pd.DataFrame
    moves: pd.DataFrame
    after: pd.DataFrame
    ranks: pd.DataFrame


def _why_not(study: Study) -> Sentence | None:
    """Why loyalty cannot be told; None where it can."""
    if why := too_little(study) or forecast_fails(study):
        return why
    if life(study).about["way"].iloc[0] != TWO_FACTS:
        return sentence(
            "How loyal customers are cannot be learned: it takes orders of {need:integer} months, and customers who "
            "order again as well as some who do not.",
            need=2 * study.settings.horizon_months,
        )
    return None


def _asked(study: Asked) -> Sentence | None:
    return _why_not(cast(Study, study))


NEEDS["loyalty"] = Need(lambda study: _asked(study) is None, lambda study: cast(Sentence, _asked(study)))


@fact(
    keep=True,
    publish=False,
    needs=("loyalty",),
    reads=("horizon_months",),
    prepare="setting what customers brought against how loyal they are",
)
def valued(study: Study) -> Valued:
    """Customers by spend and loyalty, see Valued."""
    horizon, known = study.settings.horizon_months, known_of(study)
    now = _scored(study, study.month)
    assert now is not None
    customers = study.shown(known.named(now.drop(columns=["later_orders", "later_value"])))
    tiers = study.learned(study.settings.official)["tiers"][["customer_id", "tier"]]
    customers = customers.merge(tiers, on="customer_id")
    moves = pd.DataFrame(columns=["before", "after", "customers"])
    if study.has_month_before and (before := _scored(study, study.month_before)) is not None:
        moves = _moves(before, now)
    then = _scored(study, months.add(study.month, -horizon))
    after = pd.DataFrame(columns=["cell", "seen_then", "ordered_again", "later_mean"])
    ranks = pd.DataFrame(columns=["ranked_by", "missed", "captured"])
    if then is not None:
        again = then.assign(again=then["later_orders"] > 0)
        after = again.groupby("cell").agg(
            seen_then=("again", "size"), ordered_again=("again", "mean"), later_mean=("later_value", "mean")
        )
        later, spend = then["later_value"].to_numpy(), then["monetary"].to_numpy()
        ranks = pd.DataFrame(
            [
                {"ranked_by": name, **ranking(later, then[name].to_numpy(), spend)}
                for name in ("monetary", "potential")
            ]
        )
        after = after.reset_index()
    columns = ["customer_id", "tier", "cell", "monetary", "loyalty", "potential_rank", "is_growing"]
    return Valued(customers[columns], moves, after, ranks)


def _scored(study: Study, as_of: str) -> pd.DataFrame | None:
    """The active customers of a month end with loyalty, cell and potential, learned one horizon earlier.

    later_orders and later_value are of the horizon after, as far as it is over. None where too little lies
    before.
    """
    horizon, window, known = study.settings.horizon_months, study.window_months, known_of(study)
    earlier = months.add(as_of, -horizon)
    if months.add(earlier, 1 - horizon) < study.ledger.first:
        return None
    try:
        learned_from = active(known.at(earlier, window, as_of))
        facts, spend = TwoFacts.fit(learned_from), Potential.fit(learned_from, horizon)
    except DataError:
        return None
    until = min(months.add(as_of, horizon), study.month)
    customers = active(known.at(as_of, window, until))
    loyalty = 1.0 - facts.chances(customers)
    potential, realised = loyalty * spend.spend(customers, horizon), customers["monetary"].to_numpy()
    scored = customers[["customer", "monetary", "later_orders", "later_value"]].assign(
        loyalty=loyalty,
        cell=cells(realised, loyalty),
        potential=potential,
        potential_rank=pd.Series(-potential).rank(method="min").astype("int64").to_numpy(),
        is_growing=is_top(potential) & ~is_top(realised),
    )
    scored.attrs = customers.attrs
    return scored


def _moves(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """From which cell to which: before ("new": not in the window then), after, customers."""
    was = before.set_index("customer")["cell"].reindex(now["customer"]).fillna("new").to_numpy()
    counted = pd.crosstab(was, now["cell"].to_numpy()).reindex(
        index=[*CELLS, "new"], columns=list(CELLS), fill_value=0
    )
    found = pd.DataFrame(
        {
            "before": np.repeat(counted.index, len(CELLS)),
            "after": np.tile(CELLS, len(counted)),
            "customers": counted.to_numpy().ravel(),
        }
    )
    return found[found["customers"] > 0].reset_index(drop=True)


@fact(needs=("loyalty",))
def value_loyalty(study: Study) -> pd.DataFrame:
    """Customers by what they brought and how loyal they are, and what such customers did one horizon ago.

    One row a cell: customers, share, value, share_of_value; then seen_then, ordered_again, later_mean of the
    customers who were in it one horizon ago.
    """
    found = valued(study)
    customers = found.customers
    counted = customers.groupby("cell").agg(customers=("monetary", "size"), value=("monetary", "sum"))
    counted = counted.reindex([cell for cell in CELLS if cell in counted.index])
    counted.insert(1, "share", counted["customers"] / len(customers))
    counted["share_of_value"] = counted["value"] / customers["monetary"].clip(lower=0.0).sum()
    return counted.reset_index().merge(found.after, on="cell", how="left")


@fact(needs=("loyalty", "month_before"))
def value_moves(study: Study) -> pd.DataFrame:
    """From which cell of spend and loyalty to which since last month: before, after, customers."""
    return valued(study).moves


@fact(needs=("loyalty",))
def growth_candidates(study: Study) -> pd.DataFrame:
    """Customers among the top fifth by potential who are not by spend: customer_id, tier, potential_rank …

    Without rows where potential did not rank better than spend one horizon ago: then it tells nothing new.
    """
    customers = valued(study).customers
    found = customers[customers["is_growing"] & _tells(study)].sort_values(
        ["potential_rank", "monetary", "customer_id"], ascending=[True, False, True], ignore_index=True
    )
    return found[["customer_id", "tier", "cell", "potential_rank", "monetary", "loyalty"]]


def _missed(study: Study) -> dict[str, float]:
    """The share of the later top fifth that spend (monetary) and potential had missed; empty if untried."""
    ranks = valued(study).ranks
    return dict(zip(ranks["ranked_by"], ranks["missed"]))


def _tells(study: Study) -> bool:
    """Whether potential ranked better than spend alone, or is untried."""
    missed = _missed(study)
    return not missed or missed["potential"] < missed["monetary"]


@piece
def answer(study: Study) -> Block:
    """Whether loyalty tells the big customers apart, by what they did one horizon ago."""
    found = value_loyalty(study).set_index("cell").reindex(CELLS).to_dict("index")
    horizon = study.settings.horizon_months
    loyal, loose = found[BIG_LOYAL], found[BIG_LOOSE]
    seen = min(loyal["seen_then"], loose["seen_then"])
    here = sentence(
        "{n:integer} {n:customer|customers} {n:is|are} big and less loyal; they brought {money:money} in the window.",
        n=int(np.nan_to_num(loose["customers"])),
        money=float(np.nan_to_num(loose["value"])),
    )
    if not seen >= _LEAST:
        return study.answer(
            here, "How such customers go on has not been seen on enough of them yet.", kind="caution"
        )
    of_loyal, of_loose = float(loyal["ordered_again"]), float(loose["ordered_again"])
    if _interval(of_loose, loose["seen_then"])[1] < _interval(of_loyal, loyal["seen_then"])[0]:
        return study.answer(
            here,
            sentence(
                "Of such customers {horizon:integer} {horizon:month|months} ago {loose:share} ordered again within as "
                "many months, of the big and loyal {loyal:share}.",
                horizon=horizon,
                loyal=of_loyal,
                loose=of_loose,
            ),
            kind="caution",
        )
    return study.answer(
        "Loyalty does not tell the big customers apart: {horizon:integer} {horizon:month|months} ago {loose:share} of "
        "the less loyal ordered again within as many months, and {loyal:share} of the loyal.",
        horizon=horizon,
        loyal=of_loyal,
        loose=of_loose,
    )


def _interval(share: float, seen: float) -> tuple[float, float]:
    """The 95 % interval of the share of so many."""
    return wilson(round(share * seen), int(seen))


@piece
def by_cell(study: Study) -> Block:
    """The four cells, and what such customers did."""
    return study.table(
        value_loyalty,
        "What customers brought against how loyal they are, and what such customers did afterwards",
        note=sentence(
            "Big: the top fifth by spend in the window. Loyal: the top fifth by the chance of an order within "
            "{horizon:integer} {horizon:month|months}. What came of it is counted on the customers of one horizon ago.",
            horizon=study.settings.horizon_months,
        ),
    )


@piece
def moved(study: Study) -> Block:
    """Who changed cell since last month."""
    return study.table(
        crossed(study, value_moves(study), CELLS),
        "Moves between these cells since last month: from where (rows) to where (columns)",
        name="value_moves",
    )


@piece
def growing(study: Study, limit: int = 25) -> Block:
    """Who could bring more than the spend so far says."""
    missed = _missed(study)
    if not _tells(study):
        return study.note(
            "No growth candidates are named: one horizon ago potential missed {own:share} of the later top fifth, "
            "spend alone {spend:share}. It tells nothing that spend does not.",
            own=missed["potential"],
            spend=missed["monetary"],
        )
    note = (
        sentence(
            "Potential: the chance of an order times what customers alike spend when they order. One horizon ago it "
            "missed {own:share} of the later top fifth, spend alone {spend:share}; it is a rank, not money.",
            own=missed["potential"],
            spend=missed["monetary"],
        )
        if missed
        else sentence(
            "Potential: the chance of an order times what customers alike spend when they order. No earlier month end "
            "can be asked yet whether it ranks better than spend."
        )
    )
    shown = with_manager(study, growth_candidates(study))
    return study.table(shown, "Growth candidates: high potential, not yet big", limit=limit, note=note)
