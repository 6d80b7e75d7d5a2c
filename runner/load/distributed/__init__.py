"""Load over several machines through Locust: who may join, what travels, what a lost worker leaves unknown."""
