// The pm object of one script. Its members cannot be replaced.

function makePm({ message }) {
  const { info } = message;
  const pm = {};
  const members = {
    info: readonly({}, info, false),
    globals: SCOPES.globals, environment: SCOPES.environment, collectionVariables: SCOPES.collection,
    variables: LAYERED, iterationData: SCOPES.data,
    cookies: new CookieList(message.cookies || []),
    visualizer: VISUALIZER, sendRequest, test: makeTest(), expect: pmExpect,
    execution: makeExecution(message), require: pmRequire, vault: VAULT,
  };
  const { without = [] } = message;
  without.forEach((name) => delete members[name]);
  readonly(pm, members, false);
  if (message.request) lazily(pm, 'request', openRequest);
  // After a failed request there is an empty response, as in Postman.
  if (message.listen === 'test' || message.response) lazily(pm, 'response', () => asserting(new Response(message.response || {})));
  return pm;
}

function readonly(target, members, enumerable) {
  for (const [key, value] of Object.entries(members)) {
    if (value !== undefined) Object.defineProperty(target, key, { value, enumerable });
  }
  return target;
}

// Made at its first use: most scripts never look at the request.
function lazily(target, key, make) {
  let value;
  Object.defineProperty(target, key, {
    get: () => (value === undefined ? (value = make()) : value),
    enumerable: false,
  });
}

// The request's text as it was tells at the end whether the script changed it.
function openRequest() {
  const request = asserting(new Request(run.message.request));
  if (run.message.listen === 'prerequest') run.request = { request, before: stringify(request) };
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

function makeExecution({ location, owner, listen }) {
  const names = [...location];
  Object.defineProperty(names, 'current', { value: owner });
  return readonly({}, {
    location: names,
    setNextRequest,
    skipRequest: listen === 'prerequest' ? skipRequest : undefined,
    runRequest,
  }, false);
}

function setNextRequest(name) {
  if (run.sealed) return;
  if (name === undefined) delete run.answer.next;
  else run.answer.next = { name: name === null ? null : String(name) };
}

// Everything after this call is without effect, as in Postman, where the script is over at once.
function skipRequest() {
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

function noVault() {
  return new Promise((resolve, reject) => reject(new Error('Vault access denied')));
}
const VAULT = readonly({}, { get: noVault, set: noVault, unset: noVault }, false);

for (const type of [Request, Response, Url, Header, Cookie, RequestBody, RequestAuth, QueryParam, FormParam, Variable,
  VariableList, VariableScope, PropertyList]) {
  markType(type);
  nameType(type, `Postman${type.name}`);
}
markType(HeaderList);
markType(CookieList);
markType(LayeredScope, 'VariableScope');
nameType(LayeredScope, 'PostmanVariableScope');
