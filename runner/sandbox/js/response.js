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
    return headers.map((header) => `${header}\r\n`).join('');
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
    this.status = status || REASONS[code];
    this.code = code;
    this.headers = new HeaderList((headers || []).map(([key, value]) => ({ key, value })), this);
    this.cookies = new CookieList(cookies || []);
    this.responseTime = time;
    this.responseSize = size;
  }

  get stream() {
    return bytesToBuffer(this.bytes());
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

  jsonp(reviver) {
    const text = this.text();
    return parseBody(text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')), reviver);
  }

  reason() {
    return this.status || REASONS[this.code];
  }

  details() {
    const standardName = REASONS[this.code];
    return { name: this.status || standardName, detail: '', code: this.code, standardName };
  }

  // A compressed body counts as long as its Content-Length says.
  size() {
    const length = this.headers.get('content-length');
    const compressed = /gzip|deflate/i.test(this.headers.get('content-encoding') || '');
    const body = compressed && length && !Number.isNaN(Number(length)) ? Number.parseInt(length, 10) : this.responseSize || 0;
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
    return this.contentInfo();
  }

  dataURI() {
    return `data:${this.contentInfo().contentType};base64, ${bytesBase64(this.bytes())}`;
  }

  toJSON() {
    const { id, status, code, responseTime, responseSize } = this;
    return {
      id, status, code, header: this.headers.toJSON(), stream: { type: 'Buffer', data: [...this.bytes()] },
      cookie: this.cookies.toJSON(), responseTime, responseSize,
    };
  }

  static isResponse(value) {
    return value instanceof Response;
  }
}
