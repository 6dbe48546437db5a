"""Facts: what a question computes, once a study; kept in the store, prepared ahead, published as a CSV."""

import functools
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any, Generic, ParamSpec, Protocol, TypeVar, cast, overload

import pandas as pd

from segmentation import months
from segmentation.errors import DataError, ParameterError, did_you_mean
from segmentation.show.tables import Block
from segmentation.words.reader import Sentence, sentence

P = ParamSpec("P")
Result = TypeVar("Result")

# what every kept fact may read of the settings: it is in every key
ALWAYS = frozenset(
    {
        *("root", "month", "orders", "currency", "minor_units", "timezone", "window_months", "tiers"),
        *("methods", "official", "refit", "seed", "show_customer_ids", "store"),
        *("customers", "payments", "score_by"),
    }
)
FACTS: "dict[str, Fact[Any, Any]]" = {}


class Asked(Protocol):
    """What a fact asks of a study."""

    reading: "list[Fact[Any, Any]]"

    @property
    def month(self) -> str:
        """The month."""

    @property
    def settings(self) -> Any:
        """The settings."""

    @property
    def past(self) -> list[str]:
        """The last months whose window is complete."""

    @property
    def has_month_before(self) -> bool:
        """Whether the orders reach back to the month before."""

    @property
    def ledger(self) -> Any:
        """Customer × month totals."""

    def responsible(self) -> pd.DataFrame:
        """Who looks after each customer."""

    def remembered(self, key: Any, make: Callable[[], Any]) -> Any:
        """What was made for this key, made once."""

    def frames(self, name: str, key: Any, make: Callable[[], Mapping[str, pd.DataFrame]]) -> Any:
        """The frames made for this key, from the store if anybody made them before."""

    def question(self, month: str) -> dict[str, Any]:
        """What every result of a month depends on."""

    def answer(self, *sentences: str | Sentence, kind: Any = "neutral") -> Block:
        """The answer of a page."""


class Absent(DataError):
    """What a fact needs is not there; `why` says it to the reader."""

    def __init__(self, why: Sentence) -> None:
        super().__init__(str(why))
        self.why = why


@dataclass(frozen=True)
class Need:
    """What a fact may need: whether a study has it, and what is said where it has not."""

    met: Callable[[Asked], bool]
    why: Callable[[Asked], Sentence]

    def unmet(self, study: Asked) -> Sentence | None:
        """What is said where the study has it not; None where it has."""
        return None if self.met(study) else self.why(study)


def has_a_window_ago(study: Asked) -> bool:
    """Whether the orders hold a whole window before this month's."""
    return study.ledger.first <= months.add(study.month, 1 - 2 * int(study.settings.window_months))


def _past(count: int, text: str) -> Need:
    """So many months whose window is complete."""
    return Need(
        lambda study: len(study.past) >= count,
        lambda study: sentence(text, n=study.settings.window_months, first=study.ledger.first),
    )


NEEDS: dict[str, Need] = {
    "month_before": Need(
        lambda study: study.has_month_before,
        lambda study: sentence("There is no month before {month:month} to compare with.", month=study.month),
    ),
    "two_months": _past(
        2,
        "Two months whose window of {n:integer} {n:month|months} is complete are needed to compare; "
        "the orders reach back to {first:month}.",
    ),
    "three_months": _past(
        3,
        "Three months whose window of {n:integer} {n:month|months} is complete are needed to compare; "
        "the orders reach back to {first:month}.",
    ),
    "a_window_ago": Need(
        lambda study: has_a_window_ago(study),
        lambda study: sentence(
            "What these pages say is untried on these customers: to hold a claim against what came, it needs "
            "{need:integer} months of orders (two windows that do not overlap); there {n:is|are} {n:integer}.",
            need=2 * study.settings.window_months,
            n=len([month for month in study.ledger.months if month <= study.month]),
        ),
    ),
    "months_before": Need(
        lambda study: study.ledger.first <= months.add(study.month, -3),
        lambda study: sentence(
            "Who is a new customer cannot be told: the orders reach back only to {first:month}.",
            first=study.ledger.first,
        ),
    ),
    "a_year_ago": Need(
        lambda study: study.ledger.first <= months.add(study.month, -11 - study.settings.window_months),
        lambda study: sentence(
            "The same months a year ago are not known: the orders reach back to {first:month}.",
            first=study.ledger.first,
        ),
    ),
    "overrides": Need(
        lambda study: study.settings.overrides is not None,
        lambda study: sentence("No tier was set by hand."),
    ),
    "account_managers": Need(
        lambda study: len(study.responsible().columns) > 1,
        lambda study: sentence(
            "The orders name no account managers (a column account_manager or branch), or ids are not shown."
        ),
    ),
}


