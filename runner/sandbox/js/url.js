// Url of the collection SDK: parts that may hold {{variables}}, and the text they make.

class QueryParam extends Property {
  constructor(entry = {}) {
    super();
    const { key = null, value = null, ...rest } = typeof entry === 'string' ? QueryParam.parseSingle(entry) : entry;
    Object.assign(this, { key, value }, rest);
  }

  toString() {
    return QueryParam.unparse([this]);
  }

  static parse(text) {
    return text.split('&').map(QueryParam.parseSingle);
  }

  static parseSingle(text) {
    const at = text.indexOf('=');
    if (at >= 0) return { key: text.slice(0, at), value: text.slice(at + 1) };
    return text === '' ? { key: null, value: null } : { key: text, value: null };
  }

  static unparse(params) {
    return params.map(({ key, value }) => {
      if (key === null && value === null) return '';
      return value === null || value === undefined ? key : `${key === null ? '' : key}=${value}`;
    }).join('&');
  }
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
  const names = path.split('/').filter((segment) => /^:./.test(segment)).map((segment) => segment.slice(1));
  return [...new Set(names)].map((key) => ({ type: 'any', key }));
}

class Url extends Property {
  constructor(source) {
    super();
    this.update(source);
  }

  update(source) {
    const parts = typeof source === 'string' ? parseUrl(source) : urlParts(source || {});
    const { protocol, auth, host, port, path, query, hash, variable } = parts;
    this.protocol = protocol;
    this.auth = auth;
    this.host = typeof host === 'string' ? host.split('.') : host;
    this.port = port === undefined || port === null ? undefined : String(port);
    this.path = typeof path === 'string' ? path.replace(/^\//, '').split('/') : path;
    this.hash = hash;
    this.query = new PropertyList(QueryParam, query || [], this);
    this.variables = new PropertyList(Variable, (variable || []).map((v) => ({ ...v, key: v.key ?? v.id })), this);
  }

  getHost() {
    return Array.isArray(this.host) ? this.host.join('.') : this.host || '';
  }

  getPath(unresolved) {
    if (typeof this.path === 'string') return this.path;
    if (!this.path || !this.path.length) return '/';
    const unmasked = typeof unresolved === 'object' ? unresolved.unresolved : unresolved;
    return `/${this.path.map((segment) => (unmasked ? segment : this.segmentValue(segment))).join('/')}`;
  }

  segmentValue(segment) {
    if (typeof segment !== 'string' || segment[0] !== ':') return segment;
    const value = this.variables.get(segment.slice(1));
    return typeof value === 'string' && value !== '' ? value : segment;
  }

  getQueryString() {
    return this.query.toString();
  }

  getPathWithQuery(encode) {
    const query = this.getQueryString(encode);
    return this.getPath() + (query ? `?${query}` : '');
  }

  getRemote(forcePort) {
    const port = this.port || (forcePort ? { https: '443', http: '80' }[this.protocol || 'http'] : '');
    return this.getHost() + (port ? `:${port}` : '');
  }

  getRaw() {
    return this.toString();
  }

  getOAuth1BaseUrl() {
    const protocol = this.protocol || 'http';
    const standard = !this.port || this.port === { http: '80', https: '443' }[protocol];
    return `${protocol}://${this.getHost().toLowerCase()}${standard ? '' : `:${this.port}`}${this.getPath()}`;
  }

  addQueryParams(params) {
    this.query.populate(params);
  }

  removeQueryParams(params) {
    const keys = [].concat(params).map((param) => (typeof param === 'string' ? param : param.key));
    this.query.remove((param) => keys.includes(param.key));
  }

  toString(forceProtocol) {
    const protocol = this.protocol ? `${this.protocol.replace(/:?\/*$/, '')}://` : forceProtocol ? 'http://' : '';
    const { user, password } = this.auth || {};
    const login = user === undefined && password === undefined ? ''
      : `${user || ''}${password === undefined ? '' : `:${password}`}@`;
    const path = this.path ? `/${Array.isArray(this.path) ? this.path.join('/') : this.path}` : '';
    const shown = this.query.filter((param) => !param.disabled);
    return protocol + login + this.getHost() + (this.port ? `:${this.port}` : '') + path
      + (shown.length ? `?${QueryParam.unparse(shown)}` : '') + (this.hash === undefined ? '' : `#${this.hash}`);
  }

  toJSON() {
    const { protocol, auth, port, path, host, hash } = this;
    const parts = {
      protocol, auth, port, path, host, hash, query: this.query.toJSON(), variable: this.variables.members.map((v) => ({ ...v })),
    };
    return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
  }

  static isUrl(value) {
    return value instanceof Url;
  }

  static parse(text) {
    return parseUrl(text);
  }
}

function urlParts(source) {
  if (source instanceof Url) return source.toJSON();
  const bare = !source.host && !source.path && !source.query && typeof source.raw === 'string';
  return bare ? { ...parseUrl(source.raw), ...(source.variable ? { variable: source.variable } : {}) } : source;
}
