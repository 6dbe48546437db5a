"""A rule as one SELECT in the subset of SQL that DuckDB and Spark run unchanged."""

from segmentation.errors import ParameterError
from segmentation.rules.base import as_sql
from segmentation.rules.centres import SAME, CentresRule
from segmentation.rules.criteria import Criterion, Cuts
from segmentation.rules.points import PointsRule

# The largest double: a comparison that is true for every number and false for NaN, which both engines
# would otherwise count as the largest of all.
_LARGEST = "1.7976931348623157e308"


def _source(table: str) -> str:
    """The table's name, quoted; a dot separates the schema."""
    return ".".join(_quoted(part) for part in table.split("."))


def _quoted(name: str) -> str:
    """The name in backticks, which both engines read.

    >>> _quoted("customer id"), _quoted("a`b")
    ('`customer id`', '`a``b`')
    """
    if not name or "\0" in name:
        raise ParameterError(f"table or column name {name!r}: empty or unreadable")
    return "`" + name.replace("`", "``") + "`"


def _text(text: str) -> str:
    """The text as a literal that both engines read alike, whatever quotes or backslashes it holds.

    >>> _text("Champions"), _text("Can't lose")
    ("'Champions'", "('Can' || CHR(39) || 't lose')")
    """
    parts, plain = [], ""
    for letter in text:
        if letter in "'\\":
            parts += [f"'{plain}'"] * bool(plain) + [f"CHR({ord(letter)})"]
            plain = ""
        else:
            plain += letter
    parts += [f"'{plain}'"] * bool(plain or not parts)
    return parts[0] if len(parts) == 1 else f"({' || '.join(parts)})"


def _double(value: float) -> str:
    """A number as a double: without an exponent DuckDB would read a DECIMAL.

    >>> _double(0.1), _double(241)
    ('0.1e0', '241.0e0')
    """
    text = repr(float(value))
    return text if "e" in text else text + "e0"


def _steps(x: str, cuts: Cuts, better: str, results: list[str], otherwise: str = "") -> str:
    """A CASE from the worst to the best; a value that is NULL or NaN meets no arm."""
    known = [cut for cut in cuts if cut is not None]
    if better == "high":
        arms = [f"WHEN {x} < {_double(cut)} THEN {result}" for cut, result in zip(known, results)]
        arms.append(f"WHEN {x} <= {_LARGEST} THEN {results[len(known)]}")
    else:
        best_first = zip(known[::-1], results[len(known) : 0 : -1])
        arms = [f"WHEN {x} <= {_double(cut)} THEN {result}" for cut, result in best_first]
        arms.append(f"WHEN {x} <= {_LARGEST} THEN {results[0]}")
    return f"CASE {' '.join(arms)}{otherwise} END"


@as_sql.register
def _of_points(rule: PointsRule, table: str, key: str) -> str:
    """The SELECT that gives `key`, `score`, `tier` and, if the rule has segments, `segment`.

    An empty value gives an empty tier where `apply` would refuse.
    """
    source, key = _source(table), _quoted(key)
    floor = [f"CAST({_quoted(rule.floor.column)} AS DOUBLE) AS floor_value"] if rule.floor else []
    kept = [key, *(["floor_value"] if rule.floor else [])]
    if rule.silence:
        gap = f"CAST({_quoted(rule.silence.gap)} AS DOUBLE)" if rule.silence.gap else "0e0"
        floor += [f"CAST({_quoted(rule.silence.column)} AS DOUBLE) AS silent_days", f"{gap} AS usual_gap"]
        kept += ["silent_days", "usual_gap"]
    columns = []
    for n, criterion in enumerate(rule.criteria):
        x = _quoted(criterion.column)
        columns.append(f"{x} AS x{n}" if criterion.categories else f"CAST({x} AS DOUBLE) AS x{n}")
    query = _layer([key, *columns, *floor], source)
    if rule.segments or any(criterion.within for criterion in rule.criteria):
        query, worths = _coded(rule, kept, query)
    else:
        worths = [_worth(rule, criterion, f"x{n}") for n, criterion in enumerate(rule.criteria)]
    codes = [f"k{n}" for n in range(len(rule.criteria))] if rule.segments else []
    if rule.missing == "share":
        query = _layer([*kept, *(f"{worth} AS w{n}" for n, worth in enumerate(worths))], f"({query}) AS p")
        score = _shared(rule)
    else:
        score = " + ".join(worths)
    query = _layer([*kept, *codes, f"{score} AS score"], f"({query}) AS q")
    if rule.segments:
        query = _layer([*kept, "score", f"{_segment(rule)} AS segment"], f"({query}) AS r")
    segment = ["segment"] if rule.segments else []
    return _layer([key, "score", f"{_tier(rule)} AS tier", *segment], f"({query}) AS s")


