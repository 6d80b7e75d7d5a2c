// The world that scripts run in: the modules of js/ and chai, hardened (harden.mjs) and bundled by esbuild. `prelude.js` is what
// every child evaluates at its start, the parts wait for the first touch of one of their names, `schemas.js` is a library.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'acorn';
import * as esbuild from 'esbuild';
import { declarations, harden } from './harden.mjs';
import { reached, readModules, wrongImports } from './modules.mjs';

const HERE = dirname(fileURLToPath(import.meta.url)), FOLDER = join(HERE, 'js'), START = 'main.js', TARGET = 'es2024';

// Lines as they stand in js/, for whoever looks for an error in there.
const READABLE = Boolean(process.env.POSTRUNNER_READABLE);

// Written by hand and not hardened.
const PRIMORDIALS = ['lang/primordials.js', 'lang/primordial_methods.js', 'lang/primordial_json.js', 'lang/primordial_statics.js'];

// Modules that work with typed arrays, whose `length` is an accessor.
const VIEWS = /^web\/|^lang\/bytes|^host\/(console|inspect|libraries|random)|^sdk\/(content_info|response)/;

// Names of the language that modules may use as they are; the others are primordials.
const LANGUAGE = new Set(['undefined', 'NaN', 'Infinity', 'arguments', 'globalThis', 'eval', 'Promise', 'SharedArrayBuffer']);

// What the declarations of primordials name themselves.
const DECLARING = ['$method', '$accessor', '$hasOwn', '$OP', '$bag', '$names'];

const isDeclared = (name) => /^\$[mgd]_/.test(name), list = (names) => [...names].sort().join();

export async function world ({ bundle, core, schemas, out }) {
    const modules = readModules(FOLDER), wrong = wrongImports(modules);

    if (wrong.length) { throw new Error(wrong.join('\n')); }

    const parts = Object.entries(JSON.parse(readFileSync(join(FOLDER, 'parts.json'), 'utf8'))),
        prelude = reached(modules, START),
        partOf = new Map(parts.map(([name, path]) => [name, reached(modules, path, prelude)])),
        hardened = new Map([...modules].filter(([path]) => !PRIMORDIALS.includes(path)).map(([path, module]) => [path, hardenedModule(path, module)])),
        usesOf = (paths) => new Set([...paths].filter((path) => hardened.has(path)).flatMap((path) => [...hardened.get(path).uses])),
        chai = harden((await bundle(core, false)).text),
        schema = harden((await bundle(schemas, false, './schemas.js')).text, { foreign: true }),
        late = new Set([...schema.uses].filter(isDeclared)),
        early = new Set([...[...schema.uses].filter((name) => !late.has(name)), ...DECLARING]),
        kept = new Set([...early, ...[...partOf.values()].flatMap((paths) => [...usesOf(paths)])]),
        insides = new Map();

    for (const paths of partOf.values()) {
        for (const path of paths) {
            for (const [other, names] of modules.get(path).imports) {
                if (prelude.has(other) && !PRIMORDIALS.includes(other)) { insides.set(other, new Set([...insides.get(other) ?? [], ...names])); }
            }
        }
    }

    const own = new Map(PRIMORDIALS.flatMap((path) => topNames(modules.get(path).text).map((name) => [name, path]))),
        used = new Set([...usesOf(prelude), ...chai.uses, ...kept]),
        made = {
            primordials: [
                ...PRIMORDIALS.map((path) => imported([...used, '$SAFE'].filter((name) => own.get(name) === path), `./${path}`)),
                declarations([...used].filter((name) => !own.has(name))), `export {${list(used)}};`
            ].join('\n'),
            tables: tables(),
            kept: `${imported(kept, 'world:primordials')}\nexport const $kept = {${list(kept)}};`,
            insides: `${[...insides].map(([path, names]) => imported(names, `./${path}`)).join('\n')}\n` +
                `export const INSIDES = {${list([...insides.values()].flatMap((names) => [...names]))}};`,
            chai: `${imported(chai.uses, 'world:primordials')}\nconst core={exports:{}};(function(module,exports){${chai.text}})` +
                '(core,core.exports);export const chai=core.exports;'
        },
        text = (path) => hardened.get(path)?.text ?? modules.get(path).text;

    mkdirSync(out);
    const write = async (name, code) => writeFileSync(join(out, `${name}.js`), await small(code));

    await write('prelude', await bundled(START, made, text));
    for (const [name, path] of parts) {
        const paths = partOf.get(name), given = { primordials: taken(usesOf(paths), '$kept') };

        await write(name, await bundled(path, given, (one) => paths.has(one) ? text(one) : taken(insides.get(one), '$inside'), true));
    }
    await write('schemas', `(() => {
        const {${list(early)}} = $kept;
        ${declarations(late)}
        const module = { exports: {} };
        ((module, exports) => {${schema.text}})(module, module.exports);
        __libraries.${schemas} = module.exports;
    })();`);
}

