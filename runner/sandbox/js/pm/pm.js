// The pm object of one script. Its members cannot be replaced.

import { libraryOrNull } from '../host/libraries.js';
import { run } from '../host/run.js';
import { G, stringify } from '../lang/natives.js';
import { plainValue } from '../lang/plain.js';
import { Cookie, CookieList } from '../sdk/cookies.js';
import { Header, HeaderList } from '../sdk/headers.js';
import { PropertyList } from '../sdk/lists.js';
import { Description, Property, PropertyBase, sdkType } from '../sdk/property.js';
import { FormParam, Request, RequestAuth, RequestBody } from '../sdk/request.js';
import { hostResponse, Response } from '../sdk/response.js';
import { VariableScope } from '../sdk/scopes.js';
import { QueryParam, Url } from '../sdk/url.js';
import { Variable, VariableList } from '../sdk/variable.js';
import { cookiesWithJar } from './cookie_jar.js';
import { asserting, pmExpect } from './expect.js';
import { datasets, VAULT } from './host_services.js';
import { pmRequire } from './require.js';
import { runRequest, sendRequest } from './send_request.js';
import { takeScopeChanges } from './snapshots.js';
import { skipTest, test } from './tests.js';

// Each member is created at its first use: a script uses few of them.
const MEMBERS = {
  info: ({ message }) => readonly({}, message.info),
  globals: ({ scopes }) => scopes.globals,
  environment: ({ scopes }) => scopes.environment,
  collectionVariables: ({ scopes }) => scopes.collection,
  variables: ({ scopes }) => scopes.local,
  iterationData: ({ scopes }) => scopes.data,
  visualizer: () => ({ ...VISUALIZER }),
  execution: ({ message }) => makeExecution(message),
  vault: () => ({ ...VAULT }),
  cookies: ({ message }) => cookiesWithJar(message.cookies),
};
const FUNCTIONS = { sendRequest, require: pmRequire, datasets };

export function makePm(made) {
  const { message } = made;
  const { without = [] } = message;
  const pm = new Postman();
  linkTypes();
  for (const [name, make] of MEMBER_LIST) if (!without.includes(name)) lazily(pm, name, () => make(made));
  for (const [name, value] of FUNCTION_LIST) if (!without.includes(name)) Object.defineProperty(pm, name, { value });
  if (message.message !== undefined) Object.defineProperty(pm, 'message', { value: message.message });
  pm.test = makeTest();
  Object.defineProperty(pm, 'expect', { value: pmExpect, writable: true, configurable: true, enumerable: false });
  if (message.request) lazily(pm, 'request', openRequest);
  if (hasResponse(message)) lazily(pm, 'response', () => asserting(hostResponse(message.response || {})));
  return pm;
}

const MEMBER_LIST = Object.entries(MEMBERS);
const FUNCTION_LIST = Object.entries(FUNCTIONS);

class Postman {}
Object.freeze(Postman.prototype);

// After a failed request there is an empty response, as in Postman.
export function hasResponse({ phase }) {
  return phase.seesResponse;
}

function readonly(target, members) {
  for (const [key, value] of Object.entries(members)) {
    if (value !== undefined) Object.defineProperty(target, key, { value, enumerable: false });
  }
  return target;
}

// Created at its first use: most scripts never read the request.
function lazily(target, key, make) {
  let value;
  Object.defineProperty(target, key, {
    get: () => (value === undefined ? (value = make()) : value),
    enumerable: false,
  });
}

// The original JSON of the request shows at the end whether the script changed it.
function openRequest() {
  const request = asserting(new Request(run.message.request));
  if (run.message.phase.changesRequest) run.request = { request, before: stringify(request) };
  return request;
}

function makeTest() {
  const pmTest = function (name, body) {
    return test.call(this === undefined ? G.pm : this, name, body);
  };
  pmTest.skip = (name) => skipTest.call(G.pm, name);
  pmTest.index = () => run.testIndex;
  return pmTest;
}

function makeExecution({ location, owner, without = [] }) {
  const names = [...location];
  Object.defineProperty(names, 'current', { value: owner });
  const members = { location: names, setNextRequest, skipRequest: () => skipRequest(), runRequest };
  without.forEach((name) => delete members[name.replace(/^execution\./, '')]);
  return readonly({}, members);
}

export function setNextRequest(name) {
  if (run.sealed) return;
  if (name === undefined) delete run.answer.next;
  else run.answer.next = { name: name === null ? null : String(name) };
}

// Nothing after this call has any effect, as in Postman, where it ends the script at once.
function skipRequest() {
  if (!run.message.phase.maySkip) throw new TypeError('pm.execution.skipRequest is not a function');
  run.answer.skip = true;
  takeScopeChanges();
  run.sealed = true;
}

const VISUALIZER = {
  set(template, data, options) {
    if (typeof template !== 'string') {
      throw new Error(`Invalid template. Template must be of type string, found ${typeof template}`);
    }
    if (data && typeof data !== 'object') throw new Error(`Invalid data. Data must be an object, found ${typeof data}`);
    if (options && typeof options !== 'object') {
      throw new Error(`Invalid options. Options must be an object, found ${typeof options}`);
    }
    if (!run.sealed) run.answer.visualizer = { template, data: plainValue(data), options: plainValue(options) };
  },
  clear() {
    if (!run.sealed) delete run.answer.visualizer;
  },
};

// Makes the types of the collection library recognise ours, once a script has loaded it.
function linkTypes() {
  const library = libraryOrNull('postman-collection');
  if (!library || Object.hasOwn(library.Request, Symbol.hasInstance)) return;
  for (const type of [Request, Response, Url, Header, HeaderList, Cookie, CookieList, RequestBody, RequestAuth, QueryParam, FormParam,
    Variable, VariableList, VariableScope, PropertyList, Property, PropertyBase, Description]) {
    const theirs = library[type._postman_propertyName];
    if (!theirs) continue;
    Object.defineProperty(theirs, Symbol.hasInstance, {
      value: (value) => value instanceof type || Function.prototype[Symbol.hasInstance].call(theirs, value),
    });
  }
}

sdkType(VariableScope);
