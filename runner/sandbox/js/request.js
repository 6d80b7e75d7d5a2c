// pm.request: a request of the collection format, and what pm.sendRequest is given.

class FormParam extends Property {
  constructor(entry = {}) {
    super();
    const { disabled, key = '', value, ...rest } = entry || {};
    if (disabled !== undefined) this.disabled = disabled;
    Object.assign(this, { key, value: value || '' }, rest);
  }

  toString() {
    return `${this.key}=${this.value}`;
  }

  // A file has a value only where one was given as text.
  toJSON() {
    const { value, ...rest } = super.toJSON();
    return this.type === 'file' && (typeof value !== 'string' || !value) ? rest : { ...super.toJSON() };
  }

  static parse() {}
}
FormParam.multiple = true;

const BODY_MODES = ['file', 'formdata', 'graphql', 'raw', 'urlencoded'];
const EMPTY_CONTENTS = { raw: () => '', urlencoded: () => [], formdata: () => [], graphql: () => ({}) };

class RequestBody extends Property {
  constructor(source) {
    super();
    if (source) this.update(source);
  }

  update(source) {
    const content = typeof source === 'string' ? { mode: 'raw', raw: source } : source;
    if (!content.mode) return;
    const wanted = String(content.mode).toLowerCase();
    const mode = BODY_MODES.includes(wanted) ? wanted : 'raw';
    const empty = EMPTY_CONTENTS[mode];
    const { raw, urlencoded, formdata, file, graphql, options, disabled } = { ...content, [mode]: content[mode] || (empty && empty()) };
    Object.assign(this, {
      mode, raw, urlencoded: urlencoded && new PropertyList(QueryParam, urlencoded, this),
      formdata: formdata && new PropertyList(FormParam, formdata, this),
      file: typeof file === 'string' ? { src: file } : file, graphql, options: options || undefined, disabled,
    });
  }

  isEmpty() {
    const content = this[this.mode];
    if (!content) return true;
    if (this.mode === 'file') return !(content.src || content.content);
    return content instanceof PropertyList ? !content.count() : !Object.keys(content).length;
  }

  toString() {
    if (this.mode === 'urlencoded') return this.urlencoded ? this.urlencoded.toString() : '';
    return this.mode === 'raw' && this.raw ? textOf(this.raw) : '';
  }
}

class RequestAuth extends Property {
  constructor(source) {
    super();
    const { type, ...types } = source || {};
    if (type !== undefined) this.use(type);
    for (const [name, params] of Object.entries(types)) this.update(params, name);
  }

  // The parameters of a type are a list of variables, whichever of the two forms the file had.
  update(params, type = this.type) {
    if (params === null || typeof params !== 'object' || !isAuthType(type)) return;
    if (!(this[type] instanceof PropertyList)) this[type] = new PropertyList(Variable, [], this);
    const entries = params instanceof PropertyList ? params.members : Array.isArray(params) ? params
      : Object.entries(params).map(([key, value]) => ({ key, value }));
    this[type].assimilate(entries);
  }

  use(type, params = {}) {
    if (!isAuthType(type)) return;
    this.type = type;
    this.update(params || {}, type);
  }

  current() {
    throw new Error('`Request#current` has been discontinued, use `Request#parameters` instead.');
  }

  parameters() {
    return this[this.type];
  }

  clear(type) {
    if (!isAuthType(type) || !(this[type] instanceof PropertyList)) return;
    this[type].clear();
    if (type !== this.type) delete this[type];
  }

  static isRequestAuth(value) {
    return value instanceof RequestAuth;
  }
}

function isAuthType(type) {
  return typeof type === 'string' && type !== 'type';
}

class Request extends Property {
  constructor(source) {
    super();
    const given = typeof source === 'string' ? { url: source } : source || {};
    const { url, header, headers, method, body, auth, description, ...rest } = given;
    if (description) this.description = new Description(description);
    Object.assign(this, { url: new Url(), headers: new HeaderList([], this), method: 'GET' }, rest);
    this.update(given);
  }

  // What is not named stays as it is.
  update(source) {
    if (!source) return;
    const { url, method, header, headers, body, auth } = source;
    if (Object.hasOwn(source, 'url')) this.url.update(url);
    if (header || headers) this.headers.repopulate(header || headers);
    if (Object.hasOwn(source, 'method')) this.method = method === undefined || method === null ? 'GET' : String(method).toUpperCase();
    if (body) this.body = new RequestBody(body);
    if (auth) this.auth = new RequestAuth(auth);
    for (const name of ['proxy', 'certificate']) if (source[name]) this[name] = source[name];
  }

  addHeader(header) {
    this.headers.add(header);
  }

  removeHeader(name, { ignoreCase = false } = {}) {
    const wanted = typeof name === 'string' ? name : name.key;
    if (!wanted) return;
    this.headers.remove(ignoreCase
      ? ({ key }) => key.toLowerCase() === wanted.toLowerCase()
      : ({ key }) => key === wanted);
  }

  upsertHeader(header) {
    if (!header || !header.key) return;
    const known = this.headers.find({ key: header.key });
    if (known) known.value = header.value;
    else this.addHeader(header);
  }

  getHeaders({ ignoreCase, enabled, multiValue, sanitizeKeys } = {}) {
    return this.headers.toObject(enabled, !ignoreCase, multiValue, sanitizeKeys);
  }

  forEachHeader(callback) {
    this.headers.all().forEach((header) => callback(header, this));
  }

  addQueryParams(params) {
    this.url.addQueryParams(params);
  }

  removeQueryParams(params) {
    this.url.removeQueryParams(params);
  }

  authorizeUsing(type, params) {
    if (type && typeof type === 'object' && (params === undefined || params === null)) ({ type, ...params } = type);
    if (type === null) {
      delete this.auth;
    } else if (isAuthType(type)) {
      if (this.auth) this.auth.clear(type);
      else this.auth = new RequestAuth();
      this.auth.use(type, params);
    }
  }

  size() {
    const declared = this.headers.get('Content-Length');
    const known = declared && !Number.isNaN(Number(declared));
    const body = known ? Number.parseInt(declared, 10) : this.body ? utf8Bytes(this.body.toString()).length : 0;
    const line = `${this.method} ${this.url.getPathWithQuery()} HTTP/X.X\r\n\r\n`;
    const header = line.length + this.headers.contentSize();
    return { body, header, total: body + header, source: known ? 'CONTENT-LENGTH' : 'COMPUTED' };
  }

  clone() {
    return new Request(this.toJSON());
  }

  // The collection format's own keys: `header`, and none where there is no header.
  toJSON() {
    const { headers, url, description, ...rest } = super.toJSON();
    return { ...(description ? { description } : {}), url, ...(headers && headers.length ? { header: headers } : {}), ...rest };
  }

  static isRequest(value) {
    return value instanceof Request;
  }
}
