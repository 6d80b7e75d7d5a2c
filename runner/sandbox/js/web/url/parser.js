// The URL parser (WHATWG URL, section 4.4) with a function for each state: it reads a character and chooses the next state.

import { CONTROL_SET, FRAGMENT_SET, parseHost, PATH_SET, percent, QUERY_SET, SPECIAL_QUERY_SET } from './host.js';

export const PORTS = { 'http:': 80, 'https:': 443, 'ws:': 80, 'wss:': 443, 'ftp:': 21, 'file:': null };
const END = '';

export function isSpecial(url) {
  return Object.hasOwn(PORTS, url.protocol);
}

export function invalidUrl(text, base) {
  return Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL', input: text, ...(base !== undefined && { base }) });
}

function newUrl() {
  return { protocol: '', username: '', password: '', host: null, port: null, path: [], query: null, hash: null };
}

// Parses `text`. With `url` and `state` it changes that URL, as the setters do, and returns false if that is impossible.
export class Parser {
  constructor(text, { base = null, url = null, state = null } = {}) {
    const trimmed = url ? text : text.replace(/^[\0- ]+|[\0- ]+$/g, '');
    this.letters = Array.from(trimmed.replace(/[\t\n\r]/g, '').toWellFormed());
    this.base = base;
    this.url = url || newUrl();
    this.only = state;
    this.state = state || 'scheme start';
    this.buffer = '';
    this.at = 0;
    this.inBrackets = false;
    this.sawAt = false;
    this.sawPassword = false;
  }

  run() {
    for (; this.at <= this.letters.length; this.at++) {
      const done = STATES[this.state].call(this, this.at < this.letters.length ? this.letters[this.at] : END);
      if (done !== undefined) return done;
    }
    return true;
  }

  get special() {
    return isSpecial(this.url);
  }

  get rest() {
    return this.letters.slice(this.at + 1);
  }

  go(state) {
    this.state = state;
  }

  // The next state reads the same character again.
  again(state, back = 1) {
    this.state = state;
    this.at -= back;
  }

  takeBase(...parts) {
    for (const part of parts) this.url[part] = part === 'path' ? [...this.base.path] : this.base[part];
  }

  startQuery() {
    this.url.query = '';
    this.go('query');
  }

  startHash() {
    this.url.hash = '';
    this.go('fragment');
  }

  // Whether this character ends the path; if so, the query or the fragment begins.
  pathEnds(letter) {
    if (letter === '?') this.startQuery();
    else if (letter === '#') this.startHash();
    else return false;
    return true;
  }
}

