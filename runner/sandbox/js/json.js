// JSON.parse of bodies: a byte order mark is fine, and what is wrong is said with its line and column.

function jsonError(message) {
  return Object.defineProperty(new SyntaxError(message), 'name', { value: 'JSONError', writable: true, configurable: true });
}

function parseBody(text = '', reviver = undefined, strict = false) {
  try {
    return parseJson(strict ? text : text.replace(/^\uFEFF/, ''), reviver);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw jsonError(explainJson(text.replace(/^\uFEFF/, ''), error));
  }
}

// The JSON of the old API explains what is wrong as well.
const LENIENT_JSON = {
  parse(text, reviver, strict) {
    if (typeof text === 'string') return parseBody(text, reviver, strict);
    try {
      return parseJson(text, reviver);
    } catch (error) {
      throw error instanceof SyntaxError ? jsonError(error.message) : error;
    }
  },
  stringify,
};

const JSON_TOKENS = /\s*(?:([{}[\],:])|("(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

function explainJson(text, error) {
  if (!text.trim()) return `No data, empty input at 1:1\n\n^`;
  const { at, why } = findWrong(text) || { at: 0, why: error.message };
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const column = at - before.lastIndexOf('\n');
  return `${why} at ${line}:${column}\n${text.split('\n')[line - 1]}\n${' '.repeat(column - 1)}^`;
}

// The first place where the text stops being JSON, token by token.
function findWrong(text) {
  const open = [];
  let wants = 'value';
  JSON_TOKENS.lastIndex = 0;
  for (let at = 0; ;) {
    JSON_TOKENS.lastIndex = at;
    const found = JSON_TOKENS.exec(text);
    const start = skipSpace(text, at);
    if (!found) return start >= text.length ? unfinished(text, wants) : unexpected(text, start);
    const next = afterToken(found, open, wants);
    if (next === null) return found[1] === '}' && wants === 'key' ? { at: lastComma(text, start), why: 'Trailing comma in object' }
      : found[1] === ']' && wants === 'value' && open.length ? { at: lastComma(text, start), why: 'Trailing comma in array' }
        : unexpected(text, start);
    wants = next;
    at = JSON_TOKENS.lastIndex;
  }
}

function skipSpace(text, at) {
  while (at < text.length && ' \t\r\n'.includes(text[at])) at++;
  return at;
}

function lastComma(text, at) {
  return text.lastIndexOf(',', at) + 1;
}

function unexpected(text, at) {
  if (text[at] === '"') {
    const stop = /^"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[\da-fA-F]{4})*/.exec(text.slice(at))[0].length + at;
    if (stop >= text.length) return { at: text.length, why: 'Unexpected end of input' };
    at = stop;
  }
  const token = quoted(String.fromCodePoint(text.codePointAt(at)));
  return { at, why: `Unexpected token ${token === `"'"` ? "'\\''" : token}` };
}

function unfinished(text, wants) {
  return wants === 'end' ? null : { at: text.length, why: 'Unexpected end of input' };
}

// What may come after this token; null when it may not stand here.
function afterToken([, mark, string, plain], open, wants) {
  if (string !== undefined && (wants === 'key' || wants === 'key or }')) return ':';
  if (string !== undefined || plain !== undefined) return wants.startsWith('value') ? afterValue(open) : null;
  if (mark === '{' || mark === '[') {
    if (!wants.startsWith('value')) return null;
    open.push(mark);
    return mark === '{' ? 'key or }' : 'value or ]';
  }
  if (mark === ':') return wants === ':' ? 'value' : null;
  if (mark === ',') return wants === ', or }' ? 'key' : wants === ', or ]' ? 'value' : null;
  if (!wants.endsWith(` ${mark}`)) return null;
  open.pop();
  return afterValue(open);
}

function afterValue(open) {
  return open.length ? `, or ${open[open.length - 1] === '{' ? '}' : ']'}` : 'end';
}
