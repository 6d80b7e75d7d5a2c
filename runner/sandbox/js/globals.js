// The names a script finds in its world.

function installScript(pm, message) {
  hidden('pm', pm);
  hidden('require', scriptRequire);
  installLegacy(message);
  installBuffer();
}

function installBuffer() {
  const library = libraryOrNull('buffer');
  if (library && !Object.hasOwn(G, 'Buffer')) hidden('Buffer', library.Buffer);
}

// The engine's binding declares some of them itself, for good; those can only be assigned.
function hidden(name, value) {
  const known = Object.getOwnPropertyDescriptor(G, name);
  if (known && !known.configurable) {
    G[name] = value;
    return;
  }
  Object.defineProperty(G, name, { value, writable: true, configurable: true, enumerable: false });
}

for (const [name, value] of Object.entries({ ...TIMERS, console: CONSOLE, atob, btoa })) hidden(name, value);
installPromises();
