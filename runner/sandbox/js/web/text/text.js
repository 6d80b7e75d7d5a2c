// TextEncoder and TextDecoder (WHATWG Encoding).

import { takeCode, utf8Bytes, utf8Text, viewBytes } from '../../lang/bytes.js';
import { webClass } from '../web_class.js';
import { LABELS, NO_CHARACTER, upperHalf } from './tables.js';

class TextEncoder {
  get encoding() {
    return 'utf-8';
  }

  encode(text = '') {
    return utf8Bytes(String(text));
  }

  encodeInto(source, target) {
    if (!(target instanceof Uint8Array)) throw new TypeError('The "dest" argument must be an instance of Uint8Array.');
    let read = 0;
    let written = 0;
    for (const letter of String(source)) {
      const bytes = utf8Bytes(letter);
      if (written + bytes.length > target.length) break;
      target.set(bytes, written);
      written += bytes.length;
      read += letter.length;
    }
    return { read, written };
  }
}

class TextDecoder {
  #encoding;
  #fatal;
  #ignoreBOM;
  // Bytes left over from an earlier decode(…, { stream: true }), and whether the byte order mark has been passed.
  #rest = new Uint8Array(0);
  #begun = false;

  constructor(label = 'utf-8', { fatal = false, ignoreBOM = false } = {}) {
    this.#encoding = encodingOf(String(label));
    this.#fatal = Boolean(fatal);
    this.#ignoreBOM = Boolean(ignoreBOM);
  }

  get encoding() {
    return this.#encoding;
  }

  get fatal() {
    return this.#fatal;
  }

  get ignoreBOM() {
    return this.#ignoreBOM;
  }

  decode(source = new Uint8Array(), { stream = false } = {}) {
    const bytes = joinedBytes(this.#rest, sourceBytes(source));
    const whole = stream ? bytes.length - unfinished(this.#encoding, bytes) : bytes.length;
    this.#rest = bytes.slice(whole);
    let text;
    try {
      text = decodeBytes(this.#encoding, bytes.subarray(0, whole), this.#fatal);
    } catch (error) {
      this.#rest = new Uint8Array(0);
      this.#begun = false;
      throw error;
    }
    if (text && !this.#begun && !this.#ignoreBOM && UNICODE.has(this.#encoding)) text = text.replace(/^\uFEFF/, '');
    this.#begun = stream && (this.#begun || whole > 0);
    return text;
  }
}

const UNICODE = new Set(['utf-8', 'utf-16le', 'utf-16be']);

function encodingOf(label) {
  const wanted = label.replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '').toLowerCase();
  const found = LABELS.get(wanted);
  if (found === undefined) {
    throw Object.assign(new RangeError(`The "${label}" encoding is not supported`), { code: 'ERR_ENCODING_NOT_SUPPORTED' });
  }
  return found;
}

function sourceBytes(source) {
  if (ArrayBuffer.isView(source) || source instanceof ArrayBuffer || isShared(source)) return viewBytes(source);
  throw new TypeError('The "list" argument must be an instance of SharedArrayBuffer, ArrayBuffer or ArrayBufferView.');
}

function isShared(source) {
  return typeof SharedArrayBuffer === 'function' && source instanceof SharedArrayBuffer;
}

function joinedBytes(first, second) {
  if (!first.length) return second;
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

// The number of bytes at the end that belong to an incomplete character.
function unfinished(encoding, bytes) {
  if (encoding === 'utf-8') return unfinishedUtf8(bytes);
  if (!UNICODE.has(encoding)) return 0;
  const odd = bytes.length % 2;
  const high = bytes[bytes.length - odd - (encoding === 'utf-16le' ? 1 : 2)];
  return odd + (high >= 0xd8 && high <= 0xdb ? 2 : 0);
}

function unfinishedUtf8(bytes) {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    if (byte < 0x80 || (byte & 0xc0) === 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
      if (back >= length || byte > 0xf4) return 0;
      const [, used] = takeCode(bytes, bytes.length - back);
      return used === back ? back : 0;
    }
  }
  return 0;
}

function decodeBytes(encoding, bytes, fatal) {
  if (encoding === 'utf-8') return utf8Text(bytes, fatal);
  if (UNICODE.has(encoding)) return utf16Text(bytes, encoding === 'utf-16le' ? 0 : 1, fatal);
  const upper = upperHalf(encoding);
  const text = Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : upper[byte - 0x80]));
  if (fatal && text.includes(NO_CHARACTER)) throw wrongData(encoding);
  return text.join('');
}

function utf16Text(bytes, order, fatal) {
  const units = Array.from({ length: bytes.length >> 1 }, (none, at) =>
    String.fromCharCode(bytes[2 * at + order] | (bytes[2 * at + 1 - order] << 8)));
  const text = units.join('') + (bytes.length % 2 ? NO_CHARACTER : '');
  if (fatal && (bytes.length % 2 || !text.isWellFormed())) throw wrongData('utf-16');
  return text.toWellFormed();
}

function wrongData(encoding) {
  const error = new TypeError(`The encoded data was not valid for encoding ${encoding}`);
  return Object.assign(error, { code: 'ERR_ENCODING_INVALID_ENCODED_DATA' });
}

for (const [type, name] of [[TextEncoder, 'TextEncoder'], [TextDecoder, 'TextDecoder']]) webClass(type, name);
export default { TextEncoder, TextDecoder };
