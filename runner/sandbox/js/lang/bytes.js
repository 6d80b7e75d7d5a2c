// Conversions between bytes and strings: UTF-8 and base64.

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE64_VALUES = new Uint8Array(128);
[...BASE64].forEach((letter, value) => { BASE64_VALUES[letter.charCodeAt(0)] = value; });
BASE64_VALUES['-'.charCodeAt(0)] = 62;
BASE64_VALUES['_'.charCodeAt(0)] = 63;

export function utf8Bytes(text) {
  const bytes = new Uint8Array(text.length * 3);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) bytes[at++] = code;
    else at = putCode(bytes, at, text.codePointAt(i));
    if (code >= 0xd800 && text.codePointAt(i) > 0xffff) i++;
  }
  return bytes.slice(0, at);
}

function putCode(bytes, at, code) {
  if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
  if (code < 0x800) {
    bytes[at++] = 0xc0 | (code >> 6);
  } else {
    if (code < 0x10000) {
      bytes[at++] = 0xe0 | (code >> 12);
    } else {
      bytes[at++] = 0xf0 | (code >> 18);
      bytes[at++] = 0x80 | ((code >> 12) & 63);
    }
    bytes[at++] = 0x80 | ((code >> 6) & 63);
  }
  bytes[at++] = 0x80 | (code & 63);
  return at;
}

// Invalid bytes become U+FFFD, one for each maximal part of a sequence (WHATWG Encoding, section 8.1.1).
export function utf8Text(bytes, fatal) {
  const parts = [];
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at];
    if (first < 0x80) {
      text += String.fromCharCode(first);
      at++;
    } else {
      const [code, length] = takeCode(bytes, at);
      if (code === -1 && fatal) throw new TypeError('The encoded data was not valid for encoding utf-8');
      text += code === -1 ? '\uFFFD' : String.fromCodePoint(code);
      at += length;
    }
    if (text.length > 4096) {
      parts.push(text);
      text = '';
    }
  }
  return parts.join('') + text;
}

const UTF8_LIMITS = { 0xe0: [0xa0, 0xbf], 0xed: [0x80, 0x9f], 0xf0: [0x90, 0xbf], 0xf4: [0x80, 0x8f] };

export function takeCode(bytes, at) {
  const first = bytes[at];
  const more = first >= 0xc2 && first <= 0xdf ? 1 : first >= 0xe0 && first <= 0xef ? 2 : first >= 0xf0 && first <= 0xf4 ? 3 : 0;
  if (!more) return [-1, 1];
  let code = first & (0x3f >> more);
  for (let i = 1; i <= more; i++) {
    const [low, high] = (i === 1 && UTF8_LIMITS[first]) || [0x80, 0xbf];
    const byte = bytes[at + i];
    if (!(byte >= low && byte <= high)) return [-1, i];
    code = (code << 6) | (byte & 63);
  }
  return [code, more + 1];
}

export function base64Bytes(text) {
  const clean = text.replace(/[^A-Za-z0-9+/_-]/g, '');
  const bytes = new Uint8Array((clean.length * 3) >> 2);
  let bits = 0;
  let count = 0;
  let at = 0;
  for (let i = 0; i < clean.length; i++) {
    bits = ((bits << 6) | BASE64_VALUES[clean.charCodeAt(i)]) & 0xffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes[at++] = (bits >> count) & 255;
    }
  }
  return bytes;
}

export function bytesBase64(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const bits = (bytes[at] << 16) | ((bytes[at + 1] || 0) << 8) | (bytes[at + 2] || 0);
    parts.push(BASE64[bits >> 18], BASE64[(bits >> 12) & 63], left > 1 ? BASE64[(bits >> 6) & 63] : '=', left > 2 ? BASE64[bits & 63] : '=');
  }
  return parts.join('');
}

export function viewBytes(source) {
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  return new Uint8Array(source);
}
