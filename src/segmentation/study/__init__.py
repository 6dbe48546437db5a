"""One month's settings, ledger and methods, and the store that keeps what was computed."""
