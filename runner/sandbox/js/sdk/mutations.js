// The changes of a scope: the last one for each name, as `[key, value, { secret }]`, or `[key]` if it was unset.

export class MutationTracker {
  constructor({ autoCompact = false, stream = [], compacted = {} } = {}) {
    Object.assign(this, { autoCompact: Boolean(autoCompact), stream, compacted });
  }

  track(instruction, ...change) {
    if (instruction === 'set' || instruction === 'unset') this.addMutation(change);
  }

  addMutation(change) {
    if (!change || change.length > 3) return;
    if (this.autoCompact) this.addAndCompact(change);
    else this.stream.push(change);
  }

  // Any string may be a name, even `__proto__`.
  addAndCompact(change) {
    Object.defineProperty(this.compacted, String(change[0]), {
      value: change, writable: true, enumerable: true, configurable: true,
    });
  }

  compact() {
    this.stream.forEach((change) => this.addAndCompact(change));
    this.stream = [];
  }

  count() {
    return this.stream.length + Object.keys(this.compacted).length;
  }

  applyOn(target) {
    if (!target || typeof target.applyMutation !== 'function') return;
    for (const change of [...Object.values(this.compacted), ...this.stream]) {
      target.applyMutation(change.length > 1 ? 'set' : 'unset', ...change);
    }
  }

  toJSON() {
    return { autoCompact: this.autoCompact, stream: this.stream, compacted: this.compacted };
  }
}
