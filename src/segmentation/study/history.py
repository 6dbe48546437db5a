"""History: what a study knows of its customers as of a month end, whatever the methods make of them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

import pandas as pd

from segmentation import months
from segmentation.ledger.ledger import Ledger
from segmentation.ledger.profiles import attributes, dormant, later_value, order_histories, profile
from segmentation.ledger.pseudonyms import Mask, fingerprint, pseudonyms
from segmentation.methods.building import as_usual, own_code
from segmentation.study.facts import Declared, Fact
from segmentation.study.settings import Settings
from segmentation.study.store import Store, digest, ledger_folder
from segmentation.study.tables import digests, graded, join, known_at, scored_by


class History:
    """Ledger, months and profiles of one month's settings, each computed once and kept in the store."""

    def __init__(self, settings: Settings) -> None:
        methods = as_usual(settings.methods, settings.languages[0])
        changed = {} if methods == settings.methods else {"methods": methods}
        self._settings = settings.model_copy(update=changed)
        self.store = Store(settings.place("store") / "results")
        self.reading: list[Fact[Any, Any]] = []  # the kept facts that are being computed, see facts.declared
        self._remembered: dict[Any, Any] = {}

    # -- what happened ---------------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """The settings; while a kept fact is computed, only those that it says it reads."""
        return cast(Settings, Declared(self._settings, self.reading[-1])) if self.reading else self._settings

    @property
    def ledger(self) -> Ledger:
        """Customer × month totals, brought up to date with the orders once per study."""
        settings = self.settings
        return self.remembered(
            "ledger",
            lambda: Ledger.update(
                settings.orders,
                ledger_folder(settings),
                root=settings.root,
                currency=settings.currency,
                minor_units=settings.minor_units,
                timezone=settings.timezone,
            ),
        )

    @property
    def month(self) -> str:
        """The month asked for; without one, the last that the orders cover to its end."""
        if self.settings.month:
            return self.settings.month
        return max(self.ledger.complete_until, self.ledger.first)

    @property
    def month_before(self) -> str:
        """The month before."""
        return months.add(self.month, -1)

    @property
    def has_month_before(self) -> bool:
        """Whether the orders reach back to the month before."""
        return self.month_before >= self.ledger.first

    @property
    def tier_names(self) -> tuple[str, ...]:
        """The tiers, best first."""
        return tuple(self.settings.tiers)

    @property
    def months(self) -> list[str]:
        """Every month of data up to this one, oldest first."""
        return self.ledger.until(self.month)

    @property
    def past(self) -> list[str]:
        """The last months, at most a year of them, whose window is complete; at least this one."""
        full = months.add(self.ledger.first, self.window_months - 1)
        return [month for month in self.months[-12:] if month >= full] or [self.month]

    @property
    def window_months(self) -> int:
        """The months that a profile looks back on."""
        return self.settings.window_months

    # -- who they are ----------------------------------------------------------------------------------------

    def profile(self, month: str | None = None, window: int | None = None) -> pd.DataFrame:
        """One row a customer, as of the end of the month (default: this one, and the settings' window)."""
        month, window = month or self.month, window or self.window_months
        return self.remembered(
            ("profile", month, window),
            lambda: self.shown(scored_by(self, self._profile(month, window), month)),
        )

    def customers(self, month: str | None = None) -> pd.DataFrame:
        """What the table of customers knew at the month's end, one row a customer of it, whether they ordered or not.

        Columns by their role (customer_name, industry …), else by their own names. Where ids are not shown,
        only who ordered, and no name. Raises ParameterError where no table is given.
        """
        found = known_at(self, month or self.month)
        if self.settings.show_customer_ids:
            return found
        known = self.remembered("pseudonyms", self._pseudonyms).index
        named = ["customer_name", "account_manager", "branch", "referred_by"]
        return self.shown(found[found["customer_id"].isin(known)].drop(columns=named, errors="ignore"))

    def credit(self, month: str | None = None) -> pd.DataFrame:
        """How customers pay as of the month's end, knowing nothing paid later: grade, late share, overdue.

        One row a customer with an invoice in the window, see `ledger.credit.grades.grades`. Where ids are not
        shown, only who ordered. Raises ParameterError where no payments are given.
        """
        found = graded(self, month or self.month)
        if not self.settings.show_customer_ids:
            found = found[found["customer_id"].isin(self.remembered("pseudonyms", self._pseudonyms).index)]
        return self.shown(found)

    def join(self, frame: pd.DataFrame, month: str | None = None) -> pd.DataFrame:
        """The month's profile with the columns of a frame of your own, joined by its ids of customers.

        Ids are compared as everywhere (17.0 is 17). Empty where the frame does not know a customer; `attrs`
        count who is not_in_frame, and whom of it is not_here. Raises DataError where the ids do not fit.
        """
        return join(self, self.profile(month), frame)

    def dormant(self, month: str | None = None) -> pd.DataFrame:
        """Customers who ordered before the month's window and not in it: customer_id, last_order."""
        month = month or self.month
        window = self.window_months
        return self.remembered(("dormant", month), lambda: self.shown(dormant(self.ledger, month, window)))

    def later_value(self, first: str, last: str) -> pd.DataFrame:
        """The net value of each customer in those months: customer_id, value."""
        return self.shown(later_value(self.ledger, first, last))

    def order_histories(self, month: str | None = None, window: int | None = None) -> pd.DataFrame:
        """Everybody known by the month's end: order days, first and last order, the window's amounts."""
        month, window = month or self.month, window or self.window_months
        return self.remembered(
            ("order histories", month, window),
            lambda: self.shown(order_histories(self.ledger, month, window)),
        )

    def responsible(self) -> pd.DataFrame:
        """Who looks after each customer, as last known at the month's end.

        customer_id, then account_manager and branch, where the orders name any. Where ids are not shown there
        is neither: a name beside a pseudonym would tell who is meant.
        """
        found = self.remembered("responsible", lambda: self.shown(self._responsible()))
        named = [name for name in found.columns[1:] if found[name].notna().any()]
        return found[["customer_id", *(named if self.settings.show_customer_ids else ())]]

    def _responsible(self) -> pd.DataFrame:
        """As the orders name them, else as the table of customers does."""
        found = attributes(self.ledger, self.month)
        if self.settings.customers is None:
            return found
        more = known_at(self, self.month).set_index("customer_id")
        for name in ("account_manager", "branch"):
            if name in more:
                found[name] = found[name].fillna(found["customer_id"].map(more[name]))
        return found

    def called(self) -> pd.DataFrame:
        """What customers are called: customer_id and, where the table of customers says it, customer_name.

        Where ids are not shown there is no name.
        """
        if self.settings.customers is None or not self.settings.show_customer_ids:
            return pd.DataFrame({"customer_id": pd.Series(dtype="str")})
        found = known_at(self, self.month)
        return found[["customer_id", *(name for name in ("customer_name",) if name in found)]]

    def set_aside(self) -> pd.DataFrame:
        """The lines of orders that are not used, with the reason of each."""
        lines = self.ledger.set_aside()
        if self.settings.show_customer_ids:
            return lines
        return lines[["reason", *(column for column in ("row_number", "row", "amount") if column in lines)]]

    def _profile(self, month: str, window: int) -> pd.DataFrame:
        made = self.frames(
            "profile",
            {"data": self._data(month), "window": window},
            lambda: {"profile": profile(self.ledger, as_of=month, window_months=window)},
        )
        return made["profile"]

    def shown(self, customers: pd.DataFrame) -> pd.DataFrame:
        """The frame with the ids that this study may show; every frame of customers passes here."""
        if self.settings.show_customer_ids:
            return customers
        names = self.remembered("pseudonyms", self._pseudonyms)
        shown = customers.assign(customer_id=customers["customer_id"].map(names).astype("str"))
        shown = shown.sort_values("customer_id", ignore_index=True)
        shown.attrs = customers.attrs
        return shown

    def mask(self, also: Iterable[str] = ()) -> Callable[[str], str]:
        """What takes customers' ids, and those of `also`, out of free text, where this study may not show them."""
        if self.settings.show_customer_ids:
            return str
        known = self.remembered("mask", lambda: Mask(self._known()["customer_id"]))
        return known.knowing(also)

    def _known(self) -> pd.DataFrame:
        """Everyone who ever ordered up to this month."""
        return self._profile(self.month, len(self.months))[["customer_id"]]

    def _pseudonyms(self) -> pd.Series:
        """A pseudonym for everyone who ever ordered up to this month, the month's customers first."""
        known = self._known()
        current = self._profile(self.month, self.window_months)[["customer_id", "monetary"]]
        return pseudonyms(known.merge(current, on="customer_id", how="left"))

    # -- what is kept ----------------------------------------------------------------------------------------

    def remembered(self, key: Any, make: Callable[[], Any]) -> Any:
        """What was made for this key, made once per study."""
        if key not in self._remembered:
            self._remembered[key] = make()
        return self._remembered[key]

    def frames(
        self, name: str, key: Any, make: Callable[[], Mapping[str, pd.DataFrame]]
    ) -> dict[str, pd.DataFrame]:
        """The frames made for this key, by this study or by any other with the same store."""
        return self.remembered((name, digest(key)), lambda: self.store.frames(name, key, make))

    def question(self, month: str) -> dict[str, Any]:
        """What every result of a month depends on."""
        return {
            "data": self._data(month),
            "ids": None if self.settings.show_customer_ids else [fingerprint(), self.month],
            "own_methods": own_code(self.settings.methods, self.settings.root),
            "window": self.window_months,
            "tiers": self.tier_names,
            "seed": self.settings.seed,
            **self._beside(),
        }

    def _beside(self) -> dict[str, Any]:
        """What methods may score by that does not come from the orders."""
        given = self.settings
        if not given.score_by and given.payments is None:
            return {}
        known = digests(self)
        return {
            "score_by": [given.score_by, known["customers"] if given.score_by else None, known["payments"]]
        }

    def _data(self, month: str) -> str:
        """The digest of all that happened up to the end of the month, and of the units it is told in."""
        known = {m: self.ledger.checksum(m) for m in self.ledger.until(month)}
        return digest([known, self.settings.currency, self.settings.minor_units])
