// crypto.subtle (Web Cryptography API, section 14). The host computes; the keys and the rules for them are here.

import { NativePromise, watchPromise } from '../../host/promises.js';
import { base64Bytes, bytesBase64, utf8Bytes, utf8Text } from '../../lang/bytes.js';
import { parseJson, stringify } from '../../lang/natives.js';
import { DOMException } from '../dom_exception.js';
import { webClass } from '../web_class.js';
import { askedUsages, givenBytes, integer, normalized, supports } from './algorithms.js';
import { host } from './host.js';
import { CryptoKey, secretOf } from './key.js';
import { exportKey, generateKey, importKey, keyLength } from './keys.js';

function checkKey(key, algorithm, usage) {
  if (!(key instanceof CryptoKey)) throw new TypeError('The key is not of type CryptoKey.');
  if (key.algorithm.name !== algorithm.name) throw new DOMException('Key algorithm mismatch', 'InvalidAccessError');
  if (!key.usages.includes(usage)) throw new DOMException(`Unable to use this key to ${usage}`, 'InvalidAccessError');
}

async function runCipher(operation, algorithm, key, data) {
  const { name, hash } = { ...algorithm, ...key.algorithm };
  if (name === 'RSA-OAEP') {
    const label = algorithm.label ?? new Uint8Array(0);
    return base64Bytes(await host(operation, { name, hash, label, key: secretOf(key), data })).buffer;
  }
  const encrypts = operation === 'encrypt';
  const checked = CIPHER_CHECKS[name](algorithm);
  return base64Bytes(await host('cipher', { ...checked, encrypts, key: secretOf(key), data })).buffer;
}

function operationError(text) {
  return new DOMException(text, 'OperationError');
}

const CIPHER_CHECKS = {
  'AES-CBC'(algorithm) {
    if (algorithm.iv.length !== 16) throw operationError('algorithm.iv must contain exactly 16 bytes');
    return algorithm;
  },
  'AES-CTR'(algorithm) {
    if (algorithm.counter.length !== 16) throw operationError('algorithm.counter must contain exactly 16 bytes');
    if (algorithm.length < 1 || algorithm.length > 128) throw operationError('algorithm.length must be between 1 and 128');
    return algorithm;
  },
  'AES-GCM'(algorithm) {
    const { tagLength = 128, additionalData = new Uint8Array(0) } = algorithm;
    if (![32, 64, 96, 104, 112, 120, 128].includes(tagLength)) {
      throw operationError(`${tagLength} is not a valid AES-GCM tag length`);
    }
    return { ...algorithm, tagLength, additionalData };
  },
  'AES-KW': (algorithm) => algorithm,
};

function signingInput(algorithm, key) {
  const { name } = key.algorithm;
  const { name: hash } = key.algorithm.hash ?? algorithm.hash ?? {};
  return { name, hash, saltLength: algorithm.saltLength, key: secretOf(key) };
}

async function runSign(algorithm, key, data) {
  return base64Bytes(await host(algorithm.name === 'HMAC' ? 'hmac' : 'sign', { ...signingInput(algorithm, key), data })).buffer;
}

async function runVerify(algorithm, key, signature, data) {
  const input = { ...signingInput(algorithm, key), data };
  if (algorithm.name !== 'HMAC') return host('verify', { ...input, signature });
  return (await host('hmac', input)) === bytesBase64(signature);
}

async function runDerive(algorithm, key, length) {
  const { name } = algorithm;
  const input = { ...algorithm, key: secretOf(key), length };
  if (algorithm.public) {
    const { type, algorithm: theirs } = algorithm.public;
    if (type !== 'public') throw new DOMException('algorithm.public must be a public key', 'InvalidAccessError');
    if (theirs.name !== name) throw new DOMException(`algorithm.public must be an ${name} key`, 'InvalidAccessError');
    if (theirs.namedCurve !== key.algorithm.namedCurve) throw new DOMException('Named curve mismatch', 'InvalidAccessError');
    return base64Bytes(await host('derive', { ...input, public: secretOf(algorithm.public) })).buffer;
  }
  if (length === null) throw operationError('length cannot be null');
  if (length % 8) throw operationError('length must be a multiple of 8');
  if (algorithm.iterations === 0) throw operationError('iterations cannot be zero');
  return base64Bytes(await host('derive', input)).buffer;
}

function wholeLength(length) {
  return length === null || length === undefined ? null : integer(length, 'length');
}

function keyData(format, data) {
  if (!['raw', 'pkcs8', 'spki', 'jwk'].includes(format)) {
    throw new TypeError(`'${format}' is not a valid enum value of type KeyFormat.`);
  }
  if (format !== 'jwk') return givenBytes(data, 'keyData');
  if (data === null || typeof data !== 'object' || ArrayBuffer.isView(data) || data instanceof ArrayBuffer) {
    throw new TypeError('keyData cannot be converted to a dictionary.');
  }
  return parseJson(stringify(data));
}

