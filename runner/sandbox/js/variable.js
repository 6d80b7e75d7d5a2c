// One variable and the casts of its type.

const CASTS = {
  string: (value) => (typeof value === 'string' ? value : castText(value)),
  number: (value) => Number(value),
  boolean: (value) => Boolean(value),
  array: (value) => castParsed(value, Array.isArray),
  object: (value) => castParsed(value, (found) => found !== null && typeof found === 'object' && !Array.isArray(found)),
};

// How a value is kept: as its type has it, but lists and objects as JSON text.
const STORES = { string: CASTS.string, number: CASTS.number, boolean: CASTS.boolean, array: storedJson, object: storedJson };

function storedJson(value) {
  return value !== null && typeof value === 'object' ? stringify(value) : value;
}

function castText(value) {
  return typeof value === 'object' ? stringify(value) : String(value);
}

function castParsed(value, fits) {
  if (fits(value)) return value;
  try {
    const found = parseJson(value);
    return fits(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

class Variable {
  constructor({ key, value, type = 'any', disabled = false, secret }) {
    if (disabled) this.disabled = true;
    this.type = type;
    this.value = value;
    this.key = key;
    if (secret !== undefined) this.secret = secret;
  }

  update({ value, type, disabled, secret } = {}) {
    if (type in CASTS || type === 'any') this.type = type;
    if (value !== undefined) this.set(value);
    if (disabled !== undefined) this.disabled = disabled;
    if (secret !== undefined) this.secret = secret;
  }

  get() {
    const { value } = this;
    if (typeof value === 'function') return value();
    const cast = CASTS[this.type];
    return cast === undefined || value === null || value === undefined ? value : cast(value);
  }

  set(value) {
    const store = STORES[this.type];
    this.value = store === undefined || value === null || value === undefined ? value : store(value);
  }

  valueOf() {
    return this.get();
  }

  toString() {
    const value = this.get();
    return value === undefined ? '' : castText(value);
  }

  toJSON() {
    return Object.fromEntries(Object.entries(this).filter(([, value]) => value !== undefined));
  }

  static isVariable(value) {
    return value instanceof Variable;
  }
}
