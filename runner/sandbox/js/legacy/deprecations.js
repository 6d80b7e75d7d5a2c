// Warnings about the old API, once for each name that a script uses, if the host asks for them.

import { CONSOLE } from '../host/console.js';
import { run } from '../host/run.js';

const NEW_NAMES = {
  tests: '"pm.test()"', globals: '"pm.globals"', environment: '"pm.environment"', data: '"pm.iterationData"',
  request: '"pm.request"', responseCookies: '"pm.cookies"', responseHeaders: '"pm.response.headers"',
  responseTime: '"pm.response.responseTime"', responseCode: '"pm.response.code"', responseBody: '"pm.response.text()"',
  iteration: '"pm.info.iteration"', _: '"require(\'lodash\')"', CryptoJS: 'global "crypto" object', tv4: '"require(\'ajv\')"',
  xml2Json: '"require(\'xml2js\')"', cheerio: '"require(\'cheerio\')"', Backbone: '',
  'postman.setNextRequest': '"pm.execution.setNextRequest()"',
  'postman.setEnvironmentVariable': '"pm.environment.set()"', 'postman.getEnvironmentVariable': '"pm.environment.get()"',
  'postman.clearEnvironmentVariables': '"pm.environment.clear()"', 'postman.clearEnvironmentVariable': '"pm.environment.unset()"',
  'postman.setGlobalVariable': '"pm.globals.set()"', 'postman.getGlobalVariable': '"pm.globals.get()"',
  'postman.clearGlobalVariables': '"pm.globals.clear()"', 'postman.clearGlobalVariable': '"pm.globals.unset()"',
  'postman.getResponseCookie': '"pm.cookies.get()"', 'postman.getResponseHeader': '"pm.response.headers.get()"',
};

function deprecate(name) {
  if (!run.message.deprecations || run.deprecated.has(name) || NEW_NAMES[name] === undefined) return;
  run.deprecated.add(name);
  CONSOLE.warn(`Using "${name}" is deprecated.${NEW_NAMES[name] ? ` Use ${NEW_NAMES[name]} instead.` : ''}`);
}

// A proxy for the value that reports its first use.
export function deprecated(name, value) {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return value;
  const said = (key) => (name === 'postman' ? deprecate(`postman.${String(key)}`) : deprecate(name));
  return new Proxy(value, {
    get(target, key) {
      said(key);
      return target[key];
    },
    set(target, key, entry) {
      if (name !== 'postman') said(key);
      target[key] = entry;
      return true;
    },
    apply(target, self, values) {
      said();
      return Reflect.apply(target, self, values);
    },
  });
}
