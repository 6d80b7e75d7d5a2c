// The built-ins that the prelude uses, captured before any script runs. libraries/harden.mjs rewrites the prelude to call
// these instead of the members of prototypes and globals, which scripts may replace.
export const $apply = Reflect.apply;
export const $Reflect_construct = Reflect.construct;
export const $hasOwn = Object.hasOwn;
export const $isArray = Array.isArray;
export const $isView = ArrayBuffer.isView;
export const $define = Object.defineProperty;
export const $descriptor = Object.getOwnPropertyDescriptor;
export const $ownKeys = Reflect.ownKeys;
export const $keys = Object.keys;
export const $proto = Object.getPrototypeOf;
export const $setProto = Object.setPrototypeOf;
export const $bare = Object.create;
export const $OP = Object.prototype;
export const $AP = Array.prototype;
export const $RP = RegExp.prototype;
export const $nativeStringify = JSON.stringify;
export const $String = String;
export const $Object = Object;
export const $DataView = DataView;
export const $Map = Map;
export const $Set = Set;
export const $WeakMap = WeakMap;
export const $WeakSet = WeakSet;
export const $Proxy = Proxy;
export const $ArrayBuffer = ArrayBuffer;
export const $SharedArrayBuffer = SharedArrayBuffer;
export const $TypeError = TypeError;
export const $toPrimitiveKey = Symbol.toPrimitive;
export const $dateText = Date.prototype.toString;
export const $ownValue = Object.prototype.valueOf;
export const $iteratorKey = Symbol.iterator;

// `f` as a function whose first argument is its `this`.
export const $uncurry = Function.prototype.bind.bind(Function.prototype.call);
export const $ordinaryHasInstance = $uncurry(Function.prototype[Symbol.hasInstance]);
export const $exec = $uncurry(RegExp.prototype.exec);
export const $getSource = $uncurry($descriptor(RegExp.prototype, 'source').get);
// The engine's own `flags` getter reads each of these properties by name.
export const $FLAGS = [['d', 'hasIndices'], ['g', 'global'], ['i', 'ignoreCase'], ['m', 'multiline'], ['s', 'dotAll'], ['u', 'unicode'],
  ['v', 'unicodeSets'], ['y', 'sticky']].map(([flag, key]) => [flag, $uncurry($descriptor(RegExp.prototype, key).get)]);
export function $getFlags(pattern) {
  let flags = '';
  for (let at = 0; at < $FLAGS.length; at++) if ((0, $FLAGS[at][1])(pattern)) flags += $FLAGS[at][0];
  return flags;
}
export const $substring = $uncurry(String.prototype.substring);
export const $indexOf = $uncurry(String.prototype.indexOf);
export const $codePointAt = $uncurry(String.prototype.codePointAt);
export const $charCodeAt = $uncurry(String.prototype.charCodeAt);
export const $joinList = $uncurry(Array.prototype.join);
export const $keep = $uncurry(WeakMap.prototype.set);
export const $tableOf = $uncurry(WeakMap.prototype.get);
export const $typedLength = $uncurry($descriptor($proto(Uint8Array.prototype), 'length').get);

// A property descriptor must not inherit: a script may define Object.prototype.get.
export const $own = (descriptor) => (descriptor === undefined || $plainDescriptors() ? descriptor : $setProto(descriptor, null));
// `in` costs a fraction of a call, and this runs some hundred times for each script.
export const $plainDescriptors = () => !('get' in $OP || 'set' in $OP || 'value' in $OP || 'writable' in $OP || 'enumerable' in $OP
  || 'configurable' in $OP);
export const $SHOWN = $setProto({ value: undefined, writable: true, enumerable: true, configurable: true }, null);

export function $put(object, key, value) {
  $SHOWN.value = value;
  $define(object, key, $SHOWN);
  $SHOWN.value = undefined;
}

