// JSON.parse of bodies and of the old API: a byte order mark is fine, and what is wrong is said with its line and column. The
// library that finds the place is loaded for scripts that parse.

function parseBody(text, reviver, strict = false) {
  try {
    return parseJson(strict || typeof text !== 'string' ? text : text.replace(/^\uFEFF/, ''), reviver);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw explained(error, text, strict);
  }
}

function explained(error, text, strict) {
  const library = libraryOrNull('json');
  let { message } = error;
  try {
    if (library && text !== undefined) library.parse(text, undefined, strict);
  } catch (better) {
    if (better.name === 'JSONError') ({ message } = better);
  }
  return Object.defineProperty(new SyntaxError(message), 'name', { value: 'JSONError', writable: true, configurable: true });
}

const LENIENT_JSON = { parse: (text, reviver, strict) => parseBody(text, reviver, strict), stringify };
