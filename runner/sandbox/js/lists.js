// The lists of the collection SDK: headers, query parameters, form parameters, cookies and variables.

class PropertyList {
  constructor(type, members = [], parent = undefined) {
    Object.defineProperties(this, {
      Type: { value: type, configurable: true },
      members: { value: [], writable: true },
      parent: { value: parent, writable: true },
    });
    this.populate(members);
  }

  make(entry) {
    return entry instanceof this.Type ? entry : new this.Type(entry);
  }

  same(a, b) {
    return this.Type.ignoresCase ? String(a).toLowerCase() === String(b).toLowerCase() : a === b;
  }

  keyOf(entry) {
    return entry[this.Type.index || 'key'];
  }

  add(entry) {
    if (entry !== undefined && entry !== null) this.members.push(this.make(entry));
  }

  append(entry) {
    this.add(entry);
  }

  prepend(entry) {
    if (entry !== undefined && entry !== null) this.members.unshift(this.make(entry));
  }

  insert(entry, before) {
    const at = this.indexOf(before);
    this.members.splice(at < 0 ? this.members.length : at, 0, this.make(entry));
  }

  insertAfter(entry, after) {
    const at = this.indexOf(after);
    this.members.splice(at < 0 ? this.members.length : at + 1, 0, this.make(entry));
  }

  upsert(entry) {
    if (entry === undefined || entry === null) return null;
    const made = this.make(entry);
    const at = this.lastIndex(this.keyOf(made));
    if (at < 0) this.members.push(made);
    else Object.assign(this.members[at], made);
    return at < 0;
  }

  remove(what, context) {
    const gone = typeof what === 'function' ? (entry) => what.call(context, entry)
      : typeof what === 'object' && what !== null ? (entry) => entry === what
        : (entry) => this.same(this.keyOf(entry), what);
    this.members = this.members.filter((entry) => !gone(entry));
  }

  clear() {
    this.members = [];
  }

  populate(entries) {
    for (const entry of this.entriesOf(entries)) this.add(entry);
  }

  entriesOf(entries) {
    if (entries instanceof PropertyList) return entries.members;
    if (Array.isArray(entries)) return entries;
    if (typeof entries === 'string') return this.Type.parse ? this.Type.parse(entries) : [entries];
    if (entries === null || typeof entries !== 'object') return [];
    return Object.entries(entries).map(([key, value]) => ({ [this.Type.index || 'key']: key, value }));
  }

  repopulate(entries) {
    this.clear();
    this.populate(entries);
  }

  assimilate(source, prune) {
    const entries = this.entriesOf(source).map((entry) => this.make(entry));
    entries.forEach((entry) => this.upsert(entry));
    if (prune) this.remove((entry) => !entries.some((other) => this.same(this.keyOf(other), this.keyOf(entry))));
  }

  lastIndex(key) {
    for (let at = this.members.length - 1; at >= 0; at--) if (this.same(this.keyOf(this.members[at]), key)) return at;
    return -1;
  }

  one(key) {
    return this.members[this.lastIndex(key)];
  }

  get(key) {
    const found = this.one(key);
    return found === undefined ? undefined : found.valueOf();
  }

  has(what, value) {
    const matches = this.members.filter((entry) =>
      (what !== null && typeof what === 'object' ? entry === what : this.same(this.keyOf(entry), what)));
    return arguments.length < 2 ? matches.length > 0 : matches.some((entry) => entry.valueOf() === value);
  }

  all() {
    return [...this.members];
  }

  each(callback, context) {
    this.members.slice().forEach(callback, context);
  }

  filter(wanted, context) {
    return this.members.filter(matcher(wanted), context);
  }

  find(wanted, context) {
    return this.members.find(matcher(wanted), context);
  }

  map(callback, context) {
    return this.members.map(callback, context);
  }

  reduce(callback, start) {
    return this.members.reduce(callback, start);
  }

  count() {
    return this.members.length;
  }

  idx(at) {
    return this.members[at];
  }

  indexOf(what) {
    return typeof what === 'string' ? this.lastIndex(what) : this.members.indexOf(what);
  }

  eachParent(callback, context) {
    if (this.parent) callback.call(context, this.parent);
  }

  toObject(excludeDisabled, caseSensitive, multiValue, sanitizeKeys) {
    const result = {};
    for (const entry of this.members) {
      const key = this.objectKey(entry, caseSensitive);
      if ((excludeDisabled && entry.disabled) || (sanitizeKeys && !key)) continue;
      const value = entry.valueOf();
      const several = (multiValue || this.Type.multiple) && Object.hasOwn(result, key);
      if (several) result[key] = [].concat(result[key], [value]);
      else result[key] = value;
    }
    return result;
  }

  objectKey(entry, caseSensitive) {
    const key = this.keyOf(entry);
    return this.Type.ignoresCase && !caseSensitive ? String(key).toLowerCase() : key;
  }

  toString() {
    const shown = this.members.filter((entry) => !entry.disabled);
    return this.Type.unparse ? this.Type.unparse(shown) : shown.map(String).join(this.Type.separator || ',');
  }

  toJSON() {
    return this.members.map((entry) => entry.toJSON());
  }

  [Symbol.iterator]() {
    return this.members[Symbol.iterator]();
  }

  static isPropertyList(value) {
    return value instanceof PropertyList;
  }
}

// A function, or an object whose values an entry must have.
function matcher(wanted) {
  if (typeof wanted === 'function') return wanted;
  return (entry) => Object.entries(wanted).every(([key, value]) => entry[key] === value);
}

// The SDK's constructors have these names, and messages show them.
function nameType(type, name) {
  Object.defineProperty(type, 'name', { value: name });
}

// One entry of a list: its own properties are its JSON.
class Property {
  toJSON() {
    return Object.fromEntries(Object.entries(this).map(([key, value]) => [key, jsonOf(value)]));
  }

  valueOf() {
    return this.value;
  }

  update(changes) {
    Object.assign(this, changes);
  }
}

function jsonOf(value) {
  return value !== null && typeof value === 'object' && typeof value.toJSON === 'function' ? value.toJSON() : value;
}

// The variables of a scope as a list: what is done to it is done to the scope.
class VariableList extends PropertyList {
  constructor(scope, rows) {
    super(Variable, [], scope);
    this.members = rows;
  }

  add({ key, value, type }) {
    this.parent.set(key, value, type);
  }

  upsert(entry) {
    this.add(entry);
  }

  remove(what) {
    this.parent.unset(typeof what === 'object' ? what.key : what);
  }

  clear() {
    this.parent.clear();
  }
}
