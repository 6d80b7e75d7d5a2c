// sugar.js 1.3.9, which extends the native prototypes in Postman's sandbox. Few scripts use it, so its text is kept, and
// evaluated when one of its names is first used.

import { loadLibraryPart } from '../host/parts.js';
import { standsFor } from '../host/promises.js';

const NUMBER_UNITS = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'].flatMap((unit) => [unit, `${unit}s`]);
const DATE_UNITS = NUMBER_UNITS.filter((unit) => unit.endsWith('s'));
const WRITINGS = [
  'Arabic', 'Cyrillic', 'Devanagari', 'Greek', 'Hangul', 'Han', 'Kanji', 'Hebrew', 'Hiragana', 'Kana', 'Katakana', 'Latin', 'Thai',
];

// The names that it adds, by owner.
const SUGAR_NAMES = [
  ...[Object, Array, Number, String, Date, RegExp, Function, Boolean].map((type) => [type, 'SugarMethods extend sugarRestore sugarRevert']),
  [Object, 'map reduce each size any all none count find findAll isEmpty sum average min max least most watch isObject isNaN equal '
    + 'extended merge clone fromQueryString toQueryString tap has select reject isArray isBoolean isDate isFunction isNumber isString '
    + 'isRegExp'],
  [Array, 'create AlphanumericSortOrder AlphanumericSortIgnoreCase AlphanumericSortEquivalents'],
  [Number, 'random'],
  [String, 'Inflector'],
  [Date, 'create past future addLocale setLocale getLocale addFormat utc RFC1123 RFC1036 ISO8601_DATE ISO8601_DATETIME range'],
  [RegExp, 'escape'],
  [Array.prototype, 'findAll count removeAt include exclude clone unique flatten union intersect subtract first last from to min max '
    + 'least most sum average inGroups inGroupsOf isEmpty sortBy randomize zip sample each add remove compact groupBy none all any '
    + 'insert'],
  [Number.prototype, 'duration log abbr metric bytes isInteger isOdd isEven isMultipleOf format hex upto downto times chr pad ordinalize '
    + 'toNumber round floor ceil abs pow sin asin cos acos tan atan exp sqrt'],
  [Number.prototype, NUMBER_UNITS.flatMap((unit) => ['', 'Before', 'Ago', 'After', 'FromNow'].map((end) => unit + end)).join(' ')],
  [String.prototype, 'escapeRegExp escapeURL unescapeURL escapeHTML unescapeHTML encodeBase64 decodeBase64 each shift codes chars words '
    + 'lines paragraphs isBlank add remove reverse compact from to dasherize underscore camelize spacify stripTags removeTags truncate '
    + 'pad padLeft padRight first last toNumber capitalize assign insert pluralize singularize humanize titleize parameterize hankaku '
    + 'zenkaku hiragana katakana'],
  [String.prototype, WRITINGS.flatMap((name) => [`is${name}`, `has${name}`]).join(' ')],
  [Date.prototype, 'set setWeekday setISOWeek getISOWeek getUTCOffset utc isUTC advance rewind isValid isAfter isBefore isBetween '
    + 'isLeapYear daysInMonth format relative is reset clone iso getWeekday getUTCWeekday isLastYear isThisYear isNextYear '
    + 'beginningOfYear endOfYear isLastMonth isThisMonth isNextMonth beginningOfMonth endOfMonth isLastWeek isThisWeek isNextWeek '
    + 'beginningOfWeek endOfWeek beginningOfDay endOfDay short long full isToday isYesterday isTomorrow isWeekday isWeekend isFuture '
    + 'isPast isSunday isMonday isTuesday isWednesday isThursday isFriday isSaturday isJanuary isFebruary isMarch isApril isMay isJune '
    + 'isJuly isAugust isSeptember isOctober isNovember isDecember'],
  [Date.prototype, DATE_UNITS.flatMap((unit) => ['Ago', 'Until', 'Since', 'FromNow'].map((end) => unit + end)).join(' ')],
  [Date.prototype, DATE_UNITS.map((unit) => `add${unit[0].toUpperCase()}${unit.slice(1)}`).join(' ')],
  [RegExp.prototype, 'getFlags setFlags addFlag removeFlag'],
  [Function.prototype, 'lazy delay throttle debounce cancel after once fill'],
];

// Native methods that it replaces, and the calls that need its version. Unlike there, an async function is a function here.
const SUGARED = [
  [Object, ['keys'], (values) => typeof values[1] === 'function'],
  [Array.prototype, ['every', 'filter', 'map', 'some'], ([callback]) => typeof callback !== 'function'],
  [String.prototype, ['endsWith', 'startsWith'], (values) => values.length > 2 || values[0] instanceof RegExp],
  [String.prototype, ['trim', 'trimLeft', 'trimRight'], null],
];

// The placeholders: `owner`, `name`, `get` or `value`, and `native`, the engine's method.
let sugarPlaces = [];

export function installSugar() {
  for (const [owner, names] of SUGAR_NAMES) for (const name of names.split(' ')) holdPlace({ owner, name, ...untilTouched(owner, name) });
  for (const [owner, names, needsMore] of SUGARED) for (const name of names) holdPlace(untilNeeded(owner, name, needsMore));
}

function holdPlace(held) {
  const { owner, name, get, set, value } = held;
  Object.defineProperty(owner, name, { configurable: true, enumerable: false, ...(get ? { get, set } : { value, writable: true }) });
  sugarPlaces.push(held);
}

// A script may assign its own value to the name, here or on an inheriting object.
function untilTouched(owner, name) {
  return {
    get() {
      loadSugar();
      return owner[name];
    },
    set(value) {
      if (Object(this) !== this) return;
      Object.defineProperty(this, name, { value, writable: true, configurable: true, enumerable: this !== owner });
    },
  };
}

function untilNeeded(owner, name, needsMore) {
  const native = owner[name];
  const held = { owner, name, native, value: native, sugared: null };
  if (needsMore === null) return held;
  held.value = { [name](...values) {
    if (!needsMore(values)) return native.apply(this, values);
    loadSugar();
    return held.sugared.apply(this, values);
  } }[name];
  standsFor.set(held.value, native);
  return held;
}

// A value that a script has assigned meanwhile stays; so do the wrapped native methods, which call sugar when needed.
function loadSugar() {
  const places = sugarPlaces;
  sugarPlaces = [];
  if (!places.length) return;
  const kept = [];
  for (const { owner, name, get, value, native } of places) {
    const found = Object.getOwnPropertyDescriptor(owner, name);
    if (native || !found || found.get !== get || found.value !== value) kept.push([owner, name, found]);
    delete owner[name];
    if (native) Object.defineProperty(owner, name, { value: native, writable: true, configurable: true });
  }
  loadLibraryPart('sugar');
  for (const held of places) held.sugared = held.owner[held.name];
  for (const [owner, name, found] of kept) {
    delete owner[name];
    if (found) Object.defineProperty(owner, name, found);
  }
}
