// pm.response, and what pm.sendRequest gives.

class Header extends Property {
  constructor(entry = {}) {
    super();
    const { key, value, ...rest } = typeof entry === 'string' ? Header.parseSingle(entry) : entry;
    Object.assign(this, { key, value: value === undefined ? '' : value }, rest);
    if (this.value !== null && typeof this.value !== 'string') this.value = String(this.value);
  }

  toString() {
    return `${this.key}: ${this.value}`;
  }

  static parseSingle(text) {
    const at = text.indexOf(':');
    return at < 0 ? { key: text.trim(), value: '' } : { key: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
  }

  static parse(text) {
    return text.split(/\r?\n/).filter((line) => line.trim()).map(Header.parseSingle);
  }

  static unparse(headers) {
    return headers.map(String).join('\r\n');
  }

  static create(value, name) {
    return new Header({ key: name || '', value: value || '' });
  }

  static isHeader(value) {
    return value instanceof Header;
  }
}
Header.ignoresCase = true;

class HeaderList extends PropertyList {
  constructor(members, parent) {
    super(Header, members, parent);
  }

  contentSize() {
    return this.members.length ? this.toString().length + 4 : 0;
  }

  static isHeaderList(value) {
    return value instanceof HeaderList;
  }
}

class JSONError extends Error {}
JSONError.prototype.name = 'JSONError';

class Response extends Property {
  #body;
  #json;

  constructor(content = {}) {
    super();
    const { code, status, time, sizes, headers, cookies, id } = content;
    this.#body = content;
    Object.assign(this, {
      id, status, code,
      headers: new HeaderList((headers || []).map(([key, value]) => ({ key, value })), this),
      cookies: new CookieList(cookies || []),
      responseTime: time, responseSize: sizes && sizes.decoded,
    });
    if (code === undefined) for (const key of Object.keys(this)) if (this[key] === undefined) delete this[key];
  }

  get stream() {
    return bytesToBuffer(this.bytes());
  }

  bytes() {
    const { body, text } = this.#body;
    return body === undefined ? utf8Bytes(text || '') : base64Bytes(body);
  }

  text() {
    return this.#body.text;
  }

  json(reviver, strict) {
    const text = this.text();
    if (typeof reviver === 'function') return parseBody(text, reviver, strict);
    if (this.#json === undefined) return (this.#json = { value: parseBody(text, undefined, strict) }).value;
    return this.#json.value;
  }

  jsonp(reviver) {
    const text = this.text();
    return parseBody(text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')), reviver);
  }

  reason() {
    return this.status || (REASONS[this.code] || {}).name;
  }

  details() {
    const known = REASONS[this.code];
    return this.code === undefined ? undefined : {
      name: this.status || (known ? known.name : undefined), detail: known ? known.detail : undefined, code: this.code,
      standardName: known ? known.name : undefined,
    };
  }

  size() {
    const { sizes = { body: 0, header: 0 } } = this.#body;
    return { body: sizes.body, header: sizes.header, total: sizes.body + sizes.header };
  }

  encoding() {
    const format = this.headers.get('content-encoding');
    return { format, source: format ? 'headers' : undefined };
  }

  contentInfo() {
    return contentInfo(this.headers, this.bytes.bind(this));
  }

  mime() {
    return this.contentInfo();
  }

  dataURI() {
    return `data:${this.contentInfo().contentType};base64, ${bytesBase64(this.bytes())}`;
  }

  toJSON() {
    return { ...super.toJSON(), stream: { type: 'Buffer', data: [...this.bytes()] } };
  }

  static isResponse(value) {
    return value instanceof Response;
  }
}

function parseBody(text, reviver, strict) {
  if (text === undefined) return undefined;
  try {
    return parseJson(strict ? text : text.replace(/^\uFEFF/, ''), reviver);
  } catch (error) {
    throw new JSONError(error.message);
  }
}
