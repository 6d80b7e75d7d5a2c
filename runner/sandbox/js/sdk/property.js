// The base of everything in a request or response of the collection SDK.

import { showAsJson } from '../host/inspect.js';
import { randomUuid } from '../host/random.js';
import { $find } from '../lang/primordials.js';
import { replaceIn, TOKEN } from './substitute.js';

// Names a class as the SDK does: its `isRequest` and the like recognise types by `_postman_propertyName`. Members are
// enumerable as there, because deep comparisons see that.
export function sdkType(type, { name = `Postman${type.name}`, own = type.name, index, ignoresCase, multiple } = {}) {
  Object.defineProperty(type, 'name', { value: name });
  for (const [key, value] of Object.entries({
    _postman_propertyName: own, _postman_propertyIndexKey: index, _postman_propertyIndexCaseInsensitive: ignoresCase,
    _postman_propertyAllowsMultipleValues: multiple,
  })) if (value !== undefined) Object.defineProperty(type, key, { value, enumerable: true });
  for (const owner of [type, type.prototype]) {
    for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
      if (typeof value === 'function' && key !== 'constructor') Object.defineProperty(owner, key, { enumerable: true });
    }
  }
  Object.defineProperty(type, 'super_', { value: Object.getPrototypeOf(type) });
}

// Whether a value is of this SDK type, either ours or the library's.
export function isOfType(value, type) {
  if (!value) return false;
  for (let made = $find(value, 'constructor'); made; made = made.super_) if (made._postman_propertyName === type) return true;
  return false;
}

export const isObject = (value) => value !== null && (typeof value === 'object' || typeof value === 'function');
export const ownHas = (value, key) => value !== null && value !== undefined && Object.hasOwn(Object(value), key);

export function hiddenParent(value, parent) {
  Object.defineProperty(value, '__parent', { value: parent, writable: true, configurable: true });
}

// Copies only defined values.
export function assignDefined(target, values) {
  for (const [key, value] of Object.entries(values)) if (value !== undefined) target[key] = value;
  return target;
}

// A member created at its first use; a script may replace it.
export function lazyMember(target, name, make, replaced) {
  const keep = (value) => Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: true });
  Object.defineProperty(target, name, {
    configurable: true,
    enumerable: true,
    get() {
      const value = make();
      keep(value);
      return value;
    },
    set(value) {
      if (replaced) replaced();
      keep(value);
    },
  });
}

// A copy of plain values; objects with a `toJSON` are copied as their JSON.
function plainCopy(value, known = new Map()) {
  if (value === null || typeof value !== 'object') return value;
  if (typeof $find(value, 'toJSON') === 'function') return value.toJSON();
  if (known.has(value)) return known.get(value);
  const copy = Array.isArray(value) ? [] : {};
  known.set(value, copy);
  for (const [key, entry] of Object.entries(value)) copy[key] = plainCopy(entry, known);
  return copy;
}

// Lists have plural names here and singular ones in files: `headers`, `header`.
export function propertyJson(property) {
  const result = {};
  for (const [name, value] of Object.entries(property ?? {})) {
    if (value === undefined) continue;
    const key = value && value._postman_propertyIsList && name.endsWith('s') ? name.slice(0, -1) : name;
    if (value && typeof $find(value, 'toJSON') === 'function') result[key] = value.toJSON();
    else result[key] = typeof value === 'function' ? {} : plainCopy(value);
  }
  return result;
}

export class PropertyBase {
  constructor(definition) {
    if (!definition || typeof definition === 'string') return;
    const meta = Object.entries(definition.info || definition).filter(([key, value]) => PropertyBase.propertyIsMeta(value, key));
    if (meta.length) this._ = Object.fromEntries(meta.map(([key, value]) => [PropertyBase.propertyUnprefixMeta(value, key), value]));
  }

  // Visits the owners above except the root, which `withRoot` includes.
  forEachParent(options, iterator) {
    if (typeof options === 'function') [options, iterator] = [{}, options];
    if (typeof iterator !== 'function' || !isObject(options)) return;
    const above = (owner) => owner && typeof owner.parent === 'function' && owner.parent();
    let parent = this.parent();
    let next = above(parent);
    while (parent && (next || options.withRoot)) {
      iterator(parent);
      [parent, next] = [next, above(next)];
    }
  }

  findInParents(property, customizer) {
    const owner = this.findParentContaining(property, customizer);
    return owner ? owner[property] : undefined;
  }

