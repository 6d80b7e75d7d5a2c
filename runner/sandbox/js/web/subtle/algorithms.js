// The parameters of crypto.subtle's algorithms, and the usages of their keys (Web Cryptography API, sections 18-36).

import { viewBytes } from '../../lang/bytes.js';
import { DOMException } from '../dom_exception.js';
import { CryptoKey } from './key.js';

export const HASHES = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];
const CURVES = ['P-256', 'P-384', 'P-521'];
export const BLOCK_BITS = { 'SHA-1': 512, 'SHA-256': 512, 'SHA-384': 1024, 'SHA-512': 1024 };

// Each function reads one parameter, or throws.
const hash = (value) => ({ name: normalized(value, 'digest').name });
const bytes = (value, name) => givenBytes(value, name);
export const integer = (value, name) => {
  const number = Math.trunc(Number(value));
  if (!(number >= 0 && number <= 0xffffffff)) throw new TypeError(`${name} is outside the expected range`);
  return number;
};
const curve = (value) => {
  if (!CURVES.includes(String(value))) throw new DOMException('Unrecognized namedCurve', 'NotSupportedError');
  return String(value);
};
const cryptoKey = (value, name) => {
  if (!(value instanceof CryptoKey)) throw new TypeError(`${name} is not of type CryptoKey.`);
  return value;
};
const optional = (read) => Object.assign((value, name) => read(value, name), { optional: true });

function aes(parameters, more) {
  return {
    generateKey: { length: integer }, importKey: {}, getKeyLength: { length: integer }, ...more,
    ...(parameters && { encrypt: parameters, decrypt: parameters }),
  };
}

function rsa(more) {
  return { generateKey: { modulusLength: integer, publicExponent: bytes, hash }, importKey: { hash }, ...more };
}

function elliptic(more) {
  return { generateKey: { namedCurve: curve }, importKey: { namedCurve: curve }, ...more };
}

const HMAC_KEY = { hash, length: optional(integer) };

// Algorithm → operation → its parameters. An algorithm does not support the operations that are missing.
const ALGORITHMS = {
  ...Object.fromEntries(HASHES.map((name) => [name, { digest: {} }])),
  HMAC: { generateKey: HMAC_KEY, importKey: HMAC_KEY, getKeyLength: HMAC_KEY, sign: {}, verify: {} },
  'AES-CBC': aes({ iv: bytes }),
  'AES-CTR': aes({ counter: bytes, length: integer }),
  'AES-GCM': aes({ iv: bytes, additionalData: optional(bytes), tagLength: optional(integer) }),
  'AES-KW': aes(null, { wrapKey: {}, unwrapKey: {} }),
  'RSASSA-PKCS1-v1_5': rsa({ sign: {}, verify: {} }),
  'RSA-PSS': rsa({ sign: { saltLength: integer }, verify: { saltLength: integer } }),
  'RSA-OAEP': rsa({ encrypt: { label: optional(bytes) }, decrypt: { label: optional(bytes) } }),
  ECDSA: elliptic({ sign: { hash }, verify: { hash } }),
  ECDH: elliptic({ deriveBits: { public: cryptoKey } }),
  Ed25519: { generateKey: {}, importKey: {}, sign: {}, verify: {} },
  X25519: { generateKey: {}, importKey: {}, deriveBits: { public: cryptoKey } },
  PBKDF2: { importKey: {}, getKeyLength: {}, deriveBits: { salt: bytes, iterations: integer, hash } },
  HKDF: { importKey: {}, getKeyLength: {}, deriveBits: { hash, salt: bytes, info: bytes } },
};
const BY_LOWER = new Map(Object.keys(ALGORITHMS).map((name) => [name.toLowerCase(), name]));

const CIPHER_USAGES = { secret: ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'] };
const SIGNING_USAGES = { private: ['sign'], public: ['verify'] };
const AGREEING_USAGES = { private: ['deriveKey', 'deriveBits'], public: [] };
const DERIVING_USAGES = { secret: ['deriveKey', 'deriveBits'] };
export const USAGES = {
  HMAC: { secret: ['sign', 'verify'] },
  'AES-CBC': CIPHER_USAGES, 'AES-CTR': CIPHER_USAGES, 'AES-GCM': CIPHER_USAGES, 'AES-KW': { secret: ['wrapKey', 'unwrapKey'] },
  'RSASSA-PKCS1-v1_5': SIGNING_USAGES, 'RSA-PSS': SIGNING_USAGES, ECDSA: SIGNING_USAGES, Ed25519: SIGNING_USAGES,
  'RSA-OAEP': { private: ['decrypt', 'unwrapKey'], public: ['encrypt', 'wrapKey'] },
  ECDH: AGREEING_USAGES, X25519: AGREEING_USAGES, PBKDF2: DERIVING_USAGES, HKDF: DERIVING_USAGES,
};
const ALL_USAGES = ['encrypt', 'decrypt', 'sign', 'verify', 'deriveKey', 'deriveBits', 'wrapKey', 'unwrapKey'];

// The algorithm with a snapshot of the parameters of one operation: bytes are copied.
export function normalized(given, operation) {
  const { name, ...values } = typeof given === 'string' ? { name: given } : algorithmObject(given);
  const known = BY_LOWER.get(String(name).toLowerCase());
  const parameters = known && ALGORITHMS[known][operation];
  if (!parameters) throw new DOMException('Unrecognized algorithm name', 'NotSupportedError');
  const result = { name: known };
  for (const [key, read] of Object.entries(parameters)) {
    if (values[key] !== undefined) result[key] = read(values[key], `algorithm.${key}`);
    else if (!read.optional) throw new TypeError(`'${key}' is required in the parameters of ${known}`);
  }
  return result;
}

function algorithmObject(given) {
  if (given === null || typeof given !== 'object') throw new TypeError('The algorithm must be a string or an object');
  if (given.name === undefined) throw new TypeError("'name' is required in 'Algorithm'");
  const values = { name: given.name };
  for (const key in given) values[key] = given[key];
  return values;
}

export function supports(given, operation) {
  const name = BY_LOWER.get(String(typeof given === 'string' ? given : given?.name).toLowerCase());
  return name !== undefined && Object.hasOwn(ALGORITHMS[name], operation);
}

export function givenBytes(value, name) {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return viewBytes(value).slice();
  throw new TypeError(`${name} is not instance of ArrayBuffer, Buffer, TypedArray, or DataView.`);
}

// The requested usages, each once; throws if this kind of key does not allow one.
export function checkedUsages(name, type, asked) {
  const usages = [...new Set(asked)];
  if (usages.some((usage) => !USAGES[name][type].includes(usage))) {
    throw new DOMException(`Unsupported key usage for a ${name} key`, 'SyntaxError');
  }
  if (!usages.length && type !== 'public') {
    throw new DOMException(`Usages cannot be empty when creating a ${type} key.`, 'SyntaxError');
  }
  return usages;
}

export function askedUsages(given) {
  if (given === null || typeof given !== 'object' || typeof given[Symbol.iterator] !== 'function') {
    throw new TypeError('keyUsages cannot be converted to a sequence.');
  }
  const usages = [...given].map(String);
  const wrong = usages.find((usage) => !ALL_USAGES.includes(usage));
  if (wrong !== undefined) throw new TypeError(`'${wrong}' is not a valid enum value of type KeyUsage.`);
  return usages;
}
