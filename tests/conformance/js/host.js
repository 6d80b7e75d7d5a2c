// The protocol's side of the sandbox: it starts scripts from what the protocol gives, and says what became of them in the
// protocol's words.

let init = {};
let templates = {};

HANDLERS.initialize = (message) => {
  run = new Run(message);
  run.settled = run.sealed = true;
  run.answer.error = null;
  init = untagged(message.init) || {};
  const wanted = init.templates || (init.template ? { _default: init.template } : {});
  templates = {};
  try {
    for (const [name, text] of Object.entries(wanted)) templates[name] = moduleOf(text);
    const plugins = Object.values(templates).map((made) => made.chaiPlugin).filter((made) => typeof made === 'function');
    const own = init.chaiPlugin ? moduleOf(init.chaiPlugin) : null;
    if (typeof own === 'function') chai.use(own(templates));
    else if (plugins.length > 1) throw new Error('sandbox: multiple chai plugins are not supported');
    else if (plugins.length) chai.use(plugins[0]);
  } catch (error) {
    run.answer.error = { name: error.name, message: error.message };
  }
};

function moduleOf(text) {
  const module = { exports: {} };
  const { Buffer } = libraryOrNull('buffer') || {};
  new G.Function('module', 'Buffer', 'require', text).call(G, module, Buffer, scriptRequire);
  return module.exports || {};
}

const TARGETS = { test: ['request', 'response'], prerequest: ['request'] };
const SCOPE_FIELDS = { _variables: 'local', environment: 'environment', collectionVariables: 'collection', globals: 'globals' };

function phaseOf(listen, seesResponse) {
  return { seesResponse, changesRequest: listen === 'prerequest', maySkip: listen === 'prerequest' };
}

HANDLERS.execute = (message) => {
  const { id, target } = message;
  const context = untagged(message.context) || {};
  const options = untagged(message.options) || {};
  const { legacy = {} } = options;
  const cursor = { ...(options.cursor || {}), execution: id };
  const listen = target.listen || 'script';
  const wants = (name) => (TARGETS[listen] || []).includes(name) || Object.hasOwn(context, name);
  const execution = {
    id, context, options, cursor, listen, legacy, protocol: [], data: context.data || {},
    async: false, bodyEnded: false, error: null,
  };
  run = new Run({
    run: message.run, id, execution, listen, phase: phaseOf(listen, wants('response')), source: sourceOf(target), name: 'script.js', owner: legacy._eventItemName,
    location: legacy._itemPath || [], scopes: scopesOf(context, execution),
    request: wants('request') ? context.request || {} : undefined,
    response: wants('response') ? responseContent(context.response) || {} : undefined, cookies: context.cookies || [],
    info: {
      eventName: listen, iteration: cursor.iteration, iterationCount: cursor.cycles, requestName: legacy._itemName,
      requestId: legacy._itemId,
    },
    packages: options.resolvedPackages, deprecations: true,
    without: [...(init.disabledAPIs || []), ...(options.disabledAPIs || []), ...(options.resolvedPackages ? [] : ['require'])],
    noLegacy: options.disableLegacyAPIs ?? init.disableLegacyAPIs,
  });
  runs.set(message.run, run);
  if (init.templates && typeof options.templateName !== 'string') {
    execution.protocol.push({ name: 'error', args: [errorJson(new Error('sandbox: template name parameter is missing from options'))] });
  }
  const { initializeExecution } = templates[options.templateName || '_default'] || {};
  if (initializeExecution) run.message.custom = initializeExecution(listen, context) || {};
  watchBody();
  run.copies.data = execution.data;
  startScript(run.message);
};

// Whether the script went on after its own text: it did when a timer or an answer was open as its text ended.
function watchBody() {
  const { execution } = run.message;
  let settled = false;
  Object.defineProperty(run, 'settled', {
    get: () => settled,
    set(value) {
      if (value && !settled) {
        execution.bodyEnded = true;
        execution.async = run.timers.size + run.waits.size > 0;
        run.message.deprecations = false;
        if (!run.sealed) finishLegacyTests();
      }
      settled = value;
    },
  });
}

// What a template made stands in for the request and the response.
const ownPm = makePm;
makePm = function (made) {
  const { message } = made;
  const { custom, phase } = message;
  if (!custom) return ownPm(made);
  Object.assign(message, { phase: phaseOf('none', false), request: undefined, response: undefined, message: custom.message });
  const pm = ownPm(made);
  Object.assign(message, { phase, custom });
  for (const name of ['request', 'response']) {
    if (custom[name] === undefined) continue;
    asserting(custom[name]);
    Object.defineProperty(pm, name, { value: custom[name] });
  }
  return pm;
};

