// pm.request: a request of the collection format, and what pm.sendRequest is given.

class FormParam extends Property {
  constructor(entry = {}) {
    super();
    const { key = '', value = '', ...rest } = typeof entry === 'string' ? QueryParam.parseSingle(entry) : entry;
    Object.assign(this, { key, value }, rest);
  }

  toString() {
    return `${this.key}=${this.value}`;
  }

  static parse(text) {
    return QueryParam.parse(text);
  }
}
FormParam.separator = '&';
FormParam.multiple = true;

class RequestBody extends Property {
  constructor(source) {
    super();
    this.update(source);
  }

  update(source) {
    const content = typeof source === 'string' ? { mode: 'raw', raw: source } : source || {};
    const { mode, raw, urlencoded, formdata, file, graphql, options, disabled } = content;
    Object.assign(this, { mode, raw, file: typeof file === 'string' ? { content: file } : file, graphql });
    this.urlencoded = urlencoded === undefined ? undefined : new PropertyList(FormParam, urlencoded, this);
    this.formdata = formdata === undefined ? undefined : new PropertyList(FormParam, formdata, this);
    this.options = options;
    this.disabled = disabled;
  }

  isEmpty() {
    const content = this[this.mode];
    if (!this.mode || content === undefined || content === null) return true;
    if (content instanceof PropertyList) return !content.count();
    if (this.mode === 'file') return !(content.src || content.content);
    return content === '' || (typeof content === 'object' && !Object.keys(content).length);
  }

  toString() {
    if (this.mode === 'urlencoded') return this.urlencoded ? this.urlencoded.toString() : '';
    if (this.mode === 'raw') return this.raw === undefined ? '' : textOf(this.raw);
    return '';
  }

  toJSON() {
    return Object.fromEntries(Object.entries(super.toJSON()).filter(([, value]) => value !== undefined));
  }

  static isRequestBody(value) {
    return value instanceof RequestBody;
  }
}

class RequestAuth extends Property {
  constructor(source) {
    super();
    this.update(source);
  }

  // The parameters of a type are a list of variables, whichever of the two forms the file had.
  update(source, type) {
    const { type: found, ...types } = source || {};
    this.type = type || found;
    for (const [name, params] of Object.entries(types)) this.use(name, params, true);
  }

  use(type, params, keepType) {
    if (!keepType) this.type = type;
    const entries = params instanceof PropertyList || Array.isArray(params) ? params
      : Object.entries(params || {}).map(([key, value]) => ({ key, value }));
    this[type] = new PropertyList(Variable, entries, this);
  }

  current() {
    const params = this.parameters();
    return params && params.toObject();
  }

  parameters() {
    return this[this.type];
  }

  clear(type) {
    if (type !== 'type' && this[type] instanceof PropertyList) delete this[type];
  }

  toJSON() {
    return Object.fromEntries(Object.entries(this).filter(([, value]) => value !== undefined).map(
      ([key, value]) => [key, value instanceof PropertyList ? value.members.map((v) => ({ ...v })) : value]));
  }
}

class Request extends Property {
  constructor(source) {
    super();
    this.update(typeof source === 'string' ? { url: source } : source || {});
  }

  update(source) {
    const { url, method, header, headers, body, auth, ...rest } = typeof source === 'string' ? { url: source } : source;
    this.url = url instanceof Url ? url : new Url(url);
    this.method = method === undefined || method === null ? 'GET' : String(method).toUpperCase();
    this.headers = new HeaderList(header || headers || [], this);
    if (body) this.body = body instanceof RequestBody ? body : new RequestBody(body);
    this.auth = auth ? new RequestAuth(auth) : undefined;
    if (rest.description instanceof Object) rest.description = rest.description.content;
    for (const [key, value] of Object.entries(rest)) if (value !== undefined) this[key] = value;
  }

  addHeader(header) {
    this.headers.add(header);
  }

  removeHeader(name, { ignoreCase = false } = {}) {
    const wanted = name instanceof Header ? name.key : String(name);
    this.headers.remove(ignoreCase
      ? ({ key }) => String(key).toLowerCase() === wanted.toLowerCase()
      : ({ key }) => key === wanted);
  }

  upsertHeader(header) {
    if (!header || !header.key) return;
    const known = this.headers.filter(({ key }) => key === header.key).pop();
    if (known) known.value = header.value;
    else this.addHeader(header);
  }

  getHeaders({ ignoreCase, enabled, multiValue, sanitizeKeys } = {}) {
    return this.headers.toObject(enabled, !ignoreCase, multiValue, sanitizeKeys);
  }

  forEachHeader(callback) {
    this.headers.each(callback, this.headers);
  }

  addQueryParams(params) {
    this.url.addQueryParams(params);
  }

  removeQueryParams(params) {
    this.url.removeQueryParams(params);
  }

  authorizeUsing(type, params) {
    if (type && typeof type === 'object') [type, params] = [type.type, type[type.type]];
    if (type === null || type === 'noauth') {
      this.auth = type === null ? undefined : new RequestAuth({ type });
    } else {
      this.auth = this.auth || new RequestAuth({});
      this.auth.use(type, params);
    }
  }

  getBody() {
    return this.body && !this.body.isEmpty() ? this.body : undefined;
  }

  size() {
    const body = this.body ? utf8Bytes(this.body.toString()).length : 0;
    const line = `${this.method} ${this.url.getPathWithQuery()} HTTP/1.1\r\n\r\n`;
    const header = line.length + this.headers.contentSize();
    return { body, header, total: body + header, source: 'COMPUTED' };
  }

  clone() {
    return new Request(this.toJSON());
  }

  // The collection format's own keys: `header`, and no key that is not set.
  toJSON() {
    const { headers, url, ...rest } = super.toJSON();
    const parts = { url, header: headers, ...rest };
    return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
  }

  static isRequest(value) {
    return value instanceof Request;
  }
}
