// Url of the collection SDK: parts that may hold {{variables}}, and the text they make.

class QueryParam extends Property {
  constructor(entry = {}) {
    super();
    const { disabled, key, value, ...rest } = typeof entry === 'string' ? QueryParam.parseSingle(entry) : entry;
    if (disabled !== undefined) this.disabled = disabled;
    Object.assign(this, { key, value }, rest);
  }

  update(source) {
    const { key, value, ...rest } = typeof source === 'string' ? QueryParam.parseSingle(source) : source || {};
    Object.assign(this, { key, value }, rest);
  }

  valueOf() {
    return typeof this.value === 'string' ? this.value : '';
  }

  toString() {
    return QueryParam.unparseSingle(this);
  }

  static parse(text) {
    return typeof text === 'string' ? text.split('&').map(QueryParam.parseSingle) : [];
  }

  // In a list an empty part that is not the last one has no name either: `a&&b`.
  static parseSingle(text, place, all) {
    if (text === '' && Array.isArray(all) && place !== all.length - 1) return { key: null, value: null };
    const at = text.indexOf('=');
    return at < 0 ? { key: text, value: null } : { key: text.slice(0, at), value: text.slice(at + 1) };
  }

  static unparse(params) {
    return params.filter(({ disabled }) => disabled !== true).map(QueryParam.unparseSingle).join('&');
  }

