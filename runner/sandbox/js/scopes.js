// Variable scopes. They live as long as this process; the host sends one only when it changed outside, and every change
// a script makes goes back to the host as an operation.

class VariableScope {
  #rows = [];
  #enabled = new Map();
  #seen = new Map();
  #loaded = null;
  #id = null;

  // `scope` is the host's word; `name` is the environment's own once one is loaded.
  constructor(scope, keeps) {
    Object.defineProperties(this, { name: { value: scope, writable: true }, scope: { value: scope }, keeps: { value: keeps } });
  }

  get id() {
    return (this.#id ??= CRYPTO.randomUUID());
  }

  set id(id) {
    this.#id = id;
  }

  get values() {
    return new VariableList(this, this.#rows);
  }

  // Replaces everything, without telling the host.
  load(rows) {
    this.#rows = rows.map(([key, value, type, disabled]) => new Variable({ key, value, type, disabled }));
    this.#enabled = new Map(this.#rows.filter((row) => !row.disabled).map((row) => [row.key, row]));
    this.#seen.clear();
    this.#loaded = this.keeps ? null : rows;
  }

  // What a script did to a scope that does not keep it is undone for the next one.
  restore() {
    if (this.#loaded) this.load(this.#loaded);
  }

  // An object that a script got may be changed in place: its text is compared when the script's changes are taken.
  get(key) {
    const row = this.#enabled.get(String(key));
    if (row === undefined) return undefined;
    const value = row.get();
    if (value !== null && typeof value === 'object' && !this.#seen.has(row)) this.#seen.set(row, safeJson(row.value));
    return value;
  }

  has(key) {
    return this.#enabled.has(String(key));
  }

  set(key, value, options) {
    if (key === undefined || key === null || run.sealed) return;
    const { type, secret } = options !== null && typeof options === 'object' ? options : { type: options };
    const known = type === 'any' || Object.hasOwn(CASTS, type) ? type : undefined;
    key = String(key);
    let row = this.#enabled.get(key);
    if (row === undefined) {
      row = new Variable({ key, type: known });
      this.#rows.push(row);
      this.#enabled.set(key, row);
    } else if (known) {
      row.type = known;
    }
    if (typeof secret === 'boolean') row.secret = secret;
    row.set(value);
    this.#record('set', row);
  }

  unset(key) {
    key = String(key);
    if (run.sealed || !this.#enabled.delete(key)) return;
    this.#rows = this.#rows.filter((row) => row.key !== key || row.disabled);
    this.#record('unset', { key });
  }

  clear() {
    if (run.sealed) return;
    const loaded = this.#loaded;
    this.load([]);
    this.#loaded = loaded;
    this.#record('clear', {});
  }

  toObject(excludeDisabled) {
    const rows = excludeDisabled ? this.#rows.filter((row) => !row.disabled) : this.#rows;
    return Object.fromEntries(rows.map((row) => [row.key, row.get()]));
  }

  variables() {
    throw new Error('`VariableScope#variables` has been discontinued, use `VariableScope#syncVariablesTo` instead.');
  }

  replaceIn(template) {
    return replaceIn(template, (key) => (this.has(key) ? this.get(key) : undefined), (key) => this.has(key));
  }

  syncVariablesTo(target = {}) {
    for (const key of Object.keys(target)) delete target[key];
    return Object.assign(target, this.toObject());
  }

  // With `track` it says what it did.
  syncVariablesFrom(source, track) {
    const done = { created: [], updated: [], deleted: [] };
    for (const key of Object.keys(this.toObject())) {
      if (key in source) continue;
      this.unset(key);
      done.deleted.push(key);
    }
    for (const [key, value] of Object.entries(source)) {
      done[this.has(key) ? 'updated' : 'created'].push(key);
      if (this.get(key) !== value) this.set(key, value);
    }
    return track ? done : undefined;
  }

  toJSON() {
    return { name: this.name, values: this.#rows.map((row) => ({ ...row })) };
  }

  takeChanged() {
    for (const [row, before] of this.#seen) {
      if (this.#enabled.get(row.key) === row && safeJson(row.value) !== before) this.#record('set', row);
    }
    this.#seen.clear();
  }

  #record(operation, row) {
    if (this.keeps) run.changes.push({ scope: this.scope, operation, row });
  }
}

function safeJson(value) {
  try {
    return stringify(value);
  } catch {
    return undefined;
  }
}

const SCOPES = {
  local: new VariableScope('local', true),
  data: new VariableScope('data', false),
  environment: new VariableScope('environment', true),
  collection: new VariableScope('collection', true),
  globals: new VariableScope('globals', true),
};
const LAYERS = [SCOPES.local, SCOPES.data, SCOPES.environment, SCOPES.collection, SCOPES.globals];

// pm.variables: reads walk all layers, writes go to the local one.
class LayeredScope {
  get name() {
    return 'local';
  }

  get values() {
    return SCOPES.local.values;
  }

  get(key) {
    const layer = LAYERS.find((scope) => scope.has(key));
    return layer && layer.get(key);
  }

  has(key) {
    return LAYERS.some((scope) => scope.has(key));
  }

  set(key, value, options) {
    SCOPES.local.set(key, value, options);
  }

  unset(key) {
    SCOPES.local.unset(key);
  }

  clear() {
    SCOPES.local.clear();
  }

  toObject() {
    return Object.assign({}, ...[...LAYERS].reverse().map((scope) => scope.toObject()));
  }

  replaceIn(template) {
    return replaceIn(template, (key) => this.get(key), (key) => this.has(key));
  }

  toJSON() {
    return SCOPES.local.toJSON();
  }
}

const LAYERED = new LayeredScope();

function loadScopes(scopes) {
  for (const [name, rows] of Object.entries(scopes)) SCOPES[name].load(rows);
}

// Objects that were changed in place.
function takeScopeChanges() {
  for (const scope of LAYERS) scope.takeChanged();
}

// What the host must do to its own scopes. A value that JSON has no text for is left out: the host stores null, and null is
// what later scripts find (Postman hands the scopes from script to script as JSON).
function takeChanges() {
  if (run.idle && !run.sealed) takeScopeChanges();
  const changes = run.changes.map(({ scope, operation, row }) => {
    const value = plainValue(row.value);
    if (value === undefined && operation === 'set') run.withoutText.push(row);
    return { scope, operation, key: row.key, type: row.type, value };
  });
  run.changes = [];
  if (run.idle) for (const row of run.withoutText) row.value = plainValue(row.value) ?? null;
  return changes;
}

function plainValue(value) {
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))) return String(value);
  if (value === null || typeof value !== 'object') return value;
  const text = safeJson(value);
  return text === undefined ? inspect(value) : parseJson(text);
}
