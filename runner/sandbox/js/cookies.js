// pm.cookies: the cookies of the item's URL, and the whole jar behind the host.

class Cookie extends Property {
  constructor(entry = {}) {
    super();
    this.update(typeof entry === 'string' ? Cookie.parse(entry) : entry);
  }

  update({ name, key, expires, maxAge, value, ...rest }) {
    const found = {
      name: name ?? key, expires: typeof expires === 'string' || typeof expires === 'number' ? new Date(expires) : expires,
      maxAge: maxAge === undefined ? undefined : Number(maxAge), ...rest, value: value ? encodedValue(String(value)) : undefined,
    };
    for (const [field, content] of Object.entries(found)) if (content !== undefined) this[field] = content;
  }

  // As the header Set-Cookie has it.
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

  valueOf() {
    try {
      return decodeURIComponent(this.value);
    } catch {
      return this.value;
    }
  }

  static parse(text) {
    const [pair, ...attributes] = text.split(';');
    const at = pair.indexOf('=');
    const cookie = { key: pair.slice(0, Math.max(at, 0)).trim(), value: pair.slice(at + 1).trim() };
    for (const attribute of attributes) {
      const [name, value] = attribute.split(/=(.*)/s).map((part) => part.trim());
      const key = COOKIE_ATTRIBUTES[name.toLowerCase()];
      if (key) cookie[key] = value === undefined ? true : value;
      else if (name) (cookie.extensions ??= []).push({ key: name, value: value === undefined ? true : value });
    }
    return cookie;
  }

  static unparseSingle({ name = '', value }) {
    return name ? `${name}=${value ?? ''}` : value ?? '';
  }

  static unparse(cookies) {
    return cookies.map(Cookie.unparseSingle).join('; ');
  }

  static isCookie(value) {
    return value instanceof Cookie;
  }
}
Cookie.index = 'name';
Cookie.ignoresCase = true;
Cookie.multiple = true;

// What is encoded already stays.
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
  domain: 'domain', path: 'path', expires: 'expires', 'max-age': 'maxAge', secure: 'secure', httponly: 'httpOnly',
  samesite: 'sameSite',
};

class CookieList extends PropertyList {
  constructor(members) {
    super(Cookie, members);
  }

  static isCookieList(value) {
    return value instanceof CookieList;
  }

  jar() {
    return JAR;
  }
}

// The text of a Set-Cookie header for what a script gave: a text, or a cookie with its attributes.
function cookieText(cookie) {
  if (typeof cookie === 'string') return cookie;
  const { name, key, value, expires, maxAge, domain, path, secure, httpOnly, sameSite, extensions } = cookie;
  const parts = [`${name ?? key ?? ''}=${value ?? ''}`];
  if (expires && expires !== 'Infinity') parts.push(`Expires=${new Date(expires).toUTCString()}`);
  if (maxAge !== undefined && maxAge !== null) parts.push(`Max-Age=${maxAge}`);
  if (domain) parts.push(`Domain=${domain}`);
  if (path) parts.push(`Path=${path}`);
  if (secure) parts.push('Secure');
  if (httpOnly) parts.push('HttpOnly');
  if (sameSite) parts.push(`SameSite=${sameSite}`);
  for (const extension of extensions || []) parts.push(extension.key === undefined ? extension
    : extension.value === undefined ? extension.key : `${extension.key}=${extension.value}`);
  return parts.join('; ');
}

function askJar(operation, values, make, callback) {
  return withCallback(callback, (done) => {
    ask('cookies', { operation, arguments: plainValue(values) }, (error, value) => done(error, error ? undefined : make(value)));
  });
}

// One way to offer both styles: with a callback it is called, without one a promise is returned.
function withCallback(callback, start) {
  if (typeof callback === 'function') {
    start((error, value) => callback(error, value));
    return undefined;
  }
  return new Promise((resolve, reject) => start((error, value) => (error ? reject(error) : resolve(value))));
}

function jarUrl(url, method) {
  const text = url instanceof Url || typeof url === 'string' ? String(url) : '';
  if (!text) throw new TypeError(`CookieJar.${method}() requires a valid url`);
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
}

function cookieName(name, method) {
  if (typeof name !== 'string') throw new TypeError(`CookieJar.${method}() requires cookie name to be a string`);
  return name;
}

const asCookie = (value) => (value ? new Cookie(value) : null);

const JAR = {
  get: (url, name, callback) => failsAsAnswer(callback, () =>
    askJar('get', [jarUrl(url, 'get'), cookieName(name, 'get')], (found) => (found ? asCookie(found).valueOf() : null), callback)),
  getAll(url, options, callback) {
    if (typeof options === 'function') [options, callback] = [{}, options];
    return failsAsAnswer(callback, () => {
      if (options !== undefined && typeof options !== 'object') {
        throw new TypeError('CookieJar.getAll() requires options to be an object');
      }
      return askJar('getAll', [jarUrl(url, 'getAll'), options || {}], (found) => new CookieList(found), callback);
    });
  },
  set(url, name, value, callback) {
    if (typeof value === 'function') [value, callback] = [null, value];
    return failsAsAnswer(callback, () => {
      const place = jarUrl(url, 'set');
      const cookie = name && value ? { name, value } : name;
      if (!cookie || (typeof cookie !== 'object' && typeof cookie !== 'string')) {
        throw new TypeError('CookieJar.set() requires a valid set cookie arguments');
      }
      return askJar('set', [place, cookieText(cookie)], asCookie, callback);
    });
  },
  unset: (url, name, callback) => failsAsAnswer(callback, () =>
    askJar('unset', [jarUrl(url, 'unset'), cookieName(name, 'unset')], () => undefined, callback)),
  clear: (url, callback) => failsAsAnswer(callback, () =>
    askJar('clear', [jarUrl(url, 'clear')], () => undefined, callback)),
};

// A wrong argument is an answer too: it reaches the callback or rejects the promise.
function failsAsAnswer(callback, start) {
  try {
    return start();
  } catch (error) {
    return withCallback(callback, (done) => done(error));
  }
}
