// The lists of the collection SDK: headers, query parameters, form parameters, cookies and variables.

import { showAsJson } from '../host/inspect.js';
import { $find } from '../lang/primordials.js';
import { hiddenParent, isObject, isOfType, ownHas, PropertyBase, propertyJson, sdkType } from './property.js';

export class PropertyList extends PropertyBase {
  constructor(type, parent, entries) {
    super();
    this.setParent(parent);
    Object.assign(this, { members: [], reference: {}, Type: type });
    for (const key of ['IndexKey', 'IndexCaseInsensitive', 'AllowsMultipleValues']) {
      if (ownHas(type, `_postman_property${key}`)) this[`_postman_list${key}`] = type[`_postman_property${key}`];
    }
    if (entries) this.populate(entries);
  }

  // An entry belongs to one list; an entry that is already in the list is moved.
  insert(item, before) {
    if (!isObject(item)) return;
    const owner = item.__parent;
    const known = owner === this ? this.indexOf(item) : -1;
    if (owner !== this && PropertyList.isPropertyList(owner)) owner.remove(item);
    hiddenParent(item, this);
    if (known > -1) this.members.splice(known, 1);
    const at = before ? this.indexOf(before) : -1;
    this.members.splice(at > -1 ? at : this.members.length, 0, item);
    addReference(this, item);
  }

  insertAfter(item, after) {
    return this.insert(item, this.idx(this.indexOf(after) + 1));
  }

  append(item) {
    return this.insert(item);
  }

  prepend(item) {
    return this.insert(item, this.idx(0));
  }

  add(item, ...more) {
    if (item === null || item === undefined || Number.isNaN(item)) return;
    if ($find(item, 'constructor') === this.Type) this.insert(item);
    else this.insert(ownHas(this.Type, 'create') ? this.Type.create(item, ...more) : new this.Type(item));
  }

  // Returns true for a new entry, false if it changed an existing one.
  upsert(item) {
    if (item === null || item === undefined || Number.isNaN(item)) return null;
    const existing = this.one(item[this._postman_listIndexKey]);
    if (!existing) {
      this.add(item);
      return true;
    }
    if (typeof existing.update !== 'function') {
      throw new Error('collection: unable to upsert into a list of Type that does not support .update()');
    }
    existing.update(item);
    return false;
  }

  remove(predicate, context) {
    const goes = removal(this, predicate);
    if (!goes) return;
    const gone = new Set(this.members.filter((item, at) => goes.call(context || this, item, at, this.members)));
    let left = 0;
    for (const item of this.members) if (!gone.has(item)) this.members[left++] = item;
    this.members.length = left;
    for (const item of gone) {
      dropReference(this, item);
      delete item.__parent;
    }
  }

  clear() {
    for (const item of this.all()) delete item.__parent;
    this.members.length = 0;
    for (const key of Object.keys(this.reference)) delete this.reference[key];
  }

  populate(items) {
    const entries = typeof items === 'string' && typeof this.Type.parse === 'function' ? this.Type.parse(items) : items;
    const named = isPlainObject(entries) && ownHas(this.Type, 'create');
    eachOf(Array.isArray(entries) || named ? entries : [entries], (item, key) => this.add(item, key));
  }

  repopulate(items) {
    this.clear();
    this.populate(items);
  }

  assimilate(source, prune) {
    const members = PropertyList.isPropertyList(source) ? source.members : source;
    const indexer = this._postman_listIndexKey;
    if (!Array.isArray(members)) return;
    const entries = members.filter((item) => item && ownHas(item, indexer));
    for (const item of entries) this.upsert(item);
    if (!prune) return;
    const kept = new Set(entries.map((item) => String(item[indexer])));
    for (const key of Object.keys(this.reference)) if (!kept.has(key)) this.remove(key);
  }

  all() {
    return [...this.members];
  }

  // The last entry with this key.
  one(id) {
    const found = this.reference[this._postman_listIndexCaseInsensitive ? String(id).toLowerCase() : id];
    return this._postman_listAllowsMultipleValues && Array.isArray(found) ? found[found.length - 1] : found;
  }

  get(key) {
    const member = this.one(key);
    return member ? member.valueOf() : undefined;
  }

  // Stops when the function returns false.
  each(iterator, context) {
    eachOf(this.members, typeof iterator === 'function' ? iterator.bind(context || this.__parent) : iteratee(iterator));
  }

  filter(rule, context) {
    return this.members.filter(bound(rule, context));
  }

  find(rule, context) {
    return this.members.find(bound(rule, context));
  }

  map(iterator, context) {
    return this.members.map(bound(iterator, context || this));
  }

  reduce(iterator, accumulator, context) {
    const step = iterator.bind(context || this);
    return arguments.length < 2 ? this.members.reduce(step) : this.members.reduce(step, accumulator);
  }

  count() {
    return this.members.length;
  }

  idx(index) {
    return this.members[index];
  }

  indexOf(item) {
    return this.members.indexOf(typeof item === 'string' ? this.one(item) : item);
  }

