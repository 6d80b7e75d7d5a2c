// The web's own names that Postman offers: texts and bytes, events, random values.

class DOMException extends Error {
  constructor(message = '', name = 'Error') {
    super(message);
    Object.defineProperty(this, 'name', { value: name, configurable: true });
  }

  get code() {
    return { InvalidCharacterError: 5, DataCloneError: 25, AbortError: 20, QuotaExceededError: 22 }[this.name] || 0;
  }
}

class TextEncoder {
  get encoding() {
    return 'utf-8';
  }

  encode(text = '') {
    return utf8Bytes(String(text));
  }

  encodeInto(text, target) {
    let read = 0;
    let written = 0;
    for (const letter of String(text)) {
      const bytes = utf8Bytes(letter);
      if (written + bytes.length > target.length) break;
      target.set(bytes, written);
      written += bytes.length;
      read += letter.length;
    }
    return { read, written };
  }
}

class TextDecoder {
  #fatal;
  #keepsMark;

  constructor(label = 'utf-8', { fatal = false, ignoreBOM = false } = {}) {
    const encoding = ENCODINGS[String(label).trim().toLowerCase()];
    if (encoding === undefined) throw new RangeError(`The "${label}" encoding is not supported`);
    this.encoding = encoding;
    this.#fatal = Boolean(fatal);
    this.#keepsMark = Boolean(ignoreBOM);
  }

  decode(source = new Uint8Array()) {
    const bytes = viewBytes(source);
    const text = DECODERS[this.encoding](bytes, this.#fatal);
    return this.#keepsMark ? text : text.replace(/^\uFEFF/, '');
  }
}

const ENCODINGS = {
  'utf-8': 'utf-8', utf8: 'utf-8', 'utf-16': 'utf-16le', 'utf-16le': 'utf-16le', ascii: 'windows-1252', 'us-ascii': 'windows-1252',
  latin1: 'windows-1252', 'iso-8859-1': 'windows-1252', 'windows-1252': 'windows-1252',
};
const DECODERS = {
  'utf-8': utf8Text,
  'utf-16le': (bytes) => Array.from({ length: bytes.length >> 1 }, (none, at) =>
    String.fromCharCode(bytes[2 * at] | (bytes[2 * at + 1] << 8))).join(''),
  'windows-1252': (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''),
};

function viewBytes(source) {
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  return new Uint8Array(source);
}

class Blob {
  #bytes;

  constructor(parts = [], { type = '' } = {}) {
    const all = [...parts].map((part) => (part instanceof Blob ? part.#bytes
      : ArrayBuffer.isView(part) || part instanceof ArrayBuffer ? viewBytes(part) : utf8Bytes(String(part))));
    this.#bytes = new Uint8Array(all.reduce((sum, bytes) => sum + bytes.length, 0));
    let at = 0;
    for (const bytes of all) {
      this.#bytes.set(bytes, at);
      at += bytes.length;
    }
    this.type = String(type).toLowerCase();
  }

  get size() {
    return this.#bytes.length;
  }

  async text() {
    return utf8Text(this.#bytes);
  }

  async arrayBuffer() {
    return this.#bytes.slice().buffer;
  }

  async bytes() {
    return this.#bytes.slice();
  }

  slice(start, end, type) {
    return new Blob([this.#bytes.slice(start, end)], { type });
  }
}

class File extends Blob {
  constructor(parts, name, { lastModified = now(), ...options } = {}) {
    super(parts, options);
    this.name = String(name);
    this.lastModified = lastModified;
  }
}

class Event {
  constructor(type, { cancelable = false, bubbles = false } = {}) {
    Object.assign(this, {
      type: String(type), cancelable, bubbles, defaultPrevented: false, target: null, timeStamp: now(), stopped: false,
    });
  }

  preventDefault() {
    if (this.cancelable) this.defaultPrevented = true;
  }

  stopImmediatePropagation() {
    this.stopped = true;
  }

  stopPropagation() {}
}

class EventTarget {
  #listeners = new Map();

  addEventListener(type, listener, { once = false } = {}) {
    const known = this.#listeners.get(type) || [];
    if (!known.some((entry) => entry.listener === listener)) this.#listeners.set(type, [...known, { listener, once }]);
  }

  removeEventListener(type, listener) {
    this.#listeners.set(type, (this.#listeners.get(type) || []).filter((entry) => entry.listener !== listener));
  }

  dispatchEvent(event) {
    event.target = this;
    const handler = this[`on${event.type}`];
    const entries = [...(typeof handler === 'function' ? [{ listener: handler }] : []), ...(this.#listeners.get(event.type) || [])];
    for (const { listener, once } of entries) {
      if (event.stopped) break;
      if (once) this.removeEventListener(event.type, listener);
      callBack(typeof listener === 'function' ? listener.bind(this) : listener.handleEvent.bind(listener), [event]);
    }
    return !event.defaultPrevented;
  }
}

class AbortSignal extends EventTarget {
  aborted = false;
  reason = undefined;
  onabort = null;

  throwIfAborted() {
    if (this.aborted) throw this.reason;
  }

  static abort(reason) {
    const controller = new AbortController();
    controller.abort(reason);
    return controller.signal;
  }

  static timeout(ms) {
    const controller = new AbortController();
    addTimer(() => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')), ms, [], false);
    return controller.signal;
  }
}

class AbortController {
  signal = new AbortSignal();

  abort(reason = new DOMException('This operation was aborted', 'AbortError')) {
    if (this.signal.aborted) return;
    Object.assign(this.signal, { aborted: true, reason });
    this.signal.dispatchEvent(new Event('abort'));
  }
}

function queueMicrotask(callback) {
  if (typeof callback !== 'function') throw new TypeError('The "callback" argument must be of type function.');
  watchThen(NativePromise.resolve(), () => callBack(callback, []), undefined);
}
