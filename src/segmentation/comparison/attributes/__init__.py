"""What tells key customers from others, by the table of customers, and how little of it may be shown."""
