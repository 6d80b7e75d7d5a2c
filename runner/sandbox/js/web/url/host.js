// Percent encoding and hosts (WHATWG URL, sections 1.3 and 3): names, IPv4 and IPv6 addresses.

import { utf8Bytes, utf8Text } from '../../lang/bytes.js';

export const CONTROL_SET = /[\0-\x1f\x7f-\u{10ffff}]/u;
export const FRAGMENT_SET = /[\0-\x20"<>`\x7f-\u{10ffff}]/u;
export const QUERY_SET = /[\0-\x20"#<>\x7f-\u{10ffff}]/u;
export const SPECIAL_QUERY_SET = /[\0-\x20"#<>'\x7f-\u{10ffff}]/u;
export const PATH_SET = /[\0-\x20"#<>?`{}\x7f-\u{10ffff}]/u;
export const LOGIN_SET = /[\0-\x20"#<>?^`{}/:;=@[\\\]|\x7f-\u{10ffff}]/u;

export function percent(letter, unsafe) {
  if (!unsafe.test(letter)) return letter;
  return Array.from(utf8Bytes(letter), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

export function percentText(text, unsafe) {
  return Array.from(text.toWellFormed(), (letter) => percent(letter, unsafe)).join('');
}

export function unpercent(text) {
  const bytes = utf8Bytes(text);
  const result = [];
  for (let at = 0; at < bytes.length; at++) {
    const pair = bytes[at] === 0x25 ? String.fromCharCode(bytes[at + 1], bytes[at + 2]) : '';
    if (/^[\da-f]{2}$/i.test(pair)) {
      result.push(parseInt(pair, 16));
      at += 2;
    } else result.push(bytes[at]);
  }
  return utf8Text(Uint8Array.from(result));
}

// The serialized host; null if it is invalid.
export function parseHost(text, special) {
  if (text.startsWith('[')) return text.endsWith(']') ? ipv6(text.slice(1, -1)) : null;
  if (!special) return /[\0\t\n\r #/:<>?@[\\\]^|]/.test(text) ? null : percentText(text, CONTROL_SET);
  const name = asciiName(unpercent(text).replace(/^\uFEFF/, ''));
  if (name === null || name === '' || /[\0-\x20"#%/:<>?@[\\\]^`{|}\x7f]/.test(name.replace(/["`{}]/g, ''))) return null;
  return endsInNumber(name) ? ipv4(name) : name;
}

// Domain to ASCII (UTS #46), with Unicode's compatibility forms (NFKC) instead of a mapping table.
function asciiName(name) {
  if (/^[\0-\x7f]*$/.test(name) && !/(?:^|\.)xn--/i.test(name)) return name.toLowerCase();
  const mapped = name.replace(/[\u00ad\u200b\u2060\ufeff\ufe00-\ufe0f]/g, '').replace(/ẞ/g, 'ß').normalize('NFKC').toLowerCase().normalize('NFC');
  const labels = mapped.replace(/[\u3002\uff0e\uff61]/g, '.').split('.').map(asciiLabel);
  return labels.includes(null) ? null : labels.join('.');
}

function asciiLabel(label) {
  if (/^[\0-\x7f]*$/.test(label)) return label === 'xn--' ? null : label;
  if (/[\ufffd\ud800-\udfff]|^\p{M}/u.test(label.replace(/[\u{10000}-\u{10ffff}]/gu, ''))) return null;
  return `xn--${punycode(Array.from(label, (letter) => letter.codePointAt(0)))}`;
}

// RFC 3492, section 6.3.
function punycode(codes) {
  let text = codes.filter((code) => code < 0x80).map((code) => String.fromCharCode(code)).join('');
  const basic = text.length;
  let [next, delta, bias, handled] = [0x80, 0, 72, basic];
  if (basic) text += '-';
  while (handled < codes.length) {
    const least = Math.min(...codes.filter((code) => code >= next));
    delta += (least - next) * (handled + 1);
    next = least;
    for (const code of codes) {
      if (code < next) delta++;
      if (code !== next) continue;
      text += punycodeNumber(delta, bias);
      bias = adapted(delta, handled + 1, handled === basic);
      delta = 0;
      handled++;
    }
    delta++;
    next++;
  }
  return text;
}

function punycodeNumber(number, bias) {
  const digit = (value) => String.fromCharCode(value < 26 ? value + 97 : value + 22);
  let text = '';
  for (let step = 36; ; step += 36) {
    const limit = Math.min(Math.max(step - bias, 1), 26);
    if (number < limit) return text + digit(number);
    text += digit(limit + ((number - limit) % (36 - limit)));
    number = Math.floor((number - limit) / (36 - limit));
  }
}

function adapted(delta, count, first) {
  let rest = Math.floor(delta / (first ? 700 : 2));
  rest += Math.floor(rest / count);
  let steps = 0;
  for (; rest > 455; steps += 36) rest = Math.floor(rest / 35);
  return steps + Math.floor((36 * rest) / (rest + 38));
}

function endsInNumber(name) {
  const parts = name.split('.');
  if (parts[parts.length - 1] === '' && parts.length > 1) parts.pop();
  const last = parts[parts.length - 1];
  return /^\d+$/.test(last) || /^0x[\da-f]*$/.test(last);
}

function ipv4(name) {
  const parts = name.split('.');
  if (parts[parts.length - 1] === '') parts.pop();
  const numbers = parts.map(ipv4Number);
  const last = numbers.pop();
  const room = 256 ** (4 - numbers.length);
  if (parts.length > 4 || numbers.some((number) => !(number <= 255)) || !(last < room)) return null;
  const address = numbers.reduce((sum, number, at) => sum + number * 256 ** (3 - at), last);
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join('.');
}

function ipv4Number(text) {
  if (/^0x[\da-f]*$/.test(text)) return text === '0x' ? 0 : parseInt(text, 16);
  if (/^0[0-7]*$/.test(text)) return parseInt(text, 8);
  return /^[1-9]\d*$/.test(text) ? Number(text) : NaN;
}

function ipv6(text) {
  const [, head, four] = /^(.*:)?(\d+\.\d+\.\d+\.\d+)$/.exec(text) || [null, text, null];
  const whole = four === null ? text : `${head || ''}${ipv4Pieces(four)}`;
  const sides = whole.split('::');
  if (sides.length > 2 || /:::|[^\da-f:]/i.test(whole)) return null;
  const [left, right = []] = sides.map((side) => (side ? side.split(':') : []));
  const missing = 8 - left.length - right.length;
  if (sides.length === 2 ? missing < 1 : missing !== 0) return null;
  if (![...left, ...right].every((piece) => /^[\da-f]{1,4}$/i.test(piece))) return null;
  const pieces = [...left, ...Array(missing).fill('0'), ...right].map((piece) => parseInt(piece, 16).toString(16));
  return `[${compressed(pieces)}]`;
}

function ipv4Pieces(text) {
  const parts = text.split('.');
  if (!parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return '?';
  const [a, b, c, d] = parts.map(Number);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

// The first longest run of at least two zeros is written as `::`.
function compressed(pieces) {
  let [start, length] = [-1, 1];
  for (let at = 0; at < 8; at++) {
    let end = at;
    while (pieces[end] === '0') end++;
    if (end - at > length) [start, length] = [at, end - at];
  }
  if (start < 0) return pieces.join(':');
  return `${pieces.slice(0, start).join(':')}::${pieces.slice(start + length).join(':')}`;
}
