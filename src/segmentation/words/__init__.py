"""Every heading, format and sentence, in every language."""
