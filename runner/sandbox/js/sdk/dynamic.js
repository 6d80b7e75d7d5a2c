// Dynamic variables, made by Postman's own generators: for replaceIn here, and for the requests that the host fills in.

import { libraryOrNull } from '../host/libraries.js';
import { fillRandom, seedRandom } from '../host/random.js';

let generators = null;
let repeatedWords = null;

// Null where the library is not loaded: it is for every script that names replaceIn.
function dynamicLibrary() {
  if (generators === null) {
    generators = libraryOrNull('dynamic-variables');
    if (generators !== null && repeatedWords !== null) generators.seed(repeatedWords);
  }
  return generators;
}

// A new text, undefined if the name is not a dynamic variable. Dates are written as JavaScript writes them.
export function dynamicValue(name) {
  const library = dynamicLibrary();
  return library !== null && library.has(name) ? String(library.generate(name)) : undefined;
}

// Values by name, as many as are asked for.
export function dynamicValues(names) {
  const made = ([name, count]) => [name, Array.from({ length: count }, () => dynamicValue(name))];
  return Object.fromEntries(Object.entries(names).map(made));
}

// From here on everything random is drawn from these words.
export function repeatRandom(words) {
  repeatedWords = words;
  seedRandom(words);
  if (generators !== null) generators.seed(words);
  Object.defineProperty(Math, 'random', { value: repeatedRandom, writable: true, configurable: true, enumerable: false });
}

// 53 random bits, as many as a number below 1 can hold.
function repeatedRandom() {
  const [high, low] = new Uint32Array(fillRandom(new Uint8Array(8)).buffer);
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}
