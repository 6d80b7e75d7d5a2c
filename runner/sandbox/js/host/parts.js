// Parts of the world that few scripts touch. Their text is only kept; the first touch of a name in it evaluates it.

import { $kept } from 'world:kept';
import { addLibrary, evaluateText, LIBRARIES } from './libraries.js';

const partTexts = new Map();
const parts = new Map();
// What parts use of the prelude; the build knows the names.
let insides = null;

export function addPart(name, text) {
  partTexts.set(name, text);
  return '';
}

export function keepInsides(kept) {
  insides = kept;
}

// What a part offers; it is the last thing that its text does.
export function part(name) {
  if (!parts.has(name)) {
    const make = evaluateText(`(function ($inside, $kept, __libraries, offer) { 'use strict';${partTexts.get(name)}\n})`);
    make(insides, $kept, LIBRARIES, (offered) => { parts.set(name, offered); });
  }
  return parts.get(name);
}

// The library of a part that is nothing else.
export function loadLibraryPart(name) {
  addLibrary(partTexts.get(name));
}
