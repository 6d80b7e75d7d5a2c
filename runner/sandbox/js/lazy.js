// Parts of the world that few scripts touch. Their text is only kept; the first touch of a name in it evaluates it.

const evaluatePart = eval;
const partTexts = new Map();
const parts = new Map();

// A library stands nowhere that a script could reach: it is given what those before it have set.
function addLibrary(text) {
  evaluatePart(`(function (__libraries, $kept) {${text}\n})`)(LIBRARIES, $kept);
  return '';
}

function addPart(name, text) {
  partTexts.set(name, text);
  return '';
}

// What a part may use of the prelude.
function insides() {
  return {
    $kept, DOMException, LIBRARIES, __libraries: LIBRARIES, NativePromise, addTimer, ask, base64Bytes, bytesBase64, callBack, fillRandom, isThenable, now,
    parseJson, part, stringify, takeCode, utf8Bytes, utf8Text, viewBytes, watchPromise, watchThen, webClass,
  };
}

// The names that a part offers; its files share one scope, and the last one calls `offer`.
function part(name) {
  let offered = parts.get(name);
  if (offered === undefined) {
    const inside = insides();
    const head = `(function () { 'use strict'; return function ({ ${Object.keys(inside).join()} }, offer) {`;
    const make = evaluatePart(`${head}\n${partTexts.get(name)}\n}; })()`);
    make(inside, (names) => { offered = names; });
    parts.set(name, offered);
  }
  return offered;
}

// As Web IDL has classes: their members can be enumerated, and objects tell their class.
function webClass(type, name = type.name) {
  for (const key of Object.getOwnPropertyNames(type.prototype)) {
    if (key !== 'constructor') Object.defineProperty(type.prototype, key, { enumerable: true });
  }
  Object.defineProperty(type.prototype, Symbol.toStringTag, { value: name, configurable: true });
  Object.defineProperty(type, 'name', { value: name, configurable: true });
  return type;
}

const LAZY = {
  url: ['URL', 'URLSearchParams'],
  text: ['TextEncoder', 'TextDecoder'],
  events: ['Event', 'EventTarget', 'AbortSignal', 'AbortController'],
  blob: ['Blob', 'File'],
  streams: [
    'ReadableStream', 'ReadableStreamDefaultReader', 'ReadableStreamBYOBReader', 'ReadableStreamBYOBRequest',
    'ReadableByteStreamController', 'ReadableStreamDefaultController', 'WritableStream', 'WritableStreamDefaultController',
    'WritableStreamDefaultWriter', 'TransformStream', 'TransformStreamDefaultController', 'ByteLengthQueuingStrategy',
    'CountQueuingStrategy', 'TextEncoderStream', 'TextDecoderStream', 'CompressionStream', 'DecompressionStream',
  ],
  subtle: ['CryptoKey', 'SubtleCrypto'],
};

function installParts() {
  for (const [name, offers] of Object.entries(LAZY)) {
    for (const offer of offers) {
      const keep = (value) => Object.defineProperty(G, offer, { value, writable: true, configurable: true, enumerable: false });
      Object.defineProperty(G, offer, {
        configurable: true,
        get: () => {
          const value = part(name)[offer];
          keep(value);
          return value;
        },
        set: keep,
      });
    }
  }
}
