"""What a load test tells while it runs and when it is over: on the terminal, as files, to CI servers."""
