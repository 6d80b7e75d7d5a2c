// One script from its text to its result.

const compiled = new Map();

// The text stands on the wrapper's first line, so that its lines keep their numbers. `globalThis` is no name in Postman.
function compile(source, name) {
  const text = `${HEAD}${source}\n}})\n//# sourceURL=${name}`;
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const made = (0, G.eval)(text);
  if (compiled.size >= 1000) compiled.clear();
  compiled.set(text, made);
  return made;
}

function startScript(message) {
  run = new Run(message);
  loadScopes(message.scopes);
  installScript(makePm(run), message);
  let body;
  try {
    body = compile(message.source, message.name);
  } catch (error) {
    run.error = { ...describeError(error), line: undefined, column: undefined, stack: '' };
    run.answer.syntax = `${HEAD}${message.source}\n}})`;
    run.settled = true;
    return;
  }
  const promise = body.call(G)();
  settle(promise, () => { run.settled = true; }, (error) => {
    run.settled = true;
    failScript(error);
  });
}

function finishScript(reply) {
  finishLegacyTests();
  reply.error = run.error;
  Object.assign(reply, run.answer);
  if (run.request && stringify(run.request.request) !== run.request.before) reply.request = run.request.request;
}
