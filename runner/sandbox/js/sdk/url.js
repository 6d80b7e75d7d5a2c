// Url of the collection SDK: its parts, which may contain {{variables}}, and the text that they form.

import { PropertyList } from './lists.js';
import { isObject, isOfType, ownHas, Property, PropertyBase, sdkType } from './property.js';
import { VariableList } from './variable.js';

export class QueryParam extends Property {
  constructor(options) {
    super(options);
    this.update(options);
  }

  toString() {
    return QueryParam.unparseSingle(this);
  }

  update(param) {
    const { key, value } = typeof param === 'string' ? QueryParam.parseSingle(param) : param ?? {};
    Object.assign(this, { key, value });
    if (ownHas(param, 'system')) this.system = param.system;
  }

  valueOf() {
    return typeof this.value === 'string' ? this.value : '';
  }

  static parse(query) {
    return typeof query === 'string' ? query.split('&').map(QueryParam.parseSingle) : [];
  }

  // An empty parameter that is not the last has no name either: `a&&b`.
  static parseSingle(param, at, all) {
    if (param === '' && typeof at === 'number' && Array.isArray(all) && at !== all.length - 1) return { key: null, value: null };
    const sign = param.indexOf('=');
    return sign < 0 ? { key: param, value: null } : { key: param.slice(0, sign), value: param.slice(sign + 1) };
  }

  static unparse(params) {
    if (!params) return '';
    if (Array.isArray(params) || PropertyList.isPropertyList(params)) {
      return params.filter((param) => param.disabled !== true).map((param) => QueryParam.unparseSingle(param)).join('&');
    }
    return Object.entries(params).map(([key, value]) => QueryParam.unparseSingle({ key, value })).join('&');
  }

  static unparseSingle(param) {
    if (!param) return '';
    const { key, value } = param;
    return (typeof key === 'string' ? withoutMarks(key, /[&#=]/g) : '')
      + (typeof value === 'string' ? `=${withoutMarks(value, /[&#]/g)}` : '');
  }
}
sdkType(QueryParam, { index: 'key', multiple: true });

// Characters that would end the parameter are encoded, but not inside {{…}}.
function withoutMarks(text, marks) {
  if (text.search(marks) < 0) return text;
  return text.split(/(\{\{[^{}]*\}\})/).map((part, at) => (at % 2 ? part : part.replace(marks, encodeURIComponent))).join('');
}

// Splits a string at the first occurrence of a mark: [before, after]; `after` is undefined if there is none.
export function cutAt(text, mark, at = text.indexOf(mark)) {
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + mark.length)];
}

// Marks inside {{…}} belong to the variable's name, so variables are taken out before the string is split.
function parseUrl(text) {
  const parts = { raw: text, protocol: undefined, auth: undefined, host: undefined, port: undefined, path: undefined, query: undefined, hash: undefined };
  if (!text || typeof text !== 'string') return parts;
  parts.raw = text.trimStart();
  const names = [];
  const masked = parts.raw.replace(/\{\{[^{}]*\}\}/g, (name) => `\uE000${names.push(name) - 1}\uE001`);
  const shown = (part) => (names.length ? part.replace(/\uE000(\d+)\uE001/g, (all, at) => names[at]) : part);
  for (const [name, part] of Object.entries(cutUrl(masked))) {
    if (part !== undefined) parts[name] = Array.isArray(part) ? part.map(shown) : shown(part);
  }
  return parts;
}

// A backslash counts as a slash, except in query and fragment.
function cutUrl(text) {
  const [withQuery, hash] = cutAt(text, '#');
  const [bare, query] = cutAt(withQuery, '?');
  let [rest, afterProtocol] = cutAt(bare.replace(/\\/g, '/'), '://');
  const protocol = afterProtocol === undefined ? undefined : rest;
  if (protocol !== undefined) rest = afterProtocol.replace(/^\/+/, protocol.toLowerCase() === 'file' ? '/' : '');
  const [authority, path] = cutAt(rest, '/');
  const [first, second] = cutAt(authority, '@', authority.lastIndexOf('@'));
  const [login, place] = second === undefined ? [undefined, first] : [first, second];
  const [name, port] = cutAt(place, ':', place.lastIndexOf(':'));
  const [host, given] = port !== undefined && port.includes(']') ? [place, undefined] : [name, port];
  return {
    protocol, auth: login === undefined ? undefined : cutAt(login, ':').filter((part) => part !== undefined),
    host: host ? host.split('.') : undefined, port: given,
    path: path === undefined ? undefined : path.split('/'), query: query === undefined ? undefined : query.split('&'), hash,
  };
}

// The name in `:name` or `:name.json`.
function pathVariable(segment) {
  const text = String(segment);
  return text.startsWith(':') ? cutAt(text.slice(1), '.')[0] || null : null;
}

export class Url extends PropertyBase {
  constructor(options) {
    super(options);
    this.update(options);
  }

