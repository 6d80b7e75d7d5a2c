"""Locust's numbers are ours; it runs in a process of its own because it changes the standard library."""

import json
import math
import random
import subprocess
import sys

from runner.load.figures.durations import Durations

PERCENTILES = (0.5, 0.66, 0.75, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 0.9999, 1.0)

LOCUST = """
import csv, io, json, sys
import locust
from locust.env import Environment
from locust.stats import StatsEntry
from runner.load.figures.locust_rounding import csv_writer, use_our_rounding
import inspect

use_our_rounding()
values = json.load(sys.stdin)
workers = [Environment(), Environment()]
master = Environment()
for number, value in enumerate(values):
    workers[number % 2].stats.log_request("GET", "a", value, 1)
given = inspect.signature(StatsEntry.unserialize).parameters
for worker in workers:
    sent = json.loads(json.dumps(worker.stats.total.serialize()))
    sent["response_times"] = {float(key): count for key, count in sent["response_times"].items()}
    received = StatsEntry.unserialize(sent, master.stats) if "stats" in given else StatsEntry.unserialize(sent)
    master.stats.total.extend(received)
    master.stats.entries["a", "GET"].extend(received)
total = master.stats.total
written = io.StringIO()
csv_writer(master).requests_csv(csv.writer(written))
print(json.dumps({
    "version": locust.__version__,
    "page": [total.get_response_time_percentile(one) for one in PERCENTILES],
    "median": total.median_response_time,
    "csv": written.getvalue(),
}))
"""


def locusts_figures(values):
    code = LOCUST.replace("PERCENTILES", str(PERCENTILES))
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(values), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_web_page_and_csv_show_our_percentiles():
    dice = random.Random(11)
    values = [max(0.05, dice.lognormvariate(3, 1.5)) for _ in range(2_000)] + [None] * 100
    ours = Durations()
    for value in filter(None, values):
        ours.add(value)
    locusts = locusts_figures(values)
    expected = [ours.percentile(100 * percent) for percent in PERCENTILES]
    assert locusts["page"] == expected
    assert locusts["median"] == expected[0]
    rows = locusts["csv"].splitlines()
    assert rows[1].split(",")[-len(PERCENTILES) :] == [f"{one:g}" for one in expected]
    raw = sorted(filter(None, values))
    for percent, shown in zip(PERCENTILES, locusts["page"], strict=True):
        nearest = raw[math.ceil(round(len(raw) * percent, 6)) - 1]
        assert abs(shown - nearest) <= nearest * 0.005
