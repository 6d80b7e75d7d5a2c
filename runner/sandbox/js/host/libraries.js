// Libraries that the host gives: those that a script names are there before it runs.

import { chai } from 'world:chai';
import { $kept } from 'world:kept';
import { G } from '../lang/natives.js';

export const LIBRARIES = G.__libraries;
export const evaluateText = eval;

LIBRARIES.chai = chai;

export function libraryOrNull(name) {
  return Object.hasOwn(LIBRARIES, name) ? LIBRARIES[name] : null;
}

// Libraries are unreachable for scripts: each is passed what earlier ones have set.
export function addLibrary(text) {
  evaluateText(`(function (__libraries, $kept) {${text}\n})`)(LIBRARIES, $kept);
  return '';
}

export function isBuffer(value) {
  const library = libraryOrNull('buffer');
  return library !== null && library.Buffer.isBuffer(value);
}

export function bytesToBuffer(bytes) {
  const library = libraryOrNull('buffer');
  return library ? library.Buffer.from(bytes) : bytes;
}
