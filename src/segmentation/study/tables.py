"""The tables beside the orders, of customers and of payments: read once, kept, and joined to the customers."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Protocol

import pandas as pd

from segmentation import months
from segmentation.errors import DataError, ParameterError, did_you_mean
from segmentation.intake.customers import NO_ATTRIBUTE, Customers, read_customers
from segmentation.intake.options import CustomersTable, Intake, Origin, PaymentsTable
from segmentation.intake.payments import Payments, read_payments
from segmentation.intake.sources import source_of
from segmentation.intake.tables import LikeOrders, read_rows
from segmentation.ledger.credit.grades import grades
from segmentation.ledger.credit.grades import known_at as payments_known_at
from segmentation.ledger.ledger import Ledger
from segmentation.study.facts import NEEDS, Need
from segmentation.study.settings import Settings
from segmentation.study.store import Store
from segmentation.words.reader import sentence

_HINTED = 3  # ids shown where none fits

NEEDS.update(
    {
        "product_groups": Need(
            lambda study: study.ledger.has_baskets,
            lambda study: sentence(
                "What lies in the baskets is not known: the orders name no group of products "
                "(orders.columns.product_group)."
            ),
        ),
        "customers": Need(
            lambda study: study.settings.customers is not None,
            lambda study: sentence("No table of customers is given; the parameter `customers` names one."),
        ),
        "payments": Need(
            lambda study: study.settings.payments is not None,
            lambda study: sentence("No table of payments is given; the parameter `payments` names one."),
        ),
    }
)


class Reading(Protocol):
    """What reading a table asks of a study."""

    @property
    def settings(self) -> Settings:
        """The settings."""

    @property
    def ledger(self) -> Ledger:
        """Customer × month totals."""

    @property
    def store(self) -> Store:
        """Where results are kept."""

    def remembered(self, key: Any, make: Callable[[], Any]) -> Any:
        """What was made for this key, made once."""


def like_orders(study: Reading) -> LikeOrders:
    """How the orders of a study are read, for the tables beside them."""
    settings, ledger = study.settings, study.ledger
    return LikeOrders(
        Intake.of(settings.orders),
        ledger.columns,
        ledger.columns_found,
        settings.currency,
        settings.minor_units,
        settings.timezone,
        settings.root,
    )


def customers_of(study: Reading) -> Customers:
    """The table of customers, read once; from the store where its source has not changed.

    Raises DataError or ParameterError as `read_customers`; ParameterError where none is given.
    """
    if study.settings.customers is None:
        raise ParameterError("customers: no table is given; name one, such as customers: customers.csv")
    origin = CustomersTable.of(study.settings.customers)

    def make() -> Mapping[str, pd.DataFrame]:
        read = read_customers(origin, like_orders(study))
        return {"table": read.table, "set_aside": read.set_aside, "reconciliation": read.reconciliation}

    return Customers(**_kept(study, "customers", origin, make))


def payments_of(study: Reading) -> Payments:
    """The table of payments, read once; from the store where its source has not changed.

    Raises DataError or ParameterError as `read_payments`; ParameterError where none is given.
    """
    if study.settings.payments is None:
        raise ParameterError("payments: no table is given; name one, such as payments: invoices.csv")
    origin = PaymentsTable.of(study.settings.payments)

    def make() -> Mapping[str, pd.DataFrame]:
        read = read_payments(origin, like_orders(study))
        return {field.name: getattr(read, field.name) for field in fields(read)}

    return Payments(**_kept(study, "payments", origin, make))


def graded(study: Reading, month: str) -> pd.DataFrame:
    """The credit grades as of a month end, by the ids of the orders, see `grades`; the month's window counts."""

    def make() -> pd.DataFrame:
        known = payments_known_at(payments_of(study), month)
        return grades(known, study.settings.window_months, 10**study.settings.minor_units)

    found: pd.DataFrame = study.remembered(("graded", month), make)
    return found


def _kept(
    study: Reading, key: str, origin: Origin, make: Callable[[], Mapping[str, pd.DataFrame]]
) -> Mapping[str, pd.DataFrame]:
    """The frames of a table: from the store where its source can tell that it has not changed."""

    def read() -> Mapping[str, pd.DataFrame]:
        digest = source_of(origin, study.settings.root).digest()
        if digest is None:
            return make()
        like = like_orders(study)
        asked = [origin.told(), like.intake.told(), list(like.columns), dict(like.found or {}), digest]
        return study.store.frames(key, [*asked, like.currency, like.minor_units, like.timezone], make)

    found: Mapping[str, pd.DataFrame] = study.remembered(("table", key), read)
    return found


