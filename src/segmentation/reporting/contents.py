"""The page that lists every month and version: reports/index.html, one file, no script, no network."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

from segmentation.errors import SegmentationError
from segmentation.reporting.compare import why_superseded
from segmentation.reporting.look import dressed
from segmentation.reporting.sparkline import sparkline
from segmentation.words.reader import Reader
from segmentation.words.stored import sentence_of

SUMMARY = "summary.json"  # what a run says of itself for this page
_CAUSES = 6  # so many of a version's causes are told
_LONG = 8  # characters from which a figure is set smaller
_FAILED = 20  # so many failed runs are told


@dataclass(frozen=True)
class Version:
    """A published run as this page tells it: its folder's name, when it was made (UTC), what it was made from."""

    name: str
    made: str
    made_from: Mapping[str, Any] = field(default_factory=dict)
    summary: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Failure:
    """A run that published nothing: its month and folder, when it stopped (UTC), the first line of why."""

    month: str
    name: str
    when: str
    why: str


def contents_page(
    months: Sequence[tuple[str, Sequence[Version]]], failures: Sequence[Failure] = (), language: str = "en"
) -> str:
    """The list of runs as HTML; months and, within a month, versions come newest first, failures likewise.

    >>> "2017-12/r002-1a2b3c4d/index.html" in contents_page([("2017-12", [Version("r002-1a2b3c4d", "")])])
    True
    """
    reader = Reader(language)
    title = reader.say("Customer tiers: all months")
    parts = [_lines(months, reader), _table(months, reader), _failed(months, failures, reader)]
    body = "\n".join(f'<div class="out">{part}</div>' for part in parts if part)
    styles = ("page.css", "contents.css")
    return dressed(body, language, title=reader.say("Customer tiers"), heading=title, styles=styles)


def read_summary(run: Path) -> dict[str, Any]:
    """What a run says of itself for this page; nothing for a run that has no such file, or a damaged one."""
    try:
        told: dict[str, Any] = json.loads((run / SUMMARY).read_text(encoding="utf-8"))
        here = _reader(told, Reader())
        here.say(sentence_of(told["verdict"]))
        for figure in told["figures"].values():
            here.say(sentence_of(figure["label"])), _written(figure, here)
        return told
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SegmentationError):
        return {}


def _reader(summary: Mapping[str, Any], reader: Reader) -> Reader:
    return reader.with_(**summary.get("reader", {}))


def _written(figure: Mapping[str, Any] | None, reader: Reader) -> str:
    if figure is None or figure["value"] is None:
        return "–"
    return reader.say(f"{{value:{figure['format']}}}", value=figure["value"])


def _lines(months: Sequence[tuple[str, Sequence[Version]]], reader: Reader) -> str:
    """The newest month's figures, each with a small line of how it went over the months."""
    newest = months[0][1][0].summary if months else {}
    told = (
        [
            (month, summary["figures"])
            for month, versions in reversed(months)
            if (summary := versions[0].summary)
            and summary["reader"]["currency"] == newest["reader"]["currency"]
        ]
        if newest
        else []
    )
    here, parts = _reader(newest, reader), []
    for name, figure in (newest.get("figures") or {}).items():
        points = [(m, of[name]) for m, of in told if name in of and of[name]["value"] is not None]
        if len(points) < 2 or figure["value"] is None:
            continue
        since = here.say("{value} in {month:month}", value=_written(points[0][1], here), month=points[0][0])
        label = here.say(sentence_of(figure["label"]))
        value = _written(figure, here)
        long = ' class="long"' if len(value) >= _LONG else ""
        line = sparkline([(_number(m), float(of["value"])) for m, of in points], f"{label}: {since}")
        parts.append(
            f"<div><dt>{escape(label)}</dt><dd{long}>{escape(value)}</dd>"
            f'<dd class="note">{line}{escape(since)}</dd></div>'
        )
    return f'<dl class="figures">{"".join(parts)}</dl>' if parts else ""


def _number(month: str) -> int:
    year, number = month.split("-")
    return int(year) * 12 + int(number)


