// Web streams: the library's classes, and those built on them (WHATWG Encoding, section 7; Compression, section 5).

import { LIBRARIES } from '../host/libraries.js';
import { part } from '../host/parts.js';
import { NativePromise } from '../host/promises.js';
import { ask } from '../host/run.js';
import { base64Bytes, bytesBase64, utf8Bytes, viewBytes } from '../lang/bytes.js';
import { webClass } from './web_class.js';

const STREAMS = LIBRARIES['web-streams'];
const { ReadableStream, TransformStream } = STREAMS;
const CLASSES = [
  'ReadableStream', 'ReadableStreamDefaultReader', 'ReadableStreamBYOBReader', 'ReadableStreamBYOBRequest',
  'ReadableByteStreamController', 'ReadableStreamDefaultController', 'WritableStream', 'WritableStreamDefaultController',
  'WritableStreamDefaultWriter', 'TransformStream', 'TransformStreamDefaultController', 'ByteLengthQueuingStrategy',
  'CountQueuingStrategy',
];

// A pair of streams around one transformer.
class StreamPair {
  #stream;

  constructor(transformer) {
    this.#stream = new TransformStream(transformer);
  }

  get readable() { return this.#stream.readable; }
  get writable() { return this.#stream.writable; }
}

function isHigh(text) {
  const code = text.charCodeAt(text.length - 1);
  return code >= 0xd800 && code <= 0xdbff;
}

class TextEncoderStream {
  #pair;

  // Half of a surrogate pair waits for its other half.
  constructor() {
    let half = '';
    this.#pair = new StreamPair({
      transform(chunk, controller) {
        let text = half + String(chunk);
        half = isHigh(text) ? text.slice(-1) : '';
        text = half ? text.slice(0, -1) : text;
        if (text) controller.enqueue(utf8Bytes(text));
      },
      flush(controller) {
        if (half) controller.enqueue(utf8Bytes(half));
      },
    });
  }

  get encoding() { return 'utf-8'; }
  get readable() { return this.#pair.readable; }
  get writable() { return this.#pair.writable; }
}

class TextDecoderStream {
  #decoder;
  #pair;

  constructor(label = 'utf-8', options = {}) {
    const { TextDecoder } = part('text');
    const decoder = new TextDecoder(label, options);
    const pass = (text, controller) => { if (text) controller.enqueue(text); };
    this.#decoder = decoder;
    this.#pair = new StreamPair({
      transform: (chunk, controller) => pass(decoder.decode(chunk, { stream: true }), controller),
      flush: (controller) => pass(decoder.decode(), controller),
    });
  }

  get encoding() { return this.#decoder.encoding; }
  get fatal() { return this.#decoder.fatal; }
  get ignoreBOM() { return this.#decoder.ignoreBOM; }
  get readable() { return this.#pair.readable; }
  get writable() { return this.#pair.writable; }
}

const FORMATS = ['deflate', 'deflate-raw', 'gzip'];

// The host compresses and decompresses the whole content when the stream ends.
function packing(operation, format) {
  if (!FORMATS.includes(format)) throw new TypeError(`The argument 'format' must be one of: ${FORMATS.join(', ')}. Received '${format}'`);
  const { Blob } = part('blob');
  const chunks = [];
  return new StreamPair({
    transform(chunk) {
      if (!ArrayBuffer.isView(chunk) && !(chunk instanceof ArrayBuffer)) throw new TypeError('The chunk must be bytes.');
      chunks.push(viewBytes(chunk).slice());
    },
    async flush(controller) {
      const result = await askPack(operation, format, await new Blob(chunks).bytes());
      if (result.length) controller.enqueue(result);
    },
  });
}

function askPack(operation, format, bytes) {
  return new NativePromise((resolve, reject) => {
    ask('pack', { operation, format, data: bytesBase64(bytes) }, (error, answer) => {
      if (error) reject(error);
      else if (answer.wrong) reject(new TypeError(answer.wrong));
      else resolve(base64Bytes(answer.value));
    });
  });
}

class CompressionStream {
  #pair;

  constructor(format) {
    this.#pair = packing('compress', String(format));
  }

  get readable() { return this.#pair.readable; }
  get writable() { return this.#pair.writable; }
}

class DecompressionStream {
  #pair;

  constructor(format) {
    this.#pair = packing('decompress', String(format));
  }

  get readable() { return this.#pair.readable; }
  get writable() { return this.#pair.writable; }
}

// The library is minified, so its classes need their names back.
for (const name of CLASSES) Object.defineProperty(STREAMS[name], 'name', { value: name, configurable: true });
const OWN = { TextEncoderStream, TextDecoderStream, CompressionStream, DecompressionStream };
for (const [name, type] of Object.entries(OWN)) webClass(type, name);
export default { ...Object.fromEntries(CLASSES.map((name) => [name, STREAMS[name]])), ...OWN };
