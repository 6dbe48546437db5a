"""On what terms: how do customers pay, and who of the key customers pays badly?"""

import pandas as pd

from segmentation import months
from segmentation.ledger.credit.grades import FEWEST, GRADES, LIMITS, WORST
from segmentation.ledger.credit.record import came_true
from segmentation.questions.responsible import with_manager
from segmentation.show.tables import Block
from segmentation.study.facts import fact, piece
from segmentation.study.study import Study
from segmentation.study.tables import payments_of
from segmentation.words.reader import Sentence, sentence

_SHOWN = 25
_AHEAD = 3  # months that the record looks at
_ORIGINS = 3
_UNGRADED = "ungraded"


@fact(needs=("payments",))
def credit(study: Study) -> pd.DataFrame:
    """How every customer of the window pays: tier, credit grade now and last month, and what it rests on.

    Columns: customer_id, tier, credit_grade (empty with fewer than three decided invoices), grade_before,
    monetary, invoices, late_share, worst_days, overdue, disputed_share; the most money first.
    """
    found = study.scored()[["customer_id", "tier", "monetary"]].merge(
        study.credit(), on="customer_id", how="left"
    )
    before = study.credit(study.month_before).set_index("customer_id")["credit_grade"]
    found["grade_before"] = found["customer_id"].map(before)
    found["invoices"] = found["invoices"].astype("Int64")
    columns = ["customer_id", "tier", "credit_grade", "grade_before", "monetary", "invoices", "late_share"]
    found = found.sort_values(["monetary", "customer_id"], ascending=[False, True], ignore_index=True)
    return found[[*columns, "worst_days", "overdue", "disputed_share"]]


@fact(needs=("payments",))
def tier_by_credit(study: Study) -> pd.DataFrame:
    """How many customers of each tier have each grade, what they bring, and what a person may do about it.

    One row a tier and grade: tier, credit_grade ("ungraded" with too few invoices), customers, monetary,
    overdue, advice. Terms are set by a person, never by code.
    """
    known = credit(study)
    grade = known["credit_grade"].fillna(_UNGRADED)
    grouped = known.assign(credit_grade=grade).groupby(["tier", "credit_grade"])
    found = grouped.agg(
        customers=("customer_id", "size"), monetary=("monetary", "sum"), overdue=("overdue", "sum")
    )
    cells = pd.MultiIndex.from_product(
        [study.tier_names, [*GRADES, _UNGRADED]], names=["tier", "credit_grade"]
    )
    found = found.reindex(cells, fill_value=0).reset_index()
    best, last = study.tier_names[0], study.tier_names[-1]
    advice = [
        _advice(tier == best, tier == last, grade)
        for tier, grade in found[["tier", "credit_grade"]].itertuples(index=False)
    ]
    return found.assign(advice=pd.Series(advice, index=found.index, dtype="object"))


@fact(needs=("payments",))
def bad_payers(study: Study) -> pd.DataFrame:
    """Customers of the best tier who pay badly (the last grade), the most money first: as `credit`."""
    found = credit(study)
    chosen = (found["tier"] == study.tier_names[0]) & (found["credit_grade"] == WORST)
    return found[chosen].drop(columns=["tier"]).reset_index(drop=True)


@fact(needs=("payments",))
def grade_changes(study: Study) -> pd.DataFrame:
    """Customers whose grade is another than last month, those who fell first, the most money first."""
    found = credit(study)
    rank = {grade: place for place, grade in enumerate(GRADES)}
    now, before = found["credit_grade"].map(rank), found["grade_before"].map(rank)
    moved = found[now.notna() & before.notna() & (now != before)].assign(fell=(now > before))
    order = moved.sort_values(
        ["fell", "monetary", "customer_id"], ascending=[False, False, True], ignore_index=True
    )
    return order[
        [
            "customer_id",
            "tier",
            "grade_before",
            "credit_grade",
            "monetary",
            "late_share",
            "worst_days",
            "overdue",
        ]
    ]


@fact(needs=("payments",))
def credit_record(study: Study) -> pd.DataFrame:
    """Did the grades come true: the late share of the next three months' invoices, by grade and month end.

    Graded with what was known then, looked at with what is known now, see `came_true`.
    """
    first = payments_of(study).invoices["issued_on"].min().strftime("%Y-%m")
    origins = [months.add(study.month, -_AHEAD * part) for part in range(1, _ORIGINS + 1)]
    unit = 10**study.settings.minor_units
    told = [
        came_true(payments_of(study), origin, study.window_months, _AHEAD, study.month, unit)
        for origin in origins
        if origin >= months.add(first, study.window_months - 1)
    ]
    columns = ["graded_at", "credit_grade", "customers", "invoices", "late_share", "money_late", "auc"]
    return pd.concat(told, ignore_index=True) if told else pd.DataFrame(columns=columns)


