// pm.cookies: the cookies of the item's URL, and the whole jar behind the host.

import { WatchedPromise } from '../host/promises.js';
import { ask } from '../host/run.js';
import { textOf } from '../lang/natives.js';
import { plainValue } from '../lang/plain.js';
import { Cookie, CookieList } from '../sdk/cookies.js';
import { Url } from '../sdk/url.js';

// pm.cookies: the only cookie list with access to the jar.
export function cookiesWithJar(cookies) {
  return Object.assign(new CookieList(null, cookies), { jar: () => JAR });
}

// A script's cookie in the form that the host expects: the text of a Set-Cookie header, or an object of attributes.
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

// Supports both styles: calls the callback if there is one, otherwise returns a promise.
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

// A cookie from the jar, reduced to the attributes that scripts see in Postman.
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

// A wrong argument is reported like any other failure: to the callback, or by rejecting the promise.
function failsAsAnswer(callback, start) {
  try {
    return start();
  } catch (error) {
    return withCallback(callback, (done) => done(error));
  }
}
