"""A collection as one script that sends its requests with httpx."""
