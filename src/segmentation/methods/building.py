"""A method from its entry in the parameters: a built-in one by name, or the user's own class."""

import inspect
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from segmentation.errors import ParameterError, SegmentationError, did_you_mean
from segmentation.methods.abc import ABC
from segmentation.methods.clusters import Clusters
from segmentation.methods.lifetime import LifetimeValue
from segmentation.methods.own import checked, class_of, digest_of, is_declared
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
    name: str,
    options: Mapping[str, Any],
    tiers: Sequence[str],
    seed: int,
    root: Path | str = ".",
) -> Any:
    """The method called `name` in the parameters, with its options.

    The option `use` names the class: a built-in one, `module:Class` beside the params file of the project
    `root` or in an installed package that declares it, or in Python the class itself; without it the name
    itself is one. `tiers` and `seed` are passed on where the class takes them and the options do not give
    them. Raises ParameterError that names the nearest known option.

    >>> build("Monthly spend", {"use": "ABC", "by": "monetary"}, ["A", "B", "C"], 0)
    ABC()
    >>> build("RFM", {"score": 4}, ["A", "B", "C"], 0)
    Traceback (most recent call last):
    segmentation.errors.ParameterError: methods: RFM: unknown option 'score'; did you mean 'scores'?
    """
    where = f"methods: {name}"
    chosen = _class(where, options.get("use", name), Path(root))
    known = _options_of(chosen)
    given = {key: value for key, value in options.items() if key != "use"}
    for key in given:
        if known is not None and key not in known:
            raise ParameterError(f"{where}: unknown option {key!r}{did_you_mean(str(key), known)}")
    if chosen is RFM:
        given.setdefault("names", facts("en")["rfm_names"])
    for key, value in (("tiers", tuple(tiers)), ("seed", seed)):
        if known is not None and key in known:
            given.setdefault(key, value)
    try:
        return chosen(**given)
    except TypeError as error:
        raise ParameterError(f"{where}: {error}") from None
    except SegmentationError:
        raise
    except (Exception, SystemExit) as error:  # whatever a user's own class raises
        raise ParameterError(f"{where}: {type(error).__name__}: {error}") from None


def as_usual(methods: Mapping[str, Mapping[str, Any]], language: str) -> dict[str, dict[str, Any]]:
    """The methods with what is usual where a language is spoken: RFM names its segments as readers there do.

    >>> as_usual({"RFM": {}, "ABC": {}}, "zh")
    {'RFM': {'names': 'eight'}, 'ABC': {}}
    """
    usual = {"names": facts(language)["rfm_names"]}
    own = usual["names"] != facts("en")["rfm_names"]
    return {
        name: {**usual, **options} if own and options.get("use", name) == "RFM" else dict(options)
        for name, options in methods.items()
    }


def own_code(methods: Mapping[str, Mapping[str, Any]], root: Path | str = ".") -> dict[str, str | None]:
    """The digest of the code of a user's own methods as it was loaded, by method; built-in ones are left out.

    None stands for a class at hand whose code cannot be told from its like: its results are not to be kept.
    """
    return {
        name: digest_of(f"methods: {name}", use, Path(root))
        for name, options in methods.items()
        if isinstance(use := options.get("use", name), type) or _is_own(use)
    }


def _is_own(use: Any) -> bool:
    return isinstance(use, str) and use not in BUILT_IN and (":" in use or is_declared(use))


def _class(where: str, use: Any, root: Path) -> Any:
    if isinstance(use, type):
        return checked(where, use, use.__qualname__)
    if not isinstance(use, str):
        raise ParameterError(f"{where}: use: expected a class name or module:Class, not {use!r}")
    if use in BUILT_IN:
        return BUILT_IN[use]
    if _is_own(use):
        return class_of(where, use, root)
    raise ParameterError(
        f"{where}: no method is called {use!r}{did_you_mean(use, list(BUILT_IN))} Your own is named as "
        "use: module:Class"
    )


def _options_of(chosen: Any) -> list[str] | None:
    """The names of the constructor's options; None if it takes any."""
    try:
        parameters = inspect.signature(chosen).parameters.values()
    except (TypeError, ValueError):  # a class written in C
        return None
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
        return None
    return [parameter.name for parameter in parameters]
