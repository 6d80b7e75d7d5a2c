// Texts of scripts and packages to functions.

import { HEAD, watchAsync, watchedTexts } from './async.js';
import { evaluateText } from './libraries.js';

const compiled = new Map();

// The text stands on the wrapper's first line, so that its lines keep their numbers. Postman has no `globalThis`.
export function compile(source, name, head = HEAD) {
  const key = head === HEAD ? `${name}\n${source}` : `${name}\n${head}\n${source}`;
  let made = compiled.get(key);
  if (made === undefined) {
    made = compileWatched(source, name, head);
    if (compiled.size >= 1000) compiled.clear();
    compiled.set(key, made);
  }
  watchedTexts.set(name, made);
  return made.body;
}

// The text itself says whether it is a script. What cannot be parsed once it is watched is too unusual to be watched.
function compileWatched(source, name, head) {
  const body = evaluate(source, name, head);
  const { text, inserts } = watchAsync(source);
  if (!inserts.length) return { body, source, inserts, head };
  try {
    return { body: evaluate(text, name, head), source, inserts, head };
  } catch {
    return { body, source, inserts: [], head };
  }
}

function evaluate(text, name, head) {
  return evaluateText(`${wrapped(text, head)}\n//# sourceURL=${name}`);
}

// The semicolon is the body of a loop that has none.
export function wrapped(text, head) {
  return `${head}${text}\n;}})`;
}

export function headOf(pinned) {
  return pinned.size ? HEAD.replace('arguments', ['arguments', ...pinned.keys()].join()) : HEAD;
}

export const LEGACY = [
  'tests', 'globals', 'environment', 'data', 'request', 'responseCookies', 'responseHeaders', 'responseTime', 'responseCode',
  'responseBody', 'iteration', 'postman', '_', 'CryptoJS', 'tv4', 'xml2Json', 'Backbone', 'cheerio',
];
