// Methods of the language as the prelude calls them. Those of lists make plain lists (the engine's own ask `constructor` and
// Symbol.species what to make), and those that take a regular expression use nothing of it but its own matching.

const $LISTS = { __proto__: null,
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

// A place in a list as its methods take it: from the end where it is negative.
function $place(wanted, otherwise, length) {
  if (wanted === undefined) return otherwise;
  const at = $trunc(wanted) || 0;
  return at < 0 ? $max(length + at, 0) : $min(at, length);
}
const $trunc = Math.trunc;
const $max = Math.max;
const $min = Math.min;
const $RegExp = RegExp;

const $Uint8Array = Uint8Array;
const $Uint32Array = Uint32Array;
const $isRegExp = (x) => x !== null && typeof x === 'object' && $ordinaryHasInstance($RegExp, x);

// All matches where the expression is global, else the first.
function $matches(text, pattern) {
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

// What `$1`, `$&` and the like in a replacement stand for.
function $expanded(template, match, text) {
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

function $replaced(text, pattern, replacement) {
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

function $splitBy(text, pattern) {
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

const $texts = $tableOf($tables, String.prototype);
const $withPattern = (name, own) => function (pattern, ...values) {
  return $isRegExp(pattern) ? own($String(this), pattern, values[0]) : $apply($texts[name], this, $joined([pattern], values));
};
const $TEXTS = { __proto__: null,
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

// Those of typed arrays, which the engine makes of what `constructor` says.
const $typedTable = $tableOf($tables, $typedArray.prototype);
const $TYPED = $TYPES.filter((type) => $proto(type) === $typedArray);
const $getBuffer = $uncurry($descriptor($typedArray.prototype, 'buffer').get);
const $getOffset = $uncurry($descriptor($typedArray.prototype, 'byteOffset').get);
// A part of a Buffer is a Buffer.
const $ofBuffer = (whole, part) => ($tableOf($tables, $proto(whole)) === undefined ? $setProto(part, $proto(whole)) : part);
const $sameType = (x) => {
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

const $PATTERNS = { __proto__: null, test(text) { return $exec(this, text) !== null; } };
const $CALLS = { __proto__: null, call: true, apply: true, bind: true };

const $Array = Array;
const $Function = Function;

// `x.name(...values)`. What most objects are is found without a walk up their prototypes.
function $method(name) {
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
const $nameOf = $accessor('name');
const $MP = Map.prototype;
const $SP = Set.prototype;
const $dates = $tableOf($tables, Date.prototype);
$dates.toJSON = function toJSON() { return $isoText(this); };
const $datePrototype = Date.prototype;
const $BigInt = BigInt;

// What the engine's own `toJSON` of a date asks for.
const $DATE_ASKS = ['toISOString', 'valueOf', $toPrimitiveKey];

// What each of them has now; asked for once the world has given one to errors.
let $toJsons = [];
const $takeToJsons = () => {
  $toJsons = $PROTOTYPES.map((prototype) => (Object.hasOwn(prototype, 'toJSON') ? prototype.toJSON : undefined));
};

// Whether any prototype of the language has got a `toJSON` that it did not have, or lost the one that it had.
function $writesPlainly() {
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

// JSON.stringify, to which `toJSON` is what stood on the prototypes of the language before any script ran.
function $stringify(value, replacer, space) {
  if (value === null || typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'bigint') {
    return $nativeStringify(value, replacer, space);
  }
  if ($writesPlainly()) return $nativeStringify(value, replacer, space);
  const visit = typeof replacer === 'function' ? replacer : null;
  const chosen = $isArray(replacer) ? $apply($LISTS.map, replacer, [$String]) : null;
  const root = $jsonValue({ '': value }, '', visit, chosen, []);
  return $nativeStringify(root, null, space);
}

// A copy that has no `toJSON`, made of what JSON.stringify would write.
function $jsonValue(holder, key, visit, chosen, parents) {
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
const $includes = Array.prototype.includes;
const $Object = Object;
const $Number = Number;

const $Boolean = Boolean;
const $isFinite = Number.isFinite;
const $isoText = (date) => ($isFinite($apply($dates.getTime, date, [])) ? $apply($dates.toISOString, date, []) : null);
const $isWrapped = (x) => $instance(x, $Number) || $instance(x, $String) || $instance(x, $Boolean) || $instance(x, $BigInt);

function $unwrapped(value) {
  const types = [$Number, $String, $Boolean, $BigInt];
  for (let at = 0; at < types.length; at++) {
    const type = types[at];
    if ($instance(value, type)) return $apply($tableOf($tables, type.prototype).valueOf, value, []);
  }
  return value;
}

// Static members that iterate, read what a descriptor inherits, or set what a setter may take.
const $SAFE = { __proto__: null,
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
const $KINDS = [[Error, 'Error'], [Date, 'Date'], [$RegExp, 'RegExp'], [$Number, 'Number'], [$String, 'String'], [$Boolean, 'Boolean']];

// What the language calls an object that has no tag.
function $kindOf(x) {
  if ($isArray(x)) return 'Array';
  if (typeof x === 'function') return 'Function';
  for (let at = 0; at < $KINDS.length; at++) if ($instance(x, $KINDS[at][0])) return $KINDS[at][1];
  return 'Object';
}
const $defineQuietly = Reflect.defineProperty;
const $nativeTag = Object.prototype.toString;
const $tagKey = Symbol.toStringTag;
const $isList = (x) => typeof x === 'string' || $isArray(x) || $find(x, $iteratorKey) !== undefined;

function $arrayLike({ length }) {
  const made = [];
  for (let at = 0; at < length; at++) $append(made, undefined);
  return made;
}
for (const name of $keys($LISTS)) $SAFE[`Array_prototype_${name}`] = $LISTS[name];
