"""What this side is made of, which the other side must have, too."""

from __future__ import annotations

from locust import __version__ as locust_version

from runner.load.distributed.handshake import Versions
from runner.version import __version__

OWN = Versions(postrunner=__version__, locust=locust_version)
