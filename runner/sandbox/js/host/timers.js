// setTimeout and its kin. A timer only waits here: the worker sleeps until the next one is due, or the host does so.

import { now } from '../lang/natives.js';
import { callBack, NativePromise, watchThen } from './promises.js';
import { nextId, run } from './run.js';

const LONGEST = 0x7fffffff;

// An invalid or too long time is a millisecond, as in Node. A timer that does not hold the script fires only while
// something else keeps the script going.
export function addTimer(callback, delay, values, repeats, holds = true) {
  const wanted = Math.trunc(Number(delay));
  const ms = wanted >= 1 && wanted <= LONGEST ? wanted : 1;
  return startTimer({ callback, values, due: now() + ms, every: repeats ? ms : null, holds });
}

function addImmediate(callback, values) {
  return startTimer({ callback, values, due: 0, every: null, holds: true });
}

function startTimer(timer) {
  if (typeof timer.callback !== 'function' || run.sealed) return undefined;
  timer.id = nextId();
  run.timers.add(timer);
  return timer.id;
}

export function fireTimer(timer) {
  if (!run.timers.has(timer)) return undefined;
  if (timer.every === null) run.timers.delete(timer.id);
  const begun = now();
  try {
    return timer.callback.apply({}, timer.values);
  } finally {
    if (run.timers.has(timer)) run.timers.renew(timer, begun + timer.every);
  }
}

export function takeDueTimers() {
  run.due = run.timers.takeDue(now());
}

// A timer that is due soon is waited for here while nothing else is under way and the host knows all that happened. `w` and
// the time when it is due go to the worker; nothing when there are timers to fire; null when the host must be told.
export function waitAlone() {
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

export const TIMERS = {
  setTimeout: (callback, delay, ...values) => addTimer(callback, delay, values, false),
  setInterval: (callback, delay, ...values) => addTimer(callback, delay, values, true),
  setImmediate: (callback, ...values) => addImmediate(callback, values),
  clearTimeout: clearTimer,
  clearInterval: clearTimer,
  clearImmediate: clearTimer,
};

export function queueMicrotask(callback) {
  if (typeof callback !== 'function') throw new TypeError('The "callback" argument must be of type function.');
  watchThen(NativePromise.resolve(), () => callBack(callback, []), undefined);
}
