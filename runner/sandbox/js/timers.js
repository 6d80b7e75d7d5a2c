// setTimeout and its kin. A timer only waits here: the worker sleeps until the next one is due, or the host does so.

const LONGEST = 0x7fffffff;

// Timers by their number, and as a heap by the time they are due; one that was cleared stays in the heap until it comes up.
class Timers {
  #byId = new Map();
  #heap = [];
  #count = 0;
  holding = 0;

  get size() {
    return this.#byId.size;
  }

  add(timer) {
    this.#byId.set(timer.id, timer);
    if (timer.holds) this.holding += 1;
    this.#schedule(timer);
  }

  renew(timer, due) {
    timer.due = due;
    this.#schedule(timer);
  }

  has(timer) {
    return this.#byId.get(timer.id) === timer;
  }

  delete(id) {
    const timer = this.#byId.get(id);
    if (timer === undefined) return;
    this.#byId.delete(id);
    if (timer.holds) this.holding -= 1;
  }

  // When the first one is due; null when there is none.
  get due() {
    while (this.#heap.length && !this.#stands(this.#heap[0])) this.#pop();
    return this.#heap.length ? this.#heap[0].due : null;
  }

  // Those that are due at this time, the last one first.
  takeDue(time) {
    const taken = [];
    while (this.due !== null && this.due <= time) taken.push(this.#pop().timer);
    return taken.reverse();
  }

  clear() {
    this.#byId.clear();
    this.#heap = [];
    this.holding = 0;
  }

  #schedule(timer) {
    if (this.#heap.length > 2 * this.#byId.size + 100) this.#heap = this.#heap.filter((entry) => this.#stands(entry)).sort(earlier);
    this.#push({ due: timer.due, place: ++this.#count, timer });
  }

  #stands({ due, timer }) {
    return timer.due === due && this.has(timer);
  }

  #push(entry) {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (earlier(heap[above], entry) <= 0) break;
      heap[at] = heap[above];
      at = above;
    }
    heap[at] = entry;
  }

  #pop() {
    const heap = this.#heap;
    const [first] = heap;
    const entry = heap.pop();
    for (let at = 0; heap.length;) {
      let below = 2 * at + 1;
      if (below + 1 < heap.length && earlier(heap[below + 1], heap[below]) < 0) below += 1;
      if (below >= heap.length || earlier(entry, heap[below]) <= 0) {
        heap[at] = entry;
        break;
      }
      heap[at] = heap[below];
      at = below;
    }
    return first;
  }
}

function earlier(a, b) {
  return a.due - b.due || a.place - b.place;
}

// What is no time, or too long a one, is a millisecond, as in Node. A timer that does not hold the script fires only while
// something else keeps the script going.
function addTimer(callback, delay, values, repeats, holds = true) {
  const wanted = Math.trunc(Number(delay));
  const ms = wanted >= 1 && wanted <= LONGEST ? wanted : 1;
  return startTimer({ callback, values, due: now() + ms, every: repeats ? ms : null, holds });
}

function addImmediate(callback, values) {
  return startTimer({ callback, values, due: 0, every: null, holds: true });
}

function startTimer(timer) {
  if (typeof timer.callback !== 'function' || run.sealed) return undefined;
  timer.id = ++lastId;
  run.timers.add(timer);
  return timer.id;
}

function fireTimer(timer) {
  if (!run.timers.has(timer)) return undefined;
  if (timer.every === null) run.timers.delete(timer.id);
  const begun = now();
  try {
    return timer.callback.apply({}, timer.values);
  } finally {
    if (run.timers.has(timer)) run.timers.renew(timer, begun + timer.every);
  }
}

function takeDueTimers() {
  run.due = run.timers.takeDue(now());
}

// A timer that is due soon is waited for here while nothing else is under way and the host knows all that happened. `w` and
// the time when it is due go to the worker; nothing when there are timers to fire; null when the host must be told.
function waitAlone() {
  const { due } = run.timers;
  if (due === null || Math.max(due, now()) > run.aloneUntil || run.idle || hasNews()) return null;
  takeDueTimers();
  return run.due.length ? '' : `w${due}`;
}

function hasNews() {
  return run.asks.length || run.waits.size || run.events.length || run.changes.length;
}

function clearTimer(id) {
  run.timers.delete(id);
}

const TIMERS = {
  setTimeout: (callback, delay, ...values) => addTimer(callback, delay, values, false),
  setInterval: (callback, delay, ...values) => addTimer(callback, delay, values, true),
  setImmediate: (callback, ...values) => addImmediate(callback, values),
  clearTimeout: clearTimer,
  clearInterval: clearTimer,
  clearImmediate: clearTimer,
};
