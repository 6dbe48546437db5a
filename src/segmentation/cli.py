"""The `segmentation` command: reads the command line, calls one function, turns errors into exit codes."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from segmentation.errors import SegmentationError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Which customers matter most this month, by which method, and can the answer be trusted?",
)
Params = Annotated[
    Path, typer.Argument(help="A parameters file, such as params/demo.yaml.", metavar="PARAMS")
]


@app.command()
def run(
    params: Params,
    month: Annotated[str | None, typer.Option(help="The month to publish, instead of the file's.")] = None,
    first: Annotated[str | None, typer.Option("--from", help="The first month of a backfill.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="The last month of a backfill.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Publish again even if nothing changed.")] = False,
) -> None:
    """Publish a month's report, or one for each month from --from to --to."""
    from segmentation.monthly import asked_months, run_month, with_month
    from segmentation.reporting.progress import Progress
    from segmentation.settings import Settings

    settings = Settings.load(params)
    outcomes = []
    for asked in asked_months(settings, month, first, last):
        progress = Progress()
        with progress.live():
            outcomes.append(run_month(with_month(settings, asked), progress, force, origin=params.resolve()))
        typer.echo(outcomes[-1].page)
    for name, why in {name: why for outcome in outcomes for name, why in outcome.failed.items()}.items():
        typer.echo(f"segmentation: the challenger {name} failed: {why}", err=True)
    if any(outcome.failed for outcome in outcomes):
        raise typer.Exit(6)


@app.command()
def verify(
    run: Annotated[Path, typer.Argument(help="The folder of a published run.", metavar="RUN")],
    params: Annotated[Path | None, typer.Option(help="Its parameters file, if that was moved.")] = None,
) -> None:
    """Make a published run again and compare every published byte."""
    from segmentation.reporting.progress import Progress
    from segmentation.verifying import verify as make_again

    progress = Progress()
    with progress.live():
        files = make_again(run, progress, params)
    typer.echo(f"verified: {files} files, every byte the same")


@app.command()
def diff(
    first: Annotated[Path, typer.Argument(help="The folder of a published run.", metavar="RUN")],
    second: Annotated[Path, typer.Argument(help="The folder of another.", metavar="RUN")],
) -> None:
    """Show what changed between two published runs: settings, data, rules, tables."""
    from segmentation.reporting.compare import differences
    from segmentation.verifying import published

    published(first), published(second)
    lines = differences(first, second)
    typer.echo("\n".join(lines) if lines else "no difference")


def main() -> None:
    """Run the command; an error that a user can meet becomes one message and an exit code."""
    try:
        app()
    except SegmentationError as error:
        typer.echo(f"segmentation: {error}", err=True)
        sys.exit(error.exit_code)
