// Bytes and texts in Node's encodings. Each has `decode(text)` to bytes, `encode(bytes)` to text, and the length in bytes.

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
    VALUES = new Int8Array(128).fill(-1),
    CHUNK = 8192;

[...BASE64, '-', '_'].forEach((letter, at) => { VALUES[letter.charCodeAt(0)] = at < 64 ? at : at - 2; });

function fromUnits (units) {
    let text = '';

    for (let at = 0; at < units.length; at += CHUNK) { text += String.fromCharCode.apply(null, units.subarray(at, at + CHUNK)); }

    return text;
}

function utf8Length (text) {
    let length = text.length;

    for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at);

        if (code >= 0x80) { length += 1; }
        if (code >= 0x800) { length += 1; }
        if (code >= 0xd800 && code < 0xdc00 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) { at++; }
    }

    return length;
}

/** At most `limit` bytes, and only whole characters; a lone half of a pair is U+FFFD. */
function utf8Bytes (text, limit = Infinity) {
    const bytes = new Uint8Array(Math.min(utf8Length(text), limit));
    let to = 0;

    for (let at = 0; at < text.length; at++) {
        let code = text.codePointAt(at);

        if (code >= 0xd800 && code < 0xe000) { code = 0xfffd; }
        const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

        if (to + size > bytes.length) { break; }
        if (size === 1) { bytes[to++] = code; continue; }
        bytes[to++] = [0, 0, 0xc0, 0xe0, 0xf0][size] | (code >> (6 * (size - 1)));
        for (let left = size - 2; left >= 0; left--) { bytes[to++] = 0x80 | ((code >> (6 * left)) & 63); }
        if (size === 4) { at++; }
    }

    return bytes.subarray(0, to);
}

const LIMITS = { 0xe0: [0xa0, 0xbf], 0xed: [0x80, 0x9f], 0xf0: [0x90, 0xbf], 0xf4: [0x80, 0x8f] };

/** The character at a place and its size; -1 for bytes that are none (WHATWG Encoding: the maximal part of a sequence). */
function utf8Code (bytes, at) {
    const first = bytes[at],
        more = first >= 0xc2 && first <= 0xdf ? 1 : first >= 0xe0 && first <= 0xef ? 2 : first >= 0xf0 && first <= 0xf4 ? 3 : 0;

    if (!more) { return [-1, 1]; }
    let code = first & (0x3f >> more);

    for (let i = 1; i <= more; i++) {
        const [low, high] = (i === 1 && LIMITS[first]) || [0x80, 0xbf],
            byte = bytes[at + i];

        if (!(byte >= low && byte <= high)) { return [-1, i]; }
        code = (code << 6) | (byte & 63);
    }

    return [code, more + 1];
}

function isAscii (bytes) {
    let marks = 0;

    for (let at = 0; at < bytes.length; at++) { marks |= bytes[at]; }

    return marks < 0x80;
}

// Most texts are ASCII, which the engine takes as it is.
function utf8Text (bytes) {
    let text = '',
        at = 0;

    while (at < bytes.length) {
        const chunk = bytes.subarray(at, at + CHUNK);

        if (!isAscii(chunk)) { return text + wideText(bytes.subarray(at)); }
        text += String.fromCharCode.apply(null, chunk);
        at += CHUNK;
    }

    return text;
}

function wideText (bytes) {
    const units = new Uint16Array(bytes.length);
    let count = 0;

    for (let at = 0; at < bytes.length;) {
        if (bytes[at] < 0x80) { units[count++] = bytes[at++]; continue; }
        const [found, size] = utf8Code(bytes, at),
            code = found < 0 ? 0xfffd : found;

        if (code > 0xffff) {
            units[count++] = 0xd7c0 + (code >> 10);
            units[count++] = 0xdc00 | (code & 0x3ff);
        }
        else { units[count++] = code; }
        at += size;
    }

    return fromUnits(units.subarray(0, count));
}

function hexDigit (code) {
    if (code >= 48 && code < 58) { return code - 48; }
    const letter = code | 32;

    return letter >= 97 && letter < 103 && code < 128 ? letter - 87 : -1;
}

/** Up to the first pair that is none. */
function hexBytes (text) {
    const bytes = new Uint8Array(text.length >>> 1);

    for (let at = 0; at < bytes.length; at++) {
        const high = hexDigit(text.charCodeAt(2 * at)),
            low = hexDigit(text.charCodeAt(2 * at + 1));

        if (high < 0 || low < 0) { return bytes.subarray(0, at); }
        bytes[at] = (high << 4) | low;
    }

    return bytes;
}

