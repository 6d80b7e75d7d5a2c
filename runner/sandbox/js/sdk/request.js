// pm.request, and the requests of pm.sendRequest, in the collection format.

import { utf8Bytes } from '../lang/bytes.js';
import { HeaderList } from './headers.js';
import { PropertyList } from './lists.js';
import { assignDefined, isObject, isOfType, ownHas, Property, PropertyBase, propertyJson, sdkType } from './property.js';
import { QueryParam, Url } from './url.js';
import { VariableList } from './variable.js';

export class FormParam extends Property {
  constructor(options = {}) {
    super(options);
    const { key, value, type, src, contentType, fileName } = options;
    Object.assign(this, { key: key || '', value: value || '', type, src, contentType, fileName });
  }

  toString() {
    return `${this.key}=${this.value}`;
  }

  valueOf() {
    return this.value;
  }

  // A file has a value only if it was given as text.
  toJSON() {
    const json = propertyJson(this);
    if (json.type === 'file' && (typeof json.value !== 'string' || !json.value)) delete json.value;
    return json;
  }

  static parse() {}
}
sdkType(FormParam, { index: 'key', multiple: true });

const BODY_MODES = { file: 'file', formdata: 'formdata', graphql: 'graphql', raw: 'raw', urlencoded: 'urlencoded' };

export class RequestBody extends PropertyBase {
  constructor(options) {
    super(options);
    if (options) this.update(options);
  }

  update(options) {
    const content = typeof options === 'string' ? { mode: 'raw', raw: options } : options;
    if (!content.mode) return;
    const mode = BODY_MODES[content.mode.toString().toLowerCase()] || 'raw';
    const { raw, urlencoded, formdata, file, graphql, options: more, disabled } = content;
    const list = (type, entries, wanted) => (entries || mode === wanted ? new PropertyList(type, this, entries || []) : entries);
    Object.assign(this, {
      mode, raw: mode === 'raw' && !raw ? '' : raw,
      urlencoded: list(QueryParam, urlencoded && typeof urlencoded === 'string' ? QueryParam.parse(urlencoded) : urlencoded, 'urlencoded'),
      formdata: list(FormParam, formdata, 'formdata'),
      file: typeof file === 'string' && file ? { src: file } : file,
      graphql: graphql ? { query: graphql.query, operationName: graphql.operationName, variables: graphql.variables }
        : mode === 'graphql' ? {} : graphql,
      options: isObject(more) ? more : undefined, disabled,
    });
  }

  toString() {
    const { mode, raw, urlencoded } = this;
    if (mode === 'urlencoded') {
      return PropertyList.isPropertyList(urlencoded) ? QueryParam.unparse(urlencoded.all()) : urlencoded ? urlencoded.toString() : '';
    }
    return mode === 'raw' && raw && typeof raw.toString === 'function' ? raw.toString() : '';
  }

  isEmpty() {
    const content = this.mode && this[this.mode];
    if (!content) return true;
    if (this.mode === 'file') return !(content.src || content.content);
    if (typeof content.count === 'function') return content.count() === 0;
    return typeof content === 'object' ? !Object.keys(content).length : typeof content !== 'string';
  }

  toJSON() {
    const json = propertyJson(this);
    if (json.file && json.file.content && typeof json.file.content !== 'string') delete json.file.content;
    return json;
  }
}
RequestBody.MODES = BODY_MODES;
sdkType(RequestBody);

export class RequestAuth extends Property {
  constructor(options, parent) {
    super(options);
    if (parent) this.setParent(parent);
    if (ownHas(options, 'type')) this.use(options.type);
    for (const [type, params] of Object.entries(options || {})) if (type !== 'type') this.update(params, type);
  }

  // The parameters of an auth type become a list of variables, whichever of its two forms the file used.
  update(options, type) {
    const wanted = type || this.type;
    if (isObject(options) && RequestAuth.isValidType(wanted)) syncAuth(this, wanted, options);
  }

  use(type, options) {
    if (!RequestAuth.isValidType(type)) return;
    this.type = type;
    syncAuth(this, type, options);
  }