/** The tables that scripts share with Python (runner/rules/tables). */
function tables () {
    const rows = (name) => Object.entries(JSON.parse(readFileSync(join(HERE, 'tables', `${name}.json`), 'utf8'))),
        phrases = rows('status_phrases').map(([code, { postman }]) => [code, postman]).filter(([, phrase]) => phrase !== null),
        extensions = rows('mime_types').map(([type, names]) => [type, names.split(' ')[0]]),
        table = (entries) => JSON.stringify(Object.fromEntries(entries));

    return `export const PHRASES = ${table(phrases)}; export const EXTENSIONS = ${table(extensions)};`;
}

function hardenedModule (path, { text: source, imports }) {
    try {
        const { text, uses, free } = harden(source, { ours: true, views: VIEWS.test(path) }),
            unknown = [...free].filter((name) => !LANGUAGE.has(name) && ![...imports.values()].flat().includes(name));

        if (unknown.length) { throw new Error(`${unknown.join(', ')} is neither declared nor imported`); }

        return { text: imported(uses, 'world:primordials') + text, uses };
    }
    catch (error) { throw new Error(`js/${path}: ${error.message}`); }
}

/** The names that a text declares at its top. */
function topNames (text) {
    const names = (pattern) => pattern.type === 'ObjectPattern' ? pattern.properties.flatMap(({ value }) => names(value)) : [pattern.name];

    return parse(text, { ecmaVersion: 'latest', sourceType: 'module' }).body.map((node) => node.declaration ?? node)
        .flatMap(({ id, declarations }) => id ? [id.name] : (declarations ?? []).flatMap((one) => names(one.id)));
}

const imported = (names, from) => [...names].length ? `import {${list(names)}} from ${JSON.stringify(from)};` : '',
    taken = (names, from) => `const {${list(names)}} = ${from};export {${list(names)}};`;

/** One text of this module and of all that it takes, without wrappers: each name stands at the top. */
async function bundled (start, made, text, offers = false) {
    const sources = [], modules = {
        name: 'modules',
        setup (build) {
            build.onResolve({ filter: /./ }, ({ path, importer }) => path.startsWith('world:') ? { path: path.slice(6), namespace: 'world' } :
                { path: posix.join(path.startsWith('.') ? dirname(importer) : '', path), namespace: 'js' });
            build.onLoad({ filter: /./, namespace: 'world' }, ({ path }) => ({ contents: made[path] }));
            build.onLoad({ filter: /./, namespace: 'js' }, ({ path }) => {
                sources.push(text(path));

                return { contents: sources.at(-1) };
            });
        }
    };
    const { outputFiles } = await esbuild.build({
        stdin: { contents: offers ? `import offered from './${start}'; offer(offered);` : `import './${start}';`, sourcefile: 'start' },
        bundle: true, charset: 'utf8', format: 'esm', legalComments: 'none', logLevel: 'error', plugins: [modules], target: TARGET, write: false
    });

    const { text: code } = outputFiles[0], known = new Set(Object.values(made).concat(sources).flatMap(topNames)),
        strange = topNames(code).find((name) => !known.has(name) && !name.endsWith('_default'));

    if (strange) { throw new Error(`js/${start}: ${strange} is the new name of what a module takes without an import, or of a second one of its name`); }

    return withClasses(code);
}

/** esbuild writes classes as expressions with names of its own: here they are declarations again, with the names that they have. */
function withClasses (text) {
    const changes = [];

    for (const { type, declarations: [{ id, init } = {}] = [], start, end } of parse(text, { ecmaVersion: 'latest', sourceType: 'module' }).body) {
        if (type !== 'VariableDeclaration' || init?.type !== 'ClassExpression') { continue; }
        changes.push([start, init.id ? init.id.start : init.start + 'class'.length, init.id ? 'class ' : `class ${id.name}`], [init.end, end, '']);
        if (init.id) { names(init, init.id.name, ({ start: from, end: to }) => changes.push([from, to, id.name])); }
    }

    return changes.sort(([a], [b]) => b - a).reduce((all, [from, to, by]) => all.slice(0, from) + by + all.slice(to), text);
}

function names (node, name, found) {
    if (node.type === 'Identifier' && node.name === name) { found(node); }
    for (const value of Object.values(node)) {
        for (const one of Array.isArray(value) ? value : [value]) { if (typeof one?.type === 'string') { names(one, name, found); } }
    }
}

async function small (text) {
    return READABLE ? text : (await esbuild.transform(text, { charset: 'utf8', minify: true, target: TARGET })).code;
}
