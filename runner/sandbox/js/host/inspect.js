// Values as Node prints them (util.inspect with its defaults), for the console and for messages.

import { textOf } from '../lang/natives.js';
import { $find, $nameOf, $typeName } from '../lang/primordials.js';
import { errorParts } from './error_parts.js';
import { isBuffer } from './libraries.js';

const MAX_DEPTH = 2;
const MAX_ENTRIES = 100;
const BREAK_LENGTH = 80;
const COMPACT = 3;
const IDENTIFIER = /^[A-Za-z_]\w*$/;
const ESCAPES = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f', '\v': '\\v' };

// `deepest` is the depth of the last object: up to three levels may be printed on one line.
let deepest = 0;
let circular = null;

function inspect(value) {
  circular = null;
  return inspectValue(value, 0, 0, []);
}

function inspectValue(value, depth, indent, parents) {
  switch (typeof value) {
    case 'string': return quoted(value);
    case 'number': return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint': return `${value}n`;
    case 'symbol': return value.toString();
    case 'function': return inspectFunction(value);
    case 'object': return value === null ? 'null' : inspectObject(value, depth, indent, parents);
    default: return String(value);
  }
}

export function quoted(text) {
  const mark = !text.includes("'") ? "'" : !text.includes('"') ? '"' : !text.includes('`') && !text.includes('${') ? '`' : "'";
  const escaped = text.replace(/[\\\x00-\x1f\x7f-\x9f]/g, (letter) => ESCAPES[letter]
    || `\\x${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  return mark + (mark === "'" ? escaped.replace(/'/g, "\\'") : escaped) + mark;
}

function inspectFunction(value) {
  const text = Function.prototype.toString.call(value);
  const name = $nameOf(value);
  if (text.startsWith('class')) return `[class ${name || '(anonymous)'}]`;
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  return name ? `[${kind}: ${name}]` : `[${kind} (anonymous)]`;
}

function inspectObject(value, depth, indent, parents) {
  if (parents.includes(value)) {
    circular = value;
    return '[Circular *1]';
  }
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (value instanceof Error) return inspectError(value, depth);
  if (SIMPLE[tag]) return SIMPLE[tag](value);
  const own = typeof $find(value, 'toJSON') === 'function' && showsAsJson(value);
  const name = own ? 'Object' : constructorName(value);
  if (depth > MAX_DEPTH) return Array.isArray(value) ? '[Array]' : `[${name || 'Object: null prototype'}]`;
  deepest = depth;
  const path = [...parents, value];
  const show = (entry) => inspectValue(entry, depth + 1, indent + 2, path);
  const text = inspectMembers(own ? value.toJSON() : value, { tag, name, show, depth, indent });
  return circular === value ? `<ref *1> ${text}` : text;
}

// Types whose objects are printed as their JSON.
const JSON_TYPES = [];

export function showAsJson(type) {
  JSON_TYPES.push(type);
}

function showsAsJson(value) {
  return JSON_TYPES.some((type) => value instanceof type);
}

const SIMPLE = {
  Date: (value) => (Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()),
  RegExp: (value) => String(value),
  Number: (value) => `[Number: ${inspectValue(value.valueOf(), 0, 0, [])}]`,
  String: (value) => `[String: ${quoted(String(value))}]`,
  Boolean: (value) => `[Boolean: ${value}]`,
  BigInt: (value) => `[BigInt: ${value}n]`,
  Symbol: (value) => `[Symbol: ${value.toString()}]`,
  Promise: () => 'Promise { <pending> }',
  WeakMap: () => 'WeakMap { <items unknown> }',
  WeakSet: () => 'WeakSet { <items unknown> }',
};

function inspectError(error, depth) {
  const { name, message, stack } = errorParts(error);
  const text = stack || (message ? `${name}: ${message}` : name);
  return depth ? `[${text}]` : text;
}

function constructorName(value) {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null) return '';
  const known = $typeName(prototype);
  if (known !== undefined) return known;
  const { constructor } = prototype;
  return typeof constructor === 'function' ? $nameOf(constructor) : 'Object';
}

function inspectMembers(value, how) {
  const { tag, name, show } = how;
  if (Array.isArray(value)) return inspectList(value, name === 'Array' || name === 'Object' ? '' : `${name}(${value.length}) `, how);
  if (value instanceof Map) {
    const entries = [...value].map(([key, entry]) => `${show(key)} => ${show(entry)}`);
    return joined(`Map(${value.size}) {`, limited(entries, value.size), '}', how);
  }
  if (value instanceof Set) return joined(`Set(${value.size}) {`, limited([...value].map(show), value.size), '}', how);
  if (isBuffer(value)) return `<Buffer${hex(value)}>`;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return inspectList(value, `${name}(${value.length}) `, how);
  if (value instanceof ArrayBuffer) {
    return `ArrayBuffer { [Uint8Contents]: <${hex(new Uint8Array(value)).trim()}>, byteLength: ${value.byteLength} }`;
  }
  const prefix = tag === 'Arguments' ? '[Arguments] ' : name === 'Object' ? '' : name ? `${name} ` : '[Object: null prototype] ';
  return joined(`${prefix}{`, inspectKeys(value, show), '}', how);
}

function hex(bytes) {
  const shown = Array.from(bytes.subarray(0, 50), (byte) => ` ${byte.toString(16).padStart(2, '0')}`).join('');
  return bytes.length > 50 ? `${shown} ... ${bytes.length - 50} more bytes` : shown;
}

function inspectList(value, prefix, how) {
  const entries = [];
  let holes = 0;
  const closeHole = () => {
    if (holes) entries.push(`<${holes} empty item${holes > 1 ? 's' : ''}>`);
    holes = 0;
  };
  for (let at = 0; at < Math.min(value.length, MAX_ENTRIES); at++) {
    if (at in value) {
      closeHole();
      entries.push(how.show(value[at]));
    } else holes++;
  }
  closeHole();
  if (value.length > MAX_ENTRIES) entries.push(moreItems(value.length - MAX_ENTRIES));
  const grouped = entries.length > 6 ? inColumns(entries, value, how.indent) : entries;
  const named = ArrayBuffer.isView(value) ? [] : Object.keys(value).filter((key) => !/^\d+$/.test(key));
  return joined(`${prefix}[`, [...grouped, ...named.map((key) => `${keyText(key)}: ${how.show(value[key])}`)], ']', how, entries.length + named.length);
}

// Prints long lists of short entries in columns, with Node's formula (groupArrayElements in lib/internal/util/inspect.js): it
// aims at a square on the screen, where a character is 2.5 times as high as wide.
function inColumns(entries, value, indent) {
  const more = value.length > MAX_ENTRIES ? 1 : 0;
  const lengths = entries.slice(0, entries.length - more).map((entry) => entry.length);
  const total = lengths.reduce((sum, length) => sum + length + 2, 0);
  const widest = Math.max(...lengths) + 2;
  if (widest * 3 + indent >= BREAK_LENGTH || !(total / widest > 5 || widest <= 8)) return entries;
  const biased = Math.max(widest - 3 - Math.sqrt(widest - total / entries.length), 1);
  const columns = Math.min(Math.round(Math.sqrt(2.5 * biased * lengths.length) / biased),
    Math.floor((BREAK_LENGTH - indent) / widest), COMPACT * 4, 15);
  if (columns <= 1) return entries;
  const widths = Array.from({ length: columns }, (empty, column) =>
    Math.max(...lengths.filter((length, at) => at % columns === column)) + 2);
  const rows = [];
  const right = typeof value[0] === 'number' || typeof value[0] === 'bigint';
  for (let at = 0; at < lengths.length; at += columns) rows.push(columnRow(entries.slice(at, Math.min(at + columns, lengths.length)), widths, right));
  return more ? [...rows, entries[entries.length - 1]] : rows;
}

function columnRow(entries, widths, right) {
  const last = entries.length - 1;
  return entries.map((entry, column) => {
    const text = column < last ? `${entry}, ` : entry;
    if (right) return text.padStart(column < last ? widths[column] : widths[column] - 2);
    return column < last ? text.padEnd(widths[column]) : text;
  }).join('');
}

function inspectKeys(value, show) {
  const symbols = Object.getOwnPropertySymbols(value).filter((key) => Object.prototype.propertyIsEnumerable.call(value, key));
  return [...Object.keys(value), ...symbols].map((key) => `${keyText(key)}: ${inspectProperty(value, key, show)}`);
}

// Getters are not called: they might throw or have side effects.
function inspectProperty(value, key, show) {
  const { get, set } = Object.getOwnPropertyDescriptor(value, key) || {};
  if (get) return set ? '[Getter/Setter]' : '[Getter]';
  return set ? '[Setter]' : show(value[key]);
}

function keyText(key) {
  if (typeof key === 'symbol') return `[${key.toString()}]`;
  return IDENTIFIER.test(key) ? key : quoted(key);
}

function limited(entries, size) {
  return size > MAX_ENTRIES ? [...entries.slice(0, MAX_ENTRIES), moreItems(size - MAX_ENTRIES)] : entries;
}

function moreItems(count) {
  return `... ${count} more item${count > 1 ? 's' : ''}`;
}

function joined(open, entries, close, { depth, indent }, count = entries.length) {
  if (!entries.length) return `${open}${close}`;
  if (deepest - depth < COMPACT && entries.length === count) {
    const line = entries.join(', ');
    const length = line.length - 2 * (entries.length - 1) + entries.length * 2 + indent + open.length + 10;
    if (length <= BREAK_LENGTH && !line.includes('\n')) return `${open} ${line} ${close}`;
  }
  return `${open}\n${' '.repeat(indent + 2)}${entries.join(`,\n${' '.repeat(indent + 2)}`)}\n${' '.repeat(indent)}${close}`;
}

// A value that cannot be shown must not stop the script.
export function shown(value) {
  try {
    return textOf(inspect(value));
  } catch {
    return textOf(value);
  }
}
