"""Commands besides `run`, each in a module of its own."""
