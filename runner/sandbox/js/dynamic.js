// Dynamic variables, made by Postman's own generators: for replaceIn here, and for the requests that the host fills in.

let generators = null;
let repeatedWords = null;

// Null where the library is not loaded: it is for every script that names replaceIn.
function dynamicLibrary() {
  if (generators === null) {
    generators = libraryOrNull('dynamic-variables');
    if (generators !== null && repeatedWords !== null) generators.seed(repeatedWords);
  }
  return generators;
}

// A text made anew, undefined for a name that is no dynamic variable. Dates are written as JavaScript writes them.
function dynamicValue(name) {
  const library = dynamicLibrary();
  return library !== null && library.has(name) ? String(library.generate(name)) : undefined;
}

HANDLERS.dynamic = (message) => {
  const made = ([name, count]) => [name, Array.from({ length: count }, () => dynamicValue(name))];
  answerAtOnce(message, { values: Object.fromEntries(Object.entries(message.names).map(made)) });
};

// From here on everything random is drawn from these words.
HANDLERS.repeat = (message) => {
  repeatedWords = message.words;
  seedRandom(message.words);
  if (generators !== null) generators.seed(message.words);
  Object.defineProperty(Math, 'random', { value: repeatedRandom, writable: true, configurable: true, enumerable: false });
  answerAtOnce(message, {});
};

// 53 random bits, as many as a number below 1 can hold.
function repeatedRandom() {
  const [high, low] = new Uint32Array(fillRandom(new Uint8Array(8)).buffer);
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}

// The next reply is this answer: no script has any part in it.
function answerAtOnce(message, answer) {
  run = new Run(message);
  run.settled = run.sealed = true;
  run.answer = answer;
}
