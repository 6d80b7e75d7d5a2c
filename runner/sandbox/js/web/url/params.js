// URLSearchParams (WHATWG URL, section 6): the pairs of a query, and the URL that they belong to.

import { percent, unpercent } from './host.js';

const FORM_SET = /[^A-Za-z0-9*._-]/u;
export let bindParams;
export let readParams;

export class URLSearchParams {
  #pairs = [];
  #changes = null;

  constructor(source = '') {
    if (source !== null && (typeof source === 'object' || typeof source === 'function')) this.#pairs = givenPairs(source);
    else this.#pairs = readPairs(String(source).replace(/^\?/, ''));
  }

  static {
    bindParams = (params, changes) => { params.#changes = changes; };
    readParams = (params, query) => { params.#pairs = readPairs(query ?? ''); };
  }

  #changed() {
    if (this.#changes) this.#changes(this.toString());
  }

  get size() { return this.#pairs.length; }

  append(key, value) {
    needs(arguments, 2);
    this.#pairs.push([wellFormed(key), wellFormed(value)]);
    this.#changed();
  }

  delete(key, value = undefined) {
    needs(arguments, 1);
    this.#pairs = this.#pairs.filter((pair) => !fits(pair, key, value));
    this.#changed();
  }

  get(key) {
    needs(arguments, 1);
    const found = this.#pairs.find((pair) => fits(pair, key));
    return found ? found[1] : null;
  }

  getAll(key) {
    needs(arguments, 1);
    return this.#pairs.filter((pair) => fits(pair, key)).map((pair) => pair[1]);
  }

  has(key, value = undefined) {
    needs(arguments, 1);
    return this.#pairs.some((pair) => fits(pair, key, value));
  }

  set(key, value) {
    needs(arguments, 2);
    const first = this.#pairs.find((pair) => fits(pair, key));
    this.#pairs = this.#pairs.filter((pair) => pair === first || !fits(pair, key));
    if (first) first[1] = wellFormed(value);
    else this.#pairs.push([wellFormed(key), wellFormed(value)]);
    this.#changed();
  }

  sort() {
    this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    this.#changed();
  }

  forEach(callback, context = undefined) {
    if (typeof callback !== 'function') throw new TypeError('The "callback" argument must be of type function.');
    for (const [key, value] of this.entries()) callback.call(context, value, key, this);
  }

  // Pairs added during an iteration are visited, too.
  * entries() {
    for (let at = 0; at < this.#pairs.length; at++) yield [...this.#pairs[at]];
  }

  * keys() {
    for (const [key] of this.entries()) yield key;
  }

  * values() {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  toString() {
    const encode = (text) => Array.from(text, (letter) => (letter === ' ' ? '+' : percent(letter, FORM_SET))).join('');
    return this.#pairs.map(([key, value]) => `${encode(key)}=${encode(value)}`).join('&');
  }
}

function wellFormed(value) {
  return String(value).toWellFormed();
}

function fits([key, value], wantedKey, wantedValue) {
  return key === wellFormed(wantedKey) && (wantedValue === undefined || value === wellFormed(wantedValue));
}

function needs(given, count) {
  if (given.length >= count) return;
  throw missingArgument(['name', 'value'].slice(0, count).join('" and "'));
}

function givenPairs(source) {
  if (typeof source[Symbol.iterator] !== 'function') {
    const names = Reflect.ownKeys(source).filter((key) => Object.prototype.propertyIsEnumerable.call(source, key));
    return names.map((key) => [wellFormed(key), wellFormed(source[key])]);
  }
  return Array.from(source, (pair) => {
    const both = pair !== null && typeof pair === 'object' && typeof pair[Symbol.iterator] === 'function' ? [...pair] : [];
    if (both.length !== 2) {
      throw Object.assign(new TypeError('Each query pair must be an iterable [name, value] tuple'), { code: 'ERR_INVALID_TUPLE' });
    }
    return both.map(wellFormed);
  });
}

function readPairs(query) {
  const decode = (text) => unpercent(text.replaceAll('+', ' '));
  return query.split('&').filter(Boolean).map((part) => {
    const at = part.indexOf('=');
    return at < 0 ? [decode(part), ''] : [decode(part.slice(0, at)), decode(part.slice(at + 1))];
  });
}

export function missingArgument(name) {
  return Object.assign(new TypeError(`The "${name}" argument must be specified`), { code: 'ERR_MISSING_ARGS' });
}
