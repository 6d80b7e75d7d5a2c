"""Commands that serve something until Ctrl-C."""
