// Unhandled rejections. The engine has no hook for them, so promises are watched where a script can create them: those that
// callbacks return, `new Promise`, Promise.reject and the like, and each promise that `then` creates. A promise is handled
// once `then` was called on it, or once it was awaited: `await` reads its `constructor`, which is a getter here.

import { G } from '../lang/natives.js';
import { failScript } from './errors.js';
import { isThenable, run } from './run.js';

export const NativePromise = Promise;
const nativeThen = Promise.prototype.then;
const watched = new WeakMap();
// Our function → the engine's, whose source text it shows.
export const standsFor = new WeakMap();
let quiet = false;
let chaining = false;

// The engine's `then`. It reads `constructor`, which must neither count as handling nor run a script's own getter.
export function watchThen(promise, resolved, rejected) {
  const found = Object.getOwnPropertyDescriptor(NativePromise.prototype, 'constructor');
  const lent = (!found || found.get !== readConstructor) && !Object.hasOwn(promise, 'constructor')
    && Reflect.defineProperty(promise, 'constructor', { value: undefined, configurable: true });
  quiet = true;
  chaining = true;
  try {
    nativeThen.call(promise, resolved, rejected);
  } finally {
    quiet = false;
    chaining = false;
    if (lent) delete promise.constructor;
  }
}

// The `constructor` of every promise. Where `then` finds none, it creates a promise of the engine's own class.
function readConstructor() {
  if (chaining) return undefined;
  if (!quiet && this instanceof NativePromise && this !== NativePromise.prototype) markHandled(this);
  return NativePromise;
}

export function settle(promise, resolved, rejected) {
  if (promise instanceof NativePromise) {
    markHandled(promise);
    watchThen(promise, resolved, rejected);
  } else {
    promise.then(resolved, rejected);
  }
}

function markHandled(promise) {
  const state = watched.get(promise);
  if (state !== undefined && state.handled) return;
  const { owner = run } = state || {};
  watched.set(promise, { handled: true, owner });
  if (state !== undefined) {
    state.handled = true;
    owner.rejections.delete(promise);
  }
  if (owner) watchThen(promise, undefined, (error) => forgetRejected(owner, error));
}

// Watches a promise: its rejection is an error of the script unless it is handled before the script ends.
export function watchPromise(promise) {
  if (!(promise instanceof NativePromise)) {
    settle(promise, () => {}, failScript);
    return promise;
  }
  const known = watched.get(promise);
  if (known !== undefined) return promise;
  const state = { handled: false, owner: run };
  watched.set(promise, state);
  watchThen(promise, undefined, (error) => {
    if (!state.handled) state.owner.rejections.set(promise, error);
  });
  return promise;
}

// Called when nothing is left to run: a rejection that is unhandled now stays unhandled.
export function failUnhandled() {
  if (!run.rejections.size && !run.thrown.size) return;
  const errors = new Set([...run.rejections.values(), ...run.thrown.keys()]);
  run.rejections.clear();
  run.thrown.clear();
  errors.forEach((error) => failScript(error));
}

export function WatchedPromise(executor) {
  if (new.target === undefined) throw new TypeError("Promise constructor cannot be invoked without 'new'");
  const target = new.target === WatchedPromise ? NativePromise : new.target;
  const made = Reflect.construct(NativePromise, [executor], target);
  return quiet ? made : watchPromise(made);
}

export function installPromises() {
  const statics = Object.getOwnPropertyDescriptors(NativePromise);
  for (const descriptor of Object.values(statics)) {
    if (typeof descriptor.value === 'function') descriptor.value = watchedStatic(descriptor.value);
  }
  Object.defineProperties(WatchedPromise, { ...statics, prototype: { value: NativePromise.prototype, writable: false } });
  standsFor.set(WatchedPromise, NativePromise);
  Object.defineProperty(NativePromise.prototype, 'constructor', {
    configurable: true,
    get: readConstructor,
    set(value) {
      Object.defineProperty(this, 'constructor', { value, writable: true, configurable: true });
    },
  });
  replaceMethod(NativePromise.prototype, 'then', (native) => function then(resolved, rejected) {
    markHandled(this);
    return watchPromise(native.call(this, resolved, rejected));
  });
  const generators = Object.getPrototypeOf(async function* () { yield 0; }).prototype;
  for (const name of ['next', 'return', 'throw']) {
    replaceMethod(generators, name, (native) => ({ [name](value) { return watchPromise(native.call(this, value)); } })[name]);
  }
  Object.defineProperty(G, 'Promise', { value: WatchedPromise, writable: true, configurable: true });
}

export function replaceMethod(owner, name, make) {
  const native = owner[name];
  const value = make(native);
  standsFor.set(value, native);
  Object.defineProperty(owner, name, { value, writable: true, configurable: true });
}

function watchedStatic(native) {
  const { name } = native;
  const made = { [name](...values) {
    const wasQuiet = quiet;
    quiet = name === 'resolve';
    let result;
    try {
      result = native.apply(this === WatchedPromise ? NativePromise : this, values);
    } finally {
      quiet = wasQuiet;
    }
    if (name === 'withResolvers') watchPromise(result.promise);
    return result instanceof NativePromise ? watchPromise(result) : result;
  } }[name];
  standsFor.set(made, native);
  return made;
}

// Runs a callback of the script: an exception, or the rejection of its promise, is an error of the script.
export function callBack(callback, values) {
  try {
    const result = callback.apply(G, values);
    if (isThenable(result)) watchPromise(result);
  } catch (error) {
    failScript(error);
  }
}

// An async function threw: that is an error of the script unless its promise is handled before the script ends.
export function noteRejected(error) {
  run.thrown.set(error, (run.thrown.get(error) || 0) + 1);
  return error;
}

function forgetRejected(owner, error) {
  const count = owner.thrown.get(error);
  if (count > 1) owner.thrown.set(error, count - 1);
  else owner.thrown.delete(error);
}
