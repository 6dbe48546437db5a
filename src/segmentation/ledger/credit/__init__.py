"""How customers pay, as of a month end: nothing that was paid later is known."""
