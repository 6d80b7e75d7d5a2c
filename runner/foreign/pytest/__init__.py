"""A collection as a module of tests for pytest, which send its requests with httpx."""