  current() {
    throw new Error('`Request#current` has been discontinued, use `Request#parameters` instead.');
  }

  parameters() {
    return this[this.type];
  }

  clear(type) {
    if (!RequestAuth.isValidType(type) || !VariableList.isVariableList(this[type])) return;
    this[type].clear();
    if (type !== this.type) delete this[type];
  }

  static isValidType(type) {
    return typeof type === 'string' && type !== 'type';
  }
}
sdkType(RequestAuth);

function syncAuth(auth, type, options) {
  if (!VariableList.isVariableList(auth[type])) auth[type] = new VariableList(auth);
  if (Array.isArray(options) || VariableList.isVariableList(options)) auth[type].assimilate(options);
  else auth[type].syncFromObject(options, false, false);
}

export class Request extends Property {
  constructor(options) {
    super(options);
    const given = typeof options === 'string' ? { url: options } : options;
    Object.assign(this, { url: new Url(), headers: new HeaderList(this, given && given.header), method: methodName(given) });
    this.update(given);
  }

  // Members that are not given stay as they are.
  update(options) {
    if (!options) return;
    if (ownHas(options, 'url')) this.url.update(options.url);
    if (options.header) this.headers.repopulate(options.header);
    if (ownHas(options, 'method')) this.method = methodName(options);
    assignDefined(this, {
      body: ownHas(options, 'body') ? new RequestBody(options.body) : undefined,
      auth: options.auth ? new RequestAuth(options.auth) : undefined,
      proxy: options.proxy || undefined, certificate: options.certificate || undefined,
    });
  }

  authorizeUsing(type, options) {
    if (isObject(type) && (options === undefined || options === null)) ({ type, ...options } = type);
    if (type === null) delete this.auth;
    if (!RequestAuth.isValidType(type)) return;
    if (this.auth) this.auth.clear(type);
    else this.auth = new RequestAuth(null, this);
    this.auth.use(type, options);
  }

  getHeaders(options) {
    const { enabled, ignoreCase, multiValue, sanitizeKeys } = options || {};
    return this.headers.toObject(enabled, !ignoreCase, multiValue, sanitizeKeys);
  }

  forEachHeader(callback) {
    this.headers.all().forEach((header) => callback(header, this));
  }

  addHeader(header) {
    this.headers.add(header);
  }

  removeHeader(toRemove, options) {
    const name = typeof toRemove === 'string' ? toRemove : toRemove.key;
    if (!name) return;
    const shown = (key) => (options && options.ignoreCase ? key.toLowerCase() : key);
    this.headers.remove((header) => shown(header.key) === shown(name));
  }

  upsertHeader(header) {
    if (!header || !header.key) return;
    const known = this.headers.find({ key: header.key });
    if (known) known.value = header.value;
    else this.headers.add(header);
  }

  addQueryParams(params) {
    this.url.addQueryParams(params);
  }

  removeQueryParams(params) {
    this.url.removeQueryParams(params);
  }

  size() {
    const declared = numberText(this.headers.get('Content-Length'));
    const body = declared !== undefined ? Number.parseInt(declared, 10) : this.body ? utf8Bytes(this.body.toString()).length : 0;
    const line = `${this.method} ${this.url.getPathWithQuery()} HTTP/X.X\r\n\r\n`;
    const header = line.length + this.headers.contentSize();
    return { body, header, total: (body || 0) + header, source: declared === undefined ? 'COMPUTED' : 'CONTENT-LENGTH' };
  }

  toJSON() {
    const json = propertyJson(this);
    if (Array.isArray(json.header) && !json.header.length) delete json.header;
    return json;
  }

  clone() {
    return new Request(this.toJSON());
  }

  static isRequest(value) {
    return isOfType(value, 'Request');
  }
}
sdkType(Request);

function methodName(options) {
  const { method } = options || {};
  return method === undefined || method === null ? 'GET' : String(method).toUpperCase();
}

// The text of a whole number, such as a length in a header; undefined for anything else.
export function numberText(text) {
  return text && !Number.isNaN(Number.parseFloat(text)) && Number.isFinite(Number(text)) ? text : undefined;
}
