"""How an outcome is told: on a terminal, as Markdown, as JSON, as a page."""
