"""`segmentation`, also `python -m segmentation`: first able to be ended, then everything else."""

from segmentation.reporting.stopping import end, end_on_signals, own_temporary_folder


def main() -> None:
    """Run the command; from the first instant a signal ends it in an orderly way."""
    end_on_signals()
    own_temporary_folder()
    from segmentation.cli import main as command

    code: object = None
    try:
        command()
    except SystemExit as ended:
        code = ended.code
    end(code if isinstance(code, int) else 0 if code is None else 1)


if __name__ == "__main__":
    main()