def _layer(columns: list[str], source: str) -> str:
    return f"SELECT {', '.join(columns)}\nFROM {source}"


def _coded(rule: PointsRule, kept: list[str], query: str) -> tuple[str, list[str]]:
    """Layers that add the code of one criterion after the other, because nested cuts need those before."""
    known: list[str] = []
    values = [f"x{n}" for n in range(len(rule.criteria))]
    for n, criterion in enumerate(rule.criteria):
        query = _layer([*kept, *values, *known, f"{_code(rule, criterion, n)} AS k{n}"], f"({query}) AS c{n}")
        known.append(f"k{n}")
    worths = []
    for n, criterion in enumerate(rule.criteria):
        arms = [f"WHEN {code} THEN {_double(worth)}" for code, worth in enumerate(criterion.worth, start=1)]
        worths.append(f"CASE k{n} {' '.join(arms)} END")
    return query, worths


def _code(rule: PointsRule, criterion: Criterion, n: int) -> str:
    results = [str(code) for code in range(1, criterion.levels + 1)]
    otherwise = " ELSE 1" if rule.missing == "lowest" else ""
    default = _steps(f"x{n}", criterion.cuts or (), criterion.better, results, otherwise)
    arms = []
    for name, cuts in (criterion.within or {}).items():
        cell = " AND ".join(f"k{before} = {code}" for before, code in enumerate(name.split("-")))
        arms.append(f"WHEN {cell} THEN {_steps(f'x{n}', cuts, criterion.better, results, otherwise)}")
    return f"CASE {' '.join(arms)} ELSE {default} END" if arms else default


def _worth(rule: PointsRule, criterion: Criterion, x: str) -> str:
    """Points times weight of one criterion; NULL where the value is empty."""
    if criterion.categories is not None:
        worth = {name: points * criterion.weight for name, points in criterion.categories.items()}
        arms = [f"WHEN {_text(name)} THEN {_double(value)}" for name, value in worth.items()]
        lowest = f" ELSE {_double(min(worth.values()))}" if rule.missing == "lowest" else ""
        return f"CASE {x} {' '.join(arms)}{lowest} END"
    if criterion.cuts is None:
        lowest = " ELSE CAST('-Infinity' AS DOUBLE)" if rule.missing == "lowest" else ""
        return f"CASE WHEN {x} <= {_LARGEST} THEN {x if criterion.better == 'high' else '-' + x}{lowest} END"
    results = [_double(worth) for worth in criterion.worth]
    otherwise = f" ELSE {results[0]}" if rule.missing == "lowest" else ""
    return _steps(x, criterion.cuts, criterion.better, results, otherwise)


def _shared(rule: PointsRule) -> str:
    """The sum over what is there, scaled up by the weight of what is not."""
    places = range(len(rule.criteria))
    total = " + ".join(["0e0", *(f"COALESCE(w{n}, 0e0)" for n in places)])
    there = " + ".join(
        f"CASE WHEN w{n} IS NULL THEN 0e0 ELSE {_double(rule.criteria[n].weight)} END" for n in places
    )
    whole = 0.0
    for criterion in rule.criteria:
        whole += criterion.weight
    complete = " AND ".join(f"w{n} IS NOT NULL" for n in places)
    return f"CASE WHEN {complete} THEN {total} ELSE ({total}) / NULLIF({there}, 0e0) * {_double(whole)} END"


def _segment(rule: PointsRule) -> str:
    arms = []
    for segment in rule.segments:
        boxes = [
            " AND ".join(
                f"k{n} BETWEEN {box[c.code][0]} AND {box[c.code][1]}"
                for n, c in enumerate(rule.criteria)
                if c.code in box
            )
            or "TRUE"
            for box in segment.where
        ]
        condition = " OR ".join(f"({box})" for box in boxes) or "TRUE"
        arms.append(f"WHEN {condition} THEN {_called(rule, segment.name)}")
    return f"CASE WHEN score IS NULL THEN NULL {' '.join(arms)} END"


