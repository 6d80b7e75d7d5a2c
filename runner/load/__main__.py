"""The process of a load test: it is started by `postrunner load`, and gets its job by standard input.

Locust comes first: it replaces the blocking calls of the standard library, before anything else has taken them.
"""

import locust  # noqa: F401
from locust.stats import StatsEntry  # noqa: F401

from runner.load.processes.process import main

if __name__ == "__main__":
    main()
