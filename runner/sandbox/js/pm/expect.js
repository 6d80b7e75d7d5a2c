// pm.expect and the assertions of pm.response.to and pm.request.to: chai 4 with Postman's words.

import { chai } from 'world:chai';
import { LIBRARIES } from '../host/libraries.js';
import { isOfType } from '../sdk/property.js';

const { Assertion, util } = chai;
export const pmExpect = chai.expect;
export const { AssertionError } = chai;

// Plugins may add and override assertions, but not the methods that decide whether an assertion holds.
Object.defineProperty(Assertion.prototype, 'assert', { writable: false, configurable: false });
Object.freeze(util);

// Postman also compares the reason phrase for these; a server is free to choose it, so here the code alone decides. The
// message is Postman's.
const CODES = {
  accepted: [202, 'ACCEPTED'], withoutContent: [204, 'NO CONTENT'], badRequest: [400, 'BAD REQUEST'],
  unauthorised: [401, 'UNAUTHORISED'], unauthorized: [401, 'UNAUTHORIZED'], forbidden: [403, 'FORBIDDEN'],
  notFound: [404, 'NOT FOUND'], notAcceptable: [406, 'ACCEPTABLE'], rateLimited: [429, 'TOO MANY REQUESTS'],
};
const CODE_CLASSES = { info: 1, success: 2, redirection: 3, clientError: 4, serverError: 5 };

export function asserting(target) {
  Object.defineProperty(target, 'to', { get: () => chai.expect(target).to, configurable: true });
  return target;
}

// Checks without a chain first: each link of one is an object and a proxy, and only a failure needs the chain's words.
function theResponse(assertion) {
  const response = assertion._obj;
  if (!isResponse(response)) new Assertion(response).to.be.postmanResponse;
  return response;
}

function theCode(assertion) {
  const response = theResponse(assertion);
  if (typeof response.code !== 'number') {
    new Assertion(response).to.have.property('code');
    new Assertion(response.code).to.be.a('number');
  }
  return response.code;
}

function assertCode(assertion, wanted) {
  const code = theCode(assertion);
  assertion.assert(code === wanted, 'expected response to have status code #{exp} but got #{act}',
    'expected response to not have status code #{act}', wanted, code);
}

function assertNamed(assertion, code, phrase) {
  const response = theResponse(assertion);
  const found = Number(response.details().code);
  const reason = String(response.reason()).toUpperCase();
  const blamesReason = (reason === phrase) === Boolean(util.flag(assertion, 'negate'));
  if (blamesReason) {
    assertion.assert(found === code, 'expected response to have status reason #{exp} but got #{act}',
      'expected response to not have status reason #{act}', phrase, reason);
  } else {
    assertion.assert(found === code, 'expected response to have status code #{exp} but got #{act}',
      'expected response to not have status code #{act}', code, found);
  }
}

function assertReason(assertion, wanted) {
  const reason = theResponse(assertion).reason();
  assertion.assert(reason === wanted, 'expected response to have status reason #{exp} but got #{act}',
    'expected response to not have status reason #{act}', wanted, reason);
}

function assertClass(assertion, wanted) {
  const code = theCode(assertion);
  assertion.assert(Math.floor(code / 100) === wanted, 'expected response code to be #{exp}XX but found #{act}',
    'expected response code to not be #{exp}XX', wanted, code);
}

function assertText(assertion, text) {
  assertion.assert(typeof text === 'string' && text.length > 0, 'expected response to have content in body',
    'expected response to not have content in body');
}

// The parsed body, or the first line of the parser's error.
function tryJson(response) {
  try {
    return { value: response.json() };
  } catch (error) {
    return { wrong: error.name === 'JSONError' ? error.message.split('\n')[0] : `${error.name}: ${error.message}` };
  }
}

function assertJson(assertion) {
  const { wrong } = tryJson(theResponse(assertion));
  assertion.assert(!wrong, `expected response body to be a valid json but got error ${wrong}`,
    'expected response body not to be a valid json');
}

