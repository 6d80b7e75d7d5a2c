// The scripts' JSON, which is liquid-json in Postman: byte order marks are allowed, and errors are `JSONError`s with line and
// column. The library that finds the place is evaluated at the first error.

import { libraryOrNull } from '../host/libraries.js';
import { loadLibraryPart } from '../host/parts.js';
import { G, NATIVE_JSON, parseJson, stringify } from '../lang/natives.js';

const ORDER_MARK = /^(?:[\uFEFF\uBBBF]|\u00FE\u00FF|\u00FF\u00FE|\u00EF\u00BB\u00BF)/;

export function parseBody(text, reviver, strict) {
  if (typeof reviver === 'boolean' && strict === null) return parseBody(text, null, reviver);
  try {
    const mark = typeof text === 'string' ? ORDER_MARK.exec(text) : null;
    if (mark && strict) throw new SyntaxError(`Unexpected byte order mark found in first ${mark[0].length} character(s)`);
    const content = mark ? text.slice(mark[0].length) : text;
    try {
      return parseJson(content, reviver);
    } catch (error) {
      throw error instanceof SyntaxError ? explained(error, content) : error;
    }
  } catch (error) {
    throw named(error);
  }
}

// The library parses with the global JSON, which must not be this one. It strips one byte order mark.
function explained(error, content) {
  if (content === undefined) return error;
  const json = G.JSON;
  G.JSON = NATIVE_JSON;
  try {
    if (libraryOrNull('json') === null) loadLibraryPart('json');
    libraryOrNull('json').parse(typeof content === 'string' ? `\uFEFF${content}` : content);
    return error;
  } catch (better) {
    return better instanceof SyntaxError ? better : error;
  } finally {
    G.JSON = json;
  }
}

function named(error) {
  if (error instanceof Error && !Object.isFrozen(error)) {
    Object.defineProperty(error, 'name', { value: 'JSONError', writable: true, configurable: true });
  }
  return error;
}

export const LENIENT_JSON = {
  parse: (text, reviver, strict) => parseBody(text, reviver, strict),
  stringify(...values) {
    try {
      return stringify(...values);
    } catch (error) {
      throw named(error);
    }
  },
};
