// Writes values so that their types are seen; L logs, T logs what an expression gives or throws.
const S = (value, depth = 0) => {
  if (depth > 6) return '…';
  if (Array.isArray(value)) return `[${Array.from(value, (entry, at) => (at in value ? S(entry, depth + 1) : 'hole')).join(',')}]`;
  switch (typeof value) {
    case 'string': return JSON.stringify(value);
    case 'number': return `n:${Object.is(value, -0) ? '-0' : value}`;
    case 'bigint': return `${value}n`;
    case 'function': return 'fn';
    case 'object': break;
    default: return String(value);
  }
  if (value === null) return 'null';
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (tag === 'Date') return `Date(${Number.isNaN(value.getTime()) ? 'NaN' : value.toISOString()})`;
  if (tag === 'RegExp') return String(value);
  if (tag === 'Map' || tag === 'Set') return tag + S([...value], depth + 1);
  return `${tag === 'Object' ? '' : tag}{${Object.keys(value).map((key) => `${key}:${S(value[key], depth + 1)}`).join(',')}}`;
};
const T = (name, make) => {
  try {
    console.log(`${name}=${S(make())}`);
  } catch (error) {
    console.log(`${name} throws ${error.name}`);
  }
};
