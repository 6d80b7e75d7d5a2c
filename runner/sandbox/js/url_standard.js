// URL and URLSearchParams (WHATWG URL), for scripts that build addresses themselves.

const SPECIAL = { 'http:': '80', 'https:': '443', 'ws:': '80', 'wss:': '443', 'ftp:': '21', 'file:': '' };
const ENCODE_PATH = /[\x00-\x20"#<>?`{}^\x7f-\u{10ffff}]/gu;
const ENCODE_QUERY = /[\x00-\x20"#<>\x7f-\u{10ffff}]/gu;
const ENCODE_HASH = /[\x00-\x20"<>`\x7f-\u{10ffff}]/gu;
const ENCODE_LOGIN = /[\x00-\x20"#<>?`{}/:;=@[\\\]^|\x7f-\u{10ffff}]/gu;

function percent(text, unsafe) {
  return text.replace(unsafe, (letter) => Array.from(utf8Bytes(letter), (byte) =>
    `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''));
}

function unpercent(text) {
  const bytes = utf8Bytes(text);
  const result = [];
  for (let at = 0; at < bytes.length; at++) {
    const hexText = String.fromCharCode(bytes[at + 1], bytes[at + 2]);
    if (bytes[at] === 0x25 && /^[\da-f]{2}$/i.test(hexText)) {
      result.push(parseInt(hexText, 16));
      at += 2;
    } else result.push(bytes[at]);
  }
  return utf8Text(Uint8Array.from(result));
}

function formEncode(text) {
  return percent(String(text), /[^A-Za-z0-9*._-]/gu).replace(/%20/g, '+');
}

let boundParams;

class URLSearchParams {
  #pairs = [];
  #changed = () => {};

  constructor(source = '') {
    if (typeof source === 'object' && source !== null) {
      const pairs = typeof source[Symbol.iterator] === 'function' ? [...source] : Object.entries(source);
      this.#pairs = pairs.map(([key, value]) => [String(key), String(value)]);
    } else this.#parse(String(source));
  }

  #parse(text) {
    this.#pairs = text.replace(/^\?/, '').split('&').filter(Boolean).map((part) => {
      const [, key, value = ''] = /^([^=]*)=?(.*)$/s.exec(part);
      return [unpercent(key.replace(/\+/g, ' ')), unpercent(value.replace(/\+/g, ' '))];
    });
  }

  static {
    boundParams = (text, changed) => {
      const params = new URLSearchParams(text);
      params.#changed = changed;
      return params;
    };
  }

  get size() {
    return this.#pairs.length;
  }

  append(key, value) {
    this.#pairs.push([String(key), String(value)]);
    this.#changed();
  }

  delete(key, value) {
    this.#pairs = this.#pairs.filter((pair) => pair[0] !== key || (value !== undefined && pair[1] !== String(value)));
    this.#changed();
  }

  get(key) {
    const found = this.#pairs.find((pair) => pair[0] === key);
    return found ? found[1] : null;
  }

  getAll(key) {
    return this.#pairs.filter((pair) => pair[0] === key).map((pair) => pair[1]);
  }

  has(key, value) {
    return this.#pairs.some((pair) => pair[0] === key && (value === undefined || pair[1] === String(value)));
  }

  set(key, value) {
    const at = this.#pairs.findIndex((pair) => pair[0] === key);
    if (at < 0) this.#pairs.push([String(key), String(value)]);
    else this.#pairs = this.#pairs.filter((pair, index) => index <= at || pair[0] !== key).map((pair, index) => (index === at ? [pair[0], String(value)] : pair));
    this.#changed();
  }

  sort() {
    this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    this.#changed();
  }

  forEach(callback, context) {
    for (const [key, value] of this.#pairs) callback.call(context, value, key, this);
  }

  * entries() {
    for (const [key, value] of this.#pairs) yield [key, value];
  }

  * keys() {
    for (const [key] of this.#pairs) yield key;
  }

  * values() {
    for (const [, value] of this.#pairs) yield value;
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  toString() {
    return this.#pairs.map(([key, value]) => `${formEncode(key)}=${formEncode(value)}`).join('&');
  }
}

function invalidUrl(text) {
  return Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL', input: text });
}

// Scheme, login, host, port, path, query and fragment of an absolute or a relative address.
function readUrl(text, base) {
  const clean = text.replace(/^[\x00-\x20]+|[\x00-\x20]+$/g, '').replace(/[\t\n\r]/g, '');
  const [, scheme, rest] = /^(?:([a-z][a-z\d+.-]*):)?(.*)$/is.exec(clean);
  const [, before, query, hash] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(rest);
  const tail = { search: query || '', hash: hash || '' };
  if (scheme === undefined) return relativeUrl(before, tail, base, text);
  const protocol = `${scheme.toLowerCase()}:`;
  if (!(protocol in SPECIAL)) return { protocol, ...opaqueParts(before), ...tail };
  const slashed = before.replace(/\\/g, '/');
  if (base && base.protocol === protocol && !slashed.startsWith('/')) return relativeUrl(slashed, tail, base, text);
  const [, authority, path = ''] = /^\/*([^/]*)(\/.*)?$/s.exec(slashed);
  if (protocol === 'file:') return { protocol, login: '', host: '', path: slashed.replace(/^\/\/[^/]*/, '') || '/', ...tail };
  return { protocol, ...splitAuthority(authority), path: path || '/', ...tail };
}

function opaqueParts(before) {
  if (!before.startsWith('//')) return { login: '', host: null, path: before };
  const [, authority, path = ''] = /^\/\/([^/]*)(\/.*)?$/s.exec(before);
  return { ...splitAuthority(authority), path };
}

function splitAuthority(authority) {
  const at = authority.lastIndexOf('@');
  return { login: at < 0 ? '' : authority.slice(0, at), host: authority.slice(at + 1) };
}

function relativeUrl(before, { search, hash }, base, text) {
  if (!base) throw invalidUrl(text);
  const path = before.replace(/\\/g, '/');
  const { protocol, login, host } = base;
  if (path.startsWith('//')) return { protocol, ...opaqueParts(path), search, hash };
  if (path.startsWith('/')) return { protocol, login, host, path, search, hash };
  if (path) return { protocol, login, host, path: base.path.replace(/[^/]*$/, '') + path, search, hash };
  return { protocol, login, host, path: base.path, search: search || base.search, hash };
}

function straightPath(path) {
  const segments = [];
  const parts = path.replace(/^\//, '').split('/');
  parts.forEach((part, at) => {
    const last = at === parts.length - 1;
    if (/^(?:\.|%2e){2}$/i.test(part)) segments.splice(-1, 1, ...(last ? [''] : []));
    else if (/^(?:\.|%2e)$/i.test(part)) segments.push(...(last ? [''] : []));
    else segments.push(part);
  });
  return `/${segments.join('/')}`;
}

function hostName(host, protocol, text) {
  if (host.startsWith('[')) {
    if (!/^\[[\da-f:.]+\]$/i.test(host)) throw invalidUrl(text);
    return host.toLowerCase();
  }
  const name = unpercent(host).toLowerCase();
  if (!name || /[\x00-\x20#%/:<>?@[\\\]^|]/.test(name)) throw invalidUrl(text);
  const library = /[^\x00-\x7f]/.test(name) ? libraryOrNull('punycode') : null;
  return library ? library.toASCII(name) : name;
}
