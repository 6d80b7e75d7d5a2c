// One script from its text to its result.

const compiled = new Map();

// The text stands on the wrapper's first line, so that its lines keep their numbers. `globalThis` is no name in Postman.
function compile(source, name, head = HEAD) {
  const key = head === HEAD ? `${name}\n${source}` : `${name}\n${head}\n${source}`;
  let made = compiled.get(key);
  if (made === undefined) {
    made = compileWatched(source, name, head);
    if (compiled.size >= 1000) compiled.clear();
    compiled.set(key, made);
  }
  watchedTexts.set(name, made);
  return made.body;
}

// The text itself says whether it is a script. What cannot be parsed once it is watched is too unusual to be watched.
function compileWatched(source, name, head) {
  const body = evaluate(source, name, head);
  const { text, inserts } = watchAsync(source);
  if (!inserts.length) return { body, source, inserts, head };
  try {
    return { body: evaluate(text, name, head), source, inserts, head };
  } catch {
    return { body, source, inserts: [], head };
  }
}

function evaluate(text, name, head) {
  return evaluatePart(`${wrapped(text, head)}\n//# sourceURL=${name}`);
}

// The semicolon is the body of a loop that has none.
function wrapped(text, head) {
  return `${head}${text}\n;}})`;
}

function headOf(pinned) {
  return pinned.size ? HEAD.replace('arguments', ['arguments', ...pinned.keys()].join()) : HEAD;
}

function startScript(message) {
  loadScopes(message.scopes);
  run.held = held;
  run.scopes = makeScopes(message.environment);
  run.pm = makePm(run);
  installScript(run);
  let body;
  try {
    body = compile(message.source, message.name, headOf(run.pinned));
  } catch (error) {
    run.error = { ...describeError(error), line: undefined, column: undefined, stack: '' };
    run.wrong = `?${wrapped(message.source, HEAD)}`;
    run.settled = true;
    return;
  }
  const promise = body.call(G, undefined, noteRejected, undefined, ...run.pinned.values())();
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
  try {
    finishLegacyTests();
  } catch (error) {
    failScript(error);
  }
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
    if (after === before) return {};
    const changed = parseJson(after ?? 'null');
    if (changed === null || typeof changed !== 'object' || Array.isArray(changed)) throw new TypeError('pm.request is no request any more');
    return { request: changed };
  } catch (error) {
    failScript(error);
    return {};
  }
}
