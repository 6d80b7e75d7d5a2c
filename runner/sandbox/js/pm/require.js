// require() of the libraries that the host loaded because the script names them, and pm.require() of packages, whose texts
// the host sent with the script.

import { compilePackage, LEGACY } from '../host/compile.js';
import { libraryOrNull } from '../host/libraries.js';
import { noteRejected } from '../host/promises.js';
import { run } from '../host/run.js';
import { G, parseJson } from '../lang/natives.js';

// The sandbox's own libraries, which scripts cannot require.
const INTERNAL = new Set(['dynamic-variables', 'http-reasons', 'lodash3', 'schemas', 'sugar', 'web-streams']);

export function scriptRequire(name) {
  const found = INTERNAL.has(String(name)) ? null : libraryOrNull(String(name));
  if (found === null) throw new Error(`Cannot find module '${name}'`);
  return found;
}

// A package from a registry (`npm:name`) is foreign code and does not get `pm`.
const EXTERNAL = /^[^:]+:.+$/;

export function pmRequire(name) {
  const wanted = String(name);
  const { packages, links = {} } = run.message;
  return loadPackage(wanted, Object.hasOwn(links, wanted) ? links[wanted] : wanted, packages || {});
}

function loadPackage(name, id, packages) {
  const found = Object.hasOwn(packages, id) ? packages[id] : undefined;
  if (!found) throw new Error(`Cannot find package '${name}'`);
  if (found.error) throw new Error(`Error while loading package '${name}': ${found.error}`);
  const known = run.modules.get(id);
  if (known !== undefined) return known.exports;
  const module = { id, exports: {} };
  run.modules.set(id, module);
  const { data, external = EXTERNAL.test(name), links } = found;
  const own = links === undefined ? scriptRequire : (other) => requireBeside(String(other), links, packages);
  const body = readPackage(name, id, data, module);
  if (body === undefined) return module.exports;
  try {
    body.call(module.exports, module.exports, module, own, external ? undefined : pmBeside(own, links));
  } catch (error) {
    throw new Error(`Error in package '${name}': ${(error && error.message) || error}`);
  }
  return module.exports;
}

// The code of a package; none for JSON, which is its own exports. A parser's message may quote the text: an error must not
// reveal a file that is not code.
function readPackage(name, id, data, module) {
  const isJson = /\.json$/.test(id);
  try {
    if (!isJson) return packageBody(data, id);
    module.exports = parseJson(data);
    return undefined;
  } catch {
    throw new Error(`Error in package '${name}': it is not valid ${isJson ? 'JSON' : 'JavaScript'}`);
  }
}

// A package's require(): one of its own files or another package, otherwise a library of the sandbox.
function requireBeside(name, links, packages) {
  return Object.hasOwn(links, name) ? loadPackage(name, links[name], packages) : scriptRequire(name);
}

// A package's pm is the script's, except that pm.require() looks for files beside the package's own.
function pmBeside(own, links) {
  return links === undefined ? G.pm : Object.create(G.pm, { require: { value: own } });
}

function packageBody(data, id) {
  const head = `(function(globalThis,$rejected$,${LEGACY.join(',')}){return function(exports,module,require,pm){`;
  return compilePackage(data, `${encodeURI(id)}.js`, head).call(G, undefined, noteRejected);
}
