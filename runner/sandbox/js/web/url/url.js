// The URL class.

import { webClass } from '../web_class.js';
import { LOGIN_SET, percentText } from './host.js';
import { bindParams, missingArgument, readParams, URLSearchParams } from './params.js';
import { invalidUrl, isSpecial } from './parser.js';
import { changeUrl, hostText, parseUrl, pathText, urlText } from './steps.js';

class URL {
  #url;
  #params = new URLSearchParams();

  constructor(text, base = undefined) {
    if (!arguments.length) throw missingArgument('url');
    const from = base === undefined ? null : parseUrl(String(base));
    this.#url = base !== undefined && from === null ? null : parseUrl(String(text), from);
    if (this.#url === null) throw invalidUrl(String(text), base === undefined ? undefined : String(base));
    bindParams(this.#params, (query) => { this.#url.query = query || null; });
    readParams(this.#params, this.#url.query);
  }

  get href() { return urlText(this.#url); }

  set href(text) {
    const url = parseUrl(String(text));
    if (url === null) throw invalidUrl(String(text));
    this.#url = url;
    readParams(this.#params, url.query);
  }

  get origin() {
    const { protocol, path, opaque } = this.#url;
    if (protocol === 'blob:' && opaque) {
      const inner = parseUrl(path);
      return inner && /^https?:$/.test(inner.protocol) ? `${inner.protocol}//${hostText(inner)}` : 'null';
    }
    return isSpecial(this.#url) && protocol !== 'file:' ? `${protocol}//${hostText(this.#url)}` : 'null';
  }

  get protocol() { return this.#url.protocol; }
  set protocol(text) { changeUrl(this.#url, `${text}:`, 'scheme start'); }

  get username() { return this.#url.username; }
  set username(text) { if (this.#hasLogin()) this.#url.username = percentText(String(text), LOGIN_SET); }

  get password() { return this.#url.password; }
  set password(text) { if (this.#hasLogin()) this.#url.password = percentText(String(text), LOGIN_SET); }

  #hasLogin() {
    return Boolean(this.#url.host) && this.#url.protocol !== 'file:';
  }

  get host() { return hostText(this.#url); }
  set host(text) { if (!this.#url.opaque) changeUrl(this.#url, String(text), 'host'); }

  get hostname() { return this.#url.host ?? ''; }
  set hostname(text) { if (!this.#url.opaque) changeUrl(this.#url, String(text), 'hostname'); }

  get port() { return this.#url.port === null ? '' : String(this.#url.port); }

  set port(text) {
    if (!this.#hasLogin()) return;
    if (String(text) === '') this.#url.port = null;
    else changeUrl(this.#url, String(text), 'port');
  }

  get pathname() { return pathText(this.#url); }

  set pathname(text) {
    if (this.#url.opaque) return;
    this.#url.path = [];
    changeUrl(this.#url, String(text), 'path start');
  }

  get search() { return this.#url.query ? `?${this.#url.query}` : ''; }

  set search(text) {
    const query = String(text).replace(/^\?/, '');
    this.#url.query = String(text) === '' ? null : '';
    if (query) changeUrl(this.#url, query, 'query');
    readParams(this.#params, this.#url.query);
  }

  get searchParams() { return this.#params; }

  get hash() { return this.#url.hash ? `#${this.#url.hash}` : ''; }

  set hash(text) {
    const hash = String(text).replace(/^#/, '');
    this.#url.hash = String(text) === '' ? null : '';
    if (hash) changeUrl(this.#url, hash, 'fragment');
  }

  toString() { return this.href; }
  toJSON() { return this.href; }

  static canParse(text, base = undefined) {
    if (!arguments.length) throw missingArgument('url');
    return URL.parse(text, base) !== null;
  }

  static parse(text, base = undefined) {
    try {
      return new URL(text, base);
    } catch (error) {
      if (error.code === 'ERR_INVALID_URL') return null;
      throw error;
    }
  }
}

export default { URL: webClass(URL, 'URL'), URLSearchParams: webClass(URLSearchParams, 'URLSearchParams') };
