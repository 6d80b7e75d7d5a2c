// The border to the host. handle() takes one JSON message, next() runs one waiting callback (and returns "") or gives the
// reply. The engine drains its microtasks between two calls, so every callback sees the promises before it settled.

const G = globalThis;
const LIBRARIES = G.__libraries;
const stringify = JSON.stringify;
const parseJson = JSON.parse;
const now = Date.now;

// Scripts under way by their number: one may run another request of the collection, whose scripts run in between.
const runs = new Map();
let run = null;
let lastId = 0;

class Run {
  constructor(message) {
    this.message = message;
    this.events = [];
    this.asks = [];
    this.jobs = [];
    this.waits = new Map();
    this.timers = new Timers();
    this.due = [];
    this.aloneUntil = 0;
    this.openTests = new Map();
    this.testIndex = 0;
    this.changes = [];
    this.scopes = null;
    this.held = null;
    this.shared = false;
    this.crossed = false;
    this.rejections = new Map();
    this.thrown = new Map();
    this.settled = false;
    this.sealed = false;
    this.error = null;
    this.answer = {};
    this.request = null;
    this.tests = null;
    this.pinned = null;
    this.copies = { __proto__: null };
    this.pm = null;
    this.wrong = '';
    this.deprecated = new Set();
    this.modules = new Map();
  }

  get idle() {
    return this.sealed || (this.settled && !this.openTests.size && !this.waits.size && !this.timers.holding);
  }
}

// Asks the host for something; `then(error, value)` is called with its answer.
function ask(kind, content, then) {
  if (run.sealed) return;
  const id = String(++lastId);
  run.asks.push({ kind, id, ...content });
  run.waits.set(id, then);
}

function addEvent(event) {
  if (!run.sealed) run.events.push(event);
}

// Runs a callback of the script: what it throws, or what its promise rejects with, is an error of the script.
function callBack(callback, values) {
  try {
    const result = callback.apply(G, values);
    if (isThenable(result)) watchPromise(result);
  } catch (error) {
    failScript(error);
  }
}

function isThenable(value) {
  return value !== null && (typeof value === 'object' || typeof value === 'function') && typeof value.then === 'function';
}

// The first error of a script is its result; further ones are shown on the console so that none is lost.
function failScript(error) {
  if (run.sealed) return;
  if (run.error === null) run.error = describeError(error);
  else logError(error);
}

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

function handle(json) {
  const message = parseJson(json);
  if (message.run !== undefined) switchTo(message);
  HANDLERS[message.op](message);
  return '';
}

function switchTo(message) {
  if (message.op === 'run') {
    run = new Run(message);
    runs.set(message.run, run);
  } else if (run === null || run.message.run !== message.run) {
    run = runs.get(message.run) || lostRun(message);
    if (run.pm) installScript(run);
  }
}

// This process began after the script did: the one that knew it had to be ended.
function lostRun(message) {
  const lost = new Run(message);
  lost.settled = true;
  lost.error = { name: 'Error', message: 'the script was lost when another script had to be ended', stack: '' };
  return lost;
}

function next() {
  const { wrong } = run;
  run.wrong = '';
  if (wrong) return wrong;
  const job = run.jobs.shift();
  const timer = job || run.due.pop();
  if (timer === undefined) return waitAlone() ?? stringify(makeReply());
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

// Nothing is under way but something still waits: it waits for ever, and that is found here without any time limit.
function checkWaits() {
  if (run.waits.size || run.timers.size) return;
  endOpenTests();
  if (!run.settled) {
    failScript(new Error('the script waits for something that can never happen'));
    run.settled = true;
  }
  failUnhandled();
}

Object.defineProperty(G, '__host', { value: { handle, next, addPart, addLibrary }, configurable: true });
