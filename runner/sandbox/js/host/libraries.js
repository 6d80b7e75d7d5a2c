// Libraries, sent by the host: those that a script names are loaded before it runs.

import { chai } from 'world:chai';
import { $kept } from 'world:kept';
import { G } from '../lang/natives.js';

export const LIBRARIES = G.__libraries;
export const evaluateText = eval;

LIBRARIES.chai = chai;

export function libraryOrNull(name) {
  return Object.hasOwn(LIBRARIES, name) ? LIBRARIES[name] : null;
}

// Scripts cannot reach the table of libraries: it is passed to each library, which finds the earlier ones in it.
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
