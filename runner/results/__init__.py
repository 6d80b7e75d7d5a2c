"""The results of a run: its events folded into executions, failures and a summary with a verdict."""
