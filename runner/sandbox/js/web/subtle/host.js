// The operations of crypto.subtle that the host computes.

import { NativePromise } from '../../host/promises.js';
import { ask } from '../../host/run.js';
import { bytesBase64 } from '../../lang/bytes.js';
import { DOMException } from '../dom_exception.js';
import { HASHES } from './algorithms.js';

// Asks the host for one operation. Bytes are sent as base64.
export function host(operation, given) {
  const plain = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, sendable(value)]));
  return new NativePromise((resolve, reject) => {
    ask('subtle', { operation, given: plain }, (error, answer) => {
      if (error) reject(error);
      else if (answer.wrong) reject(new DOMException(answer.message, answer.wrong));
      else resolve(answer.value);
    });
  });
}

function sendable(value) {
  if (value instanceof Uint8Array) return bytesBase64(value);
  return value !== null && typeof value === 'object' && HASHES.includes(value.name) ? value.name : value;
}
