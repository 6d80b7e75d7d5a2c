// Names whose first use evaluates the part of the world that defines them.

import { part } from '../host/parts.js';
import { G } from '../lang/natives.js';

const LAZY = {
  url: ['URL', 'URLSearchParams'],
  text: ['TextEncoder', 'TextDecoder'],
  events: ['Event', 'EventTarget', 'AbortSignal', 'AbortController'],
  blob: ['Blob', 'File'],
  streams: [
    'ReadableStream', 'ReadableStreamDefaultReader', 'ReadableStreamBYOBReader', 'ReadableStreamBYOBRequest',
    'ReadableByteStreamController', 'ReadableStreamDefaultController', 'WritableStream', 'WritableStreamDefaultController',
    'WritableStreamDefaultWriter', 'TransformStream', 'TransformStreamDefaultController', 'ByteLengthQueuingStrategy',
    'CountQueuingStrategy', 'TextEncoderStream', 'TextDecoderStream', 'CompressionStream', 'DecompressionStream',
  ],
  subtle: ['CryptoKey', 'SubtleCrypto'],
};

export function installParts() {
  for (const [name, offers] of Object.entries(LAZY)) {
    for (const offer of offers) {
      const keep = (value) => Object.defineProperty(G, offer, { value, writable: true, configurable: true, enumerable: false });
      Object.defineProperty(G, offer, {
        configurable: true,
        get: () => {
          const value = part(name)[offer];
          keep(value);
          return value;
        },
        set: keep,
      });
    }
  }
}
