// pm.cookies: the cookies of the item's URL, and the whole jar behind the host.

class Cookie extends PropertyBase {
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

  // Name and value; the value of a name alone is true.
  static splitParam(text) {
    const [key, given] = text.split('=').map((part) => part.trim());
    const value = given === undefined ? true : given.startsWith('"') ? given.slice(1, -1) : given;
    return { key, value };
  }
}

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
  domain: 'domain', path: 'path', expires: 'expires', 'max-age': 'maxAge', secure: 'secure', httponly: 'httpOnly', session: 'session',
};
sdkType(Cookie, { index: 'name', ignoresCase: true, multiple: true });

class CookieList extends PropertyList {
  constructor(parent, cookies) {
    super(Cookie, parent, cookies);
  }

  static isCookieList(value) {
    return isOfType(value, 'CookieList');
  }
}
sdkType(CookieList, { name: 'CookieList' });

// pm.cookies: the only list that knows the jar.
function cookiesWithJar(cookies) {
  return Object.assign(new CookieList(null, cookies), { jar: () => JAR });
}

// A cookie of a script as the host takes it: the text of a Set-Cookie header, or its attributes by name.
function givenCookie(cookie) {
  if (typeof cookie === 'string') return cookie;
  const { name, key, value, expires, maxAge, domain, path, secure, httpOnly, hostOnly, extensions } = cookie;
  const moment = expires && expires !== 'Infinity' ? new Date(expires) : undefined;
  return {
    name: textOf(name || key || ''), value: value === undefined || value === null ? '' : textOf(value),
    ...(moment && !Number.isNaN(moment.getTime()) ? { expires: moment.getTime() } : {}),
    ...(maxAge === undefined || maxAge === null ? {} : { maxAge: Number(maxAge) }),
    ...(domain ? { domain: String(domain) } : {}), ...(path ? { path: String(path) } : {}),
    ...(secure ? { secure: true } : {}), ...(httpOnly ? { httpOnly: true } : {}), ...(hostOnly === undefined ? {} : { hostOnly: Boolean(hostOnly) }),
    ...(extensions ? { extensions: [].concat(extensions) } : {}),
  };
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
  return new WatchedPromise((resolve, reject) => start((error, value) => (error ? reject(error) : resolve(value))));
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

// Of what the jar gives, a script sees what it sees in Postman.
function asCookie(found) {
  if (!found) return null;
  const { name, value, domain, path, expires, maxAge = null, secure, httpOnly, hostOnly, extensions } = found;
  return new Cookie({
    name, value, domain, path, expires, maxAge, secure, httpOnly, hostOnly,
    extensions: extensions && extensions.length ? extensions : undefined,
  });
}

const JAR = {
  get: (url, name, callback) => failsAsAnswer(callback, () =>
    askJar('get', [jarUrl(url, 'get'), cookieName(name, 'get')], (found) => (found ? asCookie(found).valueOf() : null), callback)),
  getAll(url, options, callback) {
    if (typeof options === 'function') [options, callback] = [{}, options];
    return failsAsAnswer(callback, () => {
      if (options !== undefined && typeof options !== 'object') {
        throw new TypeError('CookieJar.getAll() requires options to be an object');
      }
      const chosen = Object.entries(options || {}).filter(([name]) => name === 'http' || name === 'secure');
      const given = Object.fromEntries(chosen.map(([name, value]) => [name, Boolean(value)]));
      return askJar('getAll', [jarUrl(url, 'getAll'), given], (found) => new CookieList(null, found.map(asCookie)), callback);
    });
  },
  set(url, name, value, callback) {
    if (typeof value === 'function') [value, callback] = [null, value];
    return failsAsAnswer(callback, () => {
      const place = jarUrl(url, 'set');
      const cookie = name && value ? { name, value } : name;
      if (cookie === null) throw new Error('First argument to setCookie must be a Cookie object or string');
      if (typeof cookie !== 'object' && typeof cookie !== 'string') {
        throw new TypeError('CookieJar.set() requires a valid set cookie arguments');
      }
      return askJar('set', [place, givenCookie(cookie)], asCookie, callback);
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