def digest_of(found: Mapping[str, pd.DataFrame]) -> str:
    """The sha256 of the frames of a table: what decides a report, wherever it was read from."""
    total = hashlib.sha256()
    for name, frame in sorted(found.items()):
        total.update(f"{name}\0{list(frame.columns)}\0".encode())
        total.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    return total.hexdigest()


def digests(study: Reading) -> dict[str, str | None]:
    """The digest of each table beside the orders, None for one that is not given."""
    found: dict[str, str | None] = {"customers": None, "payments": None}
    if study.settings.customers is not None:
        read = customers_of(study)
        found["customers"] = digest_of({"table": read.table, "aside": read.reconciliation})
    if study.settings.payments is not None:
        paid = payments_of(study)
        found["payments"] = digest_of(
            {"invoices": paid.invoices, "paid": paid.paid, "all": paid.reconciliation}
        )
    return found


def scored_by(study: Reading, profile: pd.DataFrame, month: str) -> pd.DataFrame:
    """The profile with what methods may score by beside it, as known at the month's end.

    The credit grade and the late share where there are payments; of the attributes, those that are named.

    Raises ParameterError for one that the table does not have, or that would hide a column of the profile.
    """
    if study.settings.payments is not None:
        profile = joined(profile, graded(study, month)[["customer_id", "credit_grade", "late_share"]])
    wanted = study.settings.score_by
    if not wanted:
        return profile
    known = known_at(study, month)
    for name in wanted:
        if name not in known or name in NO_ATTRIBUTE:
            there = [str(column) for column in known if column not in NO_ATTRIBUTE]
            raise ParameterError(
                f"score_by: the table of customers has no attribute {name!r}{did_you_mean(name, there)}"
            )
        if name in profile:
            raise ParameterError(
                f"score_by: {name!r} is a column of the profile; call the attribute otherwise, under "
                f"customers.columns"
            )
    return joined(profile, known[["customer_id", *wanted]])


def known_at(study: Reading, month: str) -> pd.DataFrame:
    """One row a customer of the table, as known at a month's end, by the ids of the orders."""
    return study.remembered(
        ("customers", month), lambda: customers_of(study).as_of(pd.Timestamp(months.last_day(month)))
    )


def joined(customers: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Customers with the columns of another frame, in their order; empty where it does not know them."""
    found = customers.merge(more, on="customer_id", how="left", validate="m:1")
    found.attrs = customers.attrs
    return found


def join(study: Reading, customers: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """Customers with the columns of a frame of the user's, its ids by the rules of the orders.

    Raises DataError where it has no column of ids, a customer twice, a column that is there already, or ids of
    which none fits.
    """
    found = frame.reset_index() if frame.index.name and frame.index.name not in frame else frame
    ids = read_rows(CustomersTable.of(_texts(found)), like_orders(study))
    column = ids.found["customer_id"]
    more = found.drop(columns=column).assign(customer_id=ids.frame["customer_id"].to_numpy())
    more = more[more["customer_id"].notna()]
    if (twice := more["customer_id"].duplicated(keep=False)).any():
        first = more.loc[twice, "customer_id"].iloc[0]
        rows = [int(row) + 1 for row in (more["customer_id"] == first).to_numpy().nonzero()[0][:2]]
        raise DataError(
            f"the frame to join: customer {first!r} is on several rows (rows {rows[0]:,} and {rows[1]:,}); "
            "leave one row a customer, such as with drop_duplicates or groupby"
        )
    if clash := [name for name in more if name in customers and name != "customer_id"]:
        raise DataError(f"the frame to join: {clash[0]!r} is a column of the customers already; rename it")
    fits = int(more["customer_id"].isin(customers["customer_id"]).sum())
    if not fits:
        mine, theirs = customers["customer_id"].head(_HINTED), more["customer_id"].head(_HINTED)
        hidden = "" if study.settings.show_customer_ids else "; ids are not shown here, so join by pseudonyms"
        raise DataError(
            f"the frame to join: none of its {len(more):,} ids in {column!r} is a customer here: it has "
            f"{', '.join(map(repr, theirs))}, the orders have {', '.join(map(repr, mine))}{hidden}; join by "
            "the column that holds the ids of the orders"
        )
    result = joined(customers, more)
    result.attrs = {**customers.attrs, "not_in_frame": len(customers) - fits, "not_here": len(more) - fits}
    return result


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame as a source: a second column, so that one of ids alone is a table too."""
    return frame if frame.shape[1] > 1 else frame.assign(column2="")
