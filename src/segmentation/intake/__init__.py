"""Orders come in: which rows count, which are set aside, and why."""
