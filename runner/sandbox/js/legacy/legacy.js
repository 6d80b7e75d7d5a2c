// The old API: tests["name"] = true, responseBody, postman.setEnvironmentVariable and the like.

import { LEGACY } from '../host/compile.js';
import { libraryOrNull } from '../host/libraries.js';
import { hidden, placed } from '../host/names.js';
import { run } from '../host/run.js';
import { G, NATIVE_JSON, textOf } from '../lang/natives.js';
import { AssertionError } from '../pm/expect.js';
import { hasResponse, setNextRequest } from '../pm/pm.js';
import { beginningOf } from '../pm/snapshots.js';
import { newTest, reportTest } from '../pm/tests.js';
import { LENIENT_JSON } from '../sdk/json.js';
import { PropertyList } from '../sdk/lists.js';
import { deprecated } from './deprecations.js';

const SANDBOX2 = /^(["'])use sandbox2\1;/;
const LEGACY_LIBRARIES = { _: 'lodash3', CryptoJS: 'crypto-js', tv4: 'tv4', Backbone: 'backbone', cheerio: 'cheerio' };

// Created at first use.
const LEGACY_VALUES = {
  globals: () => copyOf('globals'),
  environment: () => copyOf('environment'),
  data: () => copyOf('data'),
  iteration: () => run.message.info.iteration,
  request: legacyRequest,
  postman: legacyPostman,
  tests: () => (run.tests ??= {}),
  xml2Json: () => xml2Json,
  responseCookies: () => run.pm.cookies,
  responseHeaders: () => legacyHeaders(run.pm.response.headers),
  responseTime: () => run.pm.response.responseTime,
  responseCode: () => run.pm.response.details(),
  responseBody: () => run.pm.response.text(),
  ...Object.fromEntries(Object.entries(LEGACY_LIBRARIES).map(([name, library]) => [name, () => libraryOrNull(library)])),
};

export function installLegacy(message) {
  const off = message.noLegacy || SANDBOX2.test(message.source);
  const responds = hasResponse(message);
  hidden('JSON', off ? NATIVE_JSON : LENIENT_JSON);
  for (const { name, library, ofResponse, descriptor, make } of PLACES) {
    if (!off && (responds || !ofResponse) && (library === undefined || libraryOrNull(library) !== null)) placed(name, descriptor, make);
    else if (!Reflect.deleteProperty(G, name)) run.pinned.set(name, undefined);
  }
}

// The scopes as plain objects, as they were when the script began; writing to them does not change the scopes.
function copyOf(name) {
  return (run.copies[name] ??= beginningOf(run.scopes[name]));
}

// A global of the old API: its value is created for each script, by accessors that all scripts share.
function placeOf(name) {
  const made = () => (run.message.deprecations ? deprecated(name, LEGACY_VALUES[name]()) : LEGACY_VALUES[name]());
  const keep = (value) => Object.defineProperty(G, name, { value, writable: true, configurable: true, enumerable: true });
  const lazy = {
    get: () => {
      const value = made();
      keep(value);
      return value;
    },
    set: keep,
  };
  const { get, set } = name === 'tests' ? { get: () => made(), set: (value) => { run.tests = value; } } : lazy;
  return {
    name, make: made, descriptor: { get, set, configurable: true, enumerable: true }, ofResponse: name.startsWith('response'),
    library: name === 'xml2Json' ? 'xml2js' : LEGACY_LIBRARIES[name],
  };
}

const PLACES = LEGACY.map(placeOf);

function legacyRequest() {
  const { request } = run.pm;
  const { requestId, requestName } = run.message.info;
  return {
    id: requestId, name: requestName, description: request.description && String(request.description),
    headers: request.headers.toObject(true, false, true, true),
    method: request.method, url: request.url.toString(), data: legacyData(request.body),
  };
}

function legacyData(body) {
  if (!body || body.isEmpty()) return {};
  const content = body[body.mode];
  if (body.mode === 'raw') return content || {};
  if (content instanceof PropertyList) return content.toObject(true, true, true);
  return (body.mode === 'file' && content.content) || {};
}

function legacyHeaders(headers) {
  const result = {};
  headers.each(({ key, value, disabled }) => { if (!disabled) result[key] = value; });
  const byLower = new Map(Object.keys(result).map((key) => [key.toLowerCase(), key]));
  return new Proxy(result, {
    get: (target, key) => (key in target || typeof key !== 'string' ? target[key] : target[byLower.get(key.toLowerCase())]),
  });
}

// The old setters convert values to strings; falsy values stay as they are.
function legacyText(value) {
  return value && typeof value.toString === 'function' ? value.toString() : value;
}

function legacyPostman() {
  const postman = { ...legacyScope('environment', 'Environment'), ...legacyScope('globals', 'Global'), setNextRequest };
  if (!run.pm.response) return postman;
  postman.getResponseCookie = (name) => run.pm.cookies.one(String(name));
  postman.getResponseHeader = (name) => run.pm.response.headers.get(name);
  return postman;
}

// postman.setEnvironmentVariable and its kin, which keep the plain copy up to date.
function legacyScope(name, word) {
  const scope = run.scopes[name];
  return {
    [`set${word}Variable`](key, value) {
      copyOf(name)[key] = legacyText(value);
      scope.set(key, legacyText(value));
    },
    [`get${word}Variable`]: (key) => scope.get(key),
    [`clear${word}Variable`](key) {
      if (key) delete copyOf(name)[key];
      scope.unset(key);
    },
    [`clear${word}Variables`]() {
      const copy = copyOf(name);
      for (const key of Object.keys(copy)) delete copy[key];
      scope.clear();
    },
  };
}

function xml2Json(text) {
  let result = {};
  const options = { explicitArray: false, async: false, trim: true, mergeAttrs: false };
  libraryOrNull('xml2js').parseString(text, options, (error, found) => { result = found; });
  return result;
}

// `tests["name"] = value` is evaluated when the script is over; indexes continue after those of pm.test.
export function finishLegacyTests() {
  for (const [name, value] of Object.entries(run.tests || {})) {
    if (value) reportTest(newTest(name));
    else reportTest(newTest(name), new AssertionError(`expected ${textOf(value)} to be truthy`));
  }
}

// Many old collections use `responseBody.has("text")`, which comes from sugar.js.
Object.defineProperty(String.prototype, 'has', {
  value: function has(wanted) {
    return wanted instanceof RegExp ? wanted.test(this) : this.includes(wanted);
  },
  configurable: true,
  writable: true,
});
