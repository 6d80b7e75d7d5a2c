// Static members of built-ins, for the prelude's calls.

import { $Boolean, $Number, $stringify } from './primordial_json.js';
import { $LISTS, $RegExp, $Uint32Array, $Uint8Array } from './primordial_methods.js';
import {
  $append, $apply, $bare, $define, $descriptor, $fill, $find, $hasOwn, $instance, $isArray, $iteratorKey, $keys, $list,
  $Object, $own, $ownKeys, $proto, $put, $read, $set, $String,
} from './primordials.js';

// Static members that iterate, read inherited members of a descriptor, or trigger setters.
export const $SAFE = { __proto__: null,
  Array_from: (x, visit) => $apply($LISTS.map, $isList(x) ? $list(x) : $arrayLike(x), [visit || ((value) => value)]),
  JSON_stringify: $stringify,
  Object_assign: (target, ...sources) => {
    for (let at = 0; at < sources.length; at++) {
      const source = sources[at];
      const keys = source === null || source === undefined ? [] : $ownKeys($Object(source));
      for (let place = 0; place < keys.length; place++) {
        const found = $own($descriptor(source, keys[place]));
        if (found && found.enumerable) $set(target, keys[place], source[keys[place]]);
      }
    }
    return target;
  },
  Object_create: (prototype, properties) => (properties === undefined ? $bare(prototype) : $SAFE.Object_defineProperties($bare(prototype), properties)),
  Object_defineProperty: (object, key, descriptor) => $define(object, key, $own(descriptor)),
  Object_defineProperties: (object, properties) => {
    const keys = $ownKeys(properties);
    for (let at = 0; at < keys.length; at++) $define(object, keys[at], $own(properties[keys[at]]));
    return object;
  },
  Reflect_defineProperty: (object, key, descriptor) => $defineQuietly(object, key, $own(descriptor)),
  Object_fromEntries: (entries) => {
    const made = {};
    const list = $list(entries);
    for (let at = 0; at < list.length; at++) $put(made, list[at][0], list[at][1]);
    return made;
  },
  Object_getOwnPropertyDescriptor: (object, key) => $own($descriptor(object, key)),
  Object_getOwnPropertyDescriptors: (object) => {
    const made = {};
    const keys = $ownKeys(object);
    for (let at = 0; at < keys.length; at++) $put(made, keys[at], $own($descriptor(object, keys[at])));
    return made;
  },
  Object_prototype_toString: function toString() {
    if (this === null || typeof this !== 'object' && typeof this !== 'function') return $apply($nativeTag, this, []);
    const tag = $read(this, $tagKey);
    if (typeof tag === 'string') return `[object ${tag}]`;
    for (let at = this; at !== null; at = $proto(at)) if ($hasOwn(at, $tagKey)) return `[object ${$kindOf(this)}]`;
    return $apply($nativeTag, this, []);
  },
  Uint8Array_from: (x, visit) => $fill($Uint8Array, $SAFE.Array_from(x, visit)),
  Uint32Array_of: (...values) => $fill($Uint32Array, values),
};
export const $KINDS = [[Error, 'Error'], [Date, 'Date'], [$RegExp, 'RegExp'], [$Number, 'Number'], [$String, 'String'], [$Boolean, 'Boolean']];

// Object.prototype.toString's name for an object without a tag.
export function $kindOf(x) {
  if ($isArray(x)) return 'Array';
  if (typeof x === 'function') return 'Function';
  for (let at = 0; at < $KINDS.length; at++) if ($instance(x, $KINDS[at][0])) return $KINDS[at][1];
  return 'Object';
}
export const $defineQuietly = Reflect.defineProperty;
export const $nativeTag = Object.prototype.toString;
export const $tagKey = Symbol.toStringTag;
export const $isList = (x) => typeof x === 'string' || $isArray(x) || $find(x, $iteratorKey) !== undefined;

export function $arrayLike({ length }) {
  const made = [];
  for (let at = 0; at < length; at++) $append(made, undefined);
  return made;
}
for (const name of $keys($LISTS)) $SAFE[`Array_prototype_${name}`] = $LISTS[name];
