"""The processes of a load test: how they are started, who leads, what workers tell."""
