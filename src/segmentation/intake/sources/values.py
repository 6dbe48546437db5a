"""What a source's columns mean, by their types: ids, moments, whole minor units, as layers of expressions.

A layer is a set of named expressions over the names of the layers before it; so each step of reading a value
is computed once, and what is plain skips the steps for what is oddly written.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from segmentation.engine import identifier

_SIGNED = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_WHOLE = _SIGNED + tuple("U" + kind for kind in _SIGNED)

Layer = dict[str, str]


@dataclass(frozen=True)
class Column:
    """A column of the source with its type in the engine."""

    name: str
    kind: str

    @property
    def is_text(self) -> bool:
        """Whether its values have to be read as text."""
        return not (self.is_number or self.is_moment)

    @property
    def is_float(self) -> bool:
        """Whether its values are binary fractions."""
        return self.kind in ("DOUBLE", "FLOAT")

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers already."""
        return self.is_float or self.kind in _WHOLE or self.kind.startswith("DECIMAL")

    @property
    def is_moment(self) -> bool:
        """Whether its values are dates or times already."""
        return self.kind == "DATE" or self.kind.startswith("TIMESTAMP")

    @property
    def sql(self) -> str:
        """The column itself; single precision as the double of its shortest text, other kinds as text."""
        quoted = identifier(self.name)
        if self.kind == "FLOAT":
            return f"CAST(CAST({quoted} AS VARCHAR) AS DOUBLE)"
        if self.is_text and self.kind != "VARCHAR":
            return f"CAST({quoted} AS VARCHAR)"
        return quoted

    @property
    def raw(self) -> str:
        """The value as it stands in the source, as text."""
        return f"CAST({identifier(self.name)} AS VARCHAR)"


def identity(column: Column) -> str:
    """Give the expression of an identifier as text: 007 stays 007, and 17850.0 is 17850."""
    if column.is_float:
        return f"id_of_double({column.sql})"
    return f"identifier_of({column.sql})" if column.is_text else f"CAST({column.sql} AS VARCHAR)"