/** Both alphabets; what is no letter of them is skipped, and `=` ends the text. */
function base64Bytes (text) {
    const bytes = new Uint8Array(((text.length * 3) >>> 2) + 1);
    let bits = 0,
        count = 0,
        to = 0;

    for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at);

        if (code === 61) { break; }
        if (code > 127 || VALUES[code] < 0) { continue; }
        bits = ((bits << 6) | VALUES[code]) & 0xffff;
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes[to++] = (bits >> count) & 255;
        }
    }

    return bytes.subarray(0, to);
}

function codesOf (text) {
    return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

const BASE64_CODES = codesOf(BASE64),
    BASE64URL_CODES = codesOf(`${BASE64.slice(0, 62)}-_`),
    HEX_CODES = codesOf('0123456789abcdef');

function base64Text (bytes, codes, padded) {
    const whole = Math.ceil(bytes.length / 3) * 4,
        used = Math.ceil(bytes.length * 4 / 3),
        letters = new Uint8Array(padded ? whole : used).fill(61);

    for (let at = 0, to = 0; at < bytes.length; at += 3, to += 4) {
        const bits = (bytes[at] << 16) | ((bytes[at + 1] || 0) << 8) | (bytes[at + 2] || 0);

        letters[to] = codes[bits >> 18];
        letters[to + 1] = codes[(bits >> 12) & 63];
        if (to + 2 < used) { letters[to + 2] = codes[(bits >> 6) & 63]; }
        if (to + 3 < used) { letters[to + 3] = codes[bits & 63]; }
    }

    return fromUnits(letters);
}

function hexText (bytes) {
    const letters = new Uint8Array(bytes.length * 2);

    for (let at = 0; at < bytes.length; at++) {
        letters[2 * at] = HEX_CODES[bytes[at] >> 4];
        letters[2 * at + 1] = HEX_CODES[bytes[at] & 15];
    }

    return fromUnits(letters);
}

function base64Length (text) {
    const padding = text.endsWith('==') && text.length > 1 ? 2 : text.endsWith('=') ? 1 : 0;

    return ((text.length - padding) * 3) >>> 2;
}


function latin1Bytes (text) {
    const bytes = new Uint8Array(text.length);

    for (let at = 0; at < text.length; at++) { bytes[at] = text.charCodeAt(at); }

    return bytes;
}

function ucs2Bytes (text) {
    const bytes = new Uint8Array(text.length * 2);

    for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at);

        bytes[2 * at] = code;
        bytes[2 * at + 1] = code >> 8;
    }

    return bytes;
}

function ucs2Text (bytes) {
    const units = new Uint16Array(bytes.length >>> 1);

    for (let at = 0; at < units.length; at++) { units[at] = bytes[2 * at] | (bytes[2 * at + 1] << 8); }

    return fromUnits(units);
}

const length = (text) => text.length,
    ENCODINGS = {
        utf8: { name: 'utf8', decode: utf8Bytes, encode: utf8Text, length: utf8Length, unit: 1 },
        ucs2: { name: 'utf16le', decode: ucs2Bytes, encode: ucs2Text, length: (text) => text.length * 2, unit: 2 },
        latin1: { name: 'latin1', decode: latin1Bytes, encode: fromUnits, length, unit: 1 },
        ascii: { name: 'ascii', decode: latin1Bytes, encode: (bytes) => fromUnits(bytes.map((byte) => byte & 127)), length, unit: 1 },
        hex: { name: 'hex', decode: hexBytes, encode: hexText, length: (text) => text.length >>> 1, unit: 1 },
        base64: { name: 'base64', decode: base64Bytes, encode: (bytes) => base64Text(bytes, BASE64_CODES, true), length: base64Length, unit: 1 },
        base64url: {
            name: 'base64url', decode: base64Bytes, encode: (bytes) => base64Text(bytes, BASE64URL_CODES, false),
            length: base64Length, unit: 1
        }
    },
    NAMES = {
        utf8: 'utf8', 'utf-8': 'utf8', ucs2: 'ucs2', 'ucs-2': 'ucs2', utf16le: 'ucs2', 'utf-16le': 'ucs2', latin1: 'latin1',
        binary: 'latin1', ascii: 'ascii', hex: 'hex', base64: 'base64', base64url: 'base64url'
    };

function encodingOf (name) {
    const key = `${name}`.toLowerCase();

    return Object.hasOwn(NAMES, key) ? ENCODINGS[NAMES[key]] : undefined;
}

module.exports = { ENCODINGS, encodingOf, utf8Code };
