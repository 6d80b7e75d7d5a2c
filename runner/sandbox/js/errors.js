// What was thrown, as the host wants it: name, message, and the place in the script's own text.

const FRAME = /\(?([^\s()]+\.js):(\d+):(\d+)\)?/;
const HEAD = '(function(globalThis,$rejected$,arguments){return async()=>{;';

// Name of a script → what was put into its text.
const INSERTS = new Map();

Error.stackTraceLimit = 15;

// An error as JSON has its name and message, as in Postman: of itself it would be `{}`.
Object.defineProperty(Error.prototype, 'toJSON', {
  value: function toJSON() {
    return { type: 'Error', name: this.name, message: this.message };
  },
  writable: true,
  configurable: true,
});

function describeError(error) {
  if (error === null || (typeof error !== 'object' && typeof error !== 'function')) {
    return { name: 'Error', message: textOf(error), stack: '' };
  }
  const stack = readText(error, 'stack');
  const name = readText(error, 'name') || 'Error';
  const message = readText(error, 'message') ?? (error instanceof Error ? '' : inspect(error));
  return { name, message, ...place(stack || ''), stack: userStack(name, message, stack || '') };
}

// A property of an object that the script made: reading it may throw.
function readText(object, key) {
  try {
    const value = object[key];
    return value === undefined || value === null ? undefined : String(value);
  } catch {
    return undefined;
  }
}

function textOf(value) {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

function place(stack) {
  const found = FRAME.exec(stack);
  if (!found) return {};
  const line = Number(found[2]);
  return { line, column: ownColumn(found[1], line, Number(found[3])) };
}

// The column in the script's own text: without the wrapper's head and without what was put in to watch async functions.
function ownColumn(name, line, column) {
  if (line === 1) column -= HEAD.length;
  for (const [row, at, length] of INSERTS.get(name) || []) {
    if (row === line && column > at) column = Math.max(column - length, at);
  }
  return Math.max(column, 1);
}

// Only the script's own lines are of use to its author.
function userStack(name, message, stack) {
  const frames = stack.split('\n').filter((text) => /^\s+at /.test(text) && FRAME.test(text) && !/\(eval at /.test(text));
  const shown = frames.map((text) => text.replace(FRAME, (all, name, line, column) =>
    all.replace(`:${line}:${column}`, `:${line}:${ownColumn(name, Number(line), Number(column))}`)));
  return [message ? `${name}: ${message}` : name, ...shown].join('\n');
}

function logError(error) {
  const { stack } = describeError(error);
  addEvent({ kind: 'console', level: 'error', messages: [stack], text: [quoted(stack)] });
}
