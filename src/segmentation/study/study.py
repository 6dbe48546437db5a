"""Study: one month's settings, ledger and methods, and what a notebook opens.

Results are computed by whoever asks first and kept in the store, so that notebooks share them.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self, cast

import pandas as pd

from segmentation import months
from segmentation.comparison.learning import Past, learn, reason
from segmentation.errors import DataError, ParameterError, did_you_mean
from segmentation.methods import build
from segmentation.methods.shapes import other_shapes
from segmentation.movement.refit import learned_month
from segmentation.rules import Rule
from segmentation.study.facts import FACTS, fact_named
from segmentation.study.history import History
from segmentation.study.notebook import given
from segmentation.study.presenting import Presenting
from segmentation.study.project import project
from segmentation.study.settings import ENVIRONMENT, Settings

# another value of these is another ledger
_OF_THE_LEDGER = {"orders", "root", "store", "currency", "minor_units", "timezone"}
_PLACES = ("orders", "customers", "payments", "store", "reports", "notebooks", "overrides")


class Study(History, Presenting):
    """Everything that is asked of one month.

    >>> store = getfixture("tmp_path").as_posix()
    >>> study = Study.open({"orders": "demo:cdnow", "month": "1997-12", "store": store})
    >>> study.month, len(study.profile())
    ('1997-12', 23570)
    """

    @classmethod
    def open(cls, source: "Settings | Mapping[str, Any] | Path | str") -> Self:
        """Open a study from Settings, a params file's path, a mapping of keys, or a notebook's `globals()`.

        From `globals()` every settings key is picked out; where the monthly run executes the notebook, the
        places (orders, store, reports …) come from it. Raises ParameterError for anything not valid, also
        for a parameter that nobody knows.
        """
        if isinstance(source, Settings):
            return cls(source)
        if isinstance(source, str | Path):
            return cls(Settings.load(source))
        if "__builtins__" not in source:
            return cls(Settings.of(source, root=project()))
        values = given(source)
        if ENVIRONMENT not in os.environ:
            return cls(Settings.of(values, root=project()))
        run = json.loads(os.environ[ENVIRONMENT])
        root = run.pop("root")
        return cls(Settings.of({**run, **{k: v for k, v in values.items() if k not in _PLACES}}, root=root))

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
        other = type(self)(Settings.of({**values, **changes}, root=root))
        if changes.keys().isdisjoint(_OF_THE_LEDGER):
            other.remembered("ledger", lambda: self.ledger)
        return other

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

    # -- what the methods make of them -----------------------------------------------------------------------

    def methods(self) -> dict[str, Any]:
        """The methods as the settings name them, not yet fitted."""
        made, root = self.settings.methods, self.settings.root
        return {name: build(name, made[name], self.tier_names, self.settings.seed, root) for name in made}

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
        return self.mask()(str(found["failed"]["reason"].iloc[0])) if "failed" in found else ""

    def _learn(self, name: str, month: str) -> dict[str, pd.DataFrame]:
        learned_at = self.learned_at(name, month)
        profile = self.profile(month)
        try:
            method = self._as_before(self.methods()[name], name, learned_at)
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

    def _as_before(self, method: Any, name: str, month: str) -> Any:
        """The method, carrying over what the month before chose (a number of clusters and their names).

        A method that does so offers `carrying(rule)`. Each year begins anew in January, so that no month
        hangs on more than a year of months before it.
        """
        full = months.add(self.ledger.first, self.window_months - 1)
        before = months.add(month, -1)
        if not hasattr(method, "carrying") or before < full or month.endswith("-01"):
            return method
        try:
            rule = self.rule(name, before)
        except DataError:
            return method
        return method if rule is None else method.carrying(rule)

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
