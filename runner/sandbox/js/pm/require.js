// require() of the libraries that the host loaded because the script names them, and pm.require() of packages, whose texts
// the host gave along.

import { compilePackage, LEGACY } from '../host/compile.js';
import { libraryOrNull } from '../host/libraries.js';
import { noteRejected } from '../host/promises.js';
import { run } from '../host/run.js';
import { G, parseJson } from '../lang/natives.js';

// Libraries of the sandbox itself, which scripts reach in other ways.
const INTERNAL = new Set(['dynamic-variables', 'http-reasons', 'lodash3', 'schemas', 'sugar', 'web-streams']);

export function scriptRequire(name) {
  const found = INTERNAL.has(String(name)) ? null : libraryOrNull(String(name));
  if (found === null) throw new Error(`Cannot find module '${name}'`);
  return found;
}

// `registry:name` comes from elsewhere and sees nothing of pm.
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

// The code of a package; nothing for JSON, which is its exports. What the parser says of a text may quote it: a file that is
// no code must not come to light in an error.
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

// What a package asks for: a file of its own or another package, else a library of the sandbox.
function requireBeside(name, links, packages) {
  return Object.hasOwn(links, name) ? loadPackage(name, links[name], packages) : scriptRequire(name);
}

// Its pm is that of the script, except that it asks for files beside its own.
function pmBeside(own, links) {
  return links === undefined ? G.pm : Object.create(G.pm, { require: { value: own } });
}

function packageBody(data, id) {
  const head = `(function(globalThis,$rejected$,${LEGACY.join(',')}){return function(exports,module,require,pm){`;
  return compilePackage(data, `${encodeURI(id)}.js`, head).call(G, undefined, noteRejected);
}
