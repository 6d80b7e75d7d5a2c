// structuredClone (HTML, section 2.7): a deep copy that keeps cycles, dates, maps, sets, errors and typed arrays.

function structuredClone(value) {
  if (!arguments.length) throw new TypeError('The "value" argument must be specified');
  return cloned(value, new Map());
}

function cloned(value, known) {
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new DOMException(`${typeof value === 'symbol' ? value.toString() : value} could not be cloned.`, 'DataCloneError');
  }
  if (value === null || typeof value !== 'object') return value;
  if (known.has(value)) return known.get(value);
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  const keep = (copy) => {
    known.set(value, copy);
    return copy;
  };
  const make = CLONES[value instanceof Error ? 'Error' : tag];
  if (make) return make(value, keep, (entry) => cloned(entry, known));
  if (ArrayBuffer.isView(value)) return keep(new value.constructor(value));
  if (['WeakMap', 'WeakSet', 'Promise'].includes(tag)) throw new DOMException(`#<${tag}> could not be cloned.`, 'DataCloneError');
  const copy = keep(Array.isArray(value) ? new Array(value.length) : {});
  for (const key of Object.keys(value)) copy[key] = cloned(value[key], known);
  return copy;
}

const CLONES = {
  Date: (value, keep) => keep(new Date(value.getTime())),
  RegExp: (value, keep) => keep(new RegExp(value.source, value.flags)),
  Boolean: (value, keep) => keep(Object(value.valueOf())),
  Number: (value, keep) => keep(Object(value.valueOf())),
  String: (value, keep) => keep(Object(value.valueOf())),
  BigInt: (value, keep) => keep(Object(value.valueOf())),
  ArrayBuffer: (value, keep) => keep(value.slice()),
  Map(value, keep, clone) {
    const copy = keep(new Map());
    for (const [key, entry] of value) copy.set(clone(key), clone(entry));
    return copy;
  },
  Set(value, keep, clone) {
    const copy = keep(new Set());
    for (const entry of value) copy.add(clone(entry));
    return copy;
  },
  Error(value, keep) {
    const types = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
    const copy = keep(new (types[value.name] || Error)(value.message));
    Object.defineProperty(copy, 'stack', { value: value.stack, writable: true, configurable: true });
    return copy;
  },
};