// Built-in prototype → its original members, and its original getters.
export const $tables = new WeakMap();
export const $getters = new WeakMap();
export const $typedArray = $proto(Uint8Array);
export const $TYPES = [
  Object, Function, Array, String, Number, Boolean, Symbol, BigInt, RegExp, Date, Map, Set, WeakMap, WeakSet, ArrayBuffer, DataView,
  $typedArray, Uint8Array, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array, Float64Array, Uint8ClampedArray,
  BigInt64Array, BigUint64Array, Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError, AggregateError,
];
export const $typeNames = new WeakMap($TYPES.flatMap((type) => [[type, type.name], [type.prototype, type.name]]));
export const $PROTOTYPES = $TYPES.map((type) => type.prototype);
export const $generator = $proto((function* () { yield 0; })());
$PROTOTYPES.push(
  $proto([].values()), $proto(new Map().values()), $proto(new Set().values()), $proto(''[Symbol.iterator]()),
  $proto(''.matchAll(/a/g)), $proto($proto($proto($generator))), $proto($proto($generator)), $proto($generator), Promise.prototype,
);
// Records the present members of a prototype.
export function $take(prototype) {
  const table = $bare(null);
  const getters = $bare(null);
  for (const key of $ownKeys(prototype)) {
    const { value, get } = $descriptor(prototype, key);
    if (typeof value === 'function' && key === 'constructor') getters[key] = () => value;
    else if (typeof value === 'function') table[key] = value;
    if (get) getters[key] = get;
    else if (typeof value === 'string') getters[key] = () => value;
  }
  $keep($tables, prototype, table);
  $keep($getters, prototype, getters);
}
for (const prototype of $PROTOTYPES) $take(prototype);
$tableOf($getters, $RP).flags = function flags() { return $getFlags(this); };
$tableOf($tables, $RP).toString = function toString() { return `/${$getSource(this)}/${$getFlags(this)}`; };
$tableOf($tables, Error.prototype).toString = function toString() { return $errorLine(this); };

// Records a member that the world itself has put on a prototype.
export function $learn(prototype, key) {
  $tableOf($tables, prototype)[key] = prototype[key];
}

// The original `x[key]` if a built-in prototype has it, otherwise its present value.
export function $find(x, key) {
  if (typeof x !== 'object' && typeof x !== 'function') {
    if (x === null || x === undefined) return x[key];
    return $find($proto(x), key);
  }
  for (let at = x; at !== null; at = $proto(at)) {
    const table = $tableOf($tables, at);
    if (table === undefined) {
      if ($hasOwn(at, key)) return x[key];
    } else if (table[key] !== undefined) return table[key];
  }
  return undefined;
}

// `x[key]`, with the original members and getters of built-in prototypes.
export function $read(x, key) {
  if (x === null || x === undefined) return x[key];
  if ((typeof x === 'object' || typeof x === 'function') && $hasOwn(x, key)) return x[key];
  for (let at = $proto(x); at !== null; at = $proto(at)) {
    const getters = $tableOf($getters, at);
    if (getters === undefined) {
      if ($hasOwn(at, key)) return x[key];
    } else {
      if (getters[key] !== undefined) return $apply(getters[key], x, []);
      const method = $tableOf($tables, at)[key];
      if (method !== undefined) return method;
    }
  }
  return undefined;
}

// Whether Object.prototype lacks this name.
export const $free = (key) => !$hasOwn($OP, key);
export const $o = (x, key) => ($hasOwn($OP, key) ? $read(x, key) : x[key]);

// These members of `x`, without those that a script added to built-in prototypes.
export function $bag(x, keys) {
  if (x === null || x === undefined) return x;
  const made = $bare(null);
  for (let at = 0; at < keys.length; at++) made[keys[at]] = $read(x, keys[at]);
  return made;
}

// The list, extended with undefined so that this many entries can be read without reaching the prototype.
export function $padded(list, count) {
  if (list.length >= count) return list;
  if ($proto($AP) === $OP) {
    let clean = true;
    for (let at = list.length; at < count; at++) if (at in $AP) clean = false;
    if (clean) return list;
  }
  const made = $joined(list);
  while (made.length < count) $append(made, undefined);
  return made;
}

// The name of a built-in type, by the type or its prototype.
export const $typeName = (x) => $tableOf($typeNames, x);

export function $accessor(name) {
  return (x) => {
    if (typeof x === 'function' && name === 'name') return $typeName(x) ?? x.name;
    if (x === null || (typeof x !== 'object' && typeof x !== 'symbol')) return x[name];
    if (typeof x === 'object' && $hasOwn(x, name)) return x[name];
    for (let at = $proto(x); at !== null; at = $proto(at)) {
      const getters = $tableOf($getters, at);
      if (getters === undefined) {
        if ($hasOwn(at, name)) return x[name];
      } else if (getters[name] !== undefined) return $apply(getters[name], x, []);
    }
    return undefined;
  };
}

export const $nameOf = $accessor('name');
export const $isBuffer = (x) => $ordinaryHasInstance($ArrayBuffer, x) || $ordinaryHasInstance($SharedArrayBuffer, x);
export const $instance = (x, type) => $ordinaryHasInstance(type, x);

// `object[key] = value`, ignoring setters that a script added to built-in prototypes.
export function $set(object, key, value) {
  if (!$hasOwn($OP, key) && !($isArray(object) && ($hasOwn($AP, key) || $proto($AP) !== $OP))) return (object[key] = value);
  return $setPast(object, key, value);
}

export function $setPast(object, key, value) {
  for (let at = object; at !== null; at = $proto(at)) {
    if ($tableOf($tables, at) !== undefined && at !== object) break;
    if ($hasOwn(at, key)) return (object[key] = value);
  }
  if (object === null || typeof object !== 'object' && typeof object !== 'function') return (object[key] = value);
  $put(object, key, value);
  return value;
}

