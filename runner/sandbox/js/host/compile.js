// Compiles the texts of scripts and packages to functions.

import { HEAD, watchAsync, watchedTexts } from './async.js';
import { evaluateText } from './libraries.js';
import { run } from './run.js';
import { now } from '../lang/natives.js';

// Head and text → compiled function. Scripts of several items often have the same text: it is compiled once, under a unique
// file name. In stacks that leave the world it becomes the name of the script that runs it, or ran it last.
const texts = new Map();
let bodies = 0;
const FILE = `script-${now().toString(36)}-`;
const FILES = new RegExp(`${FILE}\\d+\\.js`, 'g');

export function compileScript(source, name, head) {
  const made = compiled(`${head}\n${source}`, () => `${FILE}${texts.size}.js`, source, head);
  made.name = name;
  return made;
}

export function compilePackage(source, name, head) {
  return compiled(`${name}\n${head}\n${source}`, () => name, source, head).body;
}

// A text with script names in place of the unique file names.
export function withNames(text) {
  if (!text.includes(FILE)) return text;
  return text.replace(FILES, nameOf);
}

function nameOf(file) {
  if (file === run.file) return run.message.name;
  return watchedTexts.has(file) ? watchedTexts.get(file).name : file;
}

function compiled(key, file, source, head) {
  let made = texts.get(key);
  if (made === undefined) {
    made = { file: file(), source, head, inserts: [], body: undefined };
    texts.set(key, made);
    watchedTexts.set(made.file, made);
  }
  if (made.body === undefined) {
    if (++bodies > 1000) forgetBodies();
    compile(made);
  }
  return made;
}

function forgetBodies() {
  bodies = 1;
  texts.forEach((made) => { made.body = undefined; });
}

// Syntax errors are those of the original text. If only the watched form fails to parse, the text runs unwatched.
function compile(made) {
  const { source, file, head } = made;
  made.body = evaluate(source, file, head);
  const { text, inserts } = watchAsync(source);
  if (!inserts.length) return;
  try {
    made.body = evaluate(text, file, head);
    made.inserts = inserts;
  } catch {
    made.inserts = [];
  }
}

function evaluate(text, file, head) {
  return evaluateText(`${wrapped(text, head)}\n//# sourceURL=${file}`);
}

// The semicolon serves as the body of a loop that ends the text without one.
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
