// The scripts under way, and their messages and questions to the host.

import { Timers } from './timer_queue.js';

// The scripts under way, by number: one may run another request of the collection, whose scripts run meanwhile.
export const runs = new Map();
export let run = null;
let lastId = 0;

export class Run {
  constructor(message) {
    this.message = message;
    this.events = [];
    this.asks = [];
    this.jobs = [];
    this.waits = new Map();
    this.timers = new Timers();
    this.due = [];
    this.aloneUntil = 0;
    this.openTests = new Map();
    this.testIndex = 0;
    this.changes = [];
    this.scopes = null;
    this.held = null;
    this.shared = false;
    this.crossed = false;
    this.rejections = new Map();
    this.thrown = new Map();
    this.settled = false;
    this.sealed = false;
    this.error = null;
    this.answer = {};
    this.request = null;
    this.tests = null;
    this.pinned = null;
    this.file = '';
    this.copies = { __proto__: null };
    this.pm = null;
    this.wrong = '';
    this.deprecated = new Set();
    this.modules = new Map();
  }

  get idle() {
    return this.sealed || (this.settled && !this.openTests.size && !this.waits.size && !this.timers.holding);
  }
}

export function enter(next) {
  run = next;
}

export function nextId() {
  return ++lastId;
}

// Asks the host for something; `then(error, value)` is called with its answer.
export function ask(kind, content, then) {
  if (run.sealed) return;
  const id = String(nextId());
  run.asks.push({ kind, id, ...content });
  run.waits.set(id, then);
}

export function addEvent(event) {
  if (!run.sealed) run.events.push(event);
}

export function isThenable(value) {
  return value !== null && (typeof value === 'object' || typeof value === 'function') && typeof value.then === 'function';
}
