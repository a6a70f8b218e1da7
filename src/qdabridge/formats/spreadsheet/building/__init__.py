"""From what a layout read to the parts of a study: codes, values, dates, texts, and where the quotes are in them."""
