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

  // Entries by their key, several of the same key in a list.
  get reference() {
    const found = {};
    for (const entry of this.members) {
      const key = this.objectKey(entry);
      if (!key) continue;
      found[key] = this.Type.multiple && Object.hasOwn(found, key) ? [].concat(found[key], [entry]) : entry;
    }
    return found;
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
    if (entry !== undefined && entry !== null) this.insert(this.make(entry));
  }

  append(entry) {
    this.insert(entry);
  }

  prepend(entry) {
    this.insert(entry, this.members[0]);
  }

  // An entry that is in the list already moves.
  insert(entry, before) {
    if (entry === null || typeof entry !== 'object') return;
    const known = this.members.indexOf(entry);
    const made = this.make(entry);
    if (known >= 0) this.members.splice(known, 1);
    const at = before === undefined || before === null ? -1 : this.indexOf(before);
    this.members.splice(at < 0 ? this.members.length : at, 0, made);
  }

  insertAfter(entry, after) {
    this.insert(entry, this.members[this.indexOf(after) + 1]);
  }

  upsert(entry) {
    if (entry === undefined || entry === null) return null;
    const made = this.make(entry);
    const at = this.lastIndex(this.keyOf(made));
    if (at < 0) this.add(entry);
    else this.members[at].update(entry);
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
      (typeof what === 'string' ? this.same(this.keyOf(entry), what) : entry === what));
    if (arguments.length < 2) return matches.length > 0;
    return (this.Type.multiple ? matches : matches.slice(-1)).some((entry) => entry.valueOf() === value);
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

  eachParent(callback, context = this) {
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
    return this.Type.unparse ? this.Type.unparse(this.members) : '[object Object]';
  }

  toJSON() {
    return this.members.map((entry) => entry.toJSON());
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

// The SDK's own `isRequest` and the like know its types by this.
function markType(type, name = type.name) {
  Object.defineProperty(type, '_postman_propertyName', { value: name });
}

// One entry of a list: its own properties are its JSON.
class Property {
  toJSON() {
    const entries = Object.entries(this).filter(([, value]) => value !== undefined);
    return Object.fromEntries(entries.map(([key, value]) => [key, jsonOf(value)]));
  }

  valueOf() {
    return this.value;
  }

  update(changes) {
    Object.assign(this, changes);
  }

  describe(content, type = 'text/plain') {
    this.description = new Description({ content, type });
  }
}

// What `description` holds: a text and its type.
class Description {
  constructor(source) {
    const { content = '', type = 'text/plain' } = typeof source === 'string' ? { content: source } : source || {};
    Object.assign(this, { content: String(content), type });
  }

  toString() {
    return this.content;
  }
}

function jsonOf(value) {
  return value !== null && typeof value === 'object' && typeof value.toJSON === 'function' ? value.toJSON() : value;
}
