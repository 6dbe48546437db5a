"""One file a command of the `segmentation` command line."""
