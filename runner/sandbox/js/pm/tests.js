// pm.test. A test ends when its function returns, when `done` is called, or when the promise it returned settles.

import { describeError } from '../host/errors.js';
import { settle } from '../host/promises.js';
import { addEvent, isThenable, run } from '../host/run.js';
import { textOf } from '../lang/natives.js';

const NEVER_CALLED = 'the test never ended: `done` was not called and nothing is left that could call it';
const NEVER_SETTLED = 'the test never ended: its promise waits for something that can never happen';

export function reportTest(record, error) {
  const { name, index, skipped, asynchronous } = record;
  const failed = error !== undefined;
  addEvent({
    kind: 'assertion', name, index, skipped, asynchronous, passed: !failed, error: failed ? describeError(error) : null,
  });
}

export function newTest(name) {
  return { name: textOf(name), index: run.testIndex++, skipped: false, asynchronous: false, failed: false, owner: run };
}

export function test(name, body) {
  const record = newTest(name);
  if (typeof body !== 'function') reportTest(record);
  else if (body.length) runWithDone(record, body);
  else runTest(record, body);
  return this;
}

function runTest(record, body) {
  let result;
  try {
    result = body();
  } catch (error) {
    return reportTest(record, failure(error));
  }
  if (!isThenable(result)) return reportTest(record);
  openTest(record, NEVER_SETTLED);
  return settle(result, () => endTest(record), (error) => endTest(record, failure(error)));
}

// Each call of `done` counts, as in Postman; a rejected promise of the same test is a failure, too.
function runWithDone(record, body) {
  record.asynchronous = true;
  openTest(record, NEVER_CALLED);
  const done = (error) => (error ? endTest(record, error) : endTest(record));
  try {
    const result = body(done);
    if (isThenable(result)) settle(result, () => {}, (error) => endTest(record, failure(error)));
  } catch (error) {
    endTest(record, failure(error));
  }
}

// `throw undefined` is a failure, too, but undefined means "no error" to reportTest.
function failure(error) {
  return error === undefined ? new Error('undefined') : error;
}

function openTest(record, reason) {
  run.openTests.set(record, reason);
}

function endTest(record, error) {
  if (record.failed || record.owner !== run) return;
  run.openTests.delete(record);
  record.failed = error !== undefined;
  reportTest(record, error);
}

export function endOpenTests(reason) {
  for (const [record, why] of [...run.openTests]) endTest(record, new Error(reason || why));
}

export function skipTest(name) {
  reportTest({ ...newTest(name), skipped: true });
  return this;
}