const isRequest = (value) => isOfType(value, 'Request');
const isResponse = (value) => isOfType(value, 'Response');

function addTypes() {
  const types = {
    postmanRequest: [isRequest, 'request'],
    postmanResponse: [isResponse, 'response'],
    postmanRequestOrResponse: [(value) => isRequest(value) || isResponse(value), 'request or response'],
  };
  for (const [name, [fits, words]] of Object.entries(types)) {
    Assertion.addProperty(name, function () {
      this.assert(fits(this._obj), `expecting a postman ${words} object but got #{this}`, `not expecting a postman ${words} object`);
    });
  }
}

function addCodes() {
  for (const [name, [code, phrase]] of Object.entries(CODES)) {
    Assertion.addProperty(name, function () { assertNamed(this, code, phrase); });
  }
  for (const [name, number] of Object.entries(CODE_CLASSES)) {
    Assertion.addProperty(name, function () { assertClass(this, number); });
  }
  Assertion.addProperty('error', function () {
    const code = theCode(this);
    this.assert(code >= 400 && code < 600, 'expected response code to be 4XX or 5XX but found #{act}',
      'expected response code to not be 4XX or 5XX', null, code);
  });
  Assertion.addProperty('ok', function () {
    if (isResponse(this._obj)) assertNamed(this, 200, 'OK');
    else this.assert(util.flag(this, 'object'), 'expected #{this} to be truthy', 'expected #{this} to be falsy');
  });
  Assertion.addMethod('statusCodeClass', function (number) { assertClass(this, number); });
  Assertion.addMethod('statusCode', function (code) { assertCode(this, Number(code)); });
  Assertion.addMethod('statusReason', function (reason) { assertReason(this, String(reason)); });
  Assertion.addMethod('status', function (wanted) {
    if (typeof wanted === 'number') assertCode(this, wanted);
    else assertReason(this, wanted);
  });
}

function addHeader() {
  Assertion.addMethod('header', function (name, value) {
    new Assertion(this._obj).to.be.postmanRequestOrResponse;
    const kind = isRequest(this._obj) ? 'request' : 'response';
    const found = this._obj.headers.one(name);
    this.assert(found !== undefined, `expected ${kind} to have header with key '${name}'`,
      `expected ${kind} to not have header with key '${name}'`, true, found !== undefined);
    if (arguments.length < 2 || found === undefined) return;
    this.assert(found.value === value, `expected '${name}' ${kind} header to be #{exp} but got #{act}`,
      `expected '${name}' ${kind} header to not be #{act}`, value, found.value);
  });
}

function addBody() {
  Assertion.addProperty('withBody', function () { assertText(this, theResponse(this).text()); });
  Assertion.addProperty('json', function () { assertJson(this); });
  Assertion.addMethod('body', function (content) {
    const response = theResponse(this);
    if (!arguments.length) return assertText(this, response.text());
    if (content instanceof RegExp) {
      return this.assert(new RegExp(content).test(response.text()), 'expected response body text to match #{exp} but got #{act}',
        'expected response body text #{act} to not match #{exp}', content, response.text());
    }
    if (content !== null && typeof content === 'object') {
      const { value } = tryJson(response);
      return this.assert(sameJson(value, content), 'expected response body json to equal #{exp} but got #{act}',
        'expected response body json to not equal #{exp} but got #{act}', content, value);
    }
    return this.assert(response.text() === content, 'expected response body to equal #{exp} but got #{act}',
      'expected response body to not equal #{exp}', content, response.text());
  });
  Assertion.addMethod('jsonBody', function (path, value) {
    if (!arguments.length) return assertJson(this);
    const { value: body } = tryJson(theResponse(this));
    if (typeof path !== 'string') {
      return this.assert(sameJson(body, path), 'expected response body json to equal #{exp} but got #{act}',
        'expected response body json to not equal #{exp} but got #{act}', path, body);
    }
    return assertPath(this, body, path, arguments.length > 1, value);
  });
}

