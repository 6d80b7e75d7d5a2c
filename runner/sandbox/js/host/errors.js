// Exceptions in the host's form: name, message, and the place in the script's own text.

import { errorParts } from './error_parts.js';
import { quoted, shown } from './inspect.js';
import { addEvent, run } from './run.js';

Error.stackTraceLimit = 15;

// Gives errors a JSON form with name and message, as in Postman; by default it is `{}`.
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

// The first error of a script becomes its result; further ones are printed on the console, so that none is lost.
export function failScript(error) {
  if (run.sealed) return;
  if (run.error === null) run.error = describeError(error);
  else logError(error);
}
