// The global object, and built-ins that the prelude uses under short names.

export const G = globalThis;
export const stringify = JSON.stringify;
export const parseJson = JSON.parse;
export const now = Date.now;
export const NATIVE_JSON = JSON;

export function textOf(value) {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
