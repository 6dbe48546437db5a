"""Study: one month's settings, ledger and methods; what a notebook opens, and the results it asks for.

Results are computed by whoever asks first and kept in the store, so that notebooks share them.
"""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import pandas as pd

from segmentation import months
from segmentation.comparison.learning import Past, learn, reason
from segmentation.comparison.shares import tier_shares
from segmentation.errors import DataError, ParameterError
from segmentation.ledger.ledger import Ledger
from segmentation.ledger.profiles import dormant, later_value, order_histories, profile
from segmentation.ledger.pseudonyms import fingerprint, pseudonyms
from segmentation.methods import build
from segmentation.methods.building import own_code
from segmentation.methods.shapes import other_shapes
from segmentation.movement.refit import learned_month
from segmentation.rules import Rule
from segmentation.study.settings import Language, Settings
from segmentation.study.store import Store, digest, ledger_folder

ENVIRONMENT = "SEGMENTATION_SETTINGS"
_PLACES = ("orders", "store", "reports", "notebooks", "overrides")


class Study:
    """Everything that is asked of one month.

    >>> store = getfixture("tmp_path").as_posix()
    >>> study = Study.open({"orders": "demo:cdnow", "month": "1997-12", "store": store})
    >>> study.month, len(study.profile())
    ('1997-12', 23570)
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings.place("store") / "results")
        self._kept: dict[Any, Any] = {}

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

    # -- what happened ---------------------------------------------------------------------------------------

    @property
    def ledger(self) -> Ledger:
        """Customer × month totals, brought up to date with the orders once per study."""
        settings = self.settings
        return self._keep(
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
    def language(self) -> Language:
        """The language of the page."""
        return self.settings.languages[0]

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
        return self._keep(("profile", month, window), lambda: self.shown(self._profile(month, window)))

    def dormant(self, month: str | None = None) -> pd.DataFrame:
        """Customers who ordered before the month's window and not in it: customer_id, last_order."""
        month = month or self.month
        window = self.window_months
        return self._keep(("dormant", month), lambda: self.shown(dormant(self.ledger, month, window)))

    def later_value(self, first: str, last: str) -> pd.DataFrame:
        """The net value of each customer in those months: customer_id, value."""
        return self.shown(later_value(self.ledger, first, last))

    def order_histories(self, month: str | None = None, window: int | None = None) -> pd.DataFrame:
        """Everybody known by the month's end: order days, first and last order, the window's amounts."""
        month, window = month or self.month, window or self.window_months
        return self._keep(
            ("order histories", month, window),
            lambda: self.shown(order_histories(self.ledger, month, window)),
        )

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
        names = self._keep("pseudonyms", self._pseudonyms)
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
        """The profile of a month with a method's `score`, `tier` and, if it has any, `segment`."""
        tiers = self.learned(name or self.settings.official, month)["tiers"]
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

    def tier_shares(self, month: str | None = None) -> pd.DataFrame:
        """Customers and value of every tier under every method."""
        return tier_shares(self.profile(month), self.tiers(month), self.tier_names)

    # -- what the monthly run asks ---------------------------------------------------------------------------

    def prepare(self, progress: Callable[[str], None]) -> None:
        """Compute everything that takes long, so that the notebooks find it in the store."""
        from segmentation.questions.results import prepare

        prepare(self, progress)

    def failed_challengers(self) -> dict[str, str]:
        """The challengers that could not be learned this month or at a trial's origin, with the reason."""
        from segmentation.questions.results import failed_challengers

        return failed_challengers(self)

    def write_artefacts(self, folder: Path) -> None:
        """Write this month's tables, rules and tiers into a folder."""
        from segmentation.command.artefacts import write_artefacts

        write_artefacts(self, folder)

    def inputs(self) -> dict[str, Any]:
        """Everything that decides this month's results, as JSON values without places or credentials."""
        from segmentation.study.inputs import inputs

        return inputs(self)

    def _keep(self, key: Any, make: Callable[[], Any]) -> Any:
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def frames(
        self, name: str, key: Any, make: Callable[[], Mapping[str, pd.DataFrame]]
    ) -> dict[str, pd.DataFrame]:
        """The frames made for this key, by this study or by any other with the same store."""
        return self._keep((name, digest(key)), lambda: self.store.frames(name, key, make))

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