const OPERATIONS = {
  async digest(algorithm, data) {
    const { name } = normalized(algorithm, 'digest');
    return base64Bytes(await host('digest', { hash: name, data: givenBytes(data, '2nd argument') })).buffer;
  },
  async encrypt(algorithm, key, data) {
    const full = normalized(algorithm, 'encrypt');
    const copy = givenBytes(data, '3rd argument');
    checkKey(key, full, 'encrypt');
    return runCipher('encrypt', full, key, copy);
  },
  async decrypt(algorithm, key, data) {
    const full = normalized(algorithm, 'decrypt');
    const copy = givenBytes(data, '3rd argument');
    checkKey(key, full, 'decrypt');
    return runCipher('decrypt', full, key, copy);
  },
  async sign(algorithm, key, data) {
    const full = normalized(algorithm, 'sign');
    const copy = givenBytes(data, '3rd argument');
    checkKey(key, full, 'sign');
    return runSign(full, key, copy);
  },
  async verify(algorithm, key, signature, data) {
    const full = normalized(algorithm, 'verify');
    const copies = [givenBytes(signature, '3rd argument'), givenBytes(data, '4th argument')];
    checkKey(key, full, 'verify');
    return runVerify(full, key, ...copies);
  },
  async generateKey(algorithm, extractable, usages) {
    return generateKey(normalized(algorithm, 'generateKey'), extractable, askedUsages(usages));
  },
  async importKey(format, data, algorithm, extractable, usages) {
    const content = keyData(String(format), data);
    return importKey(String(format), content, normalized(algorithm, 'importKey'), extractable, askedUsages(usages));
  },
  async exportKey(format, key) {
    if (!(key instanceof CryptoKey)) throw new TypeError('The key is not of type CryptoKey.');
    return exportKey(String(format), key);
  },
  async deriveBits(algorithm, key, length) {
    const full = normalized(algorithm, 'deriveBits');
    checkKey(key, full, 'deriveBits');
    return runDerive(full, key, wholeLength(length));
  },
  async deriveKey(algorithm, key, derived, extractable, usages) {
    const full = normalized(algorithm, 'deriveBits');
    const wanted = normalized(derived, 'importKey');
    const asked = askedUsages(usages);
    checkKey(key, full, 'deriveKey');
    const bits = await runDerive(full, key, keyLength(normalized(derived, 'getKeyLength')));
    return importKey('raw', new Uint8Array(bits), wanted, extractable, asked);
  },
  async wrapKey(format, key, wrapping, algorithm) {
    const full = normalized(algorithm, supports(algorithm, 'wrapKey') ? 'wrapKey' : 'encrypt');
    checkKey(wrapping, full, 'wrapKey');
    const content = await OPERATIONS.exportKey(format, key);
    const data = format === 'jwk' ? utf8Bytes(stringify(content)) : new Uint8Array(content);
    return runCipher('encrypt', full, wrapping, data);
  },
  async unwrapKey(format, wrapped, unwrapping, algorithm, keyAlgorithm, extractable, usages) {
    const full = normalized(algorithm, supports(algorithm, 'unwrapKey') ? 'unwrapKey' : 'decrypt');
    const wanted = normalized(keyAlgorithm, 'importKey');
    const asked = askedUsages(usages);
    const data = givenBytes(wrapped, '2nd argument');
    checkKey(unwrapping, full, 'unwrapKey');
    const content = new Uint8Array(await runCipher('decrypt', full, unwrapping, data));
    return importKey(String(format), keyData(String(format), format === 'jwk' ? readJson(content) : content), wanted, extractable, asked);
  },
};

function readJson(content) {
  try {
    return parseJson(utf8Text(content));
  } catch {
    throw new DOMException('Invalid wrapped JWK key', 'DataError');
  }
}

class SubtleCrypto {
  constructor() {
    throw new TypeError('Illegal constructor');
  }
}

for (const [name, operation] of Object.entries(OPERATIONS)) {
  const needed = name === 'deriveBits' ? 2 : operation.length;
  const method = { [name](...values) {
    if (values.length >= needed) return watchPromise(operation(...values));
    const text = `Failed to execute '${name}' on 'SubtleCrypto': ${needed} arguments required, but only ${values.length} present.`;
    return watchPromise(NativePromise.reject(new TypeError(text)));
  } }[name];
  Object.defineProperty(method, 'length', { value: needed, configurable: true });
  Object.defineProperty(SubtleCrypto.prototype, name, { value: method, writable: true, configurable: true });
}

webClass(CryptoKey, 'CryptoKey');
webClass(SubtleCrypto, 'SubtleCrypto');
export default { CryptoKey, SubtleCrypto, subtle: Object.create(SubtleCrypto.prototype) };
