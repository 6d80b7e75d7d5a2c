// Parts of the world that few scripts use. Their text is kept, and evaluated when one of its names is first used.

import { $kept } from 'world:kept';
import { addLibrary, evaluateText, LIBRARIES } from './libraries.js';

const partTexts = new Map();
const parts = new Map();
// The values of the prelude that parts use; the build chooses the names.
let insides = null;

export function addPart(name, text) {
  partTexts.set(name, text);
  return '';
}

export function keepInsides(kept) {
  insides = kept;
}

// The exports of a part, which its text passes to `offer` at its end.
export function part(name) {
  if (!parts.has(name)) {
    const make = evaluateText(`(function ($inside, $kept, __libraries, offer) { 'use strict';${partTexts.get(name)}\n})`);
    make(insides, $kept, LIBRARIES, (offered) => { parts.set(name, offered); });
  }
  return parts.get(name);
}

// Loads a part that is just a library.
export function loadLibraryPart(name) {
  addLibrary(partTexts.get(name));
}