  findParentContaining(property, customizer) {
    const fits = customizer ? customizer.bind(this) : (owner) => owner[property];
    for (let owner = this; owner; owner = owner.__parent) if (fits(owner)) return owner;
    return undefined;
  }

  toJSON() {
    return propertyJson(this);
  }

  // The members of the definition whose names begin with an underscore.
  meta(...names) {
    if (!names.length) return plainCopy(this._);
    return Object.fromEntries(names.flat().filter((name) => ownHas(this._, name)).map((name) => [name, this._[name]]));
  }

  // For an entry of a list, the list's owner.
  parent() {
    const parent = this.__parent;
    return (parent && parent._postman_propertyIsList && parent.__parent) || parent || undefined;
  }

  setParent(parent) {
    hiddenParent(this, parent);
  }

  static propertyIsMeta(value, key) {
    return key.startsWith('_') && key !== '_';
  }

  static propertyUnprefixMeta(value, key) {
    return key.replace(/^_+/, '');
  }

  static toJSON(property) {
    return propertyJson(property);
  }
}

export class Property extends PropertyBase {
  constructor(definition) {
    super(definition);
    const source = (definition && definition.info) || definition;
    const id = (source && source.id) || (this._ && this._.postman_id);
    if (id) this.id = id;
    else if (this._postman_propertyRequiresId) lazyMember(this, 'id', randomUuid);
    if (source && source.name) this.name = source.name;
    if (ownHas(definition, 'disabled')) this.disabled = Boolean(definition.disabled);
    if (ownHas(source, 'description')) this.description = new Description(source.description);
  }

  describe(content, type) {
    if (!Description.isDescription(this.description)) this.description = new Description();
    this.description.update(content, type);
  }

  // Uses the variables of `scope`, or of the nearest owner that has any; `overrides` is a list of further values.
  toObjectResolved(scope, overrides, options) {
    const reference = this.toJSON();
    if (Array.isArray(reference.variable)) delete reference.variable;
    if (options && options.ignoreOwnVariables) return Property.replaceSubstitutionsIn(reference, overrides);
    let owner = scope || this;
    while (owner && !owner.variables) owner = owner.__parent;
    if (!owner) {
      throw Error('Unable to resolve variables. Require a List type property for variable auto resolution.');
    }
    return owner.variables.substitute(reference, overrides);
  }

  findSubstitutions() {
    return Property.findSubstitutions(this.toJSON());
  }

  static replaceSubstitutions(text, ...sources) {
    return text && typeof text === 'string' ? replaceFrom(text, sources.flat()) : text;
  }

  static replaceSubstitutionsIn(value, sources) {
    return value && typeof value === 'object' ? replaceFrom(value, sources) : value;
  }

  // The names between {{ and }}, each once.
  static findSubstitutions(value) {
    const names = new Set();
    const seen = new Set();
    const look = (part) => {
      if (typeof part === 'string') for (const [, name] of part.matchAll(TOKEN)) names.add(name);
      if (part === null || typeof part !== 'object' || seen.has(part)) return;
      seen.add(part);
      Object.values(part).forEach(look);
    };
    look(value);
    return [...names];
  }
}

// Sources are lists of variables and plain objects; the first one that has a name wins.
function replaceFrom(template, sources = []) {
  const find = (key) => {
    for (const source of sources) {
      if (!isObject(source)) continue;
      if (isOfType(source, 'VariableList')) {
        const variable = source.oneNormalizedVariable(key);
        if (variable && !variable.disabled) return variable;
      } else if (ownHas(source, key)) {
        return source[key];
      }
    }
    return undefined;
  };
  const value = (key) => {
    const found = find(key);
    const made = typeof found === 'function' ? found() : found;
    return made && typeof made.toString === 'function' ? made.toString() : made;
  };
  return replaceIn(template, value, (key) => ['string', 'number', 'boolean'].includes(typeof value(key)));
}

// The value of `description`: a text and its type.
export class Description {
  constructor(definition) {
    if (definition) this.update(typeof definition === 'string' ? { content: definition, type: 'text/plain' } : definition);
  }

  update(content, type) {
    if (isObject(content)) ({ content, type } = content);
    Object.assign(this, { content, type: type || 'text/plain' });
  }

  toString() {
    return this.content || '';
  }

  toJSON() {
    return { content: this.content, type: this.type };
  }

  static isDescription(value) {
    return isOfType(value, 'Description');
  }
}

sdkType(PropertyBase);
sdkType(Property);
showAsJson(Property);
sdkType(Description, { name: 'PostmanPropertyDescription' });