class Fact(Generic[P, Result]):
    """A function of a study (and of what else it is asked for) whose result is computed once a study.

    Attributes:
        name: the function's name; published as tables/<name>.csv.
        meaning: the first line of its docstring.
        keep: whether the result is kept in the store, for other studies of the same data and settings.
        publish: whether a run publishes it.
        needs: what must be there, see NEEDS; without it the fact is Absent.
        reads: the settings that it reads beside those that every key holds; reading another one is an error.
        prepare: what a run tells while it computes the fact ahead of the notebooks; empty: it does not.
    """

    def __init__(
        self,
        make: Callable[P, Result],
        *,
        keep: bool,
        publish: bool,
        needs: Sequence[str],
        reads: Sequence[str],
        prepare: str,
    ) -> None:
        functools.update_wrapper(self, make)
        self.make = make
        self.name: str = make.__name__
        self.meaning = (make.__doc__ or "").strip().split("\n")[0]
        self.keep, self.publish, self.prepare = keep, publish, prepare
        self.needs, self.reads = tuple(needs), frozenset(reads)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Result:
        """The fact of a study; raises Absent where something that it needs is not there."""
        study = cast(Asked, args[0])
        if missing := self.missing(study):
            raise Absent(missing)
        asked = [*args[1:], *sorted(kwargs.items())]
        with declared(study, self):
            return study.remembered(
                ("fact", self.name, *asked), lambda: self._made(study, asked, args, kwargs)
            )

    def missing(self, study: Asked) -> Sentence | None:
        """What is not there that the fact needs; None where all is."""
        return next((why for need in self.needs if (why := NEEDS[need].unmet(study))), None)

    def _made(self, study: Asked, asked: list[Any], args: Any, kwargs: Any) -> Any:
        if not self.keep:
            return self.make(*args, **kwargs)
        settings = study.settings.model_dump(mode="json", include=set(self.reads))
        key = {
            **study.question(study.month),
            "official": study.settings.official,
            "refit": study.settings.refit,
        }
        key |= {"methods": study.settings.methods, "asked": asked, "reads": settings}
        kind: Any = typing.get_type_hints(self.make)["return"]
        found = study.frames(self.name, key, lambda: _parts(self.make(*args, **kwargs)))
        return found["frame"] if kind is pd.DataFrame else kind(**found)


def _parts(result: Any) -> Mapping[str, pd.DataFrame]:
    """The frames of a result: itself, or the fields of a dataclass of frames."""
    if isinstance(result, pd.DataFrame):
        return {"frame": result}
    return {field.name: getattr(result, field.name) for field in fields(result)}


@overload
def fact(make: Callable[P, Result], /) -> Fact[P, Result]: ...
@overload
def fact(
    *,
    keep: bool = False,
    publish: bool = True,
    needs: Sequence[str] = (),
    reads: Sequence[str] = (),
    prepare: str = "",
) -> Callable[[Callable[P, Result]], Fact[P, Result]]: ...
def fact(
    make: Callable[P, Result] | None = None,
    /,
    *,
    keep: bool = False,
    publish: bool = True,
    needs: Sequence[str] = (),
    reads: Sequence[str] = (),
    prepare: str = "",
) -> Any:
    """Make a function of a study a fact, see Fact; it gives a frame or, unpublished, a dataclass of frames.

    Raises TypeError for a second fact of the same name.
    """

    def register(function: Callable[P, Result]) -> Fact[P, Result]:
        made = Fact(function, keep=keep, publish=publish, needs=needs, reads=reads, prepare=prepare)
        known = FACTS.setdefault(made.name, made)
        if known.make.__module__ != function.__module__:
            raise TypeError(
                f"two facts are called {made.name}: in {known.make.__module__} and {function.__module__}"
            )
        FACTS[made.name] = made
        return made

    return register if make is None else register(make)


def fact_named(name: str) -> Fact[Any, Any]:
    """The fact of that name; ParameterError names the nearest one."""
    if name not in FACTS:
        raise ParameterError(f"there is no fact called {name!r}{did_you_mean(name, list(FACTS))}")
    return FACTS[name]


@contextmanager
def declared(study: Asked, asked: Fact[Any, Any]) -> Iterator[None]:
    """Hold a kept fact, and every fact that it asks for, to the settings that it says it reads.

    Otherwise the store would hand out its result under other settings. Raises TypeError.
    """
    outer = study.reading[-1] if study.reading else None
    if outer is not None and asked.keep and not asked.reads <= outer.reads:
        more = sorted(asked.reads - outer.reads)
        raise TypeError(f"{outer.name} asks for {asked.name}, which reads {more}: say so in its `reads`")
    if not asked.keep:
        yield
        return
    study.reading.append(asked)
    try:
        yield
    finally:
        study.reading.pop()


class Declared:
    """The settings as a kept fact may read them."""

    _BEHIND: typing.ClassVar = {"capacities": "capacity", "languages": "language"}

    def __init__(self, settings: Any, asked: Fact[Any, Any]) -> None:
        self._settings, self._asked = settings, asked

    def __getattr__(self, name: str) -> Any:
        key = self._BEHIND.get(name, name)
        if key in type(self._settings).model_fields and key not in ALWAYS | self._asked.reads:
            raise TypeError(f"{self._asked.name} reads the setting {key!r}: say so in its `reads`")
        return getattr(self._settings, name)


def piece(make: Callable[P, Result]) -> Callable[P, Result | Block]:
    """What a page shows, as a function of a study; where a fact that it asks for is absent, it says why."""

    @functools.wraps(make)
    def shown(*args: P.args, **kwargs: P.kwargs) -> Result | Block:
        try:
            return make(*args, **kwargs)
        except Absent as absent:
            study = cast(Asked, args[0])
            return study.answer(absent.why, kind="caution")

    return shown
