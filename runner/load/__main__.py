"""The process of a load test: it is started by `postrunner load`, and gets its job by standard input.

Before anything else gevent replaces the blocking calls of the standard library. It leaves `ssl` alone, which is imported
first for that: the transport never blocks on a socket, and gevent's own class for TLS is another one than in a run.
"""

import os
import ssl  # noqa: F401

from gevent import monkey

monkey.patch_all(ssl=False)
os.environ["LOCUST_SKIP_MONKEY_PATCH"] = "1"
import locust  # noqa: E402, F401

from runner.load.processes.process import main  # noqa: E402

if __name__ == "__main__":
    main()
