// Replaces {{name}} in strings, for replaceIn: until nothing changes, at most 19 times. Unknown names stay as they are.

import { stringify } from '../lang/natives.js';
import { dynamicValue } from './dynamic.js';

export const TOKEN = /\{\{([^{}]*)\}\}/g;
const PASSES = 19;
// The most characters that values may add to a string in one pass, not counting the longest value.
const ADDED_LIMIT = 10000000;
// The most names that values may bring into a string, not counting the string's own.
const MOST_NAMES = 100000;

export function replaceIn(template, get, has) {
  if (typeof template === 'string' || template instanceof String) return replaceText(String(template), get, has);
  if (template === null || (typeof template !== 'object' && typeof template !== 'function')) return template;
  const inside = (value) => (typeof value === 'function' ? value : replaceIn(value, get, has));
  if (Array.isArray(template)) return template.map(inside);
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, inside(value)]));
}

function replaceText(text, get, has) {
  for (let pass = 0; pass < PASSES; pass++) {
    let changed = false;
    let added = 0;
    let longest = 0;
    let names = 0;
    const replaced = text.replace(TOKEN, (token, name) => {
      if (pass && ++names > MOST_NAMES) throw new RangeError(`The values of variables never end: see {{${name}}}`);
      const found = has(name) ? shownValue(get(name)) : dynamicValue(name);
      if (found === undefined) return token;
      changed = true;
      added += found.length;
      longest = Math.max(longest, found.length);
      if (added - longest > ADDED_LIMIT) throw new RangeError(`The values of variables never end: see {{${name}}}`);
      return found;
    });
    if (!changed || replaced === text) return replaced;
    text = replaced;
  }
  return text;
}

function shownValue(value) {
  if (value === undefined) return '';
  return value !== null && typeof value === 'object' ? stringify(value) : String(value);
}
