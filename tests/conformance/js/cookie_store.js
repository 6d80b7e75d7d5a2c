// Cookie jar operations as the methods of the store that Postman's jar calls: it looks cookies up by domain and path, and
// decides itself which of them fit.

const jarWaits = new Map();

function storeCall(method, values, then) {
  const id = String(++lastId);
  jarWaits.set(id, then);
  say(`execution.cookies.${run.message.id}`, id, 'store', method, values);
}

function continueCookies(id, error, value) {
  const then = jarWaits.get(id);
  jarWaits.delete(id);
  if (then) then(error, value);
}

function startCookies({ id, operation, arguments: values }) {
  const done = (error, value) => answerAsks([{ id, error: error ? errorContent(error) : undefined, value }]);
  try {
    JAR_OPERATIONS[operation](done, ...values);
  } catch (error) {
    done(error);
  }
}

function jarPlace(text) {
  const { hostname, pathname, protocol } = new URL(text);
  return { host: hostname, path: pathname || '/', secure: protocol === 'https:' };
}

const JAR_OPERATIONS = {
  get: (done, url, name) => findCookies(url, {}, (error, found) => done(error, found && shownCookie(found.find(({ key }) => key === name)))),
  getAll: (done, url, options) => findCookies(url, options, (error, found) => done(error, found && found.map(shownCookie))),
  set: putCookie,
  unset: (done, url, name) => findCookies(url, {}, (error, found = []) => {
    const cookie = found.find(({ key }) => key === name);
    if (error || !cookie) done(error);
    else storeCall('removeCookie', [cookie.domain, cookie.path, cookie.key], done);
  }),
  clear: (done, url) => findCookies(url, {}, (error, found = []) => {
    const next = (failure) => {
      const cookie = failure ? undefined : found.shift();
      if (!cookie) done(failure);
      else storeCall('removeCookie', [cookie.domain, cookie.path, cookie.key], next);
    };
    next(error);
  }),
};

function findCookies(url, { http, secure } = {}, then) {
  const place = jarPlace(url);
  storeCall('findCookies', [place.host, place.path, true], (error, found) => then(error, (found || []).filter((cookie) =>
    domainFits(place.host, cookie) && pathFits(place.path, cookie.path) && !isExpired(cookie)
    && !(cookie.secure && !(secure ?? place.secure)) && !(http === false && cookie.httpOnly))));
}

function domainFits(host, { domain, hostOnly }) {
  return host === domain || (!hostOnly && host.endsWith(`.${domain}`));
}

function pathFits(path, wanted = '/') {
  return path === wanted || (path.startsWith(wanted) && (wanted.endsWith('/') || path[wanted.length] === '/'));
}

function isExpired({ expires, maxAge, creation }) {
  if (typeof maxAge === 'number') return maxAge <= 0 || (creation !== undefined && new Date(creation).getTime() + maxAge * 1000 <= now());
  return Boolean(expires) && expires !== 'Infinity' && new Date(expires).getTime() <= now();
}

function putCookie(done, url, given) {
  const place = jarPlace(url);
  const parts = typeof given === 'string' ? Cookie.parse(given) : { ...given, key: given.name };
  const { key, value, maxAge, expires, path, secure, httpOnly, sameSite, extensions } = parts;
  const domain = typeof given === 'string' && parts.domain ? parts.domain.replace(/^\./, '') : parts.domain;
  const named = domain && domain.replace(/^\./, '').toLowerCase();
  if (named && place.host !== named && !place.host.endsWith(`.${named}`)) {
    throw new Error(`Cookie not in this host's domain. Cookie:${named} Request:${place.host}`);
  }
  const own = path && path.startsWith('/') ? path : undefined;
  const cookie = storedCookie({
    key, value, expires: expires && new Date(expires).toJSON(), maxAge: maxAge === undefined ? undefined : Number(maxAge),
    domain: domain || place.host, path: own || defaultPath(place.path), secure, httpOnly, extensions, hostOnly: !named,
    pathIsDefault: own ? undefined : true, creation: new Date().toJSON(), sameSite: sameSite && sameSite.toLowerCase(),
  });
  storeCall('findCookie', [cookie.domain, cookie.path, cookie.key], (error, old) => {
    const method = old ? 'updateCookie' : 'putCookie';
    if (error) done(error);
    else storeCall(method, old ? [old, cookie] : [cookie], (failure) => done(failure, shownCookie(cookie)));
  });
}

function storedCookie(cookie) {
  return Object.fromEntries(Object.entries({ ...cookie, lastAccessed: cookie.creation }).filter(([, value]) => value !== undefined));
}

function defaultPath(path) {
  const at = path.lastIndexOf('/');
  return at <= 0 ? '/' : path.slice(0, at);
}

// As the collection library shows a cookie of the jar.
function shownCookie(cookie) {
  if (!cookie) return null;
  const { key, value, expires = null, maxAge, domain, path, secure, httpOnly, hostOnly, extensions } = cookie;
  return {
    name: key, expires: expires === null ? null : new Date(expires), maxAge: Number(maxAge ?? 0), domain, path, secure: Boolean(secure),
    httpOnly: Boolean(httpOnly), hostOnly, value, extensions,
  };
}
