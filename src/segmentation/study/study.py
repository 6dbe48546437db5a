"""Study: one month's settings, ledger and methods, and what a notebook opens.

Results are computed by whoever asks first and kept in the store, so that notebooks share them.
"""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self, cast

import pandas as pd

from segmentation import months
from segmentation.comparison.learning import Past, learn, reason
from segmentation.errors import DataError, ParameterError, did_you_mean
from segmentation.ledger.ledger import Ledger
from segmentation.ledger.profiles import dormant, later_value, order_moments, profile
from segmentation.ledger.pseudonyms import fingerprint, pseudonyms
from segmentation.methods import build
from segmentation.methods.building import own_code
from segmentation.methods.shapes import other_shapes
from segmentation.movement.refit import learned_month
from segmentation.rules import Rule
from segmentation.study.facts import FACTS, Declared, Fact, fact_named
from segmentation.study.presenting import Presenting
from segmentation.study.settings import Settings
from segmentation.study.store import Store, digest, ledger_folder

ENVIRONMENT = "SEGMENTATION_SETTINGS"
_PLACES = ("orders", "store", "reports", "notebooks", "overrides")


class Study(Presenting):
    """Everything that is asked of one month.

    >>> store = getfixture("tmp_path").as_posix()
    >>> study = Study.open({"orders": "demo:cdnow", "month": "1997-12", "store": store})
    >>> study.month, len(study.profile())
    ('1997-12', 23570)
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.store = Store(settings.place("store") / "results")
        self.reading: list[Fact[Any, Any]] = []  # the kept facts that are being computed, see facts.declared
        self._remembered: dict[Any, Any] = {}

    @classmethod
    def open(cls, source: "Settings | Mapping[str, Any] | Path | str") -> Self:
        """Open a study from Settings, a params file's path, a mapping of keys, or a notebook's `globals()`.

        From `globals()` every settings key is picked out; where the monthly run executes the notebook, the
        places (orders, store, reports …) come from it. Raises ParameterError for anything not valid.
        """
        if isinstance(source, Settings):
            return cls(source)
        if isinstance(source, str | Path):
            return cls(Settings.load(source))
        if "__builtins__" not in source:
            return cls(Settings.of(source, root=_project()))
        given = {key: source[key] for key in Settings.names() if key in source}
        if ENVIRONMENT not in os.environ:
            return cls(Settings.of(given, root=_project()))
        run = json.loads(os.environ[ENVIRONMENT])
        root = run.pop("root")
        return cls(Settings.of({**run, **{k: v for k, v in given.items() if k not in _PLACES}}, root=root))

    def with_(self, **changes: Any) -> Self:
        """A study of the same orders with other settings: `study.with_(window_months=12)`.

        Raises ParameterError for an unknown key, which names the nearest one, or a value that is not valid.
        """
        values = self._settings.model_dump(mode="json", exclude_unset=True)
        root = values.pop("root", self._settings.root)
        if (
            "methods" in changes
            and "official" not in changes
            and values.get("official") not in changes["methods"]
        ):
            values.pop("official", None)
        return type(self)(Settings.of({**values, **changes}, root=root))

    def facts(self) -> pd.DataFrame:
        """What can be asked of a study, `study.ask("moves")`: name, meaning, and whether it is there."""
        rows = [
            (name, fact.meaning, fact.missing(self) is None) for name, fact in FACTS.items() if fact.publish
        ]
        return pd.DataFrame(rows, columns=["fact", "meaning", "there"])

    def ask(self, name: str) -> pd.DataFrame:
        """The frame of a fact by its name; without rows where what it needs is not there.

        Raises ParameterError for a name that is none, with the nearest one.
        """
        fact = fact_named(name)
        if not fact.publish:
            raise ParameterError(f"the fact {name!r} is no frame; study.facts() lists those that are")
        return pd.DataFrame() if fact.missing(self) else cast(pd.DataFrame, fact(self)).copy()

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
        return [month for month in self.ledger.months if month <= self.month]

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
        return self.remembered(("profile", month, window), lambda: self.shown(self._profile(month, window)))

    def dormant(self, month: str | None = None) -> pd.DataFrame:
        """Customers who ordered before the month's window and not in it: customer_id, last_order."""
        month = month or self.month
        window = self.window_months
        return self.remembered(("dormant", month), lambda: self.shown(dormant(self.ledger, month, window)))

    def later_value(self, first: str, last: str) -> pd.DataFrame:
        """The net value of each customer in those months: customer_id, value."""
        return self.shown(later_value(self.ledger, first, last))

    def order_moments(self, month: str | None = None) -> pd.DataFrame:
        """Each customer's orders in the window, their sum and sum of squares, for the chances of a tier."""
        return self.shown(order_moments(self.ledger, month or self.month, self.window_months))

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

    def _pseudonyms(self) -> pd.Series:
        """A pseudonym for everyone who ever ordered up to this month, the month's customers first."""
        known = self._profile(self.month, len(self.months))[["customer_id"]]
        current = self._profile(self.month, self.window_months)[["customer_id", "monetary"]]
        return pseudonyms(known.merge(current, on="customer_id", how="left"))

    # -- what the methods make of them -----------------------------------------------------------------------

    def methods(self) -> dict[str, Any]:
        """The methods as the settings name them, not yet fitted."""
        made = self.settings.methods
        return {name: build(name, made[name], self.tier_names, self.settings.seed) for name in made}

    def method(self, name: str) -> Any:
        """The method of that name as the settings ask for it, not yet fitted."""
        if name not in self.settings.methods:
            raise ParameterError(
                f"methods: there is none called {name!r}{did_you_mean(name, list(self.settings.methods))}"
            )
        return self.methods()[name]

    def named(self, kind: str) -> list[str]:
        """The names under which the settings ask for a method of a class, such as "RFM"."""
        return [name for name, given in self.settings.methods.items() if given.get("use", name) == kind]

    def learned_from(self, name: str) -> pd.DataFrame:
        """The profile that a method's rule is learned from: this month's, or the one that `refit` holds."""
        return self.profile(self.learned_at(name, self.month))

    def learned(self, name: str, month: str | None = None) -> dict[str, pd.DataFrame]:
        """What a method made of a month: `tiers` (customer_id, score, tier, segment), `rule`, its evidence.

        A method that fails gives one frame, `failed`, with the reason; the official one raises.
        """
        month = month or self.month
        key = {
            **self.question(month),
            "learned_at": self.learned_at(name, month),
            "options": self.settings.methods[name],
        }
        found = self.frames(f"method-{name}", key, lambda: self._learn(name, month))
        if name == self.settings.official and "failed" in found:
            raise DataError(f"the official method {name} failed: {found['failed']['reason'].iloc[0]}")
        return found

    def failed(self, name: str, month: str | None = None) -> str:
        """Why a method failed; empty if it did not."""
        found = self.learned(name, month)
        return str(found["failed"]["reason"].iloc[0]) if "failed" in found else ""

    def _learn(self, name: str, month: str) -> dict[str, pd.DataFrame]:
        learned_at = self.learned_at(name, month)
        profile = self.profile(month)
        try:
            method = self.methods()[name]
            learned = learn(method, name, self.profile(learned_at), self.tier_names, Past(self, learned_at))
            tiered = profile[["customer_id"]].assign(
                score=learned.scores(profile), tier=pd.array(learned.tiers_of(profile), dtype="str")
            )
        except ParameterError:
            raise  # an option is wrong, not the data
        except Exception as error:  # whatever a user's own method raises
            return {"failed": pd.DataFrame({"reason": [reason(error)]})}
        frames: dict[str, pd.DataFrame] = {}
        if selection := getattr(learned.fitted, "selection_", None):
            frames |= {"selection": selection.table, "jaccard": pd.DataFrame({"jaccard": selection.jaccard})}
            frames["shapes"] = other_shapes(
                learned.fitted.rule_, self.profile(learned_at), self.settings.seed
            )
        rule = getattr(learned.fitted, "rule_", None)
        if rule is not None:
            frames["rule"] = pd.DataFrame({"json": [rule.to_json()]})
            applied = rule.apply(profile)
            if "segment" in applied:
                tiered["segment"] = applied["segment"]
        return {**frames, "tiers": tiered}

    def learned_at(self, name: str, month: str) -> str:
        """The month whose customers a method's rule is learned from: `refit` holds the official one."""
        if name != self.settings.official:
            return month
        full = months.add(self.ledger.first, self.window_months - 1)
        return learned_month(month, self.settings.refit, full)

    def rule(self, name: str | None = None, month: str | None = None) -> Rule | None:
        """The rule of a method (default: the official one); None where it failed or only gives scores."""
        found = self.learned(name or self.settings.official, month)
        return Rule.from_json(found["rule"]["json"].iloc[0]) if "rule" in found else None

    def scored(self, name: str | None = None, month: str | None = None) -> pd.DataFrame:
        """The profile of a month with a method's `score`, `tier` and, if it has any, `segment`.

        Raises DataError with the reason where the method failed.
        """
        name = name or self.settings.official
        if why := self.failed(name, month):
            raise DataError(f"the method {name} failed: {why}")
        tiers = self.learned(name, month)["tiers"]
        joined = self.profile(month).merge(tiers, on="customer_id", validate="1:1")
        joined.attrs = self.profile(month).attrs
        return joined

    def tiers(self, month: str | None = None) -> pd.DataFrame:
        """The tier of every customer under every method that did not fail: customer_id, a column a method."""
        made = {name: self.learned(name, month) for name in self.settings.methods}
        customers = self.profile(month)[["customer_id"]]
        return customers.assign(
            **{n: found["tiers"]["tier"] for n, found in made.items() if "tiers" in found}
        )

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
            "own_methods": own_code(self.settings.methods),
            "window": self.window_months,
            "tiers": self.tier_names,
            "seed": self.settings.seed,
        }

    def _data(self, month: str) -> str:
        """The digest of all that happened up to the end of the month, and of the units it is told in."""
        known = {m: self.ledger.checksum(m) for m in self.ledger.months if m <= month}
        return digest([known, self.settings.currency, self.settings.minor_units])


def _project() -> Path:
    """The folder of `params/`: here, or above if a notebook was opened in its own folder."""
    here = Path.cwd()
    return here.parent if not (here / "params").is_dir() and (here.parent / "params").is_dir() else here
