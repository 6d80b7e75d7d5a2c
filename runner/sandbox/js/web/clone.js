// structuredClone (HTML, section 2.7): a deep copy that keeps cycles, dates, maps, sets, errors, buffers, blobs and keys.

import { part } from '../host/parts.js';
import { G } from '../lang/natives.js';
import { DOMException } from './dom_exception.js';

const UNCLONABLE = new Set([
  'WeakMap', 'WeakSet', 'WeakRef', 'Promise', 'Generator', 'AsyncGenerator', 'Arguments', 'Map Iterator', 'Set Iterator',
  'Array Iterator', 'String Iterator', 'ReadableStream', 'WritableStream', 'TransformStream',
]);

export function structuredClone(value, options) {
  if (!arguments.length) throw new TypeError('The "value" argument must be specified');
  const moved = transferred(options?.transfer ?? []);
  const copy = cloned(value, new Map());
  // The copy has the bytes now; the transferred buffers become empty.
  for (const buffer of moved) buffer.transfer();
  return copy;
}

function transferred(list) {
  const buffers = [...list];
  for (const [at, buffer] of buffers.entries()) {
    if (!(buffer instanceof ArrayBuffer)) throw new TypeError('Found invalid object in transferList');
    if (buffer.detached || buffers.indexOf(buffer) !== at) {
      throw new DOMException('An ArrayBuffer is detached and could not be cloned.', 'DataCloneError');
    }
  }
  return buffers;
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
  const clone = (entry) => cloned(entry, known);
  if (ArrayBuffer.isView(value)) return keep(clonedView(value, clone));
  const make = CLONES[value instanceof Error && tag !== 'DOMException' ? 'Error' : tag];
  if (make) return make(value, keep, clone);
  if (UNCLONABLE.has(tag)) throw new DOMException(`#<${tag}> could not be cloned.`, 'DataCloneError');
  const copy = keep(Array.isArray(value) ? new Array(value.length) : {});
  for (const key of Object.keys(value)) copy[key] = clone(value[key]);
  return copy;
}

const viewTag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;

// Views of the same buffer become views of the same copy.
function clonedView(view, clone) {
  const { byteOffset, byteLength, length = byteLength, buffer } = view;
  const type = view instanceof DataView ? DataView : G[viewTag.call(view)];
  return new type(clone(buffer), byteOffset, length);
}

const CLONES = {
  Date: (value, keep) => keep(new Date(value.getTime())),
  RegExp: (value, keep) => keep(new RegExp(value.source, value.flags)),
  Boolean: (value, keep) => keep(Object(value.valueOf())),
  Number: (value, keep) => keep(Object(value.valueOf())),
  String: (value, keep) => keep(Object(value.valueOf())),
  BigInt: (value, keep) => keep(Object(value.valueOf())),
  ArrayBuffer: (value, keep) => keep(value.slice()),
  SharedArrayBuffer: (value) => value,
  Map(value, keep, clone) {
    const copy = keep(new Map());
    for (const [key, entry] of [...value]) copy.set(clone(key), clone(entry));
    return copy;
  },
  Set(value, keep, clone) {
    const copy = keep(new Set());
    for (const entry of [...value]) copy.add(clone(entry));
    return copy;
  },
  Error(value, keep, clone) {
    const types = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
    const copy = keep(new (types[value.name] || Error)(value.message));
    const add = (key, entry) => Object.defineProperty(copy, key, { value: entry, writable: true, configurable: true });
    add('stack', value.stack);
    if (Object.hasOwn(value, 'cause')) add('cause', clone(value.cause));
    return copy;
  },
  DOMException: (value, keep) => keep(new DOMException(value.message, value.name)),
  Blob: (value, keep) => keep(value.slice(0, value.size, value.type)),
  File(value, keep) {
    const { type, lastModified } = value;
    return keep(new (part('blob').File)([value], value.name, { type, lastModified }));
  },
  CryptoKey: (value) => value,
};
