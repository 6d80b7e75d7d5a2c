// Standard reason phrases in Postman's spelling. Their explanations are in a library, loaded for scripts that use them.

import { PHRASES } from 'world:tables';
import { libraryOrNull } from '../host/libraries.js';

export function standardReason(code) {
  const library = libraryOrNull('http-reasons');
  return library === null ? { name: PHRASES[code], detail: '' } : library.lookup(code);
}
