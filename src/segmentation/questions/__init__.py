"""One file a question that a page answers: its facts, its sentences, its tables and charts."""
