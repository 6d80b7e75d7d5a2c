// Methods of built-ins, for the prelude's calls. Those of arrays create plain arrays (the engine's own read `constructor` and
// Symbol.species), and those that take a regular expression use only its own matching.

import {
  $append, $apply, $codePointAt, $descriptor, $exec, $fill, $find, $getFlags, $hasOwn, $indexOf, $instance, $isArray,
  $joined, $joinList, $list, $Map, $Object, $ordinaryHasInstance, $proto, $Set, $setProto, $String, $substring, $tableOf,
  $tables, $typedArray, $typedLength, $TYPES, $uncurry,
} from './primordials.js';

export const $LISTS = { __proto__: null,
  push(...values) {
    for (let at = 0; at < values.length; at++) $append(this, values[at]);
    return this.length;
  },
  map(visit, self) {
    const made = [];
    for (let at = 0; at < this.length; at++) $append(made, $apply(visit, self, [this[at], at, this]));
    return made;
  },
  filter(fits, self) {
    const made = [];
    for (let at = 0; at < this.length; at++) {
      const value = this[at];
      if ($apply(fits, self, [value, at, this])) $append(made, value);
    }
    return made;
  },
  slice(from, to) {
    const made = [];
    const end = $place(to, this.length, this.length);
    for (let at = $place(from, 0, this.length); at < end; at++) $append(made, this[at]);
    return made;
  },
  splice(from, count, ...values) {
    const { length } = this;
    const start = $place(from, 0, length);
    const end = arguments.length < 2 ? length : start + $place(count < 0 ? 0 : count, 0, length - start);
    const gone = $apply($LISTS.slice, this, [start, end]);
    const tail = $apply($LISTS.slice, this, [end]);
    this.length = start;
    $apply($LISTS.push, this, values);
    $apply($LISTS.push, this, tail);
    return gone;
  },
  unshift(...values) {
    const rest = $apply($LISTS.splice, this, [0]);
    $apply($LISTS.push, this, values);
    return $apply($LISTS.push, this, rest);
  },
  concat(...values) {
    const lists = [this];
    for (let at = 0; at < values.length; at++) $append(lists, $isArray(values[at]) ? values[at] : [values[at]]);
    return $apply($joined, undefined, lists);
  },
  flat() {
    const made = [];
    for (let at = 0; at < this.length; at++) {
      const entry = this[at];
      if ($isArray(entry)) for (let place = 0; place < entry.length; place++) $append(made, entry[place]);
      else $append(made, entry);
    }
    return made;
  },
  flatMap(visit, self) {
    return $apply($LISTS.flat, $apply($LISTS.map, this, [visit, self]), []);
  },
  entries() {
    return $apply($LISTS.map, this, [(value, at) => [at, value]]);
  },
  keys() {
    return $apply($LISTS.map, this, [(value, at) => at]);
  },
  values() {
    return this;
  },
  toString() {
    return $joinList(this, ',');
  },
};

// An index as array methods read it: a negative one counts from the end.
export function $place(wanted, otherwise, length) {
  if (wanted === undefined) return otherwise;
  const at = $trunc(wanted) || 0;
  return at < 0 ? $max(length + at, 0) : $min(at, length);
}
export const $trunc = Math.trunc;
export const $max = Math.max;
export const $min = Math.min;
export const $RegExp = RegExp;

export const $Uint8Array = Uint8Array;
export const $Uint32Array = Uint32Array;
export const $isRegExp = (x) => x !== null && typeof x === 'object' && $ordinaryHasInstance($RegExp, x);

// All matches if the expression is global, otherwise the first.
export function $matches(text, pattern) {
  const flags = $getFlags(pattern);
  const all = $indexOf(flags, 'g') >= 0;
  const whole = $indexOf(flags, 'u') >= 0 || $indexOf(flags, 'v') >= 0;
  const found = [];
  if (all) pattern.lastIndex = 0;
  for (;;) {
    const match = $exec(pattern, text);
    if (match === null) return found;
    $append(found, match);
    if (!all) return found;
    if (match[0] === '') pattern.lastIndex += whole && $codePointAt(text, pattern.lastIndex) > 0xffff ? 2 : 1;
  }
}

// Expands `$1`, `$&` and the like in a replacement.
export function $expanded(template, match, text) {
  if ($indexOf(template, '$') < 0) return template;
  let made = '';
  for (let at = 0; at < template.length; at++) {
    const mark = template[at] === '$' ? template[at + 1] : undefined;
    const number = mark >= '0' && mark <= '9' ? +mark : 0;
    const next = mark >= '0' && mark <= '9' ? template[at + 2] : undefined;
    const two = number * 10 + (next >= '0' && next <= '9' ? +next : NaN);
    if (mark === '$') made += '$';
    else if (mark === '&') made += match[0];
    else if (mark === '`') made += $substring(text, 0, match.index);
    else if (mark === "'") made += $substring(text, match.index + match[0].length);
    else if (two > 0 && two < match.length) {
      made += match[two] ?? '';
      at++;
    } else if (number > 0 && number < match.length) made += match[number] ?? '';
    else if (mark === '<' && match.groups && $indexOf(template, '>', at) > 0) {
      const end = $indexOf(template, '>', at);
      made += match.groups[$substring(template, at + 2, end)] ?? '';
      at = end - 1;
    } else {
      made += template[at];
      at--;
    }
    at++;
  }
  return made;
}