def moment(column: Column, name: str, *, plain: bool = False, form: bool = False) -> list[Layer]:
    """Give the layers that make `name`, a timestamp or NULL, and `name_empty`, from a date or time.

    With `form`, what is written as :date_format says is read so first. With `plain`, only what is written
    plainly is read, which takes less time.
    """
    n, value = name, f"{name}_value"
    if not column.is_text:
        if column.kind == "TIMESTAMP WITH TIME ZONE":
            whole = f"timezone(CASE WHEN :zone = '' THEN 'UTC' ELSE :zone END, {value})"
        elif column.is_moment:
            whole = f"CAST({value} AS TIMESTAMP)"
        else:
            number = f"CAST({value} AS DOUBLE)"
            whole = f"COALESCE(moment_of_number({number}), unix_moment({number}, :zone))"
        return [{value: column.sql}, {name: whole, f"{name}_empty": f"({value} IS NULL)"}]
    if plain and not form:
        return [{value: column.sql}, {name: f"plain_moment({value})", f"{name}_empty": f"({value} IS NULL)"}]
    first, last, clock = f"{n}_first", f"{n}_last", f"{n}_clock"
    day_word, word_day = f"{n}_day_word", f"{n}_word_day"
    by_word = f"{n}_named IS NOT NULL"
    is_first, by_day, by_year = f"{first}.y <> ''", ":first = 'day'", ":first = 'year'"
    last_is_known = f"{last}.y <> '' AND :first <> ''"
    shortly = f"{by_year} AND length({last}.y) = 2"
    half = f"concat({clock}.before, {clock}.behind)"
    return [
        {value: column.sql},
        {
            f"{n}_plain": f"COALESCE(try_strptime(stripped({value}), :date_format), plain_moment({value}))"
            if form
            else f"plain_moment({value})"
        },
        {f"{n}_text": f"CASE WHEN {n}_plain IS NULL THEN cleaned({value}) END"},
        {
            f"{n}_odd": f"without_weekday(half_width({n}_text))",
            f"{n}_empty": f"({n}_plain IS NULL AND {n}_text IS NULL)",
        },
        {
            first: f"year_first({n}_odd)",
            last: f"year_last({n}_odd)",
            day_word: f"day_then_word({n}_odd)",
            word_day: f"word_then_day({n}_odd)",
        },
        {f"{n}_word": f"COALESCE(NULLIF({day_word}.m, ''), {word_day}.m)"},
        {f"{n}_named": f"month_by_name({n}_word)"},
        {
            f"{n}_y": f"CASE WHEN {by_word} THEN COALESCE(NULLIF({day_word}.y, ''), {word_day}.y) "
            f"WHEN {is_first} THEN {first}.y WHEN {shortly} THEN {last}.a "
            f"WHEN {last_is_known} AND NOT {by_year} THEN {last}.y END",
            f"{n}_m": f"CASE WHEN {by_word} THEN CAST({n}_named AS VARCHAR) WHEN {is_first} THEN {first}.m "
            f"WHEN {by_day} OR {by_year} THEN {last}.b ELSE {last}.a END",
            f"{n}_d": f"CASE WHEN {by_word} THEN COALESCE(NULLIF({day_word}.d, ''), {word_day}.d) "
            f"WHEN {is_first} THEN {first}.d WHEN {by_year} THEN {last}.y "
            f"WHEN {by_day} THEN {last}.a ELSE {last}.b END",
            f"{n}_time": f"trim(CASE WHEN {by_word} THEN CASE WHEN {day_word}.d <> '' THEN {day_word}.clock "
            f"ELSE {word_day}.clock END WHEN {is_first} THEN {first}.clock ELSE {last}.clock END)",
        },
        {f"{n}_letters": rf"regexp_extract({n}_time, '[0-9mM.]\s+([A-Za-z]+)$', 1)"},
        {f"{n}_offset": f"offset_of({n}_letters)"},
        {
            f"{n}_zoned": f"CASE WHEN {n}_offset IS NULL THEN {n}_time "
            rf"ELSE regexp_replace({n}_time, '\s+[A-Za-z]+$', concat(' ', {n}_offset)) END"
        },
        {clock: f"clock_of({n}_zoned)"},
        {
            f"{n}_seconds": f"CASE WHEN {n}_time = '' THEN 0 WHEN {clock}.h <> '' THEN seconds_of("
            f"CASE WHEN {half} IN ('上午', '下午') THEN {half} ELSE left(lower({half}), 1) END, "
            f"TRY_CAST({clock}.h AS INTEGER), "
            f"TRY_CAST(concat('0', {clock}.m) AS INTEGER), "
            f"TRY_CAST(replace(concat('0', {clock}.s), ',', '.') AS DOUBLE)) END"
        },
        {f"{n}_written": f"moment_of_parts({n}_y, {n}_m, {n}_d, {n}_seconds)"},
        {
            name: f"COALESCE({n}_plain, in_zone({n}_written, COALESCE({clock}.zone, ''), :zone), "
            f"rare_moment({n}_odd, :zone))"
        },
    ]


