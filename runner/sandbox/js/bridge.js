// The border to the host. handle() takes one JSON message; next() runs one waiting callback and returns "", or returns the
// reply. The engine runs its microtasks between two calls, so each callback sees the effects of promises settled before it.

import { installScript } from './globals.js';
import { withNames } from './host/compile.js';
import { failScript } from './host/errors.js';
import { callBack, failUnhandled } from './host/promises.js';
import { seedRandom } from './host/random.js';
import { enter, run, Run, runs } from './host/run.js';
import { fireTimer, takeDueTimers, waitAlone } from './host/timers.js';
import { now, parseJson, stringify } from './lang/natives.js';
import { loadScopes, takeScopeChanges } from './pm/snapshots.js';
import { endOpenTests } from './pm/tests.js';
import { finishScript, placeSyntaxError, startScript } from './script.js';
import { dynamicValues, repeatRandom } from './sdk/dynamic.js';

function answerAsks(answers) {
  for (const { id, error, value } of answers) {
    const then = run.waits.get(id);
    if (!then) continue;
    run.waits.delete(id);
    run.jobs.push(() => then(error ? hostError(error) : null, value));
  }
}

function hostError({ message, ...fields }) {
  return Object.assign(new Error(message), fields);
}

const HANDLERS = {
  seed: ({ words }) => seedRandom(words),
  run: startScript,
  place: ({ place }) => placeSyntaxError(place),
  dynamic: (message) => answerAtOnce(message, { values: dynamicValues(message.names) }),
  repeat(message) {
    repeatRandom(message.words);
    answerAtOnce(message, {});
  },
  resume(message) {
    run.aloneUntil = now() + (message.alone || 0);
    loadScopes(message.scopes);
    answerAsks(message.answers);
    takeDueTimers();
  },
  abort({ reason }) {
    endOpenTests(reason);
    run.timers.clear();
    run.waits.clear();
    run.jobs.length = 0;
    run.due.length = 0;
    run.settled = true;
    if (run.error === null) run.error = { name: 'Error', message: reason, stack: '' };
  },
};

// Makes this answer the next reply, without involving a script.
function answerAtOnce(message, answer) {
  enter(new Run(message));
  run.settled = run.sealed = true;
  run.answer = answer;
}

export function handle(json) {
  const message = parseJson(json);
  if (message.run !== undefined) switchTo(message);
  HANDLERS[message.op](message);
  return '';
}

function switchTo(message) {
  if (message.op === 'run') {
    enter(new Run(message));
    runs.set(message.run, run);
  } else if (run === null || run.message.run !== message.run) {
    enter(runs.get(message.run) || lostRun(message));
    if (run.pm) installScript(run);
  }
}

// This process started after the script did, because the script's own process was killed.
function lostRun(message) {
  const lost = new Run(message);
  lost.settled = true;
  lost.error = { name: 'Error', message: 'the script was lost when another script had to be ended', stack: '' };
  return lost;
}

export function next() {
  const { wrong } = run;
  run.wrong = '';
  if (wrong) return wrong;
  const job = run.jobs.shift();
  const timer = job || run.due.pop();
  if (timer === undefined) return waitAlone() ?? withNames(stringify(makeReply()));
  if (!run.sealed) callBack(job || fireTimer, [timer]);
  return '';
}

function makeReply() {
  if (!run.asks.length) checkWaits();
  const wait = run.timers.size ? Math.max(run.timers.due - now(), 0) : null;
  const reply = { run: run.message.run, done: run.idle, wait, asks: run.idle ? [] : run.asks };
  if (reply.done) {
    takeScopeChanges();
    finishScript(reply);
    runs.delete(run.message.run);
  }
  reply.events = run.events;
  reply.changes = run.changes;
  run.changes = [];
  run.events = [];
  run.asks = [];
  return reply;
}

// If something still waits although nothing is under way, it would wait forever: this is detected without any time limit.
function checkWaits() {
  if (run.waits.size || run.timers.size) return;
  endOpenTests();
  if (!run.settled) {
    failScript(new Error('the script waits for something that can never happen'));
    run.settled = true;
  }
  failUnhandled();
}
