// What the collection SDK makes of each case. The same text runs in Node with Postman's own library and in the sandbox with ours.
// It is given the types of an SDK, and gives a function from the name of a rule and a case to a JSON value.
({ Url, Variable, VariableScope, Cookie, Request, Header, Response }) => {
  const shown = (value) => {
    if (value === undefined) return { undefined: true };
    return typeof value === 'number' && !Number.isFinite(value) ? { number: String(value) } : value;
  };
  // Objects in a text are JSON here and `[object Object]` in Postman.
  const holdsObjects = (value) => value instanceof Object && (!Array.isArray(value) || value.some((entry) => entry instanceof Object));
  const orNull = (value) => value ?? null;
  const params = (list) => list.map(({ key, value, disabled }) => [orNull(key), orNull(value), Boolean(disabled)]);
  const text = (value) => (value === undefined || value === null ? null : String(value));
  const url = (made) => ({
    protocol: made.protocol ? text(made.protocol).replace(/:\/\/$/, '') : orNull(made.protocol),
    user: orNull(made.auth?.user), password: orNull(made.auth?.password), host: made.getHost(), port: text(made.port),
    path: orNull(made.path), query: params(made.query), hash: orNull(made.hash), text: made.toString(),
  })
  const formParam = ({ key, value, type, src }) => [key, value, type === 'file' ? 'file' : 'text', orNull(src)];
  const body = (made) => made && made.mode && {
    mode: orNull(made.mode), raw: orNull(made.raw), urlencoded: made.urlencoded ? params(made.urlencoded).map(([key, ...rest]) => [String(key), ...rest]) : [],
    formdata: made.formdata ? made.formdata.map(formParam) : [],
    disabled: Boolean(made.disabled),
  };
  return {
    url: (source) => url(new Url(source)),
    update(source) {
      const made = new Url('http://old:1/path?query#hash');
      made.update(source);
      return made.toString();
    },
    casts({ type, value }) {
      const read = new Variable({ key: 'v', type, value })
      const set = new Variable({ key: 'v', type })
      set.set(value);
      return { read: shown(read.get()), text: holdsObjects(read.get()) ? null : read.toString(), set: shown(set.get()) };
    },
    substitute: ({ scope, template }) => scope.replaceIn(template),
    cookies: (text) => {
      const { name, value, domain, path, secure, httpOnly, hostOnly, maxAge, expires, extensions } = new Cookie(text);
      const moment = expires instanceof Date ? (Number.isNaN(expires.getTime()) ? 'invalid' : expires.toISOString()) : orNull(expires);
      return { name: orNull(name), value: orNull(value), domain: orNull(domain), path: orNull(path), secure: orNull(secure), httpOnly: orNull(httpOnly), hostOnly: orNull(hostOnly), maxAge: shown(maxAge), expires: moment, extensions: orNull(extensions) };
    },
    requests(source) {
      const made = new Request(source);
      return {
        method: made.method, url: url(made.url), headers: params(made.headers), body: orNull(body(made.body)),
        auth: made.auth && made.auth.type ? { type: made.auth.type, params: made.auth.parameters() ? made.auth.parameters().toObject() : {} } : null,
      };
    },
    mime: (type) => new Response({ header: [{ key: "Content-Type", value: type }] }).contentInfo(),
  };
}
