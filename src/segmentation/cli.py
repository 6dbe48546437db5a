"""The `segmentation` command: reads the command line, calls one function, turns errors into exit codes."""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from segmentation.errors import (
    DataError,
    ParameterError,
    SegmentationError,
    WriteError,
    printable,
    without_passwords,
)

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
Params = Annotated[
    Path, typer.Argument(help="A parameters file, such as params/demo.yaml.", metavar="PARAMS")
]


def _show_version(asked: bool) -> None:
    if asked:
        from segmentation import __version__

        _echo(f"segmentation {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Which customers matter most this month, by which method, and can the answer be trusted?"""


@app.command()
def run(
    params: Params,
    month: Annotated[str | None, typer.Option(help="The month to publish, instead of the file's.")] = None,
    first: Annotated[str | None, typer.Option("--from", help="The first month of a backfill.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="The last month of a backfill.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Publish again even if nothing changed.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, only errors.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a month.")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="Print the pages too, into reports/_pdf.")] = False,
) -> None:
    """Publish a month's report, or one for each month from --from to --to.

    The pages' paths go to standard output, everything else to standard error.
    """
    from segmentation.command.backfill import run_months, worst
    from segmentation.command.monthly import asked_months
    from segmentation.reporting.pdf import browser, print_pages
    from segmentation.reporting.progress import Progress
    from segmentation.study.settings import Settings

    settings = Settings.load(params)
    progress = Progress(quiet)
    program = browser() if pdf else ""
    with progress.live():
        ended = run_months(
            settings, asked_months(settings, month, first, last), progress, force, params.resolve()
        )
        for page in (each.page for each in ended if each.page and program):
            progress(f"printed: {print_pages(page.parent, program)}")
    for each in ended:
        if as_json:
            _echo(each.as_json())
        elif each.page:
            _echo(each.page)
    if code := worst(ended):
        raise typer.Exit(code)


@app.command(name="list")
def list_runs(params: Params) -> None:
    """List every published month and version with its verdict, and the runs that failed."""
    from segmentation.command.listing import listed
    from segmentation.reporting.archive import Archive
    from segmentation.study.settings import Settings
    from segmentation.words.reader import Reader

    settings = Settings.load(params)
    lines = list(listed(Archive(settings.place("reports"))))
    nothing = Reader(settings.languages[0]).say("nothing is published yet")
    _echo("\n".join(lines) if lines else nothing)


@app.command()
def prune(
    params: Params,
    keep: Annotated[int, typer.Option(min=1, help="So many of the newest months are kept whole.")] = 24,
) -> None:
    """Clear earlier versions, failed runs and results of old months; a month's newest version stays."""
    from segmentation.command.pruning import prune as clear
    from segmentation.study.settings import Settings
    from segmentation.words.reader import Reader

    settings = Settings.load(params)
    _echo(Reader(settings.languages[0]).say(clear(settings, keep).sentence))


@app.command()
def check(
    params: Params,
    month: Annotated[str | None, typer.Option(help="The month to judge, instead of the file's.")] = None,
) -> None:
    """Read and judge the data and audit the rules; publish nothing."""
    from segmentation.command.checking import check as look_at
    from segmentation.command.monthly import asked_months, with_month
    from segmentation.study.settings import Settings

    settings = Settings.load(params)
    (asked,) = asked_months(settings, month, None, None)
    found = look_at(with_month(settings, asked))
    _echo(found.text)
    if found.refusal is not None:
        raise found.refusal
    if found.stopped:
        raise typer.Exit(DataError.exit_code)


@app.command()
def init(
    source: Annotated[str, typer.Argument(help="A file of orders, or demo:cdnow.", metavar="FILE")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; params/<name>.yaml.")
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="The encoding of a text, if it is not found.")] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet of a workbook, or * for all.")] = None,
) -> None:
    """Write a first parameters file from the columns that a file of orders has."""
    from segmentation.command.starting import write_parameters

    written = write_parameters(source, output, encoding, sheet)
    _echo(f"{written}: read it, then try: segmentation check {written}")


@app.command()
def apply(
    rule: Annotated[Path, typer.Argument(help="A stored rule, such as rules/ABC.json.", metavar="RULE.json")],
    source: Annotated[Path, typer.Argument(help="A file of customers, or of orders.", metavar="INPUT")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write: CSV, Parquet or Excel.")],
    as_of: Annotated[str | None, typer.Option(help="For orders: the month, such as 2017-12.")] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="What a column is called there: monetary=Sales; repeatable.")
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="The file's encoding, if it is not found.")] = None,
) -> None:
    """Give tiers to a file of customers or of orders with a stored rule."""
    from segmentation.command.applying import apply_file

    _echo(apply_file(rule, source, output, as_of, _pairs(column or []), encoding))


