// setTimeout and its kin. A timer only waits here: the host sleeps until the next one is due and then resumes the script.

const AT_ONCE = -1;

// A timer that does not hold the script fires only while something else keeps the script going.
function addTimer(callback, delay, values, repeats, holds = true) {
  if (typeof callback !== 'function' || run.sealed) return undefined;
  const ms = Math.min(Math.max(Number(delay) || 0, 1), 0x7fffffff);
  const id = ++lastId;
  run.timers.set(id, { callback, values, due: delay === AT_ONCE ? 0 : now() + ms, every: repeats ? ms : null, holds });
  return id;
}

function holdingTimers(timers) {
  for (const { holds } of timers.values()) if (holds) return true;
  return false;
}

function nextTimer() {
  let due = Infinity;
  for (const timer of run.timers.values()) if (timer.due < due) due = timer.due;
  return due === Infinity ? null : Math.max(due - now(), 0);
}

function takeDueTimers() {
  const time = now();
  const due = [...run.timers].filter(([, timer]) => timer.due <= time);
  due.sort(([a, first], [b, second]) => first.due - second.due || a - b);
  for (const [id] of due) run.jobs.push(() => fireTimer(id));
}

function fireTimer(id) {
  const timer = run.timers.get(id);
  if (!timer) return undefined;
  if (timer.every === null) run.timers.delete(id);
  else timer.due = now() + timer.every;
  return timer.callback.apply({}, timer.values);
}

function clearTimer(id) {
  run.timers.delete(id);
}

const TIMERS = {
  setTimeout: (callback, delay, ...values) => addTimer(callback, delay, values, false),
  setInterval: (callback, delay, ...values) => addTimer(callback, delay, values, true),
  setImmediate: (callback, ...values) => addTimer(callback, AT_ONCE, values, false),
  clearTimeout: clearTimer,
  clearInterval: clearTimer,
  clearImmediate: clearTimer,
};
