// console: each argument is sent to the host as plain JSON and as the text that Node would print.

import { $find } from '../lang/primordials.js';
import { describeError } from './errors.js';
import { shown } from './inspect.js';
import { addEvent, run } from './run.js';

// Levels of nesting that are sent as JSON; deeper values are sent as the printed text.
const DEEPEST = 200;

function log(level, values) {
  if (run === null || run.sealed) return;
  addEvent({ kind: 'console', level, messages: values.map((value) => toPlain(value, [])), text: values.map(shown) });
}

function toPlain(value, parents) {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value === undefined) return null;
  if (typeof value !== 'object') return shown(value);
  if (parents.includes(value)) return '[Circular]';
  if (parents.length >= DEEPEST) return shown(value);
  try {
    return plainObject(value, [...parents, value]);
  } catch {
    return shown(value);
  }
}

function plainObject(value, path) {
  if (value instanceof Error) {
    const { name, message, stack } = describeError(value);
    return { name, message, stack };
  }
  if (typeof $find(value, 'toJSON') === 'function') return toPlain(value.toJSON(), path);
  if (value instanceof RegExp) return String(value);
  if (value instanceof Map) return [...value].map(([key, entry]) => [toPlain(key, path), toPlain(entry, path)]);
  if (value instanceof Set || Array.isArray(value) || ArrayBuffer.isView(value)) {
    return Array.from(value, (entry) => toPlain(entry, path));
  }
  return Object.fromEntries(Object.keys(value).map((key) => [key, toPlain(value[key], path)]));
}

export const CONSOLE = {
  log: (...values) => log('log', values),
  info: (...values) => log('info', values),
  warn: (...values) => log('warn', values),
  error: (...values) => log('error', values),
  debug: (...values) => log('debug', values),
  clear() {},
};
