// Longer steps of the parser, and the serializer of URLs.

import { LOGIN_SET, parseHost, percent } from './host.js';
import { isSpecial, Parser, PORTS } from './parser.js';

Object.assign(Parser.prototype, {
  // For the setter of the scheme: a special scheme cannot become another kind, nor the other way round.
  changeScheme() {
    const { url } = this;
    const protocol = `${this.buffer}:`;
    const toFile = protocol === 'file:' && (url.username || url.password || url.port !== null);
    if (Object.hasOwn(PORTS, protocol) !== isSpecial(url) || toFile || (url.protocol === 'file:' && !url.host)) return false;
    url.protocol = protocol;
    if (url.port === PORTS[protocol]) url.port = null;
    return true;
  },

  endScheme() {
    this.url.protocol = `${this.buffer}:`;
    this.buffer = '';
    if (this.url.protocol === 'file:') return this.go('file');
    if (this.special) {
      const same = this.base && this.base.protocol === this.url.protocol;
      return this.go(same ? 'special relative or authority' : 'special authority slashes');
    }
    if (this.rest[0] === '/') {
      this.at++;
      return this.go('path or authority');
    }
    Object.assign(this.url, { path: '', opaque: true });
    return this.go('opaque path');
  },

  takeLogin() {
    const text = (this.sawAt ? '%40' : '') + this.buffer;
    this.sawAt = true;
    for (const letter of text) {
      if (letter === ':' && !this.sawPassword) this.sawPassword = true;
      else this.url[this.sawPassword ? 'password' : 'username'] += percent(letter, LOGIN_SET);
    }
    this.buffer = '';
  },

  endHost(state) {
    const host = parseHost(this.buffer, this.special);
    if (host === null) return this.only ? false : null;
    this.url.host = host;
    this.buffer = '';
    return this.go(state);
  },
});

export function parseUrl(text, base = null) {
  const parser = new Parser(text, { base });
  return parser.run() === null ? null : parser.url;
}

// Changes a part of the URL by parsing its new text in that state.
export function changeUrl(url, text, state) {
  const changed = { ...url, path: url.opaque ? url.path : [...url.path] };
  const parser = new Parser(text, { url: changed, state });
  const done = parser.run();
  return done === null || done === false && state !== 'host' && state !== 'hostname' ? url : Object.assign(url, changed);
}

export function pathText({ path, opaque }) {
  return opaque ? path : path.map((segment) => `/${segment}`).join('');
}

export function hostText({ host, port }) {
  return host === null ? '' : host + (port === null ? '' : `:${port}`);
}

export function urlText(url) {
  const { protocol, username, password, host, path, query, hash, opaque } = url;
  const login = username || password ? `${username}${password ? `:${password}` : ''}@` : '';
  const authority = host === null ? '' : `//${login}${hostText(url)}`;
  const guard = host === null && !opaque && path.length > 1 && path[0] === '' ? '/.' : '';
  return protocol + authority + guard + pathText(url) + (query === null ? '' : `?${query}`) + (hash === null ? '' : `#${hash}`);
}
