"""`segmentation`, also `python -m segmentation`: first able to be ended, then everything else."""

from segmentation.reporting.stopping import end_on_signals, own_temporary_folder


def main() -> None:
    """Run the command; from the first instant a signal ends it in an orderly way."""
    end_on_signals()
    own_temporary_folder()
    from segmentation.cli import main as command

    command()


if __name__ == "__main__":
    main()