@piece
def answer(study: Study) -> Block:
    """How many key customers pay badly, with their money; how everybody pays; whether the grades come true."""
    bad, known, top = bad_payers(study), credit(study), study.tier_names[0]
    graded = known[known["credit_grade"].notna()]
    said = [
        sentence(
            "{n:integer} {n:customer|customers} of {top:tier} worth {money:money} {n:pays|pay} badly (grade {grade}): "
            "talk to them before terms are lengthened.",
            n=len(bad),
            top=top,
            money=float(bad["monetary"].sum()),
            grade=WORST,
        )
        if len(bad)
        else sentence("No customer of {top:tier} pays badly.", top=top)
    ]
    said.append(
        sentence(
            "{graded:integer} of {all:integer} {all:customer|customers} {graded:has|have} a grade (at least "
            "{fewest:integer} decided invoices); {money:money} is overdue.",
            graded=len(graded),
            all=len(known),
            fewest=FEWEST,
            money=float(known["overdue"].sum()),
        )
    )
    record = credit_record(study)
    if len(record):
        last = record[record["graded_at"] == record["graded_at"].iloc[0]]
        best, worst = last.iloc[0], last.iloc[-1]
        if len(last) > 1:
            said.append(
                sentence(
                    "Of the invoices issued in the three months after {origin:month}, {low:share} were late where the "
                    "grade was {best}, {high:share} where it was {worst}.",
                    origin=str(best["graded_at"]),
                    low=float(best["late_share"]),
                    high=float(worst["late_share"]),
                    best=str(best["credit_grade"]),
                    worst=str(worst["credit_grade"]),
                )
            )
    return study.answer(*said, kind="caution" if len(bad) else "good")


@piece
def badly_paying(study: Study) -> Block:
    """The key customers who pay badly, by name and money."""
    found = with_manager(study, bad_payers(study))
    caption = sentence("{top:tier} customers who pay badly, the most money first", top=study.tier_names[0])
    return study.table(found, caption, limit=_SHOWN, name="bad_payers")


@piece
def tiers_and_grades(study: Study) -> Block:
    """Every tier by every grade, with what may be done."""
    limits = [
        sentence(
            "{grade}: at most {share:share} late, none by more than {days:integer} days",
            grade=g,
            share=s,
            days=d,
        )
        for g, s, d in LIMITS
    ]
    note = sentence(
        "{limits:semicolon}; {worst}: everything beyond. Terms are advice for a person; nothing sets them by itself.",
        limits=limits,
        worst=WORST,
    )
    found = tier_by_credit(study)
    return study.table(
        found[found["customers"] > 0],
        "Tier by credit grade, and what may be done",
        note=note,
        name="tier_by_credit",
    )


@piece
def changed_grades(study: Study) -> Block:
    """Whose grade changed since last month."""
    found = grade_changes(study)
    if found.empty:
        return study.note("No customer's grade changed since {before:month}.", before=study.month_before)
    return study.table(
        with_manager(study, found), "Grades that changed since last month", limit=_SHOWN, name="grade_changes"
    )


@piece
def record(study: Study) -> Block:
    """How the grades of earlier month ends turned out."""
    if credit_record(study).empty:
        return study.note(
            "Whether the grades come true cannot be told yet: the invoices do not reach back far enough."
        )
    return study.table(
        credit_record,
        "Did the grades come true? Invoices of the three months after",
        note="Graded by what was known at that month's end. Ranking: .5 is by lot, 1 never wrong.",
    )


def _advice(best: bool, last: bool, grade: str) -> Sentence:
    """What a person may do about customers of a tier and grade."""
    if grade == _UNGRADED:
        return sentence("watch: too few invoices")
    if grade == WORST:
        if best:
            return sentence("talk, do not lengthen terms")
        return sentence("prepayment") if last else sentence("shorter terms or a deposit")
    if grade == "B":
        return sentence("remind early")
    return sentence("longer terms may be offered") if grade == "AA" and best else sentence("keep the terms")
