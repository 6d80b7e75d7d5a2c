// setTimeout and its kin. Timers are only stored here: the worker, or the host, sleeps until the next one is due.

import { now } from '../lang/natives.js';
import { callBack, NativePromise, watchThen } from './promises.js';
import { nextId, run } from './run.js';

const LONGEST = 0x7fffffff;

// An invalid or too long delay becomes a millisecond, as in Node. A timer without a hold on the script fires only while
// something else keeps the script alive.
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

// Waits in the child for a timer that is due soon, if nothing else is under way and the host knows of everything. Returns `w`
// and the due time for the worker, an empty string if timers are due, or null if the host must be told first.
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