export function $replaced(text, pattern, replacement) {
  const matches = $matches(text, pattern);
  let made = '';
  let from = 0;
  for (let at = 0; at < matches.length; at++) {
    const match = matches[at];
    made += $substring(text, from, match.index);
    if (typeof replacement === 'function') {
      const values = $joined(match, [match.index, text], match.groups === undefined ? [] : [match.groups]);
      made += $apply(replacement, undefined, values);
    } else made += $expanded(`${replacement}`, match, text);
    from = match.index + match[0].length;
  }
  return made + $substring(text, from);
}

export function $splitBy(text, pattern) {
  const flags = $getFlags(pattern);
  const matches = $matches(text, $indexOf(flags, 'g') < 0 ? new $RegExp(pattern, `${flags}g`) : pattern);
  const pieces = [];
  let from = 0;
  for (let at = 0; at < matches.length; at++) {
    const match = matches[at];
    if (match[0] === '' && (match.index === 0 || match.index >= text.length)) continue;
    $append(pieces, $substring(text, from, match.index));
    for (let group = 1; group < match.length; group++) $append(pieces, match[group]);
    from = match.index + match[0].length;
  }
  $append(pieces, $substring(text, from));
  return pieces;
}

export const $texts = $tableOf($tables, String.prototype);
export const $withPattern = (name, own) => function (pattern, ...values) {
  return $isRegExp(pattern) ? own($String(this), pattern, values.length ? values[0] : undefined) : $apply($texts[name], this, $joined([pattern], values));
};
export const $TEXTS = { __proto__: null,
  replace: $withPattern('replace', $replaced),
  replaceAll: $withPattern('replaceAll', $replaced),
  split: $withPattern('split', $splitBy),
  search: $withPattern('search', (text, pattern) => ($exec(pattern, text) || { index: -1 }).index),
  matchAll: (function (pattern) { return $matches($String(this), pattern); }),
  match: $withPattern('match', (text, pattern) => {
    if ($indexOf($getFlags(pattern), 'g') < 0) return $exec(pattern, text);
    const found = $apply($LISTS.map, $matches(text, pattern), [(match) => match[0]]);
    return found.length ? found : null;
  }),
};

// The methods of typed arrays: the engine's own create what `constructor` says.
export const $typedTable = $tableOf($tables, $typedArray.prototype);
export const $TYPED = $TYPES.filter((type) => $proto(type) === $typedArray);
export const $getBuffer = $uncurry($descriptor($typedArray.prototype, 'buffer').get);
export const $getOffset = $uncurry($descriptor($typedArray.prototype, 'byteOffset').get);
// A slice of a Buffer is a Buffer.
export const $ofBuffer = (whole, part) => ($tableOf($tables, $proto(whole)) === undefined ? $setProto(part, $proto(whole)) : part);
export const $sameType = (x) => {
  for (let at = 0; at < $TYPED.length; at++) if ($instance(x, $TYPED[at])) return $TYPED[at];
  return $Uint8Array;
};
$typedTable.subarray = function subarray(from, to) {
  const length = $typedLength(this);
  const start = $place(from, 0, length);
  const type = $sameType(this);
  const made = new type($getBuffer(this), $getOffset(this) + start * type.BYTES_PER_ELEMENT, $max($place(to, length, length) - start, 0));
  return $ofBuffer(this, made);
};
$typedTable.slice = function slice(from, to) {
  return $fill($sameType(this), $apply($LISTS.slice, $list(this), [from, to]));
};
$typedTable.map = function map(visit, self) {
  return $fill($sameType(this), $apply($LISTS.map, $list(this), [visit, self]));
};
$typedTable.filter = function filter(visit, self) {
  return $fill($sameType(this), $apply($LISTS.filter, $list(this), [visit, self]));
};

export const $PATTERNS = { __proto__: null, test(text) { return $exec(this, text) !== null; } };
export const $CALLS = { __proto__: null, call: true, apply: true, bind: true };

export const $Array = Array;
export const $Function = Function;

// `x.name(...values)`. The common types are recognised without walking up the prototypes.
export function $method(name) {
  const table = (type) => $tableOf($tables, type.prototype)[name];
  const ofText = $TEXTS[name] || table($String);
  const ofList = $LISTS[name] || table($Array);
  const ofPattern = $PATTERNS[name];
  const ofFunction = $CALLS[name] && table($Function);
  const ofMap = table($Map);
  const ofSet = table($Set);
  const ofMany = table($Object) !== undefined;
  const find = (x) => {
    if (typeof x === 'string') {
      if (ofText !== undefined) return ofText;
    } else if (typeof x === 'function') {
      if (ofFunction) return ofFunction;
    } else if (typeof x === 'object' && x !== null) {
      if (ofList !== undefined && $isArray(x)) return ofList;
      const prototype = $proto(x);
      if (prototype === $MP && ofMap !== undefined) return ofMap;
      if (prototype === $SP && ofSet !== undefined) return ofSet;
      if (ofPattern !== undefined && $isRegExp(x)) return ofPattern;
      if (!ofMany && $hasOwn(x, name)) return x[name];
    }
    return $find(x, name) ?? x[name];
  };
  return (x, ...values) => $apply(find(x), x, values);
}
export const $MP = Map.prototype;
export const $SP = Set.prototype;
