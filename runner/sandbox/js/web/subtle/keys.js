// Keys of crypto.subtle: generated, imported and exported.

import { fillRandom } from '../../host/random.js';
import { base64Bytes, bytesBase64 } from '../../lang/bytes.js';
import { DOMException } from '../dom_exception.js';
import { BLOCK_BITS, checkedUsages, USAGES } from './algorithms.js';
import { host } from './host.js';
import { makeKey, secretOf } from './key.js';

// The `algorithm` attribute of a key.
function keyAlgorithm(algorithm, { modulusLength, publicExponent } = {}) {
  const { name, namedCurve } = algorithm;
  if (name.startsWith('RSA')) return { name, modulusLength, publicExponent: base64Bytes(publicExponent), hash: algorithm.hash };
  return namedCurve === undefined ? { name } : { name, namedCurve };
}

function secretAlgorithm(algorithm, length) {
  const { name } = algorithm;
  if (name === 'HMAC') return { name, hash: algorithm.hash, length };
  return name.startsWith('AES') ? { name, length } : { name };
}

// The bits of a generated or derived key of this algorithm; null if any number is allowed.
export function keyLength(algorithm) {
  const { name, length, hash } = algorithm;
  if (name === 'HMAC') {
    if (length === 0) throw new DOMException('Zero-length key is not supported', 'OperationError');
    return length ?? BLOCK_BITS[hash.name];
  }
  if (!name.startsWith('AES')) return null;
  if (![128, 192, 256].includes(length)) throw new DOMException('Invalid key length', 'OperationError');
  return length;
}

export async function generateKey(algorithm, extractable, asked) {
  const { name } = algorithm;
  const kinds = USAGES[name];
  if (kinds.secret) {
    const usages = checkedUsages(name, 'secret', asked);
    const length = keyLength(algorithm);
    const secret = fillRandom(new Uint8Array(Math.ceil(length / 8)));
    return makeKey('secret', secretAlgorithm(algorithm, length), extractable, usages, bytesBase64(secret));
  }
  const wrong = asked.find((usage) => !kinds.private.includes(usage) && !kinds.public.includes(usage));
  if (wrong !== undefined) throw new DOMException(`Unsupported key usage for a ${name} key`, 'SyntaxError');
  const privateUsages = checkedUsages(name, 'private', asked.filter((usage) => kinds.private.includes(usage)));
  const publicUsages = checkedUsages(name, 'public', asked.filter((usage) => kinds.public.includes(usage)));
  const seed = name.startsWith('RSA') ? undefined : fillRandom(new Uint8Array(80));
  const made = await host('generate', { ...algorithm, seed });
  const { modulusLength, publicExponent } = algorithm;
  const full = keyAlgorithm(algorithm, { modulusLength, publicExponent: publicExponent && bytesBase64(publicExponent) });
  return {
    publicKey: makeKey('public', full, true, publicUsages, made.public),
    privateKey: makeKey('private', full, extractable, privateUsages, made.private),
  };
}

export async function importKey(format, data, algorithm, extractable, asked) {
  const { name } = algorithm;
  if (USAGES[name].secret) return importSecret(format, data, algorithm, extractable, asked);
  const formats = name.startsWith('RSA') ? ['jwk', 'pkcs8', 'spki'] : ['jwk', 'pkcs8', 'spki', 'raw'];
  if (!formats.includes(format)) throw unsupportedFormat(format, name);
  const type = format === 'pkcs8' || (format === 'jwk' && data.d !== undefined) ? 'private' : 'public';
  const usages = checkedUsages(name, type, asked);
  if (format === 'jwk') checkJwk(data, algorithm, extractable, asked);
  const found = await host('read', { ...algorithm, format, data });
  return makeKey(type, keyAlgorithm(algorithm, found), extractable, usages, found.key);
}

function importSecret(format, data, algorithm, extractable, asked) {
  const { name } = algorithm;
  const bare = name === 'PBKDF2' || name === 'HKDF';
  if (format !== 'raw' && (bare || format !== 'jwk')) throw unsupportedFormat(format, name);
  const usages = checkedUsages(name, 'secret', asked);
  if (bare && extractable) throw new DOMException(`${name} keys are not extractable`, 'SyntaxError');
  if (format === 'jwk') {
    if (data.kty !== 'oct' || typeof data.k !== 'string') throw new DOMException('Invalid keyData', 'DataError');
    checkJwk(data, algorithm, extractable, asked, base64Bytes(data.k).length * 8);
  }
  const secret = format === 'jwk' ? base64Bytes(data.k) : data;
  const length = secretLength(algorithm, secret.length * 8);
  return makeKey('secret', secretAlgorithm(algorithm, length), extractable, usages, bytesBase64(secret));
}

