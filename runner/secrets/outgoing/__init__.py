"""What leaves the engine without secrets: events, and what they hold."""
