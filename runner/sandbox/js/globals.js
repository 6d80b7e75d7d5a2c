// The names a script finds in its world.

function installScript({ pm, message }) {
  hidden('pm', pm);
  installLegacy(message);
  const library = libraryOrNull('buffer');
  if (library && !Object.hasOwn(G, 'Buffer')) hidden('Buffer', library.Buffer);
}

// The engine's binding declares some of them itself, for good; those can only be assigned.
function hidden(name, value) {
  const known = Object.getOwnPropertyDescriptor(G, name);
  if (known && !known.configurable) G[name] = value;
  else Object.defineProperty(G, name, { value, writable: true, configurable: true, enumerable: false });
}

const OFFERED = {
  ...TIMERS, require: scriptRequire, console: CONSOLE, atob, btoa, structuredClone, queueMicrotask, crypto: CRYPTO, Crypto, DOMException,
};
// Postman hides these of the engine; `__timer_manager` is the binding's own.
const WITHDRAWN = [
  'WebAssembly', 'WeakRef', 'FinalizationRegistry', 'Iterator', 'Temporal', 'SuppressedError', 'DisposableStack',
  'AsyncDisposableStack', 'Float16Array', '__timer_manager',
];

function installWorld() {
  for (const [name, value] of Object.entries(OFFERED)) hidden(name, value);
  for (const name of WITHDRAWN) if (!Reflect.deleteProperty(G, name)) hidden(name, undefined);
  Object.defineProperty(G, '__libraries', { enumerable: false });
  installParts();
  installSugar();
  installPromises();
  installFunctionText();
  $learn(Error.prototype, 'toJSON');
  $takeToJsons();
  $learn(Promise.prototype, 'then');
}

installWorld();
