// pm.sendRequest: calls run concurrently; variables in their requests are not replaced.

import { callBack, WatchedPromise } from '../host/promises.js';
import { ask, run } from '../host/run.js';
import { parseJson, stringify } from '../lang/natives.js';
import { plainValue } from '../lang/plain.js';
import { CookieList } from '../sdk/cookies.js';
import { isOfType, ownHas } from '../sdk/property.js';
import { Request } from '../sdk/request.js';
import { hostResponse } from '../sdk/response.js';
import { shareScopes } from './snapshots.js';

export function sendRequest(request, callback) {
  if (typeof callback !== 'function') return new WatchedPromise((resolve, reject) => {
    startSend(request, (error, response) => (error ? reject(error) : resolve(response)));
  });
  startSend(request, (error, response, history) => callBack(callback, error ? [error] : [null, response, history]));
  return this;
}

// The argument is read as the collection SDK reads a request.
function startSend(request, then) {
  let plain;
  try {
    if (!request) throw new Error('sendrequest: nothing to request');
    const made = isOfType(request, 'Request') ? request : new Request(isOfType(request, 'Url') ? { url: request } : request);
    plain = parseJson(stringify(made));
  } catch (error) {
    run.jobs.push(() => then(error));
    return;
  }
  const ignored = ownHas(request, 'headers') && !isOfType(request, 'Request');
  ask('send', { request: plain, ...(ignored ? { ignored: 'headers' } : {}) }, (error, value) => {
    if (error) then(requestError(error));
    else then(null, hostResponse(value), { cookies: new CookieList(null, value.cookies) });
  });
}

// The callback's error is a plain object with the fields of a Node error, as in Postman.
function requestError({ message, ...fields }) {
  return { ...fields, name: NODE_NAMES[fields.code] || 'Error', message };
}

const NODE_NAMES = {
  ERR_SOCKET_BAD_PORT: 'RangeError', ERR_INVALID_HTTP_TOKEN: 'TypeError', ERR_INVALID_CHAR: 'TypeError',
  ERR_INVALID_ARG_TYPE: 'TypeError', ERR_UNESCAPED_CHARACTERS: 'TypeError', ERR_INVALID_URL: 'TypeError',
};

// Runs another request of the collection with its scripts and auth; null if its script skipped it.
export function runRequest(id, options = {}) {
  return new WatchedPromise((resolve, reject) => {
    if (!id) throw new Error('runRequest: collection request id not provided');
    const { variables = {} } = options || {};
    shareScopes();
    const given = plainValue(variables);
    ask('item', { item: String(id), variables: { ...(typeof given === 'object' ? given : {}) } }, (error, value) => {
      if (error) reject(error);
      else resolve(value === null ? null : hostResponse(value));
    });
  });
}