  update(source) {
    const { auth, protocol, port, path, hash, host, query, variable } = urlParts(source);
    Object.assign(this, {
      auth, protocol, port, path: pathParts(path), hash, host: hostParts(host),
      query: new PropertyList(QueryParam, this, queryEntries(query)),
      variables: new VariableList(this, Array.isArray(variable) ? variable.map(withKey) : variable || []),
    });
  }

  addQueryParams(params) {
    this.query.populate(typeof params === 'string' ? QueryParam.parse(params) : params);
  }

  removeQueryParams(params) {
    const keys = Array.isArray(params) ? params.map((param) => (param.key ? param.key : param)) : [params];
    this.query.remove((param) => keys.includes(param.key));
  }

  getRaw() {
    throw new Error('`Url#getRaw` has been discontinued, use `Url#toString` instead.');
  }

  toString(forceProtocol) {
    const named = this.protocol || (forceProtocol ? 'http' : '');
    const protocol = !named || named.endsWith('://') ? named : `${named}://`;
    const port = this.port === undefined || this.port === null ? '' : `:${this.port}`;
    const shown = this.query && this.query.members.some((param) => !(param && param.disabled));
    return protocol + loginText(this.auth) + this.getHost() + port + (this.path ? this.getPath() : '')
      + (shown ? `?${this.getQueryString()}` : '') + (typeof this.hash === 'string' ? `#${this.hash}` : '');
  }

  getPath(unresolved) {
    if (unresolved) return `/${this.path ? this.path.join('/') : ''}`;
    const segments = Array.isArray(this.path) ? this.path : Object.values(this.path || {});
    return `/${segments.map((segment) => segmentValue(segment, this.variables)).join('/')}`;
  }

  getQueryString() {
    return this.query.count() ? QueryParam.unparse(this.query.all()) : '';
  }

  getPathWithQuery() {
    const query = this.getQueryString();
    return this.getPath() + (query ? `?${query}` : '');
  }

  getHost() {
    if (!this.host) return '';
    return Array.isArray(this.host) ? this.host.join('.') : this.host.toString();
  }

  getRemote(forcePort) {
    const given = this.port && this.port.toString();
    const port = given || (forcePort ? (this.protocol === 'https' ? '443' : '80') : '');
    return this.getHost() + (port ? `:${port}` : '');
  }

  getOAuth1BaseUrl() {
    const protocol = this.protocol || 'http';
    const port = this.port ? this.port.toString() : undefined;
    const host = this.host.join('.') + (port === undefined || port === '80' || port === '443' ? '' : `:${port}`);
    return `${protocol.endsWith('://') ? protocol : `${protocol}://`}`.toLowerCase() + host.toLowerCase() + this.getPath();
  }

  static parse(text) {
    const url = parseUrl(text);
    if (url.auth) url.auth = { user: url.auth[0], password: url.auth[1] };
    if (url.query) url.query = url.query.map(QueryParam.parseSingle);
    const names = [...new Set((url.path || []).map(pathVariable).filter(Boolean))];
    url.variable = names.length ? names.map((key) => ({ key })) : undefined;
    return url;
  }

  static isUrl(value) {
    return isOfType(value, 'Url');
  }
}
sdkType(Url);

// Another Url is copied; an object with only `raw` is parsed.
function urlParts(source) {
  if (typeof source === 'string') return Url.parse(source);
  if (Url.isUrl(source)) return source.toJSON();
  const { raw, host, path, query, variable } = source || {};
  const bare = !host && !path && !query && typeof raw === 'string';
  return bare ? { ...Url.parse(raw), ...(variable ? { variable } : {}) } : source || {};
}

function loginText(auth) {
  const { user, password } = auth || {};
  const login = (typeof user === 'string' ? user : '') + (typeof password === 'string' ? `:${password}` : '');
  return typeof user === 'string' || typeof password === 'string' ? `${login}@` : '';
}

function segmentValue(segment, variables) {
  const name = pathVariable(segment);
  const value = name === null ? undefined : variables.get(name);
  return value && typeof value === 'string' ? value + segment.slice(name.length + 1) : segment;
}

function pathParts(path) {
  if (typeof path !== 'string') return path;
  const bare = path.replace(/^\/(.+)$/, '$1');
  return bare === '' ? undefined : bare === '/' ? [''] : bare.split('/');
}

// Dots inside {{…}} belong to the variable's name.
function hostParts(host) {
  return typeof host === 'string' ? host.split(/\.(?![^{]*\}{2})/) : host;
}

function queryEntries(query) {
  if (!query) return [];
  if (typeof query === 'string') return QueryParam.parse(query);
  return Array.isArray(query) || !Object.keys(query).length ? query
    : Object.entries(query).map(([key, value]) => ({ key, value }));
}

// Path variables of old collections have an `id`.
function withKey(variable) {
  return isObject(variable) ? Object.assign(variable, { key: variable.key || variable.id }) : variable;
}
