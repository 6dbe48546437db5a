"""`segmentation diff`: what differs between two published runs, in the terminal or as a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from segmentation.command.verifying import published
from segmentation.reporting.compare import causes, differing_files
from segmentation.show import tables
from segmentation.words.reader import Reader, Sentence, sentence

_NAMED = 5  # customers named in the terminal
_SHOWN = 25  # customers shown at first on the page
_PROGRAM = ("code ", "version of ")


@dataclass(frozen=True)
class Difference:
    """What differs between two runs: what they were made from, the customers in another tier, the files.

    `moved`: customer_id, tier_first, tier_second (empty for who is not there), the best tier first; None where
    the runs' customers cannot be told apart. `both`: how many customers are in both.
    """

    called: tuple[Sentence, Sentence]
    reader: Reader
    made_from: tuple[Sentence, ...]
    moved: pd.DataFrame | None
    both: int
    files: tuple[Sentence, ...]

    def __bool__(self) -> bool:
        return bool(self.made_from or self.files)


def difference(first: Path, second: Path) -> Difference:
    """Compare two run folders; said in the second one's first language.

    Raises ParameterError for a folder that is no published run.
    """
    before, after = published(first)["made_from"], published(second)["made_from"]
    settings = after["settings"]
    spoken = settings.get("language") or "en"
    reader = Reader(
        spoken if isinstance(spoken, str) else spoken[0],
        settings.get("currency", ""),
        settings.get("minor_units", 2),
        settings.get("tiers", {}),
    )
    moved, both = _moved(first, second, before, after)
    return Difference(
        (_called(first, before), _called(second, after)),
        reader,
        tuple(causes(before, after)),
        moved,
        both,
        tuple(differing_files(first, second)),
    )


def in_lines(found: Difference) -> Iterator[str]:
    """The difference for the terminal, a line each."""
    if not found:
        yield found.reader.say("no difference")
        return
    yield from map(found.reader.say, found.made_from)
    yield found.reader.say(_about_customers(found))
    if found.moved is not None and len(found.moved):
        for row in found.moved.head(_NAMED).fillna("–").to_dict("records"):
            yield f"  {row['customer_id']}: {row['tier_first']} → {row['tier_second']}"
        if len(found.moved) > _NAMED:
            yield "  …"
    yield from map(found.reader.say, found.files)


def as_page(found: Difference) -> str:
    """The difference as one HTML file, in the report's look."""
    from segmentation.reporting.look import dressed

    reader, (first, second) = found.reader, found.called
    heading = reader.say("What differs between {first} and {second}", first=first, second=second)
    if not found:
        body = [tables.answer(reader.say("Nothing differs: the two runs say the same."), kind="good").html]
    else:
        body = [tables.answer(reader.say(_about_customers(found))).html]
        body += _section(reader, "What they were made from", _without_program(found.made_from))
        if found.moved is not None and len(found.moved):
            caption = reader.say("Customers in another tier")
            body.append(tables.table(found.moved, caption, reader, limit=_SHOWN).html)
        body += _section(reader, "Tables, rules and pages", found.files)
    title = reader.say("Customer tiers")
    return dressed("\n".join(body), reader.language, title=title, heading=heading, scripts=("page.js",))


def _section(reader: Reader, heading: str, said: tuple[Sentence, ...]) -> list[str]:
    if not said:
        return []
    lines = tables.words("\n".join(f"- {' '.join(reader.say(line).split())}" for line in said))
    return [f"<h2>{reader.say(heading)}</h2>", lines.html]


def _without_program(said: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """The causes, with those of the program's own files and libraries in one sentence."""
    others = tuple(one for one in said if not one.text.startswith(_PROGRAM))
    count = len(said) - len(others)
    told = sentence("the program: {n:integer} {n:file or library|files and libraries} changed", n=count)
    return (*others, told) if count else others


def _about_customers(found: Difference) -> Sentence:
    if found.moved is None:
        return sentence("The customers of these runs go by other pseudonyms and cannot be compared.")
    gone, new = found.moved["tier_second"].isna().sum(), found.moved["tier_first"].isna().sum()
    return sentence(
        "{changed:integer} of {both:integer} {both:customer|customers} in another tier, {new:integer} only in the "
        "second, {gone:integer} only in the first",
        changed=len(found.moved) - int(gone) - int(new),
        both=found.both,
        new=int(new),
        gone=int(gone),
    )


def _called(run: Path, made_from: dict[str, Any]) -> Sentence:
    return sentence("{month:month} ({run})", month=made_from["month"], run=run.resolve().name)


def _moved(
    first: Path, second: Path, before: dict[str, Any], after: dict[str, Any]
) -> tuple[pd.DataFrame | None, int]:
    names = [made_from.get("pseudonyms") for made_from in (before, after)]
    by_rank = "" in names and before["month"] != after["month"]
    if names[0] != names[1] or by_rank:
        return None, 0
    old, new = (
        pd.read_parquet(run / "tiers.parquet", columns=["customer_id", "tier"]).set_index("customer_id")[
            "tier"
        ]
        for run in (first, second)
    )
    together = pd.DataFrame({"tier_first": old, "tier_second": new}).rename_axis("customer_id")
    moved = together[together["tier_first"].fillna("") != together["tier_second"].fillna("")].reset_index()
    rank = {tier: place for place, tier in enumerate(after["settings"].get("tiers", {}))}
    best = (
        moved[["tier_first", "tier_second"]].replace(rank).apply(pd.to_numeric, errors="coerce").min(axis=1)
    )
    order = moved.assign(best=best).sort_values(["best", "tier_first", "tier_second", "customer_id"]).index
    return moved.loc[order].reset_index(drop=True), int(together.notna().all(axis=1).sum())
