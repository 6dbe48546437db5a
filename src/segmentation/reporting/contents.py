"""The page that lists every month and version: reports/index.html, one file, no script, no network."""

from collections.abc import Sequence
from functools import partial
from html import escape

from segmentation.words.translations import facts, translated

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}"
    "caption{text-align:left;padding-bottom:.5rem}"
    "th,td{text-align:left;padding:.35rem .75rem .35rem 0;border-bottom:1px solid #8884;vertical-align:top}"
    "code{font:.9em ui-monospace,monospace}"
    ".older{opacity:.8}"
)
_CAPTION = "Every published month, newest first; of several versions of a month the newest counts."
_ROW = (
    '<tr{older}><th scope="row">{month}</th><td><a href="{month}/{run}/index.html">{label}</a></td>'
    "<td>{made}</td><td><code>{run}</code></td></tr>"
)


def contents_page(months: Sequence[tuple[str, Sequence[tuple[str, str]]]], language: str = "en") -> str:
    """The list of runs as HTML; months and, within a month, (run, when made) come newest first.

    >>> "2017-12/r002-1a2b3c4d/index.html" in contents_page([("2017-12", [("r002-1a2b3c4d", "")])])
    True
    """
    say = partial(translated, language=language)
    rows = "\n".join(
        _ROW.format(
            older=' class="older"' if place else "",
            month=escape(month),
            run=escape(run),
            label=say("earlier version") if place else say("report"),
            made=escape(made[:16].replace("T", " ")),
        )
        for month, runs in months
        for place, (run, made) in enumerate(runs)
    )
    columns = (say("Month"), say("Page"), say("Made"), say("Version"))
    heads = "".join(f'<th scope="col">{name}</th>' for name in columns)
    return f"""<!doctype html>
<html lang="{facts(language)["html"]}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>{say("Customer tiers: all months")}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{say("Customer tiers: all months")}</h1>
<table>
<caption>{say(_CAPTION)}</caption>
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</main>
</body>
</html>
"""
