"""Reporters for CI servers: Markdown, and what their logs understand."""
