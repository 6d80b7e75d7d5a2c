// The names a script finds in its world.

// A script may make one of its names unchangeable for good: those after it get it as a parameter instead.
function installScript(run) {
  const { pm, message } = run;
  run.pinned = new Map();
  hidden('pm', pm);
  hidden('console', { ...CONSOLE });
  for (const [name, value] of RENEWED) hidden(name, value);
  installLegacy(message);
  const library = libraryOrNull('buffer');
  if (library && !Object.hasOwn(G, 'Buffer')) hidden('Buffer', library.Buffer);
}

// The engine's binding declares some of them itself, for good; those can only be assigned.
function hidden(name, value) {
  placed(name, { value, writable: true, configurable: true, enumerable: false }, () => value);
}

function placed(name, descriptor, make) {
  if (Reflect.defineProperty(G, name, descriptor)) return;
  const value = make();
  if (!Reflect.defineProperty(G, name, Object.assign(Object.create(null), { value })) && run) run.pinned.set(name, value);
}

const OFFERED = {
  ...TIMERS, require: scriptRequire, console: CONSOLE, atob, btoa, structuredClone, queueMicrotask, crypto: CRYPTO, Crypto, DOMException,
};
const RENEWED = Object.entries(TIMERS);
// Postman hides these of the engine; `__timer_manager` is the binding's own.
const WITHDRAWN = [
  'WebAssembly', 'WeakRef', 'FinalizationRegistry', 'Iterator', 'Temporal', 'SuppressedError', 'DisposableStack',
  'AsyncDisposableStack', 'Float16Array', '__timer_manager',
];

function installWorld() {
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

installWorld();