def _table(months: Sequence[tuple[str, Sequence[Version]]], reader: Reader) -> str:
    """A row a month: the link to its report, the verdict, the figures, when it was made, its versions."""
    known = next((v[0].summary for _, v in months if v[0].summary), {})
    figures = known.get("figures", {})
    labels = [_reader(known, reader).say(sentence_of(figure["label"])) for figure in figures.values()]
    heads = [
        f'<th scope="col"{css}>{escape(text)}</th>'
        for text, css in [
            (reader.say("Month"), ""),
            (reader.say("Verdict"), ""),
            *((label, ' class="n"') for label in labels),
        ]
    ]
    rows = "\n".join(_row(month, versions, list(figures), reader) for month, versions in months)
    caption = reader.say(
        "Every published month, newest first; of several versions of a month the newest counts."
    )
    return (
        f'<figure class="table months"><div class="scroll" tabindex="0"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{''.join(heads)}</tr></thead><tbody>{rows}</tbody></table></div>"
        f'<p class="note">{escape(reader.say("All times are UTC."))}</p></figure>'
    )


def _row(month: str, versions: Sequence[Version], names: Sequence[str], reader: Reader) -> str:
    newest = versions[0]
    summary, here = newest.summary, _reader(newest.summary, reader)
    verdict = here.say(sentence_of(summary["verdict"])) if summary else ""
    figures = summary.get("figures", {})
    made = reader.say("made {made}", made=_when(newest.made)) if newest.made else ""
    cells = "".join(f'<td class="n">{escape(_written(figures.get(name), here))}</td>' for name in names)
    link = f'<a href="{escape(month)}/{escape(newest.name)}/index.html">{escape(reader.month(month))}</a>'
    return (
        f'<tr><th scope="row">{link}<small>{escape(made)}</small></th>'
        f"<td>{escape(verdict)}{_versions(month, versions, reader)}</td>{cells}</tr>"
    )


def _versions(month: str, versions: Sequence[Version], reader: Reader) -> str:
    """The versions of a month: what superseded what, and why."""
    if len(versions) < 2:
        return ""
    said = "".join(f"<li>{part}</li>" for part in _superseded(month, versions, reader))
    summary = reader.say("{n:integer} earlier {n:version|versions}", n=len(versions) - 1)
    return f"<details><summary>{escape(summary)}</summary><ul>{said}</ul></details>"


def _superseded(month: str, versions: Sequence[Version], reader: Reader) -> Iterator[str]:
    for newer, older in pairwise(versions):
        causes = why_superseded(older.made_from, newer.made_from)
        told = causes[:_CAUSES] + (["…"] if len(causes) > _CAUSES else [])
        why = reader.say(
            "made {made}; superseded by {newer}: {causes:semicolon}",
            made=_when(older.made),
            newer=newer.name,
            causes=told,
        )
        link = f'<a href="{escape(month)}/{escape(older.name)}/index.html">{escape(older.name)}</a>'
        yield f"{link} {escape(why)}"


def _failed(
    months: Sequence[tuple[str, Sequence[Version]]], failures: Sequence[Failure], reader: Reader
) -> str:
    """The runs that published nothing, and whether their month was published afterwards."""
    if not failures:
        return ""
    made = {month: versions[0].made for month, versions in months}
    rows = []
    for failure in failures[:_FAILED]:
        since = made.get(failure.month, "") > failure.when
        month = reader.month(failure.month) if failure.month[:1].isdigit() else reader.say("the newest month")
        cells = (
            _when(failure.when),
            failure.why,
            reader.say("published since" if since else "not published"),
        )
        link = (
            f'<a href="_failed/{escape(failure.month)}/{escape(failure.name)}/index.html">{escape(month)}</a>'
        )
        rows.append(
            f'<tr><th scope="row">{link}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'
        )
    heads = "".join(
        f'<th scope="col">{escape(reader.say(head))}</th>'
        for head in ("Month", "Stopped", "Why", "Afterwards")
    )
    more = len(failures) - _FAILED
    note = (
        f'<p class="note">{escape(reader.say("{n:integer} earlier ones are not listed.", n=more))}</p>'
        if more > 0
        else ""
    )
    return (
        f"<h2>{escape(reader.say('Runs that failed'))}</h2>"
        f'<figure class="table failed"><div class="scroll" tabindex="0"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>{note}</figure>"
    )


def _when(moment: str) -> str:
    return moment[:16].replace("T", " ")
