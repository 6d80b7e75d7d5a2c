// JSON.stringify for the prelude's calls, unaffected by what scripts did to the prototypes.

import { $LISTS } from './primordial_methods.js';
import {
  $AP, $append, $apply, $bare, $descriptor, $find, $hasOwn, $instance, $isArray, $keys, $nativeStringify, $OP, $own, $proto,
  $PROTOTYPES, $put, $setProto, $String, $tableOf, $tables, $toPrimitiveKey, $TypeError,
} from './primordials.js';

export const $dates = $tableOf($tables, Date.prototype);
$dates.toJSON = function toJSON() { return $isoText(this); };
export const $datePrototype = Date.prototype;
export const $BigInt = BigInt;

// The members of a date that the engine's own `toJSON` reads.
export const $DATE_ASKS = ['toISOString', 'valueOf', $toPrimitiveKey];

// The original `toJSON` of each prototype, recorded after the world has given one to errors.
export let $toJsons = [];
export const $takeToJsons = () => {
  $toJsons = $PROTOTYPES.map((prototype) => (Object.hasOwn(prototype, 'toJSON') ? prototype.toJSON : undefined));
};

// Whether the engine's JSON.stringify is still safe: no built-in prototype has gained, lost or changed a `toJSON`.
export function $writesPlainly() {
  if ($proto($AP) !== $OP || $hasOwn($OP, 'toJSON')) return false;
  for (let at = 0; at < $PROTOTYPES.length; at++) {
    const prototype = $PROTOTYPES[at];
    const own = $hasOwn(prototype, 'toJSON');
    if (own !== ($tableOf($tables, prototype).toJSON !== undefined)) return false;
    if (own && $own($descriptor(prototype, 'toJSON')).value !== $toJsons[at]) return false;
  }
  for (let at = 0; at < $DATE_ASKS.length; at++) {
    const found = $own($descriptor($datePrototype, $DATE_ASKS[at]));
    if (found === undefined || found.value !== $dates[$DATE_ASKS[at]]) return false;
  }
  return true;
}

// JSON.stringify with the `toJSON` methods that the built-in prototypes had before any script ran.
export function $stringify(value, replacer, space) {
  if (value === null || typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'bigint') {
    return $nativeStringify(value, replacer, space);
  }
  if ($writesPlainly()) return $nativeStringify(value, replacer, space);
  const visit = typeof replacer === 'function' ? replacer : null;
  const chosen = $isArray(replacer) ? $apply($LISTS.map, replacer, [$String]) : null;
  const root = $jsonValue({ '': value }, '', visit, chosen, []);
  return $nativeStringify(root, null, space);
}

// A copy of the values that JSON.stringify would write, without any `toJSON`.
export function $jsonValue(holder, key, visit, chosen, parents) {
  let value = holder[key];
  if (value !== null && (typeof value === 'object' || typeof value === 'bigint' || typeof value === 'function')) {
    const toJson = $find(value, 'toJSON');
    if (typeof toJson === 'function') value = $apply(toJson, value, [key]);
  }
  if (visit) value = $apply(visit, holder, [key, value]);
  if (value === null || typeof value !== 'object') return typeof value === 'function' ? undefined : value;
  if ($isWrapped(value)) return $unwrapped(value);
  if ($apply($includes, parents, [value])) throw new $TypeError('Converting circular structure to JSON');
  $append(parents, value);
  const made = $isArray(value) ? $setProto([], null) : $bare(null);
  if ($isArray(value)) for (let at = 0; at < value.length; at++) made[at] = $jsonValue(value, $String(at), visit, chosen, parents) ?? null;
  else {
    const keys = chosen || $keys(value);
    for (let at = 0; at < keys.length; at++) {
      const entry = $jsonValue(value, keys[at], visit, chosen, parents);
      if (entry !== undefined) $put(made, keys[at], entry);
    }
  }
  parents.length -= 1;
  return made;
}
export const $includes = Array.prototype.includes;
export const $Number = Number;
export const $Boolean = Boolean;
export const $isFinite = Number.isFinite;
export const $isoText = (date) => ($isFinite($apply($dates.getTime, date, [])) ? $apply($dates.toISOString, date, []) : null);
export const $isWrapped = (x) => $instance(x, $Number) || $instance(x, $String) || $instance(x, $Boolean) || $instance(x, $BigInt);

export function $unwrapped(value) {
  const types = [$Number, $String, $Boolean, $BigInt];
  for (let at = 0; at < types.length; at++) {
    const type = types[at];
    if ($instance(value, type)) return $apply($tableOf($tables, type.prototype).valueOf, value, []);
  }
  return value;
}
