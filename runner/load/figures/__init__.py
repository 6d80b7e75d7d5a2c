"""What a load test measures: written down in each worker, merged exactly in the master."""