function assertPath(assertion, body, path, compares, value) {
  const [found, has] = atPath(body, path);
  assertion.assert(has, 'expected #{act} in response to contain property #{exp}',
    'expected #{act} in response to not contain property #{exp}', path, body);
  if (!compares) return;
  assertion.assert(sameJson(found, value), `expected response body json at "${path}" to contain #{exp} but got #{act}`,
    `expected response body json at "${path}" to not contain #{exp} but got #{act}`, value, found);
}

// A path as lodash reads it: a.b[0]["c.d"]. A string without dots and brackets, or one that is a key itself, is a single key.
const PATH_MARKS = /\.|\[[^[\]]*\]|\[(["'])(?:(?!\1)[^\\]|\\.)*?\1\]/;
const PATH_KEYS = /[^.[\]]+|\[(?:(-?\d+(?:\.\d+)?)|(["'])((?:(?!\2)[^\\]|\\.)*?)\2)\]|(?=(?:\.|\[\])(?:\.|\[\]|$))/g;

function keysOfPath(value, path) {
  if (!PATH_MARKS.test(path) || (value !== null && value !== undefined && path in Object(value))) return [path];
  const keys = Array.from(path.matchAll(PATH_KEYS), ([whole, index, quote, quoted]) =>
    (quote ? quoted.replace(/\\(\\)?/g, '$1') : index || whole));
  return path.startsWith('.') ? ['', ...keys] : keys;
}

// The value at the path, and whether the path exists.
function atPath(value, path) {
  for (const key of keysOfPath(value, path)) {
    if (value === null || value === undefined || !Object.hasOwn(Object(value), key)) return [undefined, false];
    value = value[key];
  }
  return [value, true];
}

// 0 and -0 are the same number in JSON.
function sameJson(found, wanted) {
  return util.eql(found, wanted, { comparator: (a, b) => (a === b ? true : null) });
}

function addNumbers() {
  const measures = {
    responseTime: ['response time', (response) => response.responseTime],
    responseSize: ['response size', (response) => response.size().total],
  };
  for (const [name, [words, measure]] of Object.entries(measures)) {
    const texts = ['', 'not '].map((not) => `expected response to ${not}have a valid ${words} but got #{act}`);
    Assertion.addChainableMethod(name, function (wanted) {
      const found = util.flag(this, 'number');
      this.assert(typeof found === 'number', ...texts, null, found);
      if (!arguments.length) return;
      if (name === 'responseTime') this.assert(found === wanted, ...texts, null, found);
      else {
        this.assert(found === wanted, `expected ${words} to equal #{exp} but got #{act}`, `expected ${words} to not equal #{exp}`,
          wanted, found);
      }
    }, function () {
      const found = measure(theResponse(this));
      util.flag(this, 'number', found);
      this._obj = found;
    });
  }
}

// Names added to Object.prototype belong to neither schema nor data.
const USUAL = new Set(Reflect.ownKeys(Object.prototype));
const ownOnly = () => (Reflect.ownKeys(Object.prototype).every((key) => USUAL.has(key)) ? {} : { ownProperties: true });

function addSchema() {
  Assertion.addMethod('jsonSchema', function (schema, options) {
    new Assertion(schema).to.be.an('object');
    const check = LIBRARIES.schemas;
    if (check === undefined) throw new Error("Cannot find module 'ajv'");
    const data = isResponse(this._obj) ? this._obj.json() : this._obj;
    const { valid, right, text } = check(schema, data, { allErrors: true, logger: false, ...ownOnly(), ...options });
    this.assert(right, `expected data to satisfy schema but found following errors: \n${text}`,
      'expected data to not satisfy schema', true, valid);
  });
}

// The guards (is it a response at all?) use an assertion of their own, because `not` must not negate them.
for (const add of [addTypes, addCodes, addHeader, addBody, addNumbers, addSchema]) add();
