// A script's variable scopes, with its own live values. snapshots.js moves values between these and the host.

import { randomUuid } from '../host/random.js';
import { MutationTracker } from './mutations.js';
import { Property } from './property.js';
import { replaceIn } from './substitute.js';
import { VariableList, variableText } from './variable.js';

// The list of a scope's variables; null if the script has never used the scope.
export let listOf;
// The tracker of a scope's changes.
export let trackerOf;
// Whether an undefined variable becomes null when the script is over.
let becomesNull;

export class VariableScope extends Property {
  #make;
  #list = null;
  #layers = [];
  #tracks = false;
  #tracker = null;
  #held;

  // `make` creates the list of variables at its first use; `held` has the rows that the host keeps.
  constructor(held, { name, make = () => new VariableList(this) } = {}) {
    super();
    if (name !== undefined) this.name = name;
    this.#held = held;
    this.#make = make;
  }

  get id() {
    return (this.#held.id ??= randomUuid());
  }

  set id(id) {
    this.#held.id = id;
  }

  get values() {
    return (this.#list ??= this.#make(this));
  }

  set values(list) {
    this.#list = list;
  }

  // The effective variable of this name, and its scope.
  #find(key) {
    const name = `${this.prefix || ''}${key}`;
    for (const owner of [this, ...this.#layers]) {
      const variable = owner.values.oneNormalizedVariable(name);
      if (variable && variable.disabled !== true) return { variable, owner };
    }
    return undefined;
  }

  get(key) {
    return this.#find(key)?.variable.valueOf();
  }

  has(key) {
    return this.#find(key) !== undefined;
  }

  // A disabled variable is left alone: a new one is added.
  set(key, value, options) {
    const { type, secret } = typeof options === 'string' ? { type: options } : options || {};
    const change = { key: `${this.prefix || ''}${key}`, value };
    const marks = typeof secret === 'boolean' ? { secret } : {};
    if (typeof type === 'string') change.type = type;
    Object.assign(change, marks);
    const known = this.values.oneNormalizedVariable(change.key);
    if (known && !known.disabled) known.update(change);
    else this.values.add(change);
    if (this.#tracks) this.#tracker.track('set', key, value, marks);
  }

  unset(key) {
    const name = `${this.prefix || ''}${key}`;
    const { members, reference } = this.values;
    this.values.remove((variable) => variable.key === name && !variable.disabled);
    const disabled = members.findLast((variable) => variable.key === name);
    if (disabled) reference[name] = disabled;
    if (this.#tracks) this.#tracker.track('unset', key);
  }

  clear() {
    if (this.#tracks) for (const { key } of this.values.members) this.#tracker.track('unset', key);
    this.values.clear();
  }

  toObject(excludeDisabled, caseSensitive) {
    const lists = [...this.#layers].reverse().map((layer) => layer.values);
    return Object.assign({}, ...[...lists, this.values].map((list) => list.toObject(excludeDisabled, caseSensitive)));
  }

  variables() {
    throw new Error('`VariableScope#variables` has been discontinued, use `VariableScope#syncVariablesTo` instead.');
  }

  // Called without its scope it knows only the dynamic variables.
  replaceIn(template) {
    const find = this instanceof VariableScope ? (key) => this.#find(key) : () => undefined;
    const text = ({ variable, owner }) => variableText(variable, becomesNull(owner, variable.key) ? 'null' : '');
    return replaceIn(template, (key) => text(find(key)), (key) => find(key) !== undefined);
  }

  enableTracking(options) {
    if (this.#tracks) return;
    this.#tracks = true;
    this.#tracker = new MutationTracker(options);
    this.mutations = this.#tracker;
  }

  disableTracking() {
    this.#tracks = false;
  }

  applyMutation(instruction, key, value, marks) {
    if (instruction === 'set') this.set(key, value, marks);
    else if (instruction === 'unset') this.unset(key);
  }

  syncVariablesFrom(source, track) {
    return this.values.syncFromObject(source, track);
  }

  syncVariablesTo(target) {
    return this.values.syncToObject(target);
  }

  // Adds a list of variables or a scope as a layer: it is searched after this scope and the earlier layers.
  addLayer(layer) {
    if (VariableScope.isVariableScope(layer)) this.#layers.push(layer);
    else if (VariableList.isVariableList(layer)) this.#layers.push({ values: layer });
  }

  toJSON() {
    const { id, name, values, mutations } = this;
    return Object.fromEntries(Object.entries({ id, name, values: values.toJSON(), mutations: mutations?.toJSON() })
      .filter(([, value]) => value !== undefined));
  }

  static isVariableScope(value) {
    return value instanceof VariableScope;
  }

  static {
    listOf = (scope) => scope.#list;
    trackerOf = (scope) => scope.#tracker;
    becomesNull = (owner, key) => owner instanceof VariableScope && owner.#held.crossesAsSet && Object.hasOwn(owner.#tracker.compacted, key);
  }
}
