"""Evaluates JavaScript in V8 with nothing around it; a program of its own, so that a crash of V8 is only its end.

stdin: a JSON list of {"files": [paths to load first], "source": an expression}. stdout: a JSON list of {"value": its
text} or {"error": message}, one for each, every one from a fresh context.
"""

import json
import os
import sys
from pathlib import Path

from py_mini_racer import JSEvalException, MiniRacer


def evaluated(files, source):
    engine = MiniRacer()
    try:
        for path in files:
            engine.eval(Path(path).read_text("utf-8") + ";0")
        return {"value": engine.eval(f"String({source})")}
    except JSEvalException as error:
        return {"error": str(error).splitlines()[0]}


if __name__ == "__main__":
    print(json.dumps([evaluated(**job) for job in json.load(sys.stdin)]), flush=True)
    os._exit(0)  # the engine's own threads can hold up an ordinary exit
