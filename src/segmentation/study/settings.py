"""The validated parameters: one model for every key that a params file, a notebook or Python may give."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_serializer,
    field_validator,
    model_validator,
)

from segmentation.errors import ParameterError, without_passwords
from segmentation.intake.sources.currencies import digits_of
from segmentation.study.names import LONGEST, same_but_for_case, why_not
from segmentation.study.parameters import read_parameters
from segmentation.study.plain import check_plain
from segmentation.study.project import project_of

MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
Month = Annotated[str, Field(pattern=MONTH)]
Language = Literal["en", "zh"]
# as many as the official method's best tier holds, a share of the customers (0.2), or a number (500)
Capacity = Literal["official"] | Annotated[float, Field(gt=0, lt=1)] | Annotated[int, Field(ge=1)]

ENVIRONMENT = "SEGMENTATION_SETTINGS"  # where the monthly run tells its notebooks the settings
TABLES = ("orders", "customers", "payments")  # each a path, or a mapping with one
_OF_A_SOURCE = {"path", "table", "query", "encoding", "sheet"}
_PLACES = ("store", "reports", "notebooks", "root")
_DEFAULT_METHODS: dict[str, dict[str, Any]] = {"ABC": {}, "RFM": {}, "Clusters": {}}


class Settings(BaseModel):
    """Everything a study depends on; relative paths resolve from `root`, the project's folder.

    >>> settings = Settings.of({"orders": "demo:cdnow", "month": "1997-12"})
    >>> settings.window_months, settings.official, settings.orders["path"]
    (12, 'ABC', 'demo:cdnow')
    >>> Settings.of({"month": "1997-13"})
    Traceback (most recent call last):
    segmentation.errors.ParameterError: parameters: month: '1997-13' does not look like "2017-12" (year-month)
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    root: Path = Path()
    orders: dict[str, Any] = {"path": "demo:complete-journey"}
    customers: dict[str, Any] | None = None
    payments: dict[str, Any] | None = None
    month: Month | None = None
    currency: str = "USD"
    minor_units: Annotated[int, Field(ge=0, le=6)] = 2
    timezone: str | None = None
    window_months: Annotated[int, Field(ge=1, le=120)] = 12
    tiers: dict[str, str] = {"A": "Key", "B": "Main", "C": "Ordinary"}
    methods: Annotated[dict[str, dict[str, Any]], Field(min_length=1)] = _DEFAULT_METHODS
    official: str = ""
    refit: Literal["monthly", "quarterly", "yearly"] = "monthly"
    damping_months: Annotated[int, Field(ge=1, le=12)] = 1
    overrides: str | None = None
    holdout_months: Annotated[int, Field(ge=1, le=60)] = 3
    origins: Annotated[int, Field(ge=0, le=60)] | list[Month] = 4
    capacity: Capacity | Annotated[list[Capacity], Field(min_length=1)] = ["official", 0.20, 0.05]
    horizon_months: Annotated[int, Field(ge=1, le=12)] = 3
    hiatus_days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    cost_of_missing: Annotated[float, Field(ge=0)] | None = None
    cost_of_waste: Annotated[float, Field(ge=0)] | None = None
    gates: dict[str, Any] = {}
    quiet_month: Literal["stop", "allow"] = "stop"
    span: Annotated[int, Field(ge=1)] = 50
    score_by: list[str] = []
    minimum_cell: Annotated[int, Field(ge=1, le=1000)] = 5
    language: Language | Annotated[list[Language], Field(min_length=1)] = "en"
    show_customer_ids: bool = True
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    notebook_timeout: Annotated[int, Field(ge=1, le=604_800)] = 600
    notebooks: str = "notebooks"
    store: str = ".segmentation"
    reports: str = "reports"

    @model_validator(mode="before")
    @classmethod
    def _expand(cls, values: Any) -> Any:
        """Spell out what is not said: orders as a path, the currency's digits, the first method as official."""
        values = dict(values)
        for table in TABLES:
            if isinstance(values.get(table), str | list):
                values[table] = {"path": values[table]}
        if isinstance(values.get("orders"), Mapping):
            values["orders"] = _spelled_out(values["orders"])
        methods = values.get("methods")
        if isinstance(methods, list) and all(isinstance(name, str) for name in methods):
            methods = dict.fromkeys(methods)
        if isinstance(methods, Mapping):
            values["methods"] = {name: _options(options) for name, options in methods.items()}
        tiers = values.get("tiers")
        if isinstance(tiers, list) and all(isinstance(name, str) for name in tiers):
            values["tiers"] = {name: name for name in tiers}
        if values.get("minor_units") is None and isinstance(values.get("currency"), str):
            values["minor_units"] = digits_of(values["currency"])
        if not values.get("official"):
            values["official"] = next(iter(values.get("methods") or _DEFAULT_METHODS), "")
        return values

    @field_validator("month", mode="before")
    @classmethod
    def _a_month(cls, month: Any) -> Any:
        if month is not None and not isinstance(month, str):
            raise ValueError(f"{month!r} is not a month; write it with a hyphen, such as 2017-11")
        return month

    @field_serializer("methods", when_used="json")
    def _named(self, methods: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """The methods as JSON values: a class is named."""
        return {
            name: {k: f"{v.__module__}:{v.__qualname__}" if isinstance(v, type) else v for k, v in of.items()}
            for name, of in methods.items()
        }

    @field_validator("methods")
    @classmethod
    def _names_of_methods(cls, methods: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        if same := same_but_for_case(methods):
            raise ValueError(f"{same[0]!r} and {same[1]!r} differ only in case; rename one")
        return _named_well(methods, "a method", file=True)

    @field_validator("tiers")
    @classmethod
    def _some_tiers(cls, tiers: dict[str, str]) -> dict[str, str]:
        if len(tiers) < 2:
            raise ValueError("needs at least two tiers, best first, such as {A: Key, B: Main, C: Ordinary}")
        for label in tiers.values():
            if len(label) > LONGEST or not label.isprintable():
                raise ValueError(
                    f"{label[:LONGEST]!r} cannot be a label: at most {LONGEST} characters to show"
                )
        return _named_well(tiers, "a tier", file=False)

    @model_validator(mode="after")
    def _official_is_a_method(self) -> Self:
        if self.official not in self.methods:
            raise ValueError(f"official: {self.official!r} is not among methods: {', '.join(self.methods)}")
        return self

    @classmethod
    def of(cls, values: Mapping[str, Any], root: Path | str | None = None, where: str = "parameters") -> Self:
        """Validate a mapping of keys to JSON values; `where` is named in errors.

        Raises ParameterError with the key, the value and the nearest known key.
        """
        for key in values:
            if key not in cls.model_fields or key == "root":
                near = difflib.get_close_matches(str(key), [k for k in cls.model_fields if k != "root"], n=1)
                hint = f"; did you mean {near[0]!r}?" if near else f"; known keys: {', '.join(cls.names())}"
                raise ParameterError(f"{where}: unknown key {key!r}{hint}")
        check_plain(values, where)
        try:
            return cls.model_validate({**values, "root": Path(root or ".").resolve()})
        except ValidationError as error:
            sentences = {_key(e): _sentence(where, e) for e in reversed(error.errors())}
            raise ParameterError("\n".join(reversed(sentences.values()))) from None

    @classmethod
    def load(cls, path: Path | str) -> Self:
        """Read and validate a params file; its project root is the folder that holds `params/`.

        Raises ParameterError for a missing file, YAML that is not plain data, a bad key or value, or a file
        that names no orders: nobody who forgets them wants the demo's.
        """
        path = Path(path).resolve()
        values = read_parameters(path)
        orders = values.pop("orders", None)
        settings = cls.of(
            values | ({"orders": orders} if orders else {}), root=project_of(path), where=path.name
        )
        if not orders:
            raise ParameterError(
                f"{path.name}: orders are missing; name them, such as `orders: sales.csv`, "
                "or `orders: demo:complete-journey` for the demo"
            )
        return settings

    @classmethod
    def names(cls) -> list[str]:
        """The names of all keys that a params file may give."""
        return [key for key in cls.model_fields if key != "root"]

    @property
    def capacities(self) -> tuple[float | int | str, ...]:
        """The capacities to judge at; the first one decides."""
        return tuple(self.capacity) if isinstance(self.capacity, list) else (self.capacity,)

    @property
    def languages(self) -> tuple[Language, ...]:
        """The page languages asked for, first one first."""
        return (self.language,) if isinstance(self.language, str) else tuple(self.language)

    def place(self, key: str) -> Path:
        """The absolute path of `store`, `reports`, `notebooks` or `overrides`."""
        return (self.root / getattr(self, key)).resolve()

    def without_places(self) -> dict[str, Any]:
        """The settings that decide what a report says, as JSON values: no locations and no credentials."""
        values = self.model_dump(mode="json", exclude=set(_PLACES) | {"notebook_timeout"})
        for table in TABLES:
            said = getattr(self, table)
            values[table] = said and {k: v for k, v in said.items() if k not in _OF_A_SOURCE or _is_demo(v)}
        values["overrides"] = self.overrides is not None
        return values


def _spelled_out(orders: Mapping[str, Any]) -> dict[str, Any]:
    """The orders with a pattern that stands alone as a list of one; a number as a sheet is refused."""
    sheet = orders.get("sheet")
    for name in sheet if isinstance(sheet, list) else [sheet]:
        if name is not None and not isinstance(name, str):
            raise ValueError(f"orders.sheet: {name!r} is not a name; write the sheet's name in quotes")
    lists = {"test_customers", "not_products"}
    return {k: [v] if k in lists and isinstance(v, str) else v for k, v in orders.items()}


def _named_well(values: dict[str, Any], what: str, file: bool) -> dict[str, Any]:
    """The same mapping, if its keys can be the names of columns and headings, and of files."""
    for name in values:
        if reason := why_not(name, file):
            raise ValueError(f"{name[:LONGEST]!r} cannot be the name of {what}: it {reason}")
    return values


def _options(given: Any) -> Any:
    """A method's options; nothing stands for the usual ones, a class for itself."""
    if given is None:
        return {}
    return {"use": given} if isinstance(given, type) else given


def _is_demo(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("demo:")


def _key(error: Any) -> str:
    """The key at fault, without the names of the alternatives that pydantic tried."""
    tried = ("constrained-", "literal[", "list[", "dict[")
    parts = [str(part) for part in error["loc"]]
    return ".".join(p for p in parts if not p.startswith(tried) and p not in ("int", "float", "str"))


def _sentence(where: str, error: Any) -> str:
    """Pydantic's finding as one sentence for the user."""
    key = _key(error)
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "string_pattern_mismatch":
        message = f'{error["input"]!r} does not look like "2017-12" (year-month)'
    elif error["type"] != "value_error":
        message = f"{message[0].lower()}{message[1:]} (got {_short(error['input'])})"
    return f"{where}: {key}: {message}" if key else f"{where}: {message}"


def _short(value: Any) -> str:
    text = without_passwords(repr(value))
    return text if len(text) <= 80 else f"{text[:77]}..."