function sourceOf({ script }) {
  const exec = script && (typeof script === 'object' && !Array.isArray(script) ? script.exec : script);
  return Array.isArray(exec) ? exec.join('\n') : exec || '';
}

function scopesOf(context, execution) {
  const scopes = { data: Object.entries(execution.data || {}).map(([key, value]) => [key, value, 'any', false]) };
  for (const [field, name] of Object.entries(SCOPE_FIELDS)) {
    const given = context[field];
    const rows = Array.isArray(given) ? given : (given && given.values) || [];
    scopes[name] = rows.map(({ key, value, type, disabled }) => {
      const kept = value === undefined || value === null ? value : new Variable({ value, type }).value;
      return [key, kept, type || 'any', disabled];
    });
    held[name].id = (given && given.id) || CRYPTO.randomUUID();
  }
  return scopes;
}

function responseContent(given) {
  if (!given || typeof given !== 'object') return undefined;
  const { code, status, reason, header, headers, stream, body, cookie, responseTime, id } = given;
  const bytes = streamBytes(stream);
  const rows = new HeaderList(null, header || headers || []).members;
  const content = {
    code, status: reason || status, headers: rows.map(({ key, value }) => [key, value]), time: responseTime, id,
    size: bytes && bytes.length, cookies: cookie || [], text: typeof body === 'string' ? body : undefined,
  };
  if (!bytes) return content;
  const charset = charsetOf(String(rows.filter(({ key }) => /^content-type$/i.test(key)).map(({ value }) => value).pop() || ''));
  content.body = bytesBase64(bytes);
  content.text = decodedText(bytes, charset);
  return content;
}

function decodedText(bytes, charset) {
  try {
    return new TextDecoder(charset || 'utf-8', { ignoreBOM: true }).decode(bytes);
  } catch {
    return utf8Text(bytes);
  }
}

function streamBytes(stream) {
  if (!stream) return undefined;
  if (Array.isArray(stream.data)) return Uint8Array.from(stream.data);
  if (typeof stream.data === 'string') return base64Bytes(stream.data);
  return ArrayBuffer.isView(stream) || stream instanceof ArrayBuffer ? viewBytes(stream) : undefined;
}

// JSON as it crosses Postman's own border: errors say their type.
function errorJson(error) {
  if (error === null || typeof error !== 'object') return error;
  const brief = { type: 'Error', name: error.name, message: error.message };
  try {
    return parseJson(stringify(error) ?? stringify(brief));
  } catch {
    return brief;
  }
}

function say(name, ...args) {
  const { execution } = run.message;
  execution.protocol.push({ name, args });
}

log = function (level, values) {
  if (run === null || run.sealed) return;
  const { cursor } = run.message.execution;
  say('execution.console', cursor, level, values.map((value, at) => tagged(value, `$[2][${at}]`, new Map())));
};
CONSOLE.clear = (...values) => log('clear', values);

function sayError(error) {
  const { id, execution } = run.message;
  for (const name of [`execution.error.${id}`, 'execution.error']) say(name, execution.cursor, errorJson(error));
}

// An error of the script's own text is its result, unless something of it is still under way: then it is an event only.
failScript = function (error, inBody = false) {
  if (run.sealed) return;
  const { execution } = run.message;
  sayError(error);
  if (inBody && !run.timers.size && !run.waits.size) execution.error = errorJson(error) ?? null;
};

function assertions(records) {
  const { id, execution } = run.message;
  for (const name of [`execution.assertion.${id}`, 'execution.assertion']) say(name, execution.cursor, records);
}

reportTest = function ({ name, index, skipped, asynchronous }, error) {
  if (run.sealed) return;
  assertions([{
    name, async: asynchronous, skipped, passed: error === undefined, error: error === undefined ? null : errorJson(error), index,
  }]);
};

finishLegacyTests = function () {
  const entries = Object.entries(run.tests || {});
  run.tests = null;
  if (!entries.length) return;
  assertions(entries.map(([name, value]) => {
    const error = value ? null : { type: 'Error', name: 'AssertionError', message: `expected ${textOf(value)} to be truthy` };
    return { name, skipped: false, passed: Boolean(value), error, index: run.testIndex++ };
  }));
};

skipRequest = function () {
  const { options, cursor, listen } = run.message.execution;
  if (options.allowSkipRequest === undefined ? listen !== 'prerequest' : !options.allowSkipRequest) {
    throw new TypeError('pm.execution.skipRequest is not a function');
  }
  say(`execution.skipRequest.${run.message.id}`, cursor);
  finishLegacyTests();
  takeScopeChanges();
  run.sealed = true;
};

