// Defines global names, whatever scripts have done to them.

import { G } from '../lang/natives.js';
import { run } from './run.js';

// The engine's binding declares some of them permanently; those can only be assigned.
export function hidden(name, value) {
  placed(name, { value, writable: true, configurable: true, enumerable: false }, () => value);
}

export function placed(name, descriptor, make) {
  if (Reflect.defineProperty(G, name, descriptor)) return;
  const value = make();
  if (!Reflect.defineProperty(G, name, Object.assign(Object.create(null), { value })) && run) run.pinned.set(name, value);
}
