// What was thrown, as the host wants it: name, message, and the place in the script's own text.

import { errorParts } from './error_parts.js';
import { quoted, shown } from './inspect.js';
import { addEvent, run } from './run.js';

Error.stackTraceLimit = 15;

// An error as JSON has its name and message, as in Postman: of itself it would be `{}`.
Object.defineProperty(Error.prototype, 'toJSON', {
  value: function toJSON() {
    return { type: 'Error', name: this.name, message: this.message };
  },
  writable: true,
  configurable: true,
});

export function describeError(error) {
  return errorParts(error, shown);
}

function logError(error) {
  const { stack } = describeError(error);
  addEvent({ kind: 'console', level: 'error', messages: [stack], text: [quoted(stack)] });
}

// The first error of a script is its result; further ones are shown on the console so that none is lost.
export function failScript(error) {
  if (run.sealed) return;
  if (run.error === null) run.error = describeError(error);
  else logError(error);
}
