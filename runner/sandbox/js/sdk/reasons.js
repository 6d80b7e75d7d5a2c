// Standard reason phrases, as Postman writes them. What they mean is in a library, loaded for scripts that ask for it.

import { PHRASES } from 'world:tables';
import { libraryOrNull } from '../host/libraries.js';

export function standardReason(code) {
  const library = libraryOrNull('http-reasons');
  return library === null ? { name: PHRASES[code], detail: '' } : library.lookup(code);
}
