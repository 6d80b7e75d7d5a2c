// The engine does not tell of a rejected promise that nobody handles, and the promise of an async function cannot be seen
// from outside. So the body of each async function of a script is put into `try { … } catch`, which notes what is thrown;
// the note is dropped as soon as somebody handles the promise. The lines of the text stay the same.

const NOTE = '$rejected$';
const TRY = 'try{';
const CATCH = `}catch($error$){throw ${NOTE}($error$)}`;
const CONTINUES = new Set(['.', '?.', '(', '[', '+', '-', '*', '/', '%', '?', ':', '=', '&', '|', '^', '<', '>', ',', '=>', '!']);

// The text with its async functions watched, and what was put in: [line, column, length] of each.
function watchAsync(source) {
  if (!/\basync\b/.test(source)) return { text: source, inserts: [] };
  const inserts = [];
  const tokens = tokenize(source);
  tokens.forEach((token, at) => {
    const body = token.text === 'async' && token.kind === 'word' ? asyncBody(tokens, at) : -1;
    if (body > 0 && body < tokens.length) inserts.push(...bodyInserts(tokens, body, tokens[body - 1].text === '=>'));
  });
  inserts.sort((a, b) => a.at - b.at);
  return { text: inserted(source, inserts), inserts: inserts.map(({ at, text }) => [...lineAndColumn(source, at), text.length]) };
}

// Index of the token that begins the body of the async function at `at`; -1 when it is none.
function asyncBody(tokens, at) {
  const before = tokens[at - 1];
  let next = at + 1;
  if ((before && ['.', '?.'].includes(before.text)) || !tokens[next] || tokens[next].breaks) return -1;
  if (tokens[next].text === '(') return arrowBody(tokens, tokens[next].pair + 1);
  if (tokens[next].kind === 'word' && tokens[next + 1] && tokens[next + 1].text === '=>') return next + 2;
  if (tokens[next].text === 'function') next += 1;
  else if (tokens[next].text === '[') next = tokens[next].pair;
  if (tokens[next] && tokens[next].text === '#') next += 1;
  if (tokens[next] && tokens[next].text !== '(') next += 1;
  if (!tokens[next] || tokens[next].text !== '(' || tokens[next].pair < 0) return -1;
  const body = tokens[next].pair + 1;
  return tokens[body] && tokens[body].text === '{' ? body : -1;
}

function arrowBody(tokens, at) {
  return at > 0 && tokens[at] && tokens[at].text === '=>' ? at + 1 : -1;
}

function bodyInserts(tokens, body, arrow) {
  const { text, pair, end, start } = tokens[body];
  if (text === '{') return pair < 0 ? [] : [{ at: end, text: TRY }, { at: tokens[pair].start, text: CATCH }];
  if (!arrow) return [];
  return [{ at: start, text: `{${TRY}return(` }, { at: tokens[expressionEnd(tokens, body)].end, text: `)${CATCH}}` }];
}

// Index of the last token of the expression: it ends at a comma, a closing bracket, a semicolon, or where a line ends it.
function expressionEnd(tokens, at) {
  let last = at;
  for (let next = at; next < tokens.length; next++) {
    const { text, kind, pair, breaks } = tokens[next];
    const marks = kind === 'mark';
    if ((marks && [',', ';', ')', ']', '}'].includes(text)) || (kind === 'template' && text[0] === '}')) break;
    if (next > at && breaks && endsValue(tokens[next - 1]) && !continuesValue(tokens[next])) break;
    if (text === '${') next = closingTemplate(tokens, next);
    else if (marks && pair > next) next = pair;
    last = next;
  }
  return last;
}

function closingTemplate(tokens, at) {
  let depth = 0;
  for (let next = at; next < tokens.length; next++) {
    if (tokens[next].text === '${') depth++;
    else if (tokens[next].kind === 'template' && tokens[next].text[0] === '}' && --depth === 0 && !tokens[next].text.endsWith('${')) return next;
  }
  return tokens.length - 1;
}

function endsValue({ kind, text }) {
  return kind !== 'mark' || [')', ']', '}', '++', '--'].includes(text);
}

function continuesValue({ kind, text }) {
  return (kind === 'mark' && CONTINUES.has(text)) || kind === 'template' || text === 'instanceof' || text === 'in';
}

function inserted(source, inserts) {
  let result = '';
  let from = 0;
  for (const { at, text } of inserts) {
    result += source.slice(from, at) + text;
    from = at;
  }
  return result + source.slice(from);
}

function lineAndColumn(source, at) {
  const lines = source.slice(0, at).split(/\r\n|[\n\r\u2028\u2029]/);
  return [lines.length, lines[lines.length - 1].length + 1];
}

// An async function threw: an error of the script unless its promise is handled before the script ends.
function noteRejected(error) {
  run.thrown.push(error);
  return error;
}

function forgetRejected(owner, error) {
  const at = owner.thrown.findIndex((thrown) => Object.is(thrown, error));
  if (at >= 0) owner.thrown.splice(at, 1);
}
