// Event, EventTarget, AbortController and AbortSignal (DOM Standard, sections 2 and 3), without trees of targets.

import { callBack } from '../host/promises.js';
import { addTimer } from '../host/timers.js';
import { now } from '../lang/natives.js';
import { DOMException } from './dom_exception.js';
import { webClass } from './web_class.js';

const PHASES = { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 };
const ONLY_HERE = Symbol('only the sandbox makes these');
let stateOf;
let endSignal;

class Event {
  #type;
  #options;
  #time = now();
  #state = { target: null, dispatching: false, canceled: false, stopped: false, halted: false, passive: false };

  constructor(type, { bubbles = false, cancelable = false, composed = false } = {}) {
    if (!arguments.length) throw new TypeError('The "type" argument must be specified');
    this.#type = String(type);
    this.#options = { bubbles: Boolean(bubbles), cancelable: Boolean(cancelable), composed: Boolean(composed) };
  }

  static {
    stateOf = (event) => event.#state;
  }

  get type() { return this.#type; }
  get target() { return this.#state.target; }
  get srcElement() { return this.#state.target; }
  get currentTarget() { return this.#state.dispatching ? this.#state.target : null; }
  get eventPhase() { return this.#state.dispatching ? PHASES.AT_TARGET : PHASES.NONE; }
  get bubbles() { return this.#options.bubbles; }
  get cancelable() { return this.#options.cancelable; }
  get composed() { return this.#options.composed; }
  get defaultPrevented() { return this.#state.canceled; }
  get returnValue() { return !this.#state.canceled; }
  get timeStamp() { return this.#time; }
  get isTrusted() { return false; }
  get cancelBubble() { return this.#state.stopped; }
  set cancelBubble(value) { if (value) this.stopPropagation(); }

  composedPath() {
    return this.#state.dispatching ? [this.#state.target] : [];
  }

  preventDefault() {
    if (this.cancelable && !this.#state.passive) this.#state.canceled = true;
  }

  stopPropagation() {
    this.#state.stopped = true;
  }

  stopImmediatePropagation() {
    this.#state.stopped = true;
    this.#state.halted = true;
  }

  initEvent(type, bubbles = false, cancelable = false) {
    if (this.#state.dispatching) return;
    this.#type = String(type);
    Object.assign(this.#options, { bubbles: Boolean(bubbles), cancelable: Boolean(cancelable) });
    this.#state.canceled = false;
  }
}

class EventTarget {
  #listeners = new Map();

  addEventListener(type, listener, options) {
    if (listener === null || listener === undefined) return;
    const { capture, once, passive, signal } = listenerOptions(options);
    if (signal && signal.aborted) return;
    const key = String(type);
    const known = this.#listeners.get(key) || [];
    if (known.some((entry) => entry.listener === listener && entry.capture === capture)) return;
    this.#listeners.set(key, [...known, { listener, capture, once, passive }]);
    if (signal) signal.addEventListener('abort', () => this.removeEventListener(key, listener, { capture }), { once: true });
  }

  removeEventListener(type, listener, options) {
    const { capture } = listenerOptions(options);
    const known = this.#listeners.get(String(type)) || [];
    this.#listeners.set(String(type), known.filter((entry) => entry.listener !== listener || entry.capture !== capture));
  }

  dispatchEvent(event) {
    if (!(event instanceof Event)) throw new TypeError('The "event" argument must be an instance of Event.');
    const state = stateOf(event);
    if (state.dispatching) throw new DOMException('The event is already being dispatched', 'InvalidStateError');
    Object.assign(state, { target: this, dispatching: true, halted: false });
    for (const entry of this.#listeners.get(event.type) || []) {
      if (state.halted) break;
      if (!(this.#listeners.get(event.type) || []).includes(entry)) continue;
      if (entry.once) this.removeEventListener(event.type, entry.listener, entry);
      state.passive = entry.passive;
      callListener(entry.listener, this, event);
    }
    Object.assign(state, { dispatching: false, passive: false, stopped: false });
    return !event.defaultPrevented;
  }
}

function listenerOptions(options) {
  if (typeof options === 'boolean' || options === null || options === undefined) {
    return { capture: Boolean(options), once: false, passive: false };
  }
  const { capture, once, passive, signal } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new TypeError('The "options.signal" property must be an instance of AbortSignal.');
  }
  return { capture: Boolean(capture), once: Boolean(once), passive: Boolean(passive), signal };
}

// An exception in a listener is an error of the script; the other listeners are still called.
function callListener(listener, target, event) {
  const call = typeof listener === 'function' ? listener.bind(target) : (given) => listener.handleEvent(given);
  callBack(call, [event]);
}

class AbortSignal extends EventTarget {
  #aborted = false;
  #reason = undefined;
  #handler = null;
  #followers = [];

  constructor() {
    if (arguments[0] !== ONLY_HERE) throw new TypeError('Illegal constructor');
    super();
  }

  get aborted() { return this.#aborted; }
  get reason() { return this.#reason; }
  get onabort() { return this.#handler && this.#handler.own; }

  set onabort(own) {
    if (this.#handler) this.removeEventListener('abort', this.#handler.listener);
    this.#handler = typeof own === 'function' ? { own, listener: (event) => own.call(this, event) } : null;
    if (this.#handler) this.addEventListener('abort', this.#handler.listener);
  }

  throwIfAborted() {
    if (this.#aborted) throw this.#reason;
  }

  static abort(reason) {
    return endSignal(new AbortSignal(ONLY_HERE), reason);
  }

  // The timer does not keep the script alive: a script that is otherwise done ends first.
  static timeout(ms) {
    if (!(Number(ms) >= 0)) throw new RangeError('The value of "delay" is out of range.');
    const signal = new AbortSignal(ONLY_HERE);
    const end = () => endSignal(signal, new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    addTimer(end, ms, [], false, false);
    return signal;
  }

  static any(signals) {
    const all = [...signals];
    if (!all.every((signal) => signal instanceof AbortSignal)) {
      throw new TypeError('The "signals" argument must hold instances of AbortSignal.');
    }
    const result = new AbortSignal(ONLY_HERE);
    const ended = all.find((signal) => signal.aborted);
    if (ended) return endSignal(result, ended.reason);
    for (const signal of all) signal.#followers.push(result);
    return result;
  }

  static {
    const open = (signal) => (signal.#aborted ? [] : [signal, ...signal.#followers.flatMap(open)]);
    // All dependent signals are aborted before the first listener runs.
    endSignal = (signal, reason = new DOMException('This operation was aborted', 'AbortError')) => {
      const ended = new Set(open(signal));
      for (const one of ended) {
        one.#aborted = true;
        one.#reason = reason;
      }
      for (const one of ended) one.dispatchEvent(new Event('abort'));
      return signal;
    };
  }
}

class AbortController {
  #signal = new AbortSignal(ONLY_HERE);

  get signal() { return this.#signal; }

  abort(reason) {
    endSignal(this.#signal, reason);
  }
}

for (const [name, value] of Object.entries(PHASES)) {
  for (const owner of [Event, Event.prototype]) Object.defineProperty(owner, name, { value, enumerable: true });
}
export default {
  Event: webClass(Event, 'Event'), EventTarget: webClass(EventTarget, 'EventTarget'),
  AbortSignal: webClass(AbortSignal, 'AbortSignal'), AbortController: webClass(AbortController, 'AbortController'),
};
