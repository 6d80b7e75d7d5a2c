// pm.response, and what pm.sendRequest gives.

class Header extends Property {
  constructor(entry = {}) {
    super();
    const { disabled, key, value = '', ...rest } = typeof entry === 'string' ? Header.parseSingle(entry) : entry || {};
    if (disabled !== undefined) this.disabled = disabled;
    Object.assign(this, { key: key || '', value }, rest);
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
    return headers.filter((header) => !header.disabled).map((header) => `${header}\r\n`).join('');
  }

  static create(value, name) {
    return new Header({ key: name || '', value: value || '' });
  }

  static isHeader(value) {
    return value instanceof Header;
  }
}
Header.ignoresCase = true;
Header.multiple = true;

class HeaderList extends PropertyList {
  constructor(members, parent) {
    super(Header, members, parent);
  }

  contentSize() {
    return this.toString().length;
  }

  static isHeaderList(value) {
    return value instanceof HeaderList;
  }
}

class Response extends Property {
  #body;

  constructor(content = {}) {
    super();
    const { code, status, time, size, headers, cookies, id = CRYPTO.randomUUID() } = content;
    this.#body = content;
    this.id = id;
    Object.defineProperty(this, '_details', { get: () => this.details(), enumerable: true });
    this.status = status || REASONS[code];
    this.code = code;
    this.headers = new HeaderList((headers || []).map(([key, value]) => ({ key, value })), this);
    if (content.body !== undefined || content.text !== undefined) {
      Object.defineProperty(this, 'stream', { get: () => bytesToBuffer(this.bytes()), enumerable: true });
    }
    this.cookies = new CookieList(cookies || []);
    this.responseTime = time;
    this.responseSize = size;
  }

  bytes() {
    const { body, text = '' } = this.#body;
    return body === undefined ? utf8Bytes(text) : base64Bytes(body);
  }

  text() {
    const content = this.#body;
    if (content.text === undefined && content.body !== undefined) content.text = utf8Text(this.bytes());
    return content.text && content.text.replace(/^\uFEFF/, '');
  }

  json(reviver, strict) {
    return parseBody(this.text(), reviver, strict);
  }

  // What stands in the parentheses of the call, or the whole where there is no call.
  jsonp(reviver, strict) {
    const text = this.text() || '';
    return parseBody(text.replace(/^[^{(].*\(/, '').replace(/\)[^}].*$|\)$/, ''), reviver, strict);
  }

  reason() {
    return this.status || REASONS[this.code];
  }

  // The reason phrase of the server belongs to the code that it came with.
  details() {
    const { name: standardName, detail } = standardReason(this.code);
    const name = this.code === this.#body.code ? this.#body.status || standardName : standardName;
    return { name, detail, code: this.code, standardName };
  }

  // The body counts as long as its Content-Length says.
  size() {
    const length = this.headers.get('content-length');
    const body = length && !Number.isNaN(Number(length)) ? Number.parseInt(length, 10)
      : this.responseSize ?? utf8Bytes(this.text() || '').length;
    const header = `HTTP/X.X ${this.code} ${this.reason()}\r\n\r\n`.length + this.headers.contentSize();
    return { body, header, total: body + header };
  }

  encoding() {
    const named = this.headers.get('content-encoding');
    const [first, second, third] = named ? [] : this.bytes();
    const zipped = first === 0x1f && second === 0x8b && third === 8;
    return { format: named || (zipped ? 'gzip' : undefined), source: named ? 'header' : zipped ? 'body' : undefined };
  }

  contentInfo() {
    return contentInfo(this.headers, this.bytes.bind(this));
  }

  mime() {
    throw new Error('`Response#mime` has been discontinued, use `Response#contentInfo` instead.');
  }

  dataURI() {
    return `data:${this.contentInfo().contentType};base64, ${bytesBase64(this.bytes())}`;
  }

  toJSON() {
    const { id, status, code, responseTime, responseSize } = this;
    return {
      id, status, code, header: this.headers.toJSON(),
      ...('stream' in this ? { stream: { type: 'Buffer', data: [...this.bytes()] } } : {}),
      cookie: this.cookies.toJSON(), responseTime, responseSize,
    };
  }

  static isResponse(value) {
    return value instanceof Response;
  }
}
