"""Commands besides `run`, each in a module of its own; in `files/` those that work on files alone."""
