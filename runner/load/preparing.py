"""What a load test needs before its first user: everything read and checked, the setup run, and the job made of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace

from runner.cancel import Cancel
from runner.client.proxies import environ_of
from runner.cookies.jar import CookieJar
from runner.effects import to_end
from runner.engine.plan import Plan
from runner.engine.ports import Inputs
from runner.engine.secret_discovery import learn_variables
from runner.engine.states import State
from runner.errors import Interrupted, PostrunnerError, RunAborted, UsageError
from runner.events import AssertionChecked, Event, ItemEvent, RequestEvent, RunFinished, ScriptFinished, Warned
from runner.load.job import Job, dump_cookies, dump_scopes
from runner.load.options import LoadOptions
from runner.load.thresholds.parsing import parse_thresholds
from runner.loading import load_inputs, load_plans, make_secrets
from runner.model.quick_dataclass import dataclass
from runner.options import RunOptions
from runner.protocols.table import is_sent
from runner.request.weakening import weakening
from runner.secrets.known import values_of
from runner.secrets.outgoing.texts import Texts
from runner.sources.cookies import jar_maker
from runner.units.making import Units


@dataclass(frozen=True, slots=True)
class Judged:
    """By what a load test is judged, beside its failures; and from how many seconds on a crossed threshold ends it."""

    thresholds: tuple[str, ...] = ()
    abort_delay: float | None = None


class Preparation:
    """Reads and checks everything; `run_setup` and `run_teardown` run the folders around the load, `job` makes its job.

    Raises `PostrunnerError` for whatever cannot be used. `stack` closes what is open.
    """

    def __init__(self, collection: str, options: RunOptions, load: LoadOptions, judged: Judged, stack: ExitStack) -> None:
        self._options, self._load, self._judged = options, load, judged
        environ = environ_of(options, os.environ)
        self._secrets = make_secrets(options)
        self._texts = Texts(self._secrets)
        self._units = Units(options, self._secrets, environ, stack)
        self._inputs = load_inputs(_only(load_plans([collection], options)), options)
        self._check(environ)
        for one in (self._inputs.environment.values, self._inputs.globals.values, self._plan.collection.variables):
            learn_variables(self._secrets, one, options.secret)
        self._state = State(self._inputs.scopes(), jar_maker(options)())
        self._failed = 0
        self._torn_down = False
        self._warned: set[str] = set()
        for warning in (*self._inputs.warnings, *weakening(self._plan.behaviors, options)):
            self._tell(warning)

    @property
    def _plan(self) -> Plan:
        return self._inputs.plan

    @property
    def _paths(self) -> list[tuple[str, ...]]:
        return [(*planned.path, planned.item.name) for planned in self._plan.reachable()]

    def _check(self, environ: Mapping[str, str]) -> None:
        plan = self._plan
        if not plan.items:
            raise UsageError("there is no request in what was selected", where=plan.collection.name)
        unsent = sorted({kind for part in plan.parts for kind in part.kinds if not is_sent(kind)})
        if unsent:
            hint = "--exclude leaves requests out"
            raise UsageError(
                f"items of the kind {', '.join(unsent)} cannot be sent yet", where=plan.collection.name, hint=hint
            )
        if self._load.data_distribution == "unique" and not self._inputs.rows:
            raise UsageError("has no row to use", where="--iteration-data")
        parse_thresholds(self._judged.thresholds, self._paths)
        self._units.client(CookieJar()).close()  # certificates that cannot be read are told now

    def job(self) -> Job:
        """What the process of the load test gets: with the variables and cookies that the setup left."""
        collection = self._plan.collection
        return Job(
            collection=collection.source,
            path=os.path.abspath(collection.path) if collection.path else "",
            environment=self._inputs.environment.name,
            variables=dump_scopes(self._state.scopes),
            rows=self._inputs.rows,
            cookies=dump_cookies(self._state.jar),
            options=self._options,
            load=self._load,
            secrets=values_of(self._secrets),
            requests=tuple(self._paths),
            thresholds=self._judged.thresholds,
            abort_delay=self._judged.abort_delay,
        )

    def run_setup(self) -> None:
        """Run the setup, if there is one; raises `RunAborted` if anything in it fails."""
        if self._plan.setup is not None:
            self._run(self._plan.setup)
            if self._failed:
                raise RunAborted("the setup failed: no load was sent", where=self._plan.collection.name)

    def run_teardown(self) -> bool:
        """Run the teardown once, if there is one; returns whether all of it passed."""
        if not self._torn_down:
            self._torn_down, self._failed = True, 0
            if self._plan.teardown is not None:
                self._run(self._plan.teardown)
        return not self._failed

    def _run(self, plan: Plan) -> None:
        inputs: Inputs = replace(self._inputs, plan=plan, warnings=())
        entropy = self._units.entropy(plan.part)
        sandbox = self._units.sandbox(plan, entropy)
        moments = self._units.moments(
            inputs, self._state, sandbox, entropy, self._on_event, unit="0", deadline=None, cancel=Cancel()
        )
        to_end(moments)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, RunFinished) and isinstance(event.error, Interrupted):
            raise event.error
        if event.failed and not (isinstance(event, RequestEvent) and event.source != "item"):
            self._failed += 1
            self._tell(event)
        elif isinstance(event, Warned):
            self._tell(event)

    def _tell(self, event: Event) -> None:
        """Print what failed, or a warning, once."""
        shown = self._texts.event(event)
        line = f"warning: {shown.message}" if isinstance(shown, Warned) else f"failed: {_said(shown)}"
        if line not in self._warned:
            self._warned.add(line)
            print(line, file=sys.stderr)


def _only(plans: list[Plan]) -> Plan:
    if len(plans) != 1:
        raise UsageError("a load test has one collection", hint="--collection-name chooses one of a workspace")
    return plans[0]


def _said(event: Event) -> str:
    """A failure in one line: where it was, and what it said."""
    error: PostrunnerError | None = None
    if isinstance(event, ItemEvent):
        place = "/".join((*event.path, event.item.name))
        if isinstance(event, AssertionChecked):
            return f"{place}: {event.name}: {event.error.message if event.error else ''}"
        if isinstance(event, ScriptFinished) and event.error is not None:
            return f"{place}: {event.error.name}: {event.error.message}"
        error = event.error if isinstance(event, RequestEvent) else None
        return f"{place}: {error}"
    error = event.error if isinstance(event, RunFinished) else None
    return str(error)


__all__ = ["Judged", "Preparation"]
