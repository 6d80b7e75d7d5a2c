// The parts of an error: name, message, and the places in scripts where it was thrown.

import { textOf } from '../lang/natives.js';
import { $nameOf } from '../lang/primordials.js';
import { ownColumn } from './async.js';
import { run } from './run.js';

const LOCATION = /^\(?(\S+\.js):(\d{1,9}):(\d{1,9})\)?$/;

// A property of a script's object: reading it may throw.
function readText(object, key) {
  try {
    const value = key === 'name' ? $nameOf(object) : object[key];
    return value === undefined || value === null ? undefined : String(value);
  } catch {
    return undefined;
  }
}

// The lines of places at the end of a stack; everything before them is the message, whatever it looks like.
function framesOf(stack, message) {
  const after = stack.indexOf(': ') + 2;
  const least = message && stack.startsWith(message, after) ? after + message.length : 0;
  const frames = [];
  for (let end = stack.length; end > least;) {
    const start = stack.lastIndexOf('\n', end - 1) + 1;
    if (start < least || !stack.startsWith('    at ', start)) break;
    frames.push(stack.slice(start, end));
    end = start - 1;
  }
  return frames.reverse();
}

// The frames in scripts and packages, with columns that count in their own texts.
function ownFrames(stack, message) {
  return framesOf(stack, message).flatMap((line) => {
    const text = line.slice(line.lastIndexOf(' ') + 1);
    const found = LOCATION.exec(text);
    if (!found) return [];
    const file = found[1];
    const row = Number(found[2]);
    const column = ownColumn(file, row, Number(found[3]));
    const shown = line.slice(0, -text.length) + text.replace(/:\d+:\d+(?=\)?$)/, `:${row}:${column}`);
    return [{ file, line: row, column, shown }];
  });
}

// An exception while an error is read (its getters, the stack limit) must not lose the error.
export function errorParts(error, otherwise = textOf) {
  try {
    return described(error, otherwise);
  } catch {
    return { name: 'Error', message: 'something was thrown that cannot be shown', stack: '' };
  }
}

// `otherwise` turns anything into text that is not an error and has no message.
function described(error, otherwise) {
  if (error === null || (typeof error !== 'object' && typeof error !== 'function')) {
    return { name: 'Error', message: textOf(error), stack: '' };
  }
  const stack = readText(error, 'stack');
  const name = readText(error, 'name') || 'Error';
  const message = readText(error, 'message') ?? (error instanceof Error ? '' : otherwise(error));
  const head = message ? `${name}: ${message}` : name;
  const frames = ownFrames(stack || '', message);
  const { line, column } = frames.find((frame) => run && frame.file === run.file) || frames[0] || {};
  return { name, message, line, column, stack: [head, ...frames.map(({ shown }) => shown)].join('\n') };
}
