// Runs one script, from its text to its result.

import { installScript } from './globals.js';
import { HEAD } from './host/async.js';
import { compileScript, headOf, wrapped } from './host/compile.js';
import { describeError, failScript } from './host/errors.js';
import { noteRejected, settle } from './host/promises.js';
import { run } from './host/run.js';
import { G, parseJson, stringify } from './lang/natives.js';
import { finishLegacyTests } from './legacy/legacy.js';
import { makePm } from './pm/pm.js';
import { held, loadScopes, ScriptScopes } from './pm/snapshots.js';

export function startScript(message) {
  loadScopes(message.scopes);
  run.held = held;
  run.scopes = new ScriptScopes(message.environment);
  run.pm = makePm(run);
  installScript(run);
  let made;
  try {
    made = compileScript(message.source, message.name, headOf(run.pinned));
  } catch (error) {
    run.error = { ...describeError(error), line: undefined, column: undefined, stack: '' };
    run.wrong = `?${wrapped(message.source, HEAD)}`;
    run.settled = true;
    return;
  }
  run.file = made.file;
  const promise = made.body.call(G, undefined, noteRejected, undefined, ...run.pinned.values())();
  settle(promise, () => { run.settled = true; }, (error) => {
    run.settled = true;
    failScript(error, true);
  });
}

// The place of a syntax error in the script's own lines: an error after its end, in the wrapper, is placed at its end.
export function placeSyntaxError([line, column]) {
  if (line === undefined) return;
  const lines = run.message.source.split(/\r\n|[\n\r\u2028\u2029]/);
  if (line > lines.length) Object.assign(run.error, { line: lines.length, column: lines[lines.length - 1].length + 1 });
  else Object.assign(run.error, { line, column: line === 1 ? Math.max(column - HEAD.length, 1) : column });
}

export function finishScript(reply) {
  try {
    finishLegacyTests();
  } catch (error) {
    failScript(error);
  }
  const request = changedRequest();
  reply.error = run.error;
  Object.assign(reply, run.answer, request);
}

// A request that can no longer be written as JSON is an error of the script that changed it.
function changedRequest() {
  if (!run.request) return {};
  const { request, before } = run.request;
  try {
    const after = stringify(request);
    if (after === before) return {};
    const changed = parseJson(after ?? 'null');
    if (changed === null || typeof changed !== 'object' || Array.isArray(changed)) throw new TypeError('pm.request is no request any more');
    return { request: changed };
  } catch (error) {
    failScript(error);
    return {};
  }
}
