// Cookies of the collection SDK.

import { PropertyList } from './lists.js';
import { assignDefined, isObject, isOfType, ownHas, PropertyBase, sdkType } from './property.js';

export class Cookie extends PropertyBase {
  constructor(options) {
    super(options);
    const given = typeof options === 'string' ? Cookie.parse(options) : options;
    if (given) this.update(given);
  }

  update(options) {
    const { name, key, expires, domain, path, value, extensions } = options;
    const flag = (field) => (ownHas(options, field) ? Boolean(options[field]) : undefined);
    assignDefined(this, {
      name: name || key || undefined, expires: typeof expires === 'string' ? new Date(expires) : expires,
      maxAge: ownHas(options, 'maxAge') ? Number(options.maxAge) : undefined, domain, path,
      secure: flag('secure'), httpOnly: flag('httpOnly'), hostOnly: flag('hostOnly'), session: flag('session'),
      value: value ? encodedValue(value) : undefined, extensions: extensions || undefined,
    });
  }

  valueOf() {
    try {
      return decodeURIComponent(this.value);
    } catch {
      return this.value;
    }
  }

  // The text of a Set-Cookie header.
  toString() {
    const { expires, maxAge, domain, hostOnly, path, secure, httpOnly, extensions } = this;
    const parts = [Cookie.unparseSingle(this)];
    if (expires && !(expires instanceof Date && Number.isNaN(expires.getTime()))) {
      parts.push(`Expires=${expires instanceof Date ? expires.toUTCString() : expires}`);
    }
    if (maxAge && maxAge !== Infinity) parts.push(`Max-Age=${maxAge}`);
    if (domain && !hostOnly) parts.push(`Domain=${domain}`);
    if (path) parts.push(`Path=${path}`);
    if (secure) parts.push('Secure');
    if (httpOnly) parts.push('HttpOnly');
    for (const { key, value } of extensions || []) parts.push(value === true ? key : `${key}=${value}`);
    return parts.join('; ');
  }

  static isCookie(value) {
    return isOfType(value, 'Cookie');
  }

  static unparse(cookies) {
    return Array.isArray(cookies) || PropertyList.isPropertyList(cookies) ? cookies.map(Cookie.unparseSingle).join('; ') : '';
  }

  static unparseSingle(cookie) {
    if (!isObject(cookie)) return '';
    const { name, value } = cookie;
    return name ? `${name}=${value ?? ''}` : value ?? '';
  }

  static parse(text) {
    if (typeof text !== 'string') return text;
    const [pair, ...attributes] = text.split(/; */).map(Cookie.splitParam);
    const cookie = { ...pair };
    for (const attribute of attributes) {
      const known = COOKIE_ATTRIBUTES[attribute.key.toLowerCase()];
      if (known) cookie[known] = attribute.value;
      else (cookie.extensions ??= []).push(attribute);
    }
    if (!cookie.domain) cookie.hostOnly = true;
    return cookie;
  }

  static stringify(cookie) {
    return Cookie.prototype.toString.call(cookie);
  }

  // Name and value; a name alone has the value true.
  static splitParam(text) {
    const [key, given] = text.split('=').map((part) => part.trim());
    const value = given === undefined ? true : given.startsWith('"') ? given.slice(1, -1) : given;
    return { key, value };
  }
}

// Text that is already encoded is left alone.
function encodedValue(text) {
  try {
    text = decodeURIComponent(text);
  } catch {}
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

const COOKIE_ATTRIBUTES = {
  domain: 'domain', path: 'path', expires: 'expires', 'max-age': 'maxAge', secure: 'secure', httponly: 'httpOnly', session: 'session',
};
sdkType(Cookie, { index: 'name', ignoresCase: true, multiple: true });

export class CookieList extends PropertyList {
  constructor(parent, cookies) {
    super(Cookie, parent, cookies);
  }

  static isCookieList(value) {
    return isOfType(value, 'CookieList');
  }
}
sdkType(CookieList, { name: 'CookieList' });