export function $append(list, value) {
  const at = list.length;
  if ($proto($AP) !== $OP || at in $AP) $put(list, at, value);
  else list[at] = value;
}

// Error.prototype.toString.
export function $errorLine(error) {
  const name = $nameOf(error);
  const { message } = error;
  const head = name === undefined ? 'Error' : $String(name);
  return message === undefined || message === '' ? head : head === '' ? message : `${head}: ${$String(message)}`;
}

// A value to be put into a string: converted by the original `toString` of its type, even if a script replaced it.
export function $text(x) {
  if (x === null || (typeof x !== 'object' && typeof x !== 'function')) return x;
  if ($isArray(x)) return $joinList(x, ',');
  const make = $find(x, 'toString');
  if (make === $dateText) return $apply(make, x, []);
  if ($find(x, $toPrimitiveKey) !== undefined) return x;
  if (typeof make !== 'function' || $find(x, 'valueOf') !== $ownValue) return x;
  return $apply(make, x, []);
}

export function $send(object, key, values) {
  return $apply(object[key], object, values);
}

// `x[key]` of one of the prelude's own tables, where any key may be asked for.
export const $at = (x, key) => (typeof key === 'number' || !$hasOwn($OP, key) ? x[key] : $read(x, key));
// `x[3]`, undefined for a shorter list even if a script put a 3 on a prototype.
export function $nth(x, at) {
  if (!(at in $AP || $hasOwn($OP, at))) return x[at];
  return typeof x === 'string' ? $substring(x, at, at + 1) || undefined : $read(x, at);
}
// `x.length`; typed arrays inherit theirs, so it needs the original getter.
export const $length = (x) => (typeof x === 'object' && x !== null && !$isArray(x) && $isView(x) && !$instance(x, $DataView) ? $typedLength(x) : x.length);

// The values of an iteration over `x`, as an array.
export function $list(x) {
  if ($isArray(x)) return x;
  const found = [];
  if (typeof x === 'string') {
    for (let at = 0; at < x.length;) {
      const end = at + ($codePointAt(x, at) > 0xffff ? 2 : 1);
      $append(found, $substring(x, at, end));
      at = end;
    }
    return found;
  }
  if ($isView(x) && $find(x, 'subarray') !== undefined) {
    for (let at = 0, end = $typedLength(x); at < end; at++) $append(found, x[at]);
    return found;
  }
  const make = x === null || x === undefined ? undefined : $find(x, $iteratorKey);
  if (typeof make !== 'function') throw new $TypeError(`${x === null || typeof x !== 'object' ? $String(x) : 'object'} is not iterable`);
  const iterator = $apply(make, x, []);
  const next = $find(iterator, 'next');
  for (;;) {
    const step = $apply(next, iterator, []);
    if (step.done) return found;
    $append(found, step.value);
  }
}

export function $joined(...lists) {
  const all = [];
  for (let at = 0; at < lists.length; at++) {
    const list = lists[at];
    for (let place = 0; place < list.length; place++) $append(all, list[place]);
  }
  return all;
}

// `new type(...values)` for types whose constructors iterate, or read inherited members of their argument.
export function $make(type, values) {
  const content = values[0];
  if (type === $Proxy) return new $Proxy(content, $setProto(values[1], null));
  if (content === undefined || content === null) return new type();
  if (type === $Map || type === $Set || type === $WeakMap || type === $WeakSet) {
    const made = new type();
    const add = type === $Map || type === $WeakMap ? (entry) => $apply($tableOf($tables, type.prototype).set, made, entry)
      : (entry) => $apply($tableOf($tables, type.prototype).add, made, [entry]);
    const entries = $list(content);
    for (let at = 0; at < entries.length; at++) add(entries[at]);
    return made;
  }
  if (typeof content !== 'object' || $isBuffer(content)) return $Reflect_construct(type, values);
  return $fill(type, $isArray(content) || $isView(content) || $find(content, $iteratorKey) !== undefined ? $list(content) : content);
}

export function $fill(type, list) {
  const made = new type(list.length);
  for (let at = 0; at < list.length; at++) made[at] = list[at];
  return made;
}

// An object for `for … in`, without the names that a script added to built-in prototypes.
export function $names(object) {
  if (object === null || typeof object !== 'object') return object;
  const prototype = $proto(object);
  if (prototype !== null && $tableOf($tables, prototype) === undefined) return object;
  if (!$keys($OP).length && !(prototype === $AP && $keys($AP).length)) return object;
  const names = $bare(null);
  const own = $keys(object);
  for (let at = 0; at < own.length; at++) names[own[at]] = true;
  return names;
}

