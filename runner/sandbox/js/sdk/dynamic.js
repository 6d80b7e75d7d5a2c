// Dynamic variables, from Postman's own generators: for replaceIn, and for the requests in which the host replaces them.

import { libraryOrNull } from '../host/libraries.js';
import { fillRandom, seedRandom } from '../host/random.js';

let generators = null;
let repeatedWords = null;

// Null if the library is not loaded; it is loaded for every script that names replaceIn.
function dynamicLibrary() {
  if (generators === null) {
    generators = libraryOrNull('dynamic-variables');
    if (generators !== null && repeatedWords !== null) generators.seed(repeatedWords);
  }
  return generators;
}

// A new value as a string; undefined if the name is not a dynamic variable. Dates are written as JavaScript's toString does.
export function dynamicValue(name) {
  const library = dynamicLibrary();
  return library !== null && library.has(name) ? String(library.generate(name)) : undefined;
}

// The requested number of values for each name.
export function dynamicValues(names) {
  const made = ([name, count]) => [name, Array.from({ length: count }, () => dynamicValue(name))];
  return Object.fromEntries(Object.entries(names).map(made));
}

// Seeds everything random with these words.
export function repeatRandom(words) {
  repeatedWords = words;
  seedRandom(words);
  if (generators !== null) generators.seed(words);
  Object.defineProperty(Math, 'random', { value: repeatedRandom, writable: true, configurable: true, enumerable: false });
}

// 53 random bits: the precision of a number below 1.
function repeatedRandom() {
  const [high, low] = new Uint32Array(fillRandom(new Uint8Array(8)).buffer);
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}