def number(column: Column, name: str, unit: int, *, whole: bool, plain: bool = False) -> list[Layer]:
    """Give the layers that read a number; with `plain`, only what is written plainly.

    They make `name_whole`, the minor units where these follow at once (only if `whole`), else `name_exact`
    as DECIMAL(28, 6); `name_empty`; `name_finite`, a number however large; and `name_odd`, written oddly.
    """
    n, value = name, f"{name}_value"
    none = "CAST(NULL AS BIGINT)"
    if column.is_float:
        fast = f"CASE WHEN is_whole({value}, {unit}) THEN CAST(round_even({value} * {unit}, 0) AS BIGINT) END"
        return [
            {value: column.sql},
            {
                f"{n}_whole": fast if whole else none,
                f"{n}_empty": f"({value} IS NULL OR isnan({value}))",
                f"{n}_finite": f"COALESCE(isfinite({value}), FALSE)",
                f"{n}_odd": "FALSE",
            },
            {f"{n}_exact": f"CASE WHEN {n}_whole IS NULL THEN decimal_of_double({value}) END"},
        ]
    if column.is_number:
        return [
            {value: column.sql},
            {
                f"{n}_whole": none,
                f"{n}_exact": f"TRY_CAST({value} AS DECIMAL(28, 6))",
                f"{n}_empty": f"({value} IS NULL)",
                f"{n}_finite": f"({value} IS NOT NULL)",
                f"{n}_odd": "FALSE",
            },
        ]
    simple = f"{n}_simple"
    fast = f"CASE WHEN is_whole({simple}, {unit}) THEN CAST(round_even({simple} * {unit}, 0) AS BIGINT) END"
    simply: list[Layer] = [
        {value: column.sql},
        {simple: f"simple_double({value}, :decimal)"},
        {f"{n}_whole": fast if whole else none},
    ]
    if plain:
        is_left = f"{n}_whole IS NULL AND {simple} IS NOT NULL"
        exact = f"CASE WHEN {is_left} THEN TRY_CAST({value} AS DECIMAL(28, 6)) END"
        return [
            *simply,
            {f"{n}_exact": exact},
            {
                f"{n}_empty": f"({value} IS NULL)",
                f"{n}_odd": f"({value} IS NOT NULL AND {n}_whole IS NULL AND {n}_exact IS NULL)",
                f"{n}_finite": "TRUE",
            },
        ]
    return [
        *simply,
        {f"{n}_text": f"CASE WHEN {n}_whole IS NULL THEN cleaned({value}) END"},
        {
            f"{n}_empty": f"({n}_whole IS NULL AND {n}_text IS NULL)",
            f"{n}_odd": f"({n}_text IS NOT NULL AND NOT COALESCE(isfinite({simple}), FALSE))",
            f"{n}_bare": f"without_currency({n}_text)",
        },
        {f"{n}_signed": f"signed(without_scale({n}_bare))", f"{n}_scale": f"scale_of({n}_bare)"},
        {f"{n}_digits": f"plain_number({n}_signed, :decimal)"},
        {
            f"{n}_exact": f"TRY_CAST(TRY_CAST({n}_digits AS DECIMAL(28, 6)) * {n}_scale AS DECIMAL(28, 6))",
            f"{n}_finite": f"({n}_whole IS NOT NULL OR {n}_digits IS NOT NULL)",
        },
    ]


def select(layers: Sequence[Layer], table: str) -> str:
    """Give the SELECT that computes layer upon layer over a table; only the first one sees its columns.

    >>> select([{"a": "x + 1"}, {"b": "a * 2"}], "t")
    'SELECT *, a * 2 AS b FROM (SELECT x + 1 AS a FROM t) AS layer'
    """
    first, *others = layers
    text = f"SELECT {_named(first)} FROM {table}"
    for layer in others:
        text = f"SELECT *, {_named(layer)} FROM ({text}) AS layer"
    return text


def stacked(*stacks: Sequence[Layer]) -> list[Layer]:
    """Put independent stacks of layers side by side, so that they need no more layers than the highest.

    >>> stacked([{"a": "x"}, {"b": "a"}], [{"c": "y"}])
    [{'a': 'x', 'c': 'y'}, {'b': 'a'}]
    """
    height = max(len(stack) for stack in stacks)
    return [
        {name: sql for stack in stacks if n < len(stack) for name, sql in stack[n].items()}
        for n in range(height)
    ]


def _named(layer: Layer) -> str:
    return ", ".join(f"{sql} AS {name}" for name, sql in layer.items())
