"""Reporters of npm packages for Newman, by their names and with their options."""