  has(item, value) {
    const found = typeof item !== 'string' ? this.members.filter((member) => member === item)
      : this.reference[this._postman_listIndexCaseInsensitive ? item.toLowerCase() : item];
    if (!found) return false;
    if (arguments.length === 1) return !Array.isArray(found) || found.length > 0;
    if (this._postman_listAllowsMultipleValues && Array.isArray(found)) return found.some((one) => one.valueOf() === value);
    return found.valueOf() === value;
  }

  eachParent(iterator, context) {
    if (typeof iterator !== 'function') return;
    let before;
    for (let parent = this.__parent; parent; parent = parent.__parent) {
      iterator.call(context || this, parent, before);
      before = parent;
    }
  }

  toObject(excludeDisabled, caseSensitive, multiValue, sanitizeKeys) {
    const result = {};
    const name = this._postman_listIndexKey;
    for (const member of this.members) {
      if (!member || !ownHas(member, name) || (excludeDisabled && member.disabled)) continue;
      if ((this._postman_sanitizeKeys || sanitizeKeys) && !member[name]) continue;
      const key = this._postman_listIndexCaseInsensitive && !caseSensitive ? String(member[name]).toLowerCase() : member[name];
      if ((this._postman_listAllowsMultipleValues || multiValue) && ownHas(result, key)) {
        if (!Array.isArray(result[key])) result[key] = [result[key]];
        result[key].push(member.valueOf());
      } else {
        result[key] = member.valueOf();
      }
    }
    return result;
  }

  toString() {
    return this.Type.unparse ? this.Type.unparse(this.members) : '[object Object]';
  }

  toJSON() {
    return this.members.map((member) =>
      (isObject(member) && typeof $find(member, 'toJSON') === 'function' && Object.keys(member).length ? member.toJSON() : propertyJson(member)));
  }

  static isPropertyList(value) {
    return isOfType(value, 'PropertyList');
  }
}
Object.assign(PropertyList.prototype, {
  _postman_propertyIsList: true, _postman_listIndexKey: 'id', _postman_listIndexCaseInsensitive: false,
  _postman_listAllowsMultipleValues: false,
});

// `reference` maps keys to entries; several entries with the same key form a list if the type allows it.
function referenceKey(list, item) {
  const key = item[list._postman_listIndexKey];
  if (!key) return '';
  return list._postman_listIndexCaseInsensitive ? String(key).toLowerCase() : String(key);
}

export function addReference(list, item) {
  const key = referenceKey(list, item);
  if (!key) return;
  const { reference } = list;
  if (!list._postman_listAllowsMultipleValues || !Object.hasOwn(reference, key)) reference[key] = item;
  else if (Array.isArray(reference[key])) reference[key].push(item);
  else reference[key] = [reference[key], item];
}

function dropReference(list, item) {
  const key = referenceKey(list, item);
  const known = key && list.reference[key];
  if (!list._postman_listAllowsMultipleValues || !Array.isArray(known)) {
    if (key) delete list.reference[key];
    return;
  }
  const left = known.filter((one) => one !== item);
  if (left.length > 1) list.reference[key] = left;
  else if (left.length) [list.reference[key]] = left;
  else delete list.reference[key];
}

// The argument of `remove`: a key, an entry or a function; anything else removes nothing.
function removal(list, predicate) {
  const ignoresCase = list._postman_listIndexCaseInsensitive;
  if (typeof predicate === 'string') {
    const wanted = ignoresCase ? predicate.toLowerCase() : predicate;
    return (item) => (ignoresCase ? item[list._postman_listIndexKey].toLowerCase() : item[list._postman_listIndexKey]) === wanted;
  }
  if (predicate instanceof list.Type) return (item) => item === predicate;
  return typeof predicate === 'function' ? predicate : null;
}

function isPlainObject(value) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

// Stops when the function returns false.
function eachOf(entries, visit) {
  for (const [key, entry] of Object.entries(entries)) {
    if (visit(entry, Array.isArray(entries) ? Number(key) : key, entries) === false) return;
  }
}

// A predicate as lodash reads it: a function, a property's name, a pair of name and value, or an object of required values.
function iteratee(rule) {
  if (typeof rule === 'function') return rule;
  if (rule === undefined || rule === null) return (entry) => entry;
  if (Array.isArray(rule)) return (entry) => hasValues(entry, { [rule[0]]: rule[1] });
  return typeof rule === 'object' ? (entry) => hasValues(entry, rule) : (entry) => entry[rule];
}

function bound(rule, context) {
  return typeof rule === 'function' && isObject(context) ? rule.bind(context) : iteratee(rule);
}

function hasValues(entry, values) {
  return Object.entries(values).every(([key, value]) => {
    if (!isObject(entry) || !(key in entry)) return false;
    return isObject(value) && isObject(entry[key]) ? hasValues(entry[key], value) : Object.is(entry[key], value);
  });
}

sdkType(PropertyList);
showAsJson(PropertyList);
