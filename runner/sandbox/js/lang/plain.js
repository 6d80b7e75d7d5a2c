// A script's values in the form that is sent to the host.

import { parseJson, stringify } from './natives.js';

// A value in the form that is sent to the host.
export function jsonValue(value) {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object') return null;
  return parseJson(jsonText(value) ?? 'null');
}

export function plainValue(value) {
  return value === undefined ? undefined : jsonValue(value);
}

// JSON.stringify that writes a circular reference as null and a BigInt as its digits.
function jsonText(value) {
  try {
    return stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  const parents = [];
  return stringify(value, function (key, entry) {
    while (parents.length && parents.at(-1) !== this) parents.pop();
    if (typeof entry === 'bigint') return String(entry);
    if (entry === null || typeof entry !== 'object') return entry;
    if (parents.includes(entry)) return null;
    parents.push(entry);
    return entry;
  });
}
