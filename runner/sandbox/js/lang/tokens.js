// Splits JavaScript text into tokens, well enough to find where its async functions begin and end. Time and memory are
// proportional to the text, whatever it contains.

const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
const BLANK = /\s+|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\/|<!--[^\n\r\u2028\u2029]*/y;
const CLOSING_COMMENT = /-->[^\n\r\u2028\u2029]*/y;
const NEW_LINE = /[\n\r\u2028\u2029]/;
const NUMBER = /\.?\d[\w.]*/y;
const STRING = /'[^'\\\n\r]*(?:\\(?:\r\n|[^])[^'\\\n\r]*)*'|"[^"\\\n\r]*(?:\\(?:\r\n|[^])[^"\\\n\r]*)*"/y;
const REGEX = /\/(?:[^/\\[\n\r\u2028\u2029]|\\.|\[(?:[^\]\\\n\r\u2028\u2029]|\\.)*\])+\/[\p{ID_Continue}$]*/uy;
const TEMPLATE = /[^`\\$]*(?:(?:\\[^]|\$(?!\{))[^`\\$]*)*(?:`|\$\{)/y;
const MARK = /=>|\?\.|\+\+|--|[^]/y;
const PAIRS = { '(': ')', '[': ']', '{': '}', '${': '}' };
export const BEFORE_VALUE = new Set(['return', 'typeof', 'case', 'in', 'of', 'delete', 'void', 'throw', 'new', 'else', 'do', 'instanceof',
  'await', 'yield', 'extends', 'default']);
const BEFORE_CONDITION = new Set(['if', 'while', 'for', 'with']);
const BEFORE_BLOCK = new Set([')', ';', '{', '}', '=>', 'else', 'do', 'try', 'finally', undefined]);

// The kinds of token that may begin with this character; anything else is a punctuator.
const FIRST = new Map([
  ...Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$', (first) => [first, { kind: 'word', pattern: WORD }]),
  ...Array.from('.0123456789', (first) => [first, { kind: 'value', pattern: NUMBER }]),
  ...Array.from('\'"', (first) => [first, { kind: 'value', pattern: STRING }]),
]);
const OTHER_WORD = { kind: 'word', pattern: WORD };
const MAY_BE_BLANK = /[\s/<-]/;

// Tokens with their place, `pair` (index of the matching bracket) and `breaks` (whether a line break precedes).
export function tokenize(source) {
  const tokens = [];
  const open = [];
  let breaks = true;
  for (let at = 0; at < source.length;) {
    const blank = MAY_BE_BLANK.test(source[at]) && (matchAt(BLANK, source, at) || (breaks && matchAt(CLOSING_COMMENT, source, at)));
    if (blank) {
      breaks ||= NEW_LINE.test(blank);
      at += blank.length;
      continue;
    }
    const token = nextToken(source, at, tokens, open);
    token.breaks = breaks;
    breaks = false;
    pairUp(token, tokens, open);
    at = token.end;
  }
  return tokens;
}

function matchAt(pattern, source, at) {
  pattern.lastIndex = at;
  const found = pattern.exec(source);
  return found && found[0];
}

function nextToken(source, at, tokens, open) {
  const first = source[at];
  const make = (kind, text) => ({ kind, text, start: at, end: at + text.length, pair: -1 });
  const innermost = open.length && tokens[open[open.length - 1]].text;
  if (first === '`' || (first === '}' && innermost === '${')) {
    return make('template', first + (matchAt(TEMPLATE, source, at + 1) || ''));
  }
  const regex = first === '/' && valueMayBegin(tokens) ? matchAt(REGEX, source, at) : null;
  if (regex) return make('value', regex);
  const { kind, pattern } = FIRST.get(first) || (first > '\x7f' ? OTHER_WORD : {});
  const text = pattern && matchAt(pattern, source, at);
  return text ? make(kind, text) : make('mark', matchAt(MARK, source, at));
}

// Whether a `/` here begins a regular expression; after a value it is a division.
function valueMayBegin(tokens) {
  const last = tokens[tokens.length - 1];
  if (last === undefined) return true;
  if (last.kind === 'word') return BEFORE_VALUE.has(last.text) && !isMember(tokens, tokens.length - 1);
  if (last.kind !== 'mark') return false;
  const before = (tokens[last.pair - 1] || {}).text;
  if (last.text === ')') return BEFORE_CONDITION.has(before) && !isMember(tokens, last.pair - 1);
  if (last.text === '}') return last.pair >= 0 && BEFORE_BLOCK.has(before);
  return ![']', '++', '--'].includes(last.text);
}

export function isMember(tokens, at) {
  return at > 0 && ['.', '?.', '#'].includes(tokens[at - 1].text);
}

// A template is split at its substitutions: each part closes the one before it and may open the next.
function pairUp(token, tokens, open) {
  if (token.kind === 'template' && token.text[0] === '}') close(token, tokens, open);
  tokens.push(token);
  if (token.kind === 'template' && token.text.endsWith('${')) {
    tokens.push({ kind: 'mark', text: '${', start: token.end, end: token.end, pair: -1, breaks: false });
    open.push(tokens.length - 1);
  }
  if (token.kind !== 'mark') return;
  if (PAIRS[token.text]) open.push(tokens.length - 1);
  else if (open.length && PAIRS[tokens[open[open.length - 1]].text] === token.text) {
    tokens.pop();
    close(token, tokens, open);
    tokens.push(token);
  }
}

function close(token, tokens, open) {
  token.pair = open.pop();
  tokens[token.pair].pair = tokens.length;
}