def _called(rule: PointsRule, name: str) -> str:
    """What the customers of a segment are called: by another name where its own says too much of them."""
    if rule.silence is None or name not in rule.silence.names:
        return _text(name)
    beyond, times = _double(rule.silence.beyond), _double(rule.silence.times)
    silent = f"silent_days > {beyond} AND NOT COALESCE(silent_days <= {times} * usual_gap, FALSE)"
    return f"CASE WHEN {silent} THEN {_text(name)} ELSE {_text(rule.silence.names[name])} END"


def _tier(rule: PointsRule) -> str:
    lowest = _text(rule.tiers[-1])
    arms = ["WHEN score IS NULL THEN NULL"]
    if rule.floor:
        arms.append(f"WHEN floor_value <= {_double(rule.floor.at_or_below)} THEN {lowest}")
    if rule.tier_cuts is None:
        arms += [f"WHEN segment = {_text(s.name)} THEN {_text(s.tier or '')}" for s in rule.segments]
        return f"CASE {' '.join(arms)} END"
    for tier, cut in zip(rule.tiers, rule.tier_cuts):
        arms += [f"WHEN score >= {_double(cut)} THEN {_text(tier)}"] if cut is not None else []
    return f"CASE {' '.join(arms)} ELSE {lowest} END"


@as_sql.register
def _of_centres(rule: CentresRule, table: str, key: str) -> str:
    """The SELECT that gives `key`, `score`, `tier` and `segment` by the nearest centre."""
    source, key = _source(table), _quoted(key)
    floor = [f"CAST({_quoted(rule.floor.column)} AS DOUBLE) AS floor_value"] if rule.floor else []
    kept = [key, *(["floor_value"] if rule.floor else [])]
    places, ranks = range(len(rule.features)), range(len(rule.clusters))
    scaled = []
    for n, feature in enumerate(rule.features):
        x = f"CAST({_quoted(feature.column)} AS DOUBLE)"
        if feature.unit is not None:
            above = f"CASE WHEN {x} > 0e0 THEN {x} WHEN {x} <= 0e0 THEN 0e0 END"
            x = f"LN(1e0 + {above} / {_double(feature.unit)})"
        scaled.append(f"({x} - {_double(feature.mean)}) / {_double(feature.sd)} AS f{n}")
    query = _layer([key, *floor, *scaled], source)
    distances = []
    for rank in ranks:
        gaps = [f"(f{n} - {_double(rule.clusters[rank].centre[n])})" for n in places]
        distances.append(f"{' + '.join(f'{gap} * {gap}' for gap in gaps)} AS d{rank}")
    query = _layer([*kept, *distances], f"({query}) AS f")
    least = f"LEAST({', '.join(f'd{rank}' for rank in ranks)})" if len(ranks) > 1 else "d0"
    query = _layer([*kept, *(f"d{rank}" for rank in ranks), f"{least} + {SAME!r} AS near"], f"({query}) AS d")
    arms = [f"WHEN d{rank} <= near THEN {len(ranks) - rank}e0" for rank in ranks]
    score = f"CASE WHEN d0 <= {_LARGEST} THEN CASE {' '.join(arms)} END END"
    query = _layer([*kept, f"{score} AS score"], f"({query}) AS n")
    tiers = [f"WHEN {len(ranks) - rank}e0 THEN {_text(rule.clusters[rank].tier)}" for rank in ranks]
    names = [f"WHEN {len(ranks) - rank}e0 THEN {_text(rule.clusters[rank].name)}" for rank in ranks]
    tier = f"CASE score {' '.join(tiers)} END"
    if rule.floor:
        low = f"score IS NOT NULL AND floor_value <= {_double(rule.floor.at_or_below)}"
        tier = f"CASE WHEN {low} THEN {_text(rule.tiers[-1])} ELSE {tier} END"
    return _layer(
        [key, "score", f"{tier} AS tier", f"CASE score {' '.join(names)} END AS segment"], f"({query}) AS s"
    )
