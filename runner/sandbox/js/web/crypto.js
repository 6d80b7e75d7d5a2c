// crypto without `subtle`.

import { part } from '../host/parts.js';
import { fillRandom, randomUuid } from '../host/random.js';
import { viewBytes } from '../lang/bytes.js';
import { DOMException } from './dom_exception.js';
import { webClass } from './web_class.js';

export class Crypto {
  constructor() {
    throw new TypeError('Illegal constructor');
  }

  get subtle() {
    return part('subtle').subtle;
  }

  getRandomValues(array) {
    if (!ArrayBuffer.isView(array) || array instanceof DataView || /^Float/.test(array.constructor.name)) {
      throw new DOMException('The data argument must be an integer-type TypedArray', 'TypeMismatchError');
    }
    if (array.byteLength > 65536) {
      throw new DOMException(`The requested length exceeds 65,536 bytes: ${array.byteLength}`, 'QuotaExceededError');
    }
    fillRandom(viewBytes(array));
    return array;
  }

  randomUUID() {
    return randomUuid();
  }
}

export const CRYPTO = Object.create(webClass(Crypto, 'Crypto').prototype);
