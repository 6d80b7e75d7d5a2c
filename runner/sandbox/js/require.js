// require() of the libraries that the host loaded because the script names them.

function libraryOrNull(name) {
  return Object.hasOwn(LIBRARIES, name) ? LIBRARIES[name] : null;
}

function pmRequire(name) {
  const { packages = {} } = run.message;
  if (!Object.hasOwn(packages, name)) throw new Error(`Cannot find package '${name}'`);
  return packages[name];
}

// Libraries of the sandbox itself, which scripts reach in other ways.
const INTERNAL = new Set(['dynamic-variables', 'http-reasons', 'lodash3', 'sugar', 'web-streams']);

function scriptRequire(name) {
  const found = INTERNAL.has(String(name)) ? null : libraryOrNull(String(name));
  if (found === null) throw new Error(`Cannot find module '${name}'`);
  return found;
}
