"""Lets `python -m segmentation` do what the `segmentation` command does."""

from segmentation.cli import main

if __name__ == "__main__":
    main()
