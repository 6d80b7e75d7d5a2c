"""The users of a worker: each runs the plan, Locust says when."""
