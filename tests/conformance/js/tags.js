// Values that JSON does not have, as tagged JSON: read from what the protocol gives, written for the console.

const TYPED = /^\[object ((?:Int|Uint|Float)(?:8|16|32|64)(?:Clamped)?Array)\]$/;

function tagged(value, path, parents) {
  switch (typeof value) {
    case 'undefined': return { $t: 'undefined' };
    case 'number': return Number.isFinite(value) ? value : { $t: 'number', v: String(value) };
    case 'bigint': return { $t: 'bigint', v: String(value) };
    case 'symbol': return { $t: 'symbol', v: value.description ?? '' };
    case 'function': return functionText(value);
    case 'object': return value === null ? null : taggedObject(value, path, parents);
    default: return value;
  }
}

function functionText(value) {
  const kind = (value.constructor && value.constructor.name) || 'Function';
  return value.name ? `[${kind}: ${value.name}]` : `[${kind}]`;
}

function taggedObject(value, path, parents) {
  if (parents.has(value)) return { $t: 'circular', v: parents.get(value) };
  parents.set(value, path);
  try {
    const tag = Object.prototype.toString.call(value);
    const inner = (entry, step) => tagged(entry, path + step, parents);
    if (['[object String]', '[object Number]', '[object Boolean]'].includes(tag)) return value.valueOf();
    if (tag === '[object Date]') return Number.isNaN(value.getTime()) ? null : { $t: 'date', v: value.getTime() };
    if (tag === '[object RegExp]') return { $t: 'regexp', v: [value.source, value.flags] };
    if (tag === '[object Map]') return { $t: 'map', v: [...value].map((pair, at) => pair.map((entry) => inner(entry, `<${at}>`))) };
    if (tag === '[object Set]') return { $t: 'set', v: [...value].map((entry, at) => inner(entry, `<${at}>`)) };
    if (isBuffer(value)) return { $t: 'buffer', v: bytesBase64(viewBytes(value)) };
    const [, typed] = TYPED.exec(tag) || [];
    if (typed) return { $t: 'typed', v: [typed, bytesBase64(viewBytes(value))] };
    if (tag === '[object ArrayBuffer]') return `[ArrayBuffer { byteLength: ${value.byteLength} }]`;
    if (tag === '[object WeakMap]' || tag === '[object WeakSet]') return tag.replace('object ', '');
    if (typeof value.toJSON === 'function') return tagged(value.toJSON(), path, parents);
    if (Array.isArray(value)) return Array.from(value, (entry, at) => inner(entry, `[${at}]`));
    const entries = Object.keys(value).map((key) => [key, inner(value[key], `.${key}`)]);
    return Object.hasOwn(value, '$t') ? { $t: 'object', v: entries } : Object.fromEntries(entries);
  } finally {
    parents.delete(value);
  }
}

const UNTAGGED = {
  undefined: () => undefined,
  number: (v) => Number(v),
  bigint: (v) => BigInt(v),
  date: (v) => new Date(v),
  regexp: ([source, flags]) => new RegExp(source, flags),
  error: ({ name, message, stack }) => Object.assign(new Error(message), { name }, stack ? { stack } : {}),
  map: (v) => new Map(v.map((pair) => pair.map(untagged))),
  set: (v) => new Set(v.map(untagged)),
  buffer: (v) => ({ type: 'Buffer', data: [...base64Bytes(v)] }),
  typed: ([name, text]) => new (G[name] || Uint8Array)(base64Bytes(text).buffer),
  function: (v) => v,
  symbol: (v) => Symbol(v),
  object: (v) => Object.fromEntries(v.map(([key, entry]) => [key, untagged(entry)])),
  circular: () => undefined,
};

function untagged(value) {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(untagged);
  if (typeof value.$t === 'string' && UNTAGGED[value.$t]) return UNTAGGED[value.$t](value.v);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, untagged(entry)]));
}
