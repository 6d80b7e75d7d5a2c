// One variable, and lists of them.

import { parseJson, stringify } from '../lang/natives.js';
import { jsonValue } from '../lang/plain.js';
import { PropertyList } from './lists.js';
import { isObject, isOfType, ownHas, Property, sdkType } from './property.js';

function castJson(value, fits) {
  try {
    const found = parseJson(value);
    return fits(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

// Lists and objects are kept as JSON text.
function storeJson(value) {
  if (typeof value === 'string') return value;
  try {
    return stringify(value);
  } catch {
    return 'null';
  }
}

const isRecord = (value) => value instanceof Object && !Array.isArray(value);
const asItIs = (value) => value;
const CASTS = {
  string: String, boolean: Boolean, number: Number,
  array: { in: storeJson, out: (value) => castJson(value, Array.isArray) },
  object: { in: storeJson, out: (value) => castJson(value, isRecord) },
  any: { in: asItIs, out: asItIs },
};

export class Variable extends Property {
  constructor(definition) {
    super(definition);
    Object.assign(this, { type: 'any', value: undefined, source: undefined });
    if (definition === undefined || definition === null) return;
    if (ownHas(definition, 'key')) this.key = definition.key;
    this.update(definition);
  }

  get() {
    return this.castOut(typeof this.value === 'function' ? this.value() : this.value);
  }

  set(value) {
    this.value = typeof value === 'function' ? value : this.castIn(value);
  }

  valueOf(...value) {
    if (value.length) this.set(value[0]);
    return this.get();
  }

  toString() {
    const value = this.valueOf();
    if (value === null) return 'null';
    return value !== undefined && typeof value.toString === 'function' ? value.toString() : '';
  }

  cast(value) {
    return this.castOut(value);
  }

  castIn(value) {
    const handler = Variable.types[this.type] || Variable.types.any;
    return typeof handler === 'function' ? handler(value) : handler.in(value);
  }

  castOut(value) {
    const handler = Variable.types[this.type] || Variable.types.any;
    return typeof handler === 'function' ? handler(value) : handler.out(value);
  }

  // The value is converted to the new type.
  valueType(name, withoutCast) {
    const type = name === undefined || name === null ? name : String(name).toLowerCase();
    if (!Variable.types[type]) return this.type || 'any';
    this.type = type;
    if (!withoutCast && typeof this.value !== 'function') this.set(this.get());
    return this.type;
  }

  update(options) {
    if (!isObject(options)) return;
    if (ownHas(options, 'type')) this.valueType(options.type, ownHas(options, 'value'));
    if (ownHas(options, 'value')) this.set(options.value);
    for (const name of ['system', 'secret', 'disabled']) if (ownHas(options, name)) this[name] = options[name];
    if (ownHas(options, 'description')) this.describe(options.description);
    if (ownHas(options, 'source')) this.source = options.source;
  }

  static isVariable(value) {
    return isOfType(value, 'Variable');
  }
}
Variable.types = CASTS;
sdkType(Variable, { index: 'key' });

export class VariableList extends PropertyList {
  constructor(parent, entries) {
    super(Variable, parent, entries);
  }

  replace(text, overrides) {
    return Property.replaceSubstitutions(text, this, overrides);
  }

  // The variables of all owners above are included, the nearest first.
  substitute(value, overrides) {
    const sources = [this];
    for (let owner = this.__parent; owner; owner = owner.__parent) if (owner.variables) sources.push(owner.variables);
    return Property.replaceSubstitutionsIn(value, [...new Set([...sources, ...(Array.isArray(overrides) ? overrides : [])])]);
  }

  // Removes what is not in the object unless `prune` is false; with `track` it returns the changes.
  syncFromObject(source, track, prune) {
    const done = track && { created: [], updated: [], deleted: [] };
    if (!isObject(source)) return done;
    const index = this._postman_listIndexKey;
    for (const [key, value] of Object.entries(source)) {
      const known = this.has(key);
      if (known) this.one(key).set(value);
      else this.add({ value, [index]: key });
      if (done) done[known ? 'updated' : 'created'].push(key);
    }
    if (prune === false) return done;
    for (const key of Object.keys(this.reference)) {
      if (ownHas(source, key)) continue;
      this.remove(key);
      if (done) done.deleted.push(key);
    }
    return done;
  }

  syncToObject(target) {
    const result = isObject(target) ? target : {};
    for (const key of Object.keys(result)) if (!ownHas(this.reference, key)) delete result[key];
    for (const variable of this.members) result[variable.key] = variable.valueOf();
    return result;
  }

  // The last enabled variable of this name, otherwise a disabled one.
  oneNormalizedVariable(name) {
    const known = ownHas(this.reference, name) ? this.reference[name] : undefined;
    if (name !== '' && !(known && known.disabled)) return known;
    const index = this._postman_listIndexKey;
    return this.members.findLast((variable) => variable[index] === name && !variable.disabled) || known;
  }

  static isVariableList(value) {
    return isOfType(value, 'VariableList');
  }
}
sdkType(VariableList);

// A variable's text in replacements, as in the request that is sent after the script.
export function variableText(variable, ofUndefined) {
  const value = variable.valueOf();
  if (value === undefined) return variable.value === undefined ? ofUndefined : '';
  if (typeof value === 'number' && variable.type === 'number') return String(value);
  return textForm(jsonValue(value));
}

// A list of scalars is joined; a list that contains lists or objects is written as JSON, like an object.
function textForm(value) {
  if (value === null || typeof value !== 'object') return String(value);
  const scalars = Array.isArray(value) && value.every((entry) => entry === null || typeof entry !== 'object');
  return scalars ? value.join(',') : stringify(value);
}
