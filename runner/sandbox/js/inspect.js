// Values as Node's inspector shows them, for the console and for messages.

const MAX_DEPTH = 2;
const MAX_ENTRIES = 100;
const LINE_WIDTH = 72;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

function inspect(value, depth = 0, parents = []) {
  switch (typeof value) {
    case 'string': return depth === 0 && !parents.length ? quoted(value) : quoted(value);
    case 'number': return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint': return `${value}n`;
    case 'symbol': return value.toString();
    case 'function': return inspectFunction(value);
    case 'object': return value === null ? 'null' : inspectObject(value, depth, parents);
    default: return String(value);
  }
}

function quoted(text) {
  const mark = !text.includes("'") ? "'" : !text.includes('"') ? '"' : !text.includes('`') && !text.includes('${') ? '`' : "'";
  const escaped = text.replace(/[\\\x00-\x1f\x7f-\x9f]/g, (letter) => ESCAPES[letter]
    || `\\x${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  return mark + (mark === "'" ? escaped.replace(/'/g, "\\'") : escaped) + mark;
}

const ESCAPES = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f', '\v': '\\v' };

function inspectFunction(value) {
  const text = Function.prototype.toString.call(value);
  if (text.startsWith('class')) return `[class ${value.name || '(anonymous)'}]`;
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  return value.name ? `[${kind}: ${value.name}]` : `[${kind} (anonymous)]`;
}

function inspectObject(value, depth, parents) {
  if (parents.includes(value)) return '[Circular *1]';
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (value instanceof Error) return inspectError(value, depth);
  const simple = SIMPLE[tag];
  if (simple) return simple(value);
  const shown = typeof value.toJSON === 'function' && value instanceof Property ? value.toJSON() : value;
  const name = constructorName(value);
  if (depth > MAX_DEPTH) return Array.isArray(value) ? '[Array]' : `[${name || 'Object: null prototype'}]`;
  const path = [...parents, value];
  const text = inspectMembers(shown, tag, name, (entry) => inspect(entry, depth + 1, path));
  return text.includes('[Circular *1]') && parents.length === 0 ? `<ref *1> ${text}` : text;
}

const SIMPLE = {
  Date: (value) => (Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()),
  RegExp: String,
  Number: (value) => `[Number: ${inspect(value.valueOf())}]`,
  String: (value) => `[String: ${quoted(String(value))}]`,
  Boolean: (value) => `[Boolean: ${value}]`,
  BigInt: (value) => `[BigInt: ${value}n]`,
  Symbol: (value) => `[Symbol: ${value.toString()}]`,
  Promise: () => 'Promise { <pending> }',
  WeakMap: () => 'WeakMap { <items unknown> }',
  WeakSet: () => 'WeakSet { <items unknown> }',
};

function inspectError(error, depth) {
  const { name, message, stack } = describeError(error);
  const text = stack || (message ? `${name}: ${message}` : name);
  return depth ? `[${text}]` : text;
}

function constructorName(value) {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null) return '';
  const { constructor } = prototype;
  return typeof constructor === 'function' ? constructor.name : 'Object';
}

function inspectMembers(value, tag, name, show) {
  if (Array.isArray(value)) return inspectList(value, name === 'Array' || name === '' ? '' : `${name}(${value.length}) `, show);
  if (value instanceof Map) {
    return braces(`Map(${value.size}) `, limited([...value].map(([key, entry]) => `${show(key)} => ${show(entry)}`), value.size));
  }
  if (value instanceof Set) return braces(`Set(${value.size}) `, limited([...value].map(show), value.size));
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return inspectBytes(value, name, show);
  if (value instanceof ArrayBuffer) {
    const bytes = [...new Uint8Array(value)].slice(0, 50).map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    return `ArrayBuffer { [Uint8Contents]: <${bytes}>, byteLength: ${value.byteLength} }`;
  }
  const prefix = name === 'Object' ? '' : name ? `${name} ` : '[Object: null prototype] ';
  return braces(tag === 'Arguments' ? '[Arguments] ' : prefix, inspectKeys(value, show));
}

function inspectBytes(value, name, show) {
  if (name === 'Buffer') {
    const bytes = [...value.slice(0, 50)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    return `<Buffer ${bytes}${value.length > 50 ? ` ... ${value.length - 50} more bytes` : ''}>`;
  }
  return inspectList([...value.slice(0, MAX_ENTRIES)], `${name}(${value.length}) `, show, value.length);
}

function inspectList(value, prefix, show, length = value.length) {
  const entries = [];
  let holes = 0;
  const flush = () => {
    if (holes) entries.push(`<${holes} empty item${holes > 1 ? 's' : ''}>`);
    holes = 0;
  };
  for (let at = 0; at < Math.min(value.length, MAX_ENTRIES); at++) {
    if (at in value) {
      flush();
      entries.push(show(value[at]));
    } else holes++;
  }
  flush();
  if (length > MAX_ENTRIES) entries.push(moreItems(length - MAX_ENTRIES));
  for (const key of Object.keys(value)) if (!/^\d+$/.test(key)) entries.push(`${keyText(key)}: ${show(value[key])}`);
  return wrapped(prefix, '[', entries, ']');
}

function inspectKeys(value, show) {
  const keys = [...Object.keys(value), ...Object.getOwnPropertySymbols(value).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(value, key))];
  return keys.map((key) => `${keyText(key)}: ${inspectProperty(value, key, show)}`);
}

// A getter is not called: it might throw or have effects.
function inspectProperty(value, key, show) {
  const { get, set } = Object.getOwnPropertyDescriptor(value, key);
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

function braces(prefix, entries) {
  return wrapped(prefix, '{', entries, '}');
}

function wrapped(prefix, open, entries, close) {
  if (!entries.length) return `${prefix}${open}${close}`;
  const line = entries.join(', ');
  if (line.length + prefix.length <= LINE_WIDTH && !line.includes('\n')) return `${prefix}${open} ${line} ${close}`;
  return `${prefix}${open}\n${entries.map((entry) => `  ${entry.replace(/\n/g, '\n  ')}`).join(',\n')}\n${close}`;
}