function secretLength({ name, length }, bits) {
  if (name.startsWith('AES') && ![128, 192, 256].includes(bits)) throw new DOMException('Invalid key length', 'DataError');
  if (name !== 'HMAC') return bits;
  if (bits === 0) throw new DOMException('Zero-length key is not supported', 'DataError');
  if (length !== undefined && (length > bits || length <= bits - 8)) throw new DOMException('Invalid key length', 'DataError');
  return length ?? bits;
}

function unsupportedFormat(format, name) {
  return new DOMException(`Unable to import ${name} key with format ${format}`, 'NotSupportedError');
}

// The attributes of a JWK must match those that it is imported with (RFC 7517, section 4).
function checkJwk(jwk, algorithm, extractable, asked, bits) {
  const wrong = (text) => new DOMException(text, 'DataError');
  const use = ['sign', 'verify'].some((usage) => USAGES[algorithm.name][jwkType(jwk)].includes(usage)) ? 'sig' : 'enc';
  if (asked.length && jwk.use !== undefined && jwk.use !== use) throw wrong('Invalid JWK "use" Parameter');
  if (jwk.key_ops !== undefined && !asked.every((usage) => jwk.key_ops.includes(usage))) {
    throw wrong('Key operations and usage mismatch');
  }
  if (jwk.ext === false && extractable) throw wrong('JWK "ext" Parameter and extractable mismatch');
  if (algorithm.namedCurve !== undefined && jwk.crv !== algorithm.namedCurve) {
    throw wrong('JWK "crv" does not match the requested algorithm');
  }
  const alg = jwkName({ ...algorithm, length: bits });
  if (jwk.alg !== undefined && alg !== undefined && jwk.alg !== alg && !(alg === 'Ed25519' && jwk.alg === 'EdDSA')) {
    throw wrong('JWK "alg" does not match the requested algorithm');
  }
}

function jwkType(jwk) {
  return jwk.kty === 'oct' ? 'secret' : jwk.d === undefined ? 'public' : 'private';
}

// The name of an algorithm in a JWK (RFC 7518, sections 3 and 4).
function jwkName({ name, hash, length }) {
  const number = hash && hash.name.slice(4);
  switch (name) {
    case 'HMAC': return `HS${number}`;
    case 'RSASSA-PKCS1-v1_5': return `RS${number}`;
    case 'RSA-PSS': return `PS${number}`;
    case 'RSA-OAEP': return number === '1' ? 'RSA-OAEP' : `RSA-OAEP-${number}`;
    case 'Ed25519': return name;
    default: return name.startsWith('AES') ? `A${length}${name.slice(4)}` : undefined;
  }
}

export async function exportKey(format, key) {
  if (!key.extractable) throw new DOMException('key is not extractable', 'InvalidAccessError');
  const { type, algorithm, usages } = key;
  const secret = secretOf(key);
  if (format === 'jwk') {
    const members = type === 'secret' ? { kty: 'oct', k: webText(secret) } : await host('write', { format, type, key: secret });
    const alg = jwkName(algorithm);
    return { key_ops: [...usages], ext: true, ...members, ...(alg && { alg }) };
  }
  const wanted = { raw: ['secret', 'public'], pkcs8: ['private'], spki: ['public'] }[format];
  if (!wanted) throw new TypeError(`'${format}' is not a valid enum value of type KeyFormat.`);
  const fits = wanted.includes(type) && !(format === 'raw' && algorithm.name.startsWith('RSA'));
  if (!fits || (type === 'secret' && format !== 'raw')) {
    throw new DOMException(`Unable to export a ${type} ${algorithm.name} key using ${format} format`, 'InvalidAccessError');
  }
  const content = format === 'raw' && type === 'public' ? await host('write', { format, type, key: secret }) : secret;
  return base64Bytes(content).buffer;
}

function webText(base64) {
  return base64.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
}
