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
  return value !== null && typeof value === 'object' ? textForm(jsonValue(value)) : String(value);
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

class Variable extends Property {
  constructor({ key, value, type = 'any', disabled = false, secret }) {
    super();
    if (disabled) this.disabled = true;
    this.type = Object.hasOwn(CASTS, type) ? type : 'any';
    this.value = undefined;
    this.set(value);
    this.key = key;
    if (secret !== undefined) this.secret = secret;
  }

  update(changes = {}) {
    const { value, type, disabled, secret } = changes;
    if (Object.hasOwn(CASTS, type) || type === 'any') this.type = type;
    if ('value' in changes) this.set(value);
    if (disabled !== undefined) this.disabled = disabled;
    if (secret !== undefined) this.secret = secret;
  }

  get() {
    const { value } = this;
    if (typeof value === 'function') return value();
    const cast = CASTS[this.type];
    return cast === undefined || value === undefined ? value : cast(value);
  }

  set(value) {
    const store = STORES[this.type];
    this.value = store === undefined || value === undefined ? value : store(value);
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

class VariableList extends PropertyList {
  constructor(parent, entries = []) {
    super(Variable, entries, parent);
  }

  oneNormalizedVariable(name) {
    const found = this.members.findLast((variable) => variable.key === name && !variable.disabled);
    return found || this.members.findLast((variable) => variable.key === name);
  }

  syncFromObject(source, track, prune) {
    const done = { created: [], updated: [], deleted: [] };
    for (const [key, value] of Object.entries(source)) {
      done[this.has(key) ? 'updated' : 'created'].push(key);
      this.upsert({ key, value });
    }
    for (const key of prune === false ? [] : Object.keys(this.reference)) {
      if (Object.hasOwn(source, key)) continue;
      this.remove(key);
      done.deleted.push(key);
    }
    return track ? done : undefined;
  }

  syncToObject(target = {}) {
    for (const key of Object.keys(target)) delete target[key];
    return Object.assign(target, this.toObject());
  }

  static isVariableList(value) {
    return value instanceof VariableList;
  }
}
