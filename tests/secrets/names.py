"""Real names from APIs, SDKs, frameworks and secret scanners: those of secrets, and those that only look like one."""

from pathlib import Path

SECRET, PLAIN = ((Path(__file__).parent / f"{kind}_names.txt").read_text("utf-8").split() for kind in ("secret", "plain"))