const isSlash = (parser, letter) => letter === '/' || (parser.special && letter === '\\');
const endsHost = (parser, letter) => letter === END || '/?#'.includes(letter) || (parser.special && letter === '\\');
const isDrive = (text) => /^[a-z][:|]$/i.test(text);
const startsWithDrive = (letters) => /^[a-z][:|](?:[/\\?#]|$)/i.test(letters.slice(0, 3).join(''));
const isDot = (text) => /^(?:\.|%2e)$/i.test(text);
const isTwoDots = (text) => /^(?:\.|%2e){2}$/i.test(text);

function shorten({ protocol, path }) {
  if (protocol === 'file:' && path.length === 1 && /^[a-z]:$/i.test(path[0])) return;
  path.pop();
}

const STATES = {
  'scheme start'(letter) {
    if (/^[a-z]$/i.test(letter)) {
      this.buffer += letter.toLowerCase();
      this.go('scheme');
    } else if (this.only) return false;
    else this.again('no scheme');
    return undefined;
  },
  scheme(letter) {
    if (/^[a-z\d+.-]$/i.test(letter)) this.buffer += letter.toLowerCase();
    else if (letter === ':') return this.only ? this.changeScheme() : this.endScheme();
    else if (this.only) return letter === END ? this.changeScheme() : false;
    else {
      this.buffer = '';
      this.at = -1;
      this.go('no scheme');
    }
    return undefined;
  },
  'no scheme'(letter) {
    if (!this.base || (this.base.opaque && letter !== '#')) return null;
    if (this.base.opaque) {
      this.takeBase('protocol', 'query', 'opaque');
      this.url.path = this.base.path;
      this.startHash();
    } else this.again(this.base.protocol === 'file:' ? 'file' : 'relative');
    return undefined;
  },
  'special relative or authority'(letter) {
    if (letter === '/' && this.rest[0] === '/') {
      this.go('special authority ignore slashes');
      this.at++;
    } else this.again('relative');
  },
  'path or authority'(letter) {
    if (letter === '/') this.go('authority');
    else this.again('path');
  },
  relative(letter) {
    this.url.protocol = this.base.protocol;
    if (isSlash(this, letter)) return this.go('relative slash');
    this.takeBase('username', 'password', 'host', 'port', 'path', 'query');
    if (letter === END || this.pathEnds(letter)) return undefined;
    this.url.query = null;
    shorten(this.url);
    return this.again('path');
  },
  'relative slash'(letter) {
    if (this.special && (letter === '/' || letter === '\\')) return this.go('special authority ignore slashes');
    if (letter === '/') return this.go('authority');
    this.takeBase('username', 'password', 'host', 'port');
    return this.again('path');
  },
  'special authority slashes'(letter) {
    if (letter === '/' && this.rest[0] === '/') this.at++;
    else this.at--;
    this.go('special authority ignore slashes');
  },
  'special authority ignore slashes'(letter) {
    if (letter !== '/' && letter !== '\\') this.again('authority');
  },
  authority(letter) {
    if (letter === '@') return this.takeLogin();
    if (!endsHost(this, letter)) {
      this.buffer += letter;
      return undefined;
    }
    if (this.sawAt && this.buffer === '') return null;
    this.again('host', Array.from(this.buffer).length + 1);
    this.buffer = '';
    return undefined;
  },
  host(letter) {
    if (this.only && this.url.protocol === 'file:') return this.again('file host');
    if (letter === ':' && !this.inBrackets) {
      if (this.buffer === '') return this.only ? false : null;
      if (this.only === 'hostname') return false;
      return this.endHost('port');
    }
    if (endsHost(this, letter)) {
      this.at--;
      if (this.special && this.buffer === '') return this.only ? false : null;
      if (this.only && this.buffer === '' && (this.url.username || this.url.password || this.url.port !== null)) return false;
      const wrong = this.endHost('path start');
      return wrong === undefined && this.only ? true : wrong;
    }
    if (letter === '[') this.inBrackets = true;
    if (letter === ']') this.inBrackets = false;
    this.buffer += letter;
    return undefined;
  },
  hostname(letter) {
    return STATES.host.call(this, letter);
  },
  port(letter) {
    if (/^\d$/.test(letter)) {
      this.buffer += letter;
      return undefined;
    }
    if (!endsHost(this, letter) && !this.only) return null;
    if (this.buffer !== '') {
      const port = Number(this.buffer);
      if (port > 65535) return this.only ? false : null;
      this.url.port = port === PORTS[this.url.protocol] ? null : port;
      this.buffer = '';
      if (this.only) return true;
    }
    return this.only ? false : this.again('path start');
  },
  file(letter) {
    Object.assign(this.url, { protocol: 'file:', host: '' });
    if (letter === '/' || letter === '\\') return this.go('file slash');
    if (!this.base || this.base.protocol !== 'file:') return this.again('path');
    this.takeBase('host', 'path', 'query');
    if (letter === END || this.pathEnds(letter)) return undefined;
    this.url.query = null;
    if (startsWithDrive([letter, ...this.rest])) this.url.path = [];
    else shorten(this.url);
    return this.again('path');
  },
  'file slash'(letter) {
    if (letter === '/' || letter === '\\') return this.go('file host');
    if (this.base && this.base.protocol === 'file:') {
      this.url.host = this.base.host;
      const drive = this.base.path[0];
      if (!startsWithDrive([letter, ...this.rest]) && /^[a-z]:$/i.test(drive || '')) this.url.path.push(drive);
    }
    return this.again('path');
  },
  'file host'(letter) {
    if (letter !== END && !'/\\?#'.includes(letter)) {
      this.buffer += letter;
      return undefined;
    }
    if (!this.only && isDrive(this.buffer)) return this.again('path');
    const host = this.buffer === '' ? '' : parseHost(this.buffer, true);
    if (host === null) return this.only ? false : null;
    this.url.host = host === 'localhost' ? '' : host;
    if (this.only) return true;
    this.buffer = '';
    return this.again('path start');
  },
  'path start'(letter) {
    if (this.special) {
      if (letter === '/' || letter === '\\') this.go('path');
      else this.again('path');
    } else if (!this.only && this.pathEnds(letter)) return undefined;
    else if (letter !== END) {
      if (letter === '/') this.go('path');
      else this.again('path');
    } else if (this.only && this.url.host === null) this.url.path.push('');
    return undefined;
  },
  path(letter) {
    if (letter !== END && !isSlash(this, letter) && (this.only || !'?#'.includes(letter))) {
      this.buffer += percent(letter, PATH_SET);
      return undefined;
    }
    const { path } = this.url;
    const slash = isSlash(this, letter);
    if (isTwoDots(this.buffer)) {
      shorten(this.url);
      if (!slash) path.push('');
    } else if (isDot(this.buffer)) {
      if (!slash) path.push('');
    } else {
      if (this.url.protocol === 'file:' && !path.length && isDrive(this.buffer)) this.buffer = `${this.buffer[0]}:`;
      path.push(this.buffer);
    }
    this.buffer = '';
    this.pathEnds(letter);
    return undefined;
  },
  'opaque path'(letter) {
    if (this.pathEnds(letter)) return;
    if (letter === ' ') this.url.path += ['?', '#'].includes(this.rest[0]) ? '%20' : ' ';
    else if (letter !== END) this.url.path += percent(letter, CONTROL_SET);
  },
  query(letter) {
    if (letter === '#' && !this.only) this.startHash();
    else if (letter !== END) this.url.query += percent(letter, this.special ? SPECIAL_QUERY_SET : QUERY_SET);
  },
  fragment(letter) {
    if (letter !== END) this.url.hash += percent(letter, FRAGMENT_SET);
  },
};