function scopeJson(field) {
  const { id, values, mutations } = run.scopes[SCOPE_FIELDS[field]].toJSON();
  return { id, mutations, values };
}

function resultOf() {
  const { execution, id, listen } = run.message;
  const { next, visualizer } = run.answer;
  const { cursor, legacy, data, async } = execution;
  return {
    id, target: listen, legacy, cursor, data, cookies: new CookieList(null, run.message.cookies),
    ...execution.scopes,
    request: run.pm.request, message: run.pm.message,
    return: { async, nextRequest: next && next.name, visualizer },
  };
}

const ownChanges = takeScopeChanges;
takeScopeChanges = function () {
  const { execution } = run.message;
  if (execution && !run.crossed) {
    execution.scopes = Object.fromEntries(Object.keys(SCOPE_FIELDS).map((field) => [field, parseJson(stringify(scopeJson(field)))]));
  }
  ownChanges();
};

// What the script asks of the host, in the protocol's words. Cookies first pass the jar's own rules.
const ASKS = {
  send: ({ id, request }) => say(`execution.request.${run.message.id}`, run.message.execution.cursor, run.message.id, id, new Request(request)),
  cookies: (asked) => startCookies(asked),
  vault: ({ id, operation, arguments: values }) => say(`execution.vault.${run.message.id}`, id, operation, ...values),
  datasets: ({ id, operation, arguments: values }) => say(`execution.datasets.${run.message.id}`, id, operation, ...values),
  stream: ({ id, operation, arguments: values }) => say(`execution.datasets.stream.${run.message.id}`, id, operation, ...values),
  item({ id, item, variables }) {
    const options = Object.keys(variables).length ? { variables } : {};
    const scopes = Object.fromEntries(Object.keys(SCOPE_FIELDS).map((field) => [field, scopeJson(field).values]));
    say(`execution.run_collection_request.${run.message.id}`, run.message.execution.cursor, run.message.id, id, item, options, scopes);
  },
};

// They are told at once, in the order of the script.
const ownAsk = ask;
ask = function (kind, content, then) {
  ownAsk(kind, content, then);
  if (run.sealed || !run.message.execution) return;
  const asked = run.asks[run.asks.length - 1];
  if (!ASKS[asked.kind]) return;
  run.asks.pop();
  ASKS[asked.kind](asked);
};

const ownReply = makeReply;
makeReply = function () {
  const reply = ownReply();
  const { execution } = run.message;
  if (!execution) return reply;
  if (run.error && !execution.error) {
    const { name, message } = run.error;
    run.error = { type: 'Error', name, message };
    sayError(run.error);
  }
  if (reply.done) reply.outcome = { error: run.error || execution.error || null, result: resultOf() };
  reply.protocol = execution.protocol;
  execution.protocol = [];
  delete reply.events;
  delete reply.changes;
  delete reply.request;
  return parseJson(stringify(reply));
};

HANDLERS.expire = ({ reason }) => {
  const { execution } = run.message;
  const error = { type: 'Error', name: 'Error', message: execution.bodyEnded && execution.async ? reason : SYNCHRONOUS };
  sayError(error);
  execution.error = error;
  for (const open of [run.timers, run.waits, run.openTests]) open.clear();
  run.settled = true;
};
const SYNCHRONOUS = 'sandbox: synchronous script execution timeout';

HANDLERS.dispatch = ({ name, args }) => {
  const [id, error, value, more] = untagged(args);
  const kind = name.split('.')[1];
  const answer = DISPATCHED[kind](value, more);
  if (kind === 'cookies') continueCookies(String(id), error, value);
  else answerAsks([{ id: String(id), error: error ? errorContent(error) : undefined, value: answer }]);
};

const DISPATCHED = {
  response: (response, history) => response && { ...responseContent(response), cookies: (history && history.cookies) || [], history },
  cookies: (value) => value,
  vault: (value) => value,
  datasets: (value) => value,
  run_collection_request_response(response, results) {
    for (const [field, changes] of Object.entries((results && results.variableMutations) || {})) {
      for (const tracked of changes) {
        for (const change of [...Object.values(tracked.compacted || {}), ...(tracked.stream || [])]) {
          const scope = run.scopes[SCOPE_FIELDS[field]];
          if (change.length > 1) scope.set(...change);
          else scope.unset(change[0]);
        }
      }
    }
    return response === null ? null : response && responseContent(response);
  },
};

function errorContent(error) {
  return typeof error === 'object' ? { ...error, message: error.message, ...(error.name ? { name: error.name } : {}) } : { message: String(error) };
}
