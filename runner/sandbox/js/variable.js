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
  constructor({ key, value, type = 'any', disabled = false }) {
    this.key = key;
    this.value = value;
    this.type = type;
    if (disabled) this.disabled = true;
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
    return { ...this };
  }
}
