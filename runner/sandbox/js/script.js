// One script from its text to its result.

const compiled = new Map();

// The text stands on the wrapper's first line, so that its lines keep their numbers. `globalThis` is no name in Postman.
function compile(source, name) {
  const key = `${name}\n${source}`;
  let made = compiled.get(key);
  if (made === undefined) {
    made = compileWatched(source, name);
    if (compiled.size >= 1000) compiled.clear();
    compiled.set(key, made);
  }
  INSERTS.set(name, made.inserts);
  return made.body;
}

// Where the watched text cannot be parsed the script itself decides: it is either wrong or too unusual to be watched.
function compileWatched(source, name) {
  const { text, inserts } = watchAsync(source);
  try {
    return { body: evaluate(text, name), inserts };
  } catch (error) {
    if (!inserts.length) throw error;
    return { body: evaluate(source, name), inserts: [] };
  }
}

function evaluate(text, name) {
  return (0, G.eval)(`${HEAD}${text}\n}})\n//# sourceURL=${name}`);
}

function startScript(message) {
  SCOPES.data.restore();
  loadScopes(message.scopes);
  SCOPES.environment.name = message.environment;
  run.pm = makePm(run);
  installScript(run);
  let body;
  try {
    body = compile(message.source, message.name);
  } catch (error) {
    run.error = { ...describeError(error), line: undefined, column: undefined, stack: '' };
    run.wrong = `?${HEAD}${message.source}\n}})`;
    run.settled = true;
    return;
  }
  const promise = body.call(G, undefined, noteRejected)();
  settle(promise, () => { run.settled = true; }, (error) => {
    run.settled = true;
    failScript(error, true);
  });
}

// Where the text of the script is wrong, in its own lines: an error at the end of the wrapper is one at its own end.
function placeSyntaxError([line, column]) {
  if (line === undefined) return;
  const lines = run.message.source.split(/\r\n|[\n\r\u2028\u2029]/);
  if (line > lines.length) Object.assign(run.error, { line: lines.length, column: lines[lines.length - 1].length + 1 });
  else Object.assign(run.error, { line, column: line === 1 ? Math.max(column - HEAD.length, 1) : column });
}

function finishScript(reply) {
  finishLegacyTests();
  const request = changedRequest();
  reply.error = run.error;
  Object.assign(reply, run.answer, request);
}

// A request that cannot be written as JSON any more is an error of the script that made it so.
function changedRequest() {
  if (!run.request) return {};
  const { request, before } = run.request;
  try {
    const after = stringify(request);
    return after === before ? {} : { request: parseJson(after) };
  } catch (error) {
    failScript(error);
    return {};
  }
}
