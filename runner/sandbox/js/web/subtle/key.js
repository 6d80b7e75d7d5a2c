// CryptoKey, and its material, which only the host sees.

const ONLY_HERE = Symbol('only crypto.subtle makes keys');
export let secretOf;

export class CryptoKey {
  #type;
  #extractable;
  #algorithm;
  #usages;
  #secret;

  constructor() {
    const [mark, parts] = arguments;
    if (mark !== ONLY_HERE) throw new TypeError('Illegal constructor');
    const { type, extractable, algorithm, usages, secret } = parts;
    this.#type = type;
    this.#extractable = Boolean(extractable);
    this.#algorithm = algorithm;
    this.#usages = usages;
    this.#secret = secret;
  }

  static {
    // Base64 of the bytes of a secret key, or of the DER of any other.
    secretOf = (key) => key.#secret;
  }

  get type() { return this.#type; }
  get extractable() { return this.#extractable; }
  get algorithm() { return this.#algorithm; }
  get usages() { return this.#usages; }
}

export function makeKey(type, algorithm, extractable, usages, secret) {
  return new CryptoKey(ONLY_HERE, { type, algorithm, extractable, usages, secret });
}
