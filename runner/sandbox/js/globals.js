// The global names of a script.

import { CONSOLE } from './host/console.js';
import { installFunctionText } from './host/function_text.js';
import { libraryOrNull } from './host/libraries.js';
import { hidden } from './host/names.js';
import { installPromises } from './host/promises.js';
import { queueMicrotask, TIMERS } from './host/timers.js';
import { G } from './lang/natives.js';
import { $takeToJsons } from './lang/primordial_methods.js';
import { $learn } from './lang/primordials.js';
import { installLegacy } from './legacy/legacy.js';
import { installSugar } from './legacy/sugar.js';
import { scriptRequire } from './pm/require.js';
import { atob, btoa } from './web/base64.js';
import { structuredClone } from './web/clone.js';
import { CRYPTO, Crypto } from './web/crypto.js';
import { DOMException } from './web/dom_exception.js';
import { installParts } from './web/lazy.js';

// A script may make a global permanently read-only: later scripts then get their value as a parameter instead.
export function installScript(run) {
  const { pm, message } = run;
  run.pinned = new Map();
  hidden('pm', pm);
  hidden('console', { ...CONSOLE });
  for (const [name, value] of RENEWED) hidden(name, value);
  installLegacy(message);
  const library = libraryOrNull('buffer');
  if (library && !Object.hasOwn(G, 'Buffer')) hidden('Buffer', library.Buffer);
}

const OFFERED = {
  ...TIMERS, require: scriptRequire, console: CONSOLE, atob, btoa, structuredClone, queueMicrotask, crypto: CRYPTO, Crypto, DOMException,
};
const RENEWED = Object.entries(TIMERS);
// Globals of the engine that Postman hides; `__timer_manager` belongs to the binding.
const WITHDRAWN = [
  'WebAssembly', 'WeakRef', 'FinalizationRegistry', 'Iterator', 'Temporal', 'SuppressedError', 'DisposableStack',
  'AsyncDisposableStack', 'Float16Array', '__timer_manager',
];

export function installWorld() {
  for (const [name, value] of Object.entries(OFFERED)) hidden(name, value);
  for (const name of WITHDRAWN) if (!Reflect.deleteProperty(G, name)) hidden(name, undefined);
  delete G.__libraries;
  installParts();
  installSugar();
  installPromises();
  installFunctionText();
  $learn(Error.prototype, 'toJSON');
  $takeToJsons();
  $learn(Promise.prototype, 'then');
}
