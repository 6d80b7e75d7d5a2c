// Postman's own answers: `node record.js NODE_MODULES < request`, where the request is `{ rule, inputs, scope }` in JSON.
const fs = require('fs');
const path = require('path');

const modules = path.resolve(process.argv[2]);
const load = (name) => require(path.join(modules, name));
const sdk = load('postman-collection');
const { rule, inputs, scope } = JSON.parse(fs.readFileSync(0, 'utf-8'));
const answers = eval(fs.readFileSync(path.join(__dirname, 'answers.js'), 'utf-8'))(sdk);
const variables = new sdk.VariableScope({ values: Object.entries(scope).map(([key, value]) => ({ key, value })) });

function jarCookie(text) {
  const cookie = load('@postman/tough-cookie').Cookie.parse(text, { loose: true });
  return cookie ? {
    name: cookie.key, value: cookie.value, domain: cookie.domain, path: cookie.path, secure: cookie.secure, http_only: cookie.httpOnly,
    max_age: cookie.maxAge, expires: cookie.maxAge !== null || cookie.expires === 'Infinity' ? null : cookie.expires.toISOString(),
    same_site: cookie.sameSite === undefined || cookie.sameSite === 'none' && !/samesite=none/i.test(text) ? null : cookie.sameSite,
    extensions: cookie.extensions || [],
  } : null;
}

function answer(input) {
  if (rule === 'jar_cookies') return jarCookie(input);
  if (rule === 'content_types') return load('mime-types').lookup(`/folder/${input}`) || null;
  return answers[rule](rule === 'substitute' ? { scope: variables, template: input } : input);
}

process.stdout.write(JSON.stringify(inputs.map(answer)));
