const {apply, ownKeys, defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf} = Reflect;
const {create, freeze} = Object, has = Object.hasOwn, TE = TypeError, nativeThen = Promise.prototype.then;
const targets = [], seen = new Set(), names = [];
const {setPrototypeOf} = Object, bare = (o) => setPrototypeOf(o, null);
const walk = (object, path) => {
  if (object === null || (typeof object !== 'object' && typeof object !== 'function') || seen.has(object)) return;
  seen.add(object);
  for (const key of ownKeys(object)) {
    const place = path + (typeof key === 'symbol' ? '[' + key.description + ']' : '.' + key);
    const found = getOwnPropertyDescriptor(object, key);
    if ((found.configurable || found.writable)) { targets.push([object, key, found]); names.push(place); }
    if ('value' in found) walk(found.value, place);
  }
  const proto = getPrototypeOf(object);
  if (proto) walk(proto, path + '.__proto__');
};
for (const name of ROOTS) if (typeof this[name] === 'function' || typeof this[name] === 'object') {
  walk(this[name], name);
}
for (const value of [(async () => {}), (function* () {}), (async function* () {}), (function* () {})(), (async function* () {})(), [].values(),
  new Map().values(), new Set().values(), ''[Symbol.iterator](), ''.matchAll(/a/g)]) walk(getPrototypeOf(value), Object.prototype.toString.call(value));
const tree = {a: 1, b: [1, {c: 'x'}], d: null};
const things = freeze({
  tree, same: {a: 1, b: [1, {c: 'x'}], d: null}, other: {a: 1, b: [1, {c: 'y'}], d: null},
  map: new Map([['k', 1]]), sameMap: new Map([['k', 1]]), otherMap: new Map([['k', 2]]), set: new Set([1]), otherSet: new Set([2]),
  date: new Date(0), otherDate: new Date(1), regexp: /^a+$/i, bytes: new Uint8Array([1, 2]), otherBytes: new Uint8Array([1, 3]),
  error: new RangeError('thrown'), later: new TypeError('thrown later'), symbol: Symbol('s'), fn: function named() {},
  TypeError, RangeError, Error, Array, setTimeout, Map,
  request: {url: 'http://h/p?q=1', method: 'POST', header: [{key: 'X-A', value: 'b'}], body: {mode: 'raw', raw: '{"a":1}'}},
  query: {a: '1', b: '2'},
});
const stolen = [];
const looksInside = (x) => {
  try {
    if (x !== null && typeof x === 'object' && (has(x, 'openTests') || has(x, 'aloneUntil') || has(x, 'partTexts'))) return true;
  } catch {}
  return false;
};
let undo = null;
// Values, not descriptors that inherit: what is changed here must not change this.
const describe = (value) => bare({value, writable: true, configurable: true, enumerable: false});
const accessor = (get, set) => bare({get, set, configurable: true, enumerable: false});
const fail = () => { throw new TE('broken'); };
const makes = bare({
  'throws': () => describe(fail), 'gives undefined': () => describe(() => undefined), 'gives 1': () => describe(() => 1),
  'gives true': () => describe(() => true),
  'records': (old) => {
    const note = function (...values) {
      if (looksInside(this)) stolen[stolen.length] = 'this';
      for (let at = 0; at < values.length; at++) if (looksInside(values[at])) stolen[stolen.length] = 'argument';
      return typeof old.value === 'function' ? (new.target ? Reflect.construct(old.value, values) : apply(old.value, this, values)) : old.value;
    };
    return describe(note);
  },
  'is a getter that throws': () => accessor(fail, fail),
});
this.$attack = freeze(bare({
  count: targets.length, names, things, stolen: () => stolen.length,
  put(at, kind) {
    const target = targets[at], object = target[0], key = target[1], old = bare(target[2]);
    undo = [object, key, old];
    if (kind === 'is gone') return deleteProperty(object, key);
    const made = makes[kind](old);
    if (!old.configurable) {
      if (made.get) return false;
      return defineProperty(object, key, bare({value: made.value}));
    }
    return defineProperty(object, key, made);
  },
  pollute(name, kind) {
    const object = kind[0] === 'A' ? ArrayPrototype : ObjectPrototype;
    undo = [object, name, null];
    const way = kind[1];
    return defineProperty(object, name, way === 'v' ? describe(1) : way === 't' ? describe('evil') : way === 'f' ? describe(fail)
      : way === 'g' ? accessor(fail, fail) : way === 'r' ? bare({value: 1, writable: false, configurable: true})
      : accessor(() => undefined, () => {}));
  },
  restore() {
    if (undo === null) return;
    if (undo[2] === null) deleteProperty(undo[0], undo[1]); else defineProperty(undo[0], undo[1], undo[2]);
    undo = null;
  },
}));
defineProperty(this, '$attack', bare({writable: false, configurable: false}));
const ArrayPrototype = Array.prototype, ObjectPrototype = Object.prototype;
console.log($attack.names);
