// What a script can reach from pm and the globals: each object by the shortest way to it, with its own and inherited names.
const BUILT_IN = ['Object', 'Function', 'Array', 'String', 'Number', 'Boolean', 'Symbol', 'BigInt', 'RegExp', 'Date', 'Map', 'Set', 'WeakMap',
  'WeakSet', 'ArrayBuffer', 'SharedArrayBuffer', 'DataView', 'Promise', 'Proxy', 'Reflect', 'Math', 'Atomics', 'Intl', 'Error', 'AggregateError', 'EvalError',
  'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError', 'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array',
  'Int32Array', 'Uint32Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array'];
const LIBRARIES = ['_', 'CryptoJS', 'tv4', 'xml2Json', 'Backbone', 'cheerio', 'Buffer'];
const seen = new Set(), found = {}, values = [];
const isObject = (value) => value !== null && (typeof value === 'object' || typeof value === 'function');
const skip = (value) => {
  if (!isObject(value) || seen.has(value)) return;
  seen.add(value);
  for (const key of Reflect.ownKeys(value)) {
    const {value: inner, get, set} = Object.getOwnPropertyDescriptor(value, key);
    [inner, get, set].forEach(skip);
  }
  skip(Object.getPrototypeOf(value));
};
for (const name of BUILT_IN) skip(this[name]);
for (const value of [async () => {}, function* () {}, async function* () {}, (function* () {})(), (async function* () {})(), [].values(), new Map().values(),
  new Set().values(), ''[Symbol.iterator](), 'a'.matchAll(/a/g)]) skip(Object.getPrototypeOf(value));
const language = new Set(seen);
for (const name of LIBRARIES) seen.add(this[name]);
const kind = ({value, get, set}) => get || set ? `:${get ? 'g' : ''}${set ? 's' : ''}` : typeof value === 'function' ? '()' : '';
const chain = (value) => {
  const owners = [];
  for (let at = value; at !== null && !language.has(at); at = Object.getPrototypeOf(at)) owners.push(at);
  return owners;
};
const waiting = [];
const walk = (value, path) => waiting.push([value, path]);
// The names of an object, its own and those that it inherits; those of the language are not counted.
const namesOf = (value) => {
  const names = new Map();
  for (const owner of chain(value)) {
    for (const key of Reflect.ownKeys(owner)) {
      const own = typeof owner === 'function' ? ['length', 'name', 'prototype', 'arguments', 'caller'].includes(key)
        : Array.isArray(owner) && /^\d+$|^length$/.test(String(key)) || ArrayBuffer.isView(owner);
      if (!own && !names.has(key)) names.set(key, String(key) + kind(Object.getOwnPropertyDescriptor(owner, key)));
    }
  }
  return names;
};
const look = (value, path) => {
  if (!isObject(value) || seen.has(value)) return;
  const names = namesOf(value);
  seen.add(value);
  if (names.size) found[path] = [...names.values()].sort();
  if (path === 'expectation' || path.endsWith('.to')) return;
  if (typeof value === 'function' && value.prototype) walk(value.prototype, `${path}.prototype`);
  for (const key of [...names.keys()].sort((a, b) => String(a) < String(b) ? -1 : 1)) {
    let inner;
    try { inner = value[key]; } catch { continue; }
    if (inner instanceof Promise) inner.catch(() => {});
    walk(inner, `${path}.${String(key)}`);
  }
};
const results = {
  sent: pm.sendRequest('http://127.0.0.1:1/').catch(() => 0), jar: pm.cookies.jar(), expectation: pm.expect(1), header: pm.request.headers.members[0],
  cookie: pm.cookies.members[0], param: pm.request.url.query.members[0], variable: pm.environment.values.members[0], timer: setTimeout(() => {}, 0),
};
walk(pm, 'pm');
for (const [name, value] of Object.entries(results)) walk(value, name);
for (const name of Object.getOwnPropertyNames(this)) if (!BUILT_IN.includes(name) && name !== 'pm' && !LIBRARIES.includes(name)) walk(this[name], name);
for (let at = 0; at < waiting.length; at++) look(...waiting[at]);
console.log(JSON.stringify(found));
