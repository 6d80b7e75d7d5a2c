// atob and btoa (HTML, section 8.3).

import { base64Bytes, bytesBase64 } from '../lang/bytes.js';
import { DOMException } from './dom_exception.js';

export function atob(text) {
  const clean = String(text).replace(/[\t\n\f\r ]/g, '');
  const bare = clean.length % 4 ? clean : clean.replace(/==?$/, '');
  if (bare.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(bare)) {
    throw new DOMException('The string to be decoded is not correctly encoded.', 'InvalidCharacterError');
  }
  return Array.from(base64Bytes(bare), (byte) => String.fromCharCode(byte)).join('');
}

export function btoa(value) {
  const text = String(value);
  if (/[^\x00-\xff]/.test(text)) throw new DOMException('Invalid character', 'InvalidCharacterError');
  return bytesBase64(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
}