@app.command()
def explain(
    params: Params,
    customer: Annotated[str, typer.Argument(help="The customer's id, as in the orders.", metavar="CUSTOMER")],
    month: Annotated[str | None, typer.Option(help="The month to explain, instead of the file's.")] = None,
) -> None:
    """Explain one customer: tier by every method, why, what would change it, the months before."""
    from segmentation.command.explaining import explain as told_of
    from segmentation.command.monthly import asked_months, with_month
    from segmentation.study.settings import Settings

    settings = Settings.load(params)
    (asked,) = asked_months(settings, month, None, None)
    _echo(told_of(with_month(settings, asked), customer))


@app.command()
def lab(params: Params) -> None:
    """Open JupyterLab on working copies of the notebooks, the parameters filled in; they change no report."""
    from segmentation.command.lab import open_lab, working_copies

    written, kept = working_copies(params)
    if kept:
        _echo(
            f"kept as they are: {', '.join(path.name for path in kept)}; delete one for a fresh copy",
            err=True,
        )
    copies = sorted([*written, *kept])
    raise typer.Exit(open_lab(copies[0].parents[1], copies[0]))


@app.command()
def verify(
    run: Annotated[Path, typer.Argument(help="The folder of a published run.", metavar="RUN")],
    params: Annotated[Path | None, typer.Option(help="Its parameters file, if that was moved.")] = None,
) -> None:
    """Make a published run again and compare every published byte."""
    from segmentation.command.verifying import verify as make_again
    from segmentation.reporting.progress import Progress

    progress = Progress()
    with progress.live():
        files = make_again(run, progress, params)
    _echo(f"verified: {files} files, every byte the same")


@app.command()
def diff(
    first: Annotated[Path, typer.Argument(help="The folder of a published run.", metavar="RUN")],
    second: Annotated[Path, typer.Argument(help="The folder of another.", metavar="RUN")],
    page: Annotated[Path | None, typer.Option(help="Write it as a page too, an HTML file.")] = None,
) -> None:
    """Show what changed between two published runs: settings, data, customers' tiers, rules, tables."""
    from segmentation.command.differing import as_page, difference, in_lines

    found = difference(first, second)
    _echo("\n".join(in_lines(found)))
    if page is not None:
        page.write_text(as_page(found), encoding="utf-8")
        _echo(page)


def _echo(text: object, err: bool = False) -> None:
    """Write to the terminal, which must not act on what stands in a name or an id."""
    typer.echo(printable(str(text)), err=err)


def _pairs(texts: list[str]) -> dict[str, str]:
    """The names on both sides of `=`, such as monetary=Sales."""
    wrong = [text for text in texts if not all(text.partition("="))]
    if wrong:
        raise ParameterError(
            f"--column {wrong[0]}: write what it is and what it is called, as monetary=Sales"
        )
    return {ours: theirs for ours, _, theirs in (text.partition("=") for text in texts)}


def main() -> None:
    """Run the command; an error that a user can meet becomes one message and an exit code."""
    try:
        app()
    except SegmentationError as error:
        _end(str(error), error.exit_code)
    except UnicodeError as error:
        _end(f"a name holds a character that cannot be written: {error}; rename it", ParameterError.exit_code)
    except MemoryError:
        _end("memory ran out; end other programs, or read less at a time", WriteError.exit_code)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        reason = error.strerror or str(error)
        _end(f"{where}cannot be read or written: {reason}; mend that and run it again", WriteError.exit_code)
    except Exception as error:
        told = _of_the_engine(error)
        if told is None:
            raise  # a fault of ours: the traceback tells us where
        _end(f"{told}; mend that and run it again", WriteError.exit_code)


def _end(message: str, code: int) -> NoReturn:
    _echo(f"segmentation: {without_passwords(message)}", err=True)
    sys.exit(code)


def _of_the_engine(error: Exception) -> str | None:
    """What the engine could not read or write, or what it had no memory for; None for any other error."""
    duckdb = sys.modules.get("duckdb")
    if duckdb is None or not isinstance(error, duckdb.IOException | duckdb.OutOfMemoryException):
        return None
    return f"cannot be read or written: {' '.join(str(error).split())}"
