// JavaScript text as a list of tokens: enough to find where its async functions begin and end.

const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
const BLANK = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/)+/y;
const NUMBER = /\.?\d[\w.]*/y;
const STRING = /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/y;
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const TEMPLATE = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)/y;
const MARK = /=>|\?\.|\+\+|--|[\s\S]/y;
const BEFORE_REGEX = new Set(['return', 'typeof', 'case', 'in', 'of', 'delete', 'void', 'throw', 'new', 'else', 'do', 'instanceof',
  'await', 'yield']);
const PAIRS = { '(': ')', '[': ']', '{': '}', '${': '}' };

// Tokens with their place, `pair` (index of the bracket that closes or opens this one) and `breaks` (a new line before it).
function tokenize(source) {
  const tokens = [];
  const open = [];
  for (let at = 0; at < source.length;) {
    const blank = matchAt(BLANK, source, at);
    if (blank) {
      at += blank.length;
      if (at >= source.length) break;
    }
    const token = nextToken(source, at, tokens, open);
    token.breaks = blank !== null && /[\n\r\u2028\u2029]/.test(blank);
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
  if (first === '`') return make('template', first + (matchAt(TEMPLATE, source, at + 1) || ''));
  if (first === '}' && innermost === '${') return make('template', first + (matchAt(TEMPLATE, source, at + 1) || ''));
  const regex = first === '/' && regexMayStand(tokens) ? matchAt(REGEX, source, at) : null;
  if (regex) return make('value', regex);
  for (const [kind, pattern] of [['word', WORD], ['value', NUMBER], ['value', STRING]]) {
    const text = matchAt(pattern, source, at);
    if (text) return make(kind, text);
  }
  return make('mark', matchAt(MARK, source, at));
}

function regexMayStand(tokens) {
  const last = tokens[tokens.length - 1];
  if (last === undefined) return true;
  if (last.kind === 'word') return BEFORE_REGEX.has(last.text);
  return last.kind === 'mark' && ![')', ']', '}', '++', '--'].includes(last.text);
}

// A template is cut at its holes: each part closes the hole before it and may open one after it.
function pairUp(token, tokens, open) {
  const index = tokens.length;
  if (token.kind === 'template') {
    if (token.text[0] === '}') open.pop();
    tokens.push(token);
    if (token.text.endsWith('${')) {
      tokens.push({ ...token, kind: 'mark', text: '${', start: token.end, breaks: false });
      open.push(index + 1);
    }
    return;
  }
  if (token.kind === 'mark' && PAIRS[token.text]) open.push(index);
  else if (token.kind === 'mark' && open.length && PAIRS[tokens[open[open.length - 1]].text] === token.text) {
    token.pair = open.pop();
    tokens[token.pair].pair = index;
  }
  tokens.push(token);
}
