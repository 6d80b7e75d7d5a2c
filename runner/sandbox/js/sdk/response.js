// pm.response, and the responses of pm.sendRequest.

import { PHRASES } from 'world:tables';
import { bytesToBuffer } from '../host/libraries.js';
import { part } from '../host/parts.js';
import { base64Bytes, bytesBase64, utf8Bytes, utf8Text, viewBytes } from '../lang/bytes.js';
import { contentInfo } from './content_info.js';
import { CookieList } from './cookies.js';
import { HeaderList } from './headers.js';
import { parseBody } from './json.js';
import { assignDefined, isObject, isOfType, lazyMember, Property, propertyJson, sdkType } from './property.js';
import { standardReason } from './reasons.js';
import { numberText, Request } from './request.js';

// The host's response: its body is text or bytes, converted to the other form when needed.
const HOST = Symbol('host');
let bytesOfResponse;

export class Response extends Property {
  #host = null;

  constructor(options) {
    super(options);
    if (options && options[HOST]) this.#take(options[HOST]);
    else this.update(options || {});
  }

  static {
    bytesOfResponse = (response) => response.#bytes();
  }

  #take(content) {
    const { headers, cookies, status, code, time, size, downloaded } = content;
    this.#host = content;
    lazyMember(this, '_details', () => detailsOf(code, status));
    assignDefined(this, { status: status || PHRASES[code], code });
    lazyMember(this, 'headers', () => new HeaderList(this, (headers || []).map(([key, value]) => ({ key, value }))));
    if (content.body !== undefined || content.text !== undefined) {
      lazyMember(this, 'stream', () => bytesToBuffer(this.#bytes()), () => { this.#host = null; });
    }
    lazyMember(this, 'cookies', () => new CookieList(this, cookies));
    assignDefined(this, { responseTime: time, responseSize: size, downloadedBytes: downloaded });
  }

  #bytes() {
    if (this.#host === null) return this.stream ? viewBytes(this.stream) : utf8Bytes(String(this.body ?? ''));
    const { body, text = '' } = this.#host;
    return body === undefined ? utf8Bytes(text) : base64Bytes(body);
  }

  update(options) {
    const { code, status, reason, header, body, cookie, responseTime, downloadedBytes, originalRequest } = options;
    const stream = streamOf(options.stream);
    this._details = detailsOf(code, reason ?? status);
    this.#host = null;
    assignDefined(this, {
      originalRequest: originalRequest ? new Request(originalRequest) : undefined, status: this._details.name, code,
      headers: new HeaderList(this, header), body, stream: body && isObject(body) ? body : stream,
      cookies: new CookieList(this, cookie), responseTime, responseSize: stream && stream.byteLength, downloadedBytes,
    });
  }

  toJSON() {
    const { _details, ...json } = propertyJson(this);
    return json;
  }

  reason() {
    return this.status || PHRASES[this.code];
  }

  // The server's reason phrase only counts with the code that it came with.
  details() {
    if (!this._details || this._details.code !== this.code) this._details = detailsOf(this.code);
    return { ...this._details };
  }

  text() {
    if (this.#host === null) return this.stream ? decodedText(this.#bytes(), this.contentInfo().charset) : this.body;
    const content = this.#host;
    if (content.text === undefined && content.body !== undefined) content.text = utf8Text(this.#bytes());
    return content.text && content.text.replace(/^\uFEFF/, '');
  }

  json(reviver, strict) {
    return parseBody(this.text(), reviver, strict);
  }

  // The callback's argument of a JSONP body, or the whole text if it is not a call.
  jsonp(reviver, strict) {
    const text = this.text() || '';
    return parseBody(text.replace(/^[^{(].*\(/, '').replace(/\)[^}].*$|\)$/, ''), reviver, strict);
  }

  contentInfo() {
    return contentInfo(this.headers, () => this.#bytes());
  }

  mime() {
    throw new Error('`Response#mime` has been discontinued, use `Response#contentInfo` instead.');
  }

  dataURI() {
    const { contentType } = this.contentInfo();
    return contentType ? `data:${contentType};base64, ${bytesBase64(this.#bytes())}` : '';
  }

  // The size of the body as transferred, or as given by Content-Length.
  size() {
    const declared = numberText(this.headers.get('Content-Length'));
    const body = typeof this.downloadedBytes === 'number' ? this.downloadedBytes
      : declared !== undefined ? Number.parseInt(declared, 10) : this.#bytes().length;
    const header = `HTTP/X.X ${this.code} ${this.reason()}\r\n\r\n`.length + this.headers.contentSize();
    return { body, header, total: body + header };
  }

  encoding() {
    const named = this.headers.get('Content-Encoding');
    const [first, second, third] = named ? [] : this.#bytes();
    const zipped = first === 0x1f && second === 0x8b && third === 8;
    return { format: named || (zipped ? 'gzip' : undefined), source: named ? 'header' : zipped ? 'body' : undefined };
  }

  static isResponse(value) {
    return isOfType(value, 'Response');
  }

  static createFromNode(response, cookies) {
    const { body, headers, statusCode, statusMessage, elapsedTime } = response;
    return new Response({
      cookie: cookies, body: body.toString(), stream: body, header: headers, code: statusCode, status: statusMessage,
      responseTime: elapsedTime,
    });
  }

  static mimeInfo() {
    throw new Error('`Response.mimeInfo` has been discontinued, use `Response#contentInfo` instead.');
  }

  static timingPhases(timings) {
    return timings && timings.offset ? timingPhases(timings.offset) : undefined;
  }
}
Response.prototype._postman_propertyRequiresId = true;
sdkType(Response);

// Creates the response that the host sent.
export function hostResponse(content) {
  return new Response({ [HOST]: content, ...(content.id ? { id: content.id } : {}) });
}

function detailsOf(code, reason) {
  const standard = standardReason(code);
  return assignDefined({ ...standard }, { name: reason || standard.name, code, standardName: standard.name });
}

// A Buffer, a Buffer's JSON, or base64 text with its type.
function streamOf(stream) {
  if (!stream) return undefined;
  if (stream.type === 'Buffer' && Array.isArray(stream.data)) return bytesToBuffer(Uint8Array.from(stream.data));
  if (stream.type === 'Base64' && typeof stream.data === 'string') return bytesToBuffer(base64Bytes(stream.data));
  return stream;
}

function decodedText(bytes, charset) {
  const { TextDecoder } = part('text');
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return utf8Text(bytes);
  }
}

// The milliseconds of each phase, computed from the times at which the phases ended.
function timingPhases({ request, socket, lookup, connect, secureConnect, response, end, done }) {
  return {
    prepare: request, wait: socket - request, dns: lookup - socket, tcp: connect - lookup,
    firstByte: response - (secureConnect || connect), download: end - response, process: done - end, total: done,
    ...(secureConnect ? { secureHandshake: secureConnect - connect } : {}),
  };
}
