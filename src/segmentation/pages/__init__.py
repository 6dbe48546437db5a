"""What each page shows: a function a piece, from a study to a sentence, table or chart in the page's language."""
