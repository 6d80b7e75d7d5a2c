// The scopes on their way into a script and back. The host keeps the scopes; `held` has the same rows as JSON values, from
// which each script gets its own scopes. When it ends, the host receives the variables that it set or unset, as JSON of their
// values at that moment (as in Postman); the local scope is sent back whole, `undefined` included.

import { failScript } from '../host/errors.js';
import { run, runs } from '../host/run.js';
import { parseJson, stringify, textOf } from '../lang/natives.js';
import { jsonValue } from '../lang/plain.js';
import { addReference } from '../sdk/lists.js';
import { hiddenParent } from '../sdk/property.js';
import { listOf, trackerOf, VariableScope } from '../sdk/scopes.js';
import { Variable, VariableList } from '../sdk/variable.js';

const SCOPE_NAMES = ['local', 'data', 'environment', 'collection', 'globals'];
const TRACKED = ['environment', 'collection', 'globals'];

// A row is [key, value, type, disabled], optionally followed by an object with its marks.
class HeldScope {
  constructor(name, rows = []) {
    Object.assign(this, { name, rows, id: null, crossesAsSet: TRACKED.includes(name) });
  }

  with(rows) {
    return Object.assign(new HeldScope(this.name, rows), { id: this.id });
  }

  // The host's rule: `set` changes the last enabled row of a name, `unset` removes all enabled ones.
  changed(changes) {
    const rows = [...this.rows];
    const places = new Map();
    rows.forEach(([key, , , disabled], at) => {
      if (!disabled) places.set(key, [...(places.get(key) || []), at]);
    });
    for (const { operation, key, value, secret } of changes) {
      const known = places.get(key);
      if (operation === 'unset') {
        for (const at of known || []) rows[at] = null;
        places.delete(key);
      } else if (known) {
        const [, , type, , before = {}] = rows[known.at(-1)];
        rows[known.at(-1)] = rowWith(key, value, type, false, { secret: secret ?? before.secret });
      } else {
        places.set(key, [rows.push(rowWith(key, value, 'any', false, { secret })) - 1]);
      }
    }
    return this.with(rows.filter(Boolean));
  }
}

export let held = Object.fromEntries(SCOPE_NAMES.map((name) => [name, new HeldScope(name)]));

function rowWith(key, value, type, disabled, more) {
  const known = Object.entries(more).filter(([, mark]) => mark !== undefined);
  return [key, value, type, disabled, ...(known.length ? [Object.fromEntries(known)] : [])];
}

export function loadScopes(scopes) {
  for (const [name, rows] of Object.entries(scopes || {})) held = { ...held, [name]: held[name].with(rows) };
}

// The scopes of a script, with what is held when it begins. Each is built at its first use: most scripts use only one.
export class ScriptScopes {
  #held = held;
  #names;
  #made = { __proto__: null };

  constructor(environmentName) {
    this.#names = { __proto__: null, environment: environmentName, globals: 'globals' };
  }