  static unparseSingle({ key, value }) {
    return (typeof key === 'string' ? withoutMarks(key, /[&#=]/g) : '')
      + (typeof value === 'string' ? `=${withoutMarks(value, /[&#]/g)}` : '');
  }
}

// Marks that would end the parameter are encoded, but not inside of {{…}}.
function withoutMarks(text, marks) {
  if (text.search(marks) < 0) return text;
  return text.split(/(\{\{[^{}]*\}\})/).map((part, at) => (at % 2 ? part : part.replace(marks, encodeURIComponent))).join('');
}

QueryParam.multiple = true;

const URL_PARTS = /^\s*(?:([^:/?#{}@]*(?:\{\{[^{}]*\}\}[^:/?#{}@]*)*):\/\/)?([^/?#]*)(\/[^?#]*)?(\?[^#]*)?(#.*)?$/s;

// Colons, slashes and the like inside of {{…}} belong to the variable's name.
function parseUrl(text) {
  const names = [];
  const masked = text.replace(/\{\{[^{}]*[.:/?#@&\]][^{}]*\}\}/g, (name) => `\uE000${names.push(name) - 1}\uE001`);
  const shown = (part) => part && part.replace(/\uE000(\d+)\uE001/g, (all, at) => names[at]);
  const [, protocol, authority, path, query, hash] = URL_PARTS.exec(masked.replace(/\\/g, '/')) || [];
  const [, user, password, host, port] = /^(?:([^:@]*)(?::([^@]*))?@)?(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(authority || '') || [];
  return {
    protocol: shown(protocol),
    auth: user === undefined ? undefined : { user: shown(user), password: shown(password) },
    host: host ? host.split('.').map(shown) : undefined,
    port: shown(port),
    path: path === undefined ? undefined : path.slice(1).split('/').map(shown),
    query: query === undefined ? [] : query === '?' ? [{ key: '', value: null }] : QueryParam.parse(query.slice(1)).map(
      ({ key, value }) => ({ key: shown(key), value: value === null ? null : shown(value) })),
    hash: hash === undefined ? undefined : shown(hash.slice(1)),
    variable: pathVariables(path || ''),
  };
}

function pathVariables(path) {
  const names = path.split('/').map(pathVariable).filter(Boolean);
  return [...new Set(names)].map((key) => ({ type: 'any', key }));
}

// The name in `:name` or `:name.json`.
function pathVariable(segment) {
  const [, name] = /^:([^.]*)/.exec(segment) || [];
  return name || null;
}

class Url extends Property {
  constructor(source) {
    super();
    this.update(source);
  }

  update(source) {
    const parts = typeof source === 'string' ? parseUrl(source) : urlParts(source || {});
    const { protocol, auth, host, port, path, query, hash, variable } = parts;
    Object.assign(this, { auth, protocol, port, path: pathParts(path), hash, host: hostParts(host) });
    this.query = new PropertyList(QueryParam, queryEntries(query), this);
    this.variables = new PropertyList(Variable, Array.isArray(variable)
      ? variable.map((v) => ({ ...v, key: v.key ?? v.id })) : variable || [], this);
  }

  getHost() {
    return Array.isArray(this.host) ? this.host.join('.') : this.host || '';
  }

  getPath(unresolved) {
    if (typeof this.path === 'string') return this.path;
    if (!this.path || !this.path.length) return '/';
    return `/${this.path.map((segment) => (unresolved ? segment : this.segmentValue(segment))).join('/')}`;
  }

  segmentValue(segment) {
    const name = typeof segment === 'string' ? pathVariable(segment) : null;
    const value = name === null ? undefined : this.variables.get(name);
    return typeof value === 'string' && value !== '' ? value + segment.slice(name.length + 1) : segment;
  }

  getQueryString() {
    return this.query.toString();
  }

  getPathWithQuery() {
    const query = this.getQueryString();
    return this.getPath() + (query ? `?${query}` : '');
  }

  getRemote(forcePort) {
    const port = this.port || (forcePort ? { https: '443', http: '80' }[this.protocol || 'http'] : '');
    return this.getHost() + (port ? `:${port}` : '');
  }

  getRaw() {
    throw new Error('`Url#getRaw` has been discontinued, use `Url#toString` instead.');
  }

  getOAuth1BaseUrl() {
    const protocol = this.protocol || 'http';
    const standard = !this.port || ['80', '443'].includes(String(this.port));
    return `${protocol}://${this.getHost().toLowerCase()}${standard ? '' : `:${this.port}`}${this.getPath()}`;
  }

  addQueryParams(params) {
    this.query.populate(params);
  }

  removeQueryParams(params) {
    const keys = [].concat(params).map((param) => (param && param.key) || param);
    this.query.remove((param) => keys.includes(param.key));
  }

  toString(forceProtocol) {
    const named = this.protocol || (forceProtocol ? 'http' : '');
    const protocol = !named || named.endsWith('://') ? named : `${named}://`;
    const { user, password } = this.auth || {};
    const login = user === undefined && password === undefined ? ''
      : `${user || ''}${password === undefined ? '' : `:${password}`}@`;
    const port = this.port === undefined || this.port === null ? '' : `:${this.port}`;
    const shown = this.query.filter((param) => !param.disabled);
    return protocol + login + this.getHost() + port + (this.path ? this.getPath() : '')
      + (shown.length ? `?${QueryParam.unparse(shown)}` : '') + (typeof this.hash === 'string' ? `#${this.hash}` : '');
  }

  toJSON() {
    const { auth, protocol, port, path, hash, host } = this;
    const parts = { auth, protocol, port, path, hash, host, query: this.query.toJSON(), variable: this.variables.toJSON() };
    return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
  }

  static isUrl(value) {
    return value instanceof Url;
  }

  static parse(text) {
    return parseUrl(text);
  }
}

function pathParts(path) {
  if (typeof path !== 'string') return path;
  return path === '' ? undefined : path.replace(/^\/(?=.)/, '').replace(/^\/$/, '').split('/');
}

// Dots inside of {{…}} belong to the variable's name.
function hostParts(host) {
  return typeof host === 'string' ? host.split(/\.(?![^{]*\}{2})/) : host;
}

function queryEntries(query) {
  if (typeof query === 'string') return QueryParam.parse(query);
  return Array.isArray(query) || query === undefined || query === null ? query || []
    : Object.entries(query).map(([key, value]) => ({ key, value }));
}

function urlParts(source) {
  if (source instanceof Url) return source.toJSON();
  const bare = !source.host && !source.path && !source.query && typeof source.raw === 'string';
  return bare ? { ...parseUrl(source.raw), ...(source.variable ? { variable: source.variable } : {}) } : source;
}
