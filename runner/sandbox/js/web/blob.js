// Blob and File (File API). A blob keeps its bytes; a slice of it shares them.

import { part } from '../host/parts.js';
import { NativePromise, watchPromise } from '../host/promises.js';
import { utf8Bytes, utf8Text, viewBytes } from '../lang/bytes.js';
import { now } from '../lang/natives.js';
import { webClass } from './web_class.js';

let bytesOf;

class Blob {
  #bytes;
  #type;

  constructor(parts = [], options = {}) {
    if (parts === null || typeof parts !== 'object' || typeof parts[Symbol.iterator] !== 'function') {
      throw new TypeError('The "sources" argument must be an instance of a sequence.');
    }
    const { type = '', endings = 'transparent' } = options ?? {};
    if (endings !== 'transparent' && endings !== 'native') {
      throw new TypeError(`The "endings" option must be 'transparent' or 'native'. Received ${endings}`);
    }
    this.#bytes = joinedParts([...parts], endings);
    this.#type = mediaType(type);
  }

  static {
    bytesOf = (blob) => blob.#bytes;
  }

  get size() { return this.#bytes.length; }
  get type() { return this.#type; }

  slice(start = 0, end = this.size, type = '') {
    const part = new Blob([], { type });
    part.#bytes = this.#bytes.subarray(whole(start), whole(end));
    return part;
  }

  text() {
    return later(() => utf8Text(this.#bytes).replace(/^\uFEFF/, ''));
  }

  arrayBuffer() {
    return later(() => this.#bytes.slice().buffer);
  }

  bytes() {
    return later(() => this.#bytes.slice());
  }

  stream() {
    const bytes = this.#bytes;
    const { ReadableStream } = part('streams');
    let at = 0;
    return new ReadableStream({
      type: 'bytes',
      pull(controller) {
        if (at >= bytes.length) {
          controller.close();
          controller.byobRequest?.respond(0);
          return;
        }
        controller.enqueue(bytes.slice(at, at + CHUNK));
        at += CHUNK;
      },
    });
  }
}

const CHUNK = 65536;

class File extends Blob {
  #name;
  #lastModified;

  constructor(parts, name, options = {}) {
    if (arguments.length < 2) throw new TypeError('The "fileBits" and "fileName" arguments must be specified');
    super(parts, options);
    const { lastModified } = options ?? {};
    this.#name = String(name).toWellFormed();
    this.#lastModified = lastModified === undefined ? now() : Math.trunc(Number(lastModified)) || 0;
  }

  get name() { return this.#name; }
  get lastModified() { return this.#lastModified; }
}

function whole(number) {
  return Math.trunc(Number(number)) || 0;
}

function mediaType(type) {
  const text = String(type);
  return /[^\x20-\x7e]/.test(text) ? '' : text.toLowerCase();
}

function joinedParts(parts, endings) {
  const all = parts.map((one) => {
    if (one instanceof Blob) return bytesOf(one);
    if (ArrayBuffer.isView(one) || one instanceof ArrayBuffer) return viewBytes(one);
    const text = String(one);
    return utf8Bytes(endings === 'native' ? text.replace(/\r\n?|\n/g, '\n') : text);
  });
  const bytes = new Uint8Array(all.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of all) {
    bytes.set(one, at);
    at += one.length;
  }
  return bytes;
}

function later(read) {
  return watchPromise(new NativePromise((resolve) => { resolve(read()); }));
}

export default { Blob: webClass(Blob, 'Blob'), File: webClass(File, 'File') };
