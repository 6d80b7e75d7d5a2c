// Services of the host: the vault and datasets. The host reports those that it does not offer.

import { WatchedPromise } from '../host/promises.js';
import { ask } from '../host/run.js';
import { plainValue } from '../lang/plain.js';

function askHost(kind, operation, values) {
  return new WatchedPromise((resolve, reject) => {
    ask(kind, { operation, arguments: plainValue(values) }, (error, value) => (error ? reject(error) : resolve(value)));
  });
}

export const VAULT = {
  get: (key) => askHost('vault', 'get', [String(key)]),
  set: (key, value) => askHost('vault', 'set', [String(key), value]),
  unset: (key) => askHost('vault', 'unset', [String(key)]),
};

export function datasets(id) {
  return {
    executeView: async (view, params) => queryResult(await askHost('datasets', 'executeView', [id, view, params])),
    executeQuery: async (sql, params) => queryResult(await askHost('datasets', 'executeQuery', [id, sql, params])),
  };
}

// Rows can be read once, one by one, whether they arrived together or arrive in parts.
function queryResult(found) {
  const { columns = [], rows, streaming, streamId, staleDatasources } = found || {};
  return {
    columns, rows: streaming ? streamedRows(streamId) : eachRow(Array.isArray(rows) ? rows : []),
    ...(staleDatasources ? { staleDatasources } : {}),
  };
}

async function* eachRow(rows) {
  yield* rows;
}

async function* streamedRows(id) {
  if (!id) throw new Error('pm.datasets: streamed result is missing a stream id');
  let done = false;
  try {
    while (!done) {
      const part = await askHost('stream', 'pull', [id]);
      done = Boolean(part && part.done);
      yield* (part && part.rows) || [];
    }
  } finally {
    if (!done) askHost('stream', 'cancel', [id]).catch(() => {});
  }
}