  get local() {
    if (this.#made.local) return this.#made.local;
    const scope = this.#scope('local');
    for (const name of SCOPE_NAMES) if (name !== 'local') scope.addLayer(this[name]);
    return scope;
  }

  get data() {
    return this.#scope('data');
  }

  get environment() {
    return this.#scope('environment');
  }

  get collection() {
    return this.#scope('collection');
  }

  get globals() {
    return this.#scope('globals');
  }

  // Undefined if the script never used the scope.
  made(name) {
    return this.#made[name];
  }

  #scope(name) {
    if (this.#made[name]) return this.#made[name];
    const { [name]: from } = this.#held;
    const scope = new VariableScope(from, { name: this.#names[name], make: (owner) => openList(owner, from.rows) });
    if (name !== 'data') scope.enableTracking({ autoCompact: true });
    this.#made[name] = scope;
    return scope;
  }
}

// The rows that a list of variables began with, and the copies of their lists and objects.
const beginnings = new WeakMap();
const firstCopies = new WeakMap();

function openList(scope, rows) {
  const list = new VariableList(scope);
  for (const row of rows) {
    const variable = variableOf(row);
    hiddenParent(variable, list);
    list.members.push(variable);
    addReference(list, variable);
  }
  beginnings.set(list, new Map(list.members.map((variable, at) => [variable, rows[at]])));
  return list;
}

// Lists and objects are copied when a script first reads them, so that it only changes its own copy.
function variableOf(row) {
  const [key, value, type, disabled, { undefined: absent, ...more } = {}] = row;
  if (type === 'any' && !disabled && row.length === 4 && (value === null || typeof value !== 'object')) return plainVariable(key, value);
  const variable = new Variable({ key, type, ...(absent ? {} : { value }), ...(disabled ? { disabled } : {}), ...more });
  if (variable.value === null || typeof variable.value !== 'object') return variable;
  const keep = (own) => Object.defineProperty(variable, 'value', { value: own, writable: true, enumerable: true, configurable: true });
  let copy;
  const first = () => (copy ??= parseJson(stringify(value)));
  firstCopies.set(variable, first);
  Object.defineProperty(variable, 'value', { get: () => keep(first()).value, set: keep, enumerable: true, configurable: true });
  return variable;
}

// The values that a scope began with, by name.
export function beginningOf(scope) {
  const found = {};
  for (const [variable, row] of beginnings.get(listOf(scope) || scope.values) || []) {
    const first = firstCopies.get(variable) || (() => variableOf(row).valueOf());
    found[row[0]] = first();
  }
  return found;
}

// The conversion by the constructor, which most variables do not need.
function plainVariable(key, value) {
  const variable = Object.create(Variable.prototype);
  variable.type = 'any';
  variable.value = typeof value === 'number' ? value + 0 : value;
  variable.source = undefined;
  variable.key = key;
  return variable;
}

// The row of a variable: its original row if nothing has changed. Functions and symbols become what Postman makes of them,
// which differs for the local scope.
function rowOf(variable, before) {
  const looked = !Object.getOwnPropertyDescriptor(variable, 'value').get;
  const { key, disabled = false } = variable;
  const type = typeof variable.type === 'string' ? variable.type : 'any';
  const secret = typeof variable.secret === 'boolean' ? variable.secret : undefined;
  const found = looked ? variable.value : before[1];
  const value = typeof found === 'symbol' ? undefined : found;
  const crossed = typeof value === 'function' ? {} : looked ? jsonValue(value) : value;
  const row = rowWith(textOf(key ?? null), crossed, type, Boolean(disabled), { undefined: value === undefined || undefined, secret });
  const same = before && (looked && typeof crossed === 'object' ? stringify(row) === stringify(before) : sameMarks(row, before));
  return same ? before : row;
}

function sameMarks([key, value, type, disabled, more], before) {
  return before[0] === key && before[1] === value && before[2] === type && before[3] === disabled && more === before[4];
}

function sameRows(rows, others) {
  return rows === others || (rows.length === others.length && rows.every((row, at) => row === others[at]));
}

// The current rows of a script's scope: the original list if nothing has changed.
function liveRows(name) {
  const scope = run.scopes.made(name);
  const list = scope && listOf(scope);
  const before = run.held[name].rows;
  if (!list) return before;
  const rows = [];
  const began = beginnings.get(list) || new Map();
  for (const variable of list.members) crossing(variable.key, () => rows.push(rowOf(variable, began.get(variable))));
  return sameRows(rows, before) ? before : rows;
}

// A value that cannot be written as JSON is an error of the script and is not sent back.
function crossing(key, take) {
  try {
    take();
  } catch (error) {
    const message = `the value of "${String(key)}" cannot leave the script: ${textOf(error instanceof Error ? error.message : error)}`;
    failScript(error instanceof Error ? Object.assign(error, { message }) : new Error(message));
  }
}

function trackedChanges(scope) {
  const changes = [];
  if (scope === undefined) return changes;
  for (const [named, value, marks] of Object.values(trackerOf(scope).compacted).filter(Array.isArray)) {
    const key = textOf(named ?? null);
    const secret = typeof marks?.secret === 'boolean' ? { secret: marks.secret } : {};
    if (marks === undefined) changes.push({ operation: 'unset', key });
    else crossing(key, () => changes.push({ operation: 'set', key, value: jsonValue(value), ...secret }));
  }
  return changes;
}

// Before a script runs another request, which must see the current state of all scopes.
export function shareScopes() {
  run.shared = true;
  for (const name of ['local', ...TRACKED]) assignScope(name, liveRows(name));
}

function assignScope(name, rows) {
  if (sameRows(rows, held[name].rows)) return;
  held = { ...held, [name]: held[name].with(rows) };
  run.changes.push({ scope: name, operation: 'assign', rows });
}

// When a script ends. Its own values replace those that a request which it ran left in the scopes.
export function takeScopeChanges() {
  if (run.crossed || !run.scopes) return;
  run.crossed = true;
  const caller = [...runs.values()].findLast((other) => other !== run && other.scopes);
  for (const name of TRACKED) {
    const changes = trackedChanges(run.scopes.made(name));
    if (run.shared) assignScope(name, run.held[name].changed(changes).rows);
    else if (changes.length) {
      held = { ...held, [name]: held[name].changed(changes) };
      run.changes.push(...changes.map((change) => ({ scope: name, ...change })));
    }
    if (caller) tellCaller(caller, name, changes);
  }
  if (caller) tellCaller(caller, 'local', trackedChanges(run.scopes.made('local')));
  assignScope('local', liveRows('local'));
}

// The script that ran this script's request takes over its changes as its own.
function tellCaller(caller, name, changes) {
  for (const { operation, key, value, secret } of changes) {
    caller.scopes[name].applyMutation(operation, key, value, secret === undefined ? {} : { secret });
  }
}
