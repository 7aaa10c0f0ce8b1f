"""A comparison for a reader: on the terminal, as Markdown, and as a page."""
