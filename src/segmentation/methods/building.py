"""A method from its entry in the parameters: a built-in one by name, or the user's own class."""

import hashlib
import importlib
import inspect
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from segmentation.errors import ParameterError, did_you_mean
from segmentation.methods.abc import ABC
from segmentation.methods.clusters import Clusters
from segmentation.methods.lifetime import LifetimeValue
from segmentation.methods.predicted import PredictedValue
from segmentation.methods.rfm import RFM
from segmentation.methods.scorecard import Scorecard
from segmentation.methods.threshold import Threshold
from segmentation.words.translations import facts

BUILT_IN: dict[str, type] = {
    "ABC": ABC,
    "RFM": RFM,
    "Clusters": Clusters,
    "Threshold": Threshold,
    "Scorecard": Scorecard,
    "PredictedValue": PredictedValue,
    "LifetimeValue": LifetimeValue,
}


def build(
    name: str, options: Mapping[str, Any], tiers: Sequence[str], seed: int, language: str = "en"
) -> Any:
    """The method called `name` in the parameters, with its options.

    The option `use` names the class, a built-in one or `package.module:Class`; without it the name itself
    is one. `tiers` and `seed` are passed on where the class takes them and the options do not give them;
    `language` is the first one of the readers: RFM names its segments as is usual there.
    Raises ParameterError that names the nearest known option.

    >>> build("Monthly spend", {"use": "ABC", "by": "monetary"}, ["A", "B", "C"], 0)
    ABC()
    >>> build("RFM", {"score": 4}, ["A", "B", "C"], 0)
    Traceback (most recent call last):
    segmentation.errors.ParameterError: methods: RFM: unknown option 'score'; did you mean 'scores'?
    """
    where = f"methods: {name}"
    chosen = _class(where, options.get("use", name))
    known = _options_of(chosen)
    given = {key: value for key, value in options.items() if key != "use"}
    for key in given:
        if known is not None and key not in known:
            raise ParameterError(f"{where}: unknown option {key!r}{did_you_mean(str(key), known)}")
    if chosen is RFM:
        given.setdefault("names", facts(language)["rfm_names"])
    for key, value in (("tiers", tuple(tiers)), ("seed", seed)):
        if known is not None and key in known:
            given.setdefault(key, value)
    try:
        return chosen(**given)
    except TypeError as error:
        raise ParameterError(f"{where}: {error}") from None


def own_code(methods: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The sha256 of the files that a user's own methods come from, by method; built-in ones are left out."""
    found = {}
    for name, options in methods.items():
        use = options.get("use", name)
        if isinstance(use, str) and ":" in use:
            path = inspect.getsourcefile(_class(f"methods: {name}", use))
            found[name] = hashlib.sha256(Path(path).read_bytes()).hexdigest() if path else ""
    return found


def _class(where: str, use: Any) -> Any:
    if not isinstance(use, str):
        raise ParameterError(f"{where}: use: expected a class name or package.module:Class, not {use!r}")
    if ":" not in use:
        if use in BUILT_IN:
            return BUILT_IN[use]
        raise ParameterError(
            f"{where}: no method is called {use!r}{did_you_mean(use, list(BUILT_IN))} "
            "Your own is named as use: package.module:Class"
        )
    module, _, attribute = use.partition(":")
    try:
        return getattr(importlib.import_module(module), attribute)
    except ImportError as error:
        raise ParameterError(f"{where}: use: {module!r} cannot be imported: {error}") from None
    except AttributeError:
        raise ParameterError(f"{where}: use: module {module!r} has no class {attribute!r}") from None


def _options_of(chosen: Any) -> list[str] | None:
    """The names of the constructor's options; None if it takes any."""
    parameters = inspect.signature(chosen).parameters.values()
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
        return None
    return [parameter.name for parameter in parameters]
