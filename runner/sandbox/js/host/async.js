// The engine does not report unhandled rejections, and an async function's promise cannot be intercepted from outside. So the
// body of each async function of a script is wrapped in `try { … } catch`, which records what it throws; the record is
// dropped once the promise is handled. Scripts do not notice: lines stay the same, reported columns exclude the wrapping, and
// a function's source is the text that its author wrote.

import { BEFORE_VALUE, isMember, tokenize } from '../lang/tokens.js';

export const NOTE = '$rejected$';
const BODY = [`;/*${NOTE}*/try{`, `}catch($error$){throw ${NOTE}($error$)}`];
const EXPRESSION = [`{/*${NOTE}*/try{return(`, `)}catch($error$){throw ${NOTE}($error$)}/*${NOTE}*/}`];
export const INSERTED = [EXPRESSION[1], EXPRESSION[0], BODY[1], BODY[0]];
const CONTINUES = new Set(['.', '?.', '(', '[', '+', '-', '*', '/', '%', '?', ':', '=', '&', '|', '^', '<', '>', ',', '=>', '!']);

// File of a script or package → its text, the insertions, and its name in messages.
export const watchedTexts = new Map();

// The text with its async functions wrapped, and the insertions. Of two functions that end at one place the inner ends first.
export function watchAsync(source) {
  if (!/\basync\b/.test(source)) return { text: source, inserts: [] };
  const inserts = [];
  const tokens = tokenize(source);
  tokens.forEach((token, at) => {
    const body = token.text === 'async' && token.kind === 'word' ? asyncBody(tokens, at) : -1;
    if (body > 0 && body < tokens.length) inserts.push(...bodyInserts(tokens, body, tokens[body - 1].text === '=>'));
  });
  inserts.sort((a, b) => a.at - b.at || a.closes - b.closes || (a.closes ? b.body - a.body : a.body - b.body));
  return { text: inserted(source, inserts), inserts };
}

// Index of the token that begins the body of the async function at `at`; -1 if it is not async. The promises of an async
// generator are watched where its methods return them.
function asyncBody(tokens, at) {
  const textAt = (index) => (tokens[index] || {}).text;
  let next = at + 1;
  if (isMember(tokens, at) || next >= tokens.length || tokens[next].breaks) return -1;
  if (textAt(next) === '(') return arrowBody(tokens, tokens[next].pair + 1);
  if (tokens[next].kind === 'word' && textAt(next + 1) === '=>') return next + 2;
  if (textAt(next) === 'function') next += 1;
  if (textAt(next) === '*') return -1;
  if (textAt(next) === '#') next += 1;
  if (textAt(next) === '[') next = tokens[next].pair + 1;
  else if (textAt(next) !== '(') next += 1;
  if (textAt(next) !== '(' || tokens[next].pair < 0) return -1;
  const body = tokens[next].pair + 1;
  return textAt(body) === '{' ? body : -1;
}

function arrowBody(tokens, at) {
  return at > 0 && tokens[at] && tokens[at].text === '=>' ? at + 1 : -1;
}

function bodyInserts(tokens, body, arrow) {
  const { text, pair, start } = tokens[body];
  const insert = (at, [opens, closes], closing) => ({ at, body, closes: closing, text: closing ? closes : opens });
  if (text === '{') {
    if (pair < 0) return [];
    return [insert(directivesEnd(tokens, body), BODY, false), insert(tokens[pair].start, BODY, true)];
  }
  if (!arrow) return [];
  return [insert(start, EXPRESSION, false), insert(tokens[expressionEnd(tokens, body)].end, EXPRESSION, true)];
}

// Where the statements begin: after "use strict", which must stay first.
function directivesEnd(tokens, body) {
  let { end } = tokens[body];
  for (let next = body + 1; /^['"]/.test(tokens[next].text); next += 1) {
    const after = tokens[next + 1];
    if (after.text === ';') next += 1;
    else if (after.text !== '}' && (!after.breaks || continuesValue(after))) break;
    end = tokens[next].end;
  }
  return end;
}

// Index of the last token of the expression, which ends at a comma, a closing bracket, a semicolon or a line end.
function expressionEnd(tokens, at) {
  let last = at;
  for (let next = at; next < tokens.length; next++) {
    const { text, kind, pair, breaks } = tokens[next];
    const marks = kind === 'mark';
    if ((marks && [',', ';', ')', ']', '}'].includes(text)) || (kind === 'template' && pair >= 0 && pair < at)) break;
    if (next > at && breaks && endsValue(tokens[next - 1]) && !continuesValue(tokens[next])) break;
    if (pair > next) next = pair;
    last = next;
  }
  return last;
}

function endsValue({ kind, text }) {
  if (kind === 'word') return !BEFORE_VALUE.has(text);
  return kind !== 'mark' || [')', ']', '}', '++', '--'].includes(text);
}

function continuesValue({ kind, text }) {
  return (kind === 'mark' && CONTINUES.has(text)) || kind === 'template' || text === 'instanceof' || text === 'in';
}

function inserted(source, inserts) {
  const pieces = [];
  let from = 0;
  for (const { at, text } of inserts) {
    pieces.push(source.slice(from, at), text);
    from = at;
  }
  return pieces.join('') + source.slice(from);
}

// The column in the script's own text: without the wrapper's head and without the insertions.
export function ownColumn(file, line, column) {
  if (line === 1) column -= (watchedTexts.get(file) || { head: HEAD }).head.length;
  for (const [at, length] of insertsOfLine(file, line)) {
    if (column > at) column = Math.max(column - length, at);
  }
  return Math.max(column, 1);
}

// [column, length] of each insertion in this line.
function insertsOfLine(file, line) {
  const watchedText = watchedTexts.get(file);
  if (watchedText === undefined) return [];
  if (!Object.hasOwn(watchedText, 'lines')) watchedText.lines = insertsByLine(watchedText);
  return watchedText.lines.get(line) || [];
}

function insertsByLine({ source, inserts }) {
  const lines = new Map();
  const breaks = Array.from(source.matchAll(/\r\n|[\n\r\u2028\u2029]/g));
  let line = 0;
  let start = 0;
  let end = -1;
  for (const { at, text } of inserts) {
    while (end < at) {
      start = line === 0 ? 0 : end;
      end = line < breaks.length ? breaks[line].index + breaks[line][0].length : Infinity;
      line += 1;
    }
    if (!lines.has(line)) lines.set(line, []);
    lines.get(line).push([at - start + 1, text.length]);
  }
  return lines;
}

export const HEAD = '(function(globalThis,$rejected$,arguments){return async()=>{;';
