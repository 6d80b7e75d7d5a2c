// node build.mjs OUT: writes one bundle for each name in libraries.json, index.json, LICENSES.txt and sbom.cdx.json into OUT.
// A bundle runs in bare V8 and only sets globalThis.__libraries[name]; it takes what it shares from there, too.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { licences, packageJson, packageName, packages } from './licences.mjs';
import { sbom } from './sbom.mjs';
import { world } from './world.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = process.argv[2];
const LIBRARIES = JSON.parse(readFileSync(join(HERE, 'libraries.json'), 'utf8'));

// One copy of these for everybody, so that `instanceof` holds from one library to the next.
const SHARED = [
    'buffer', 'events', 'lodash', 'path', 'punycode', 'querystring', 'stream', 'string_decoder', 'timers', 'util'
];

// No library: what tells from the text of scripts what they do with variables, for an engine of its own.
const FLOW = 'flow';

// Always loaded, so it needs no other bundle.
const CORE = 'chai';

// The check of `jsonSchema`, for the world of the scripts alone.
const SCHEMAS = 'schemas';

// What packages ask for by these names.
const ALIASES = {
    fs: './empty.js',
    'process/browser.js': './process.js',
    uuid: './uuid.js'
};

/** Makes a bundle take the shared libraries from outside, but not the one that it is. */
function sharing (name) {
    return {
        name: 'sharing',
        setup (build) {
            build.onResolve({ filter: /^[a-z_]+$/ }, ({ path }) => {
                if (path === name && LIBRARIES[name].startsWith('.')) { return { path: join(HERE, LIBRARIES[name]) }; }

                return path !== name && SHARED.includes(path) ? { path, external: true, sideEffects: false } : undefined;
            });
        }
    };
}

// ajv writes code: what it writes must name what generated.js has in place of the language's own.
const WRITTEN = ['push', 'concat', 'test', 'has', 'pointer', 'names', 'bare', 'place'],
    HIDDEN = ['Object', 'Array', 'RegExp', 'Math', 'parseInt', 'isFinite'];
const REWRITES = [
    [/vErrors\.push\(err\)/g, '$push(vErrors, err)'],
    [/vErrors\.concat\(/g, '$concat(vErrors, '],
    [/' \+ (\(\$\w+\)|\(it\.usePattern\(\$pProperty\)\)) \+ '\.test\('/g, "$$test(' + $1 + ', '"],
    [/validate\.schema' \+ \(\$schemaPath\) \+ '\.hasOwnProperty\('/g, "$$has(validate.schema' + ($$schemaPath) + ', '"],
    [/a\.toString !== Object\.prototype\.toString/, 'a.toString !== ({}).toString'],
    [/self\._opts\.unknownFormats\.indexOf\(/, '$place(self._opts.unknownFormats, '],
    [/itemIndices = \{\}/g, 'itemIndices = $$bare()'],
    [/' in ' \+ \(\$data\) \+ '\) \{ '/g, "' in $$names(' + ($$data) + ')) { '"],
    [/'\\'\/\\' \+ ' \+ expr \+ \(isNumber \? '' : '\.replace\(.*?\)'\)/, "'\\'/\\' + ' + (isNumber ? expr : '$$pointer(' + expr + ')')"],
    [/'ValidationError',\s+sourceCode/, () => `'ValidationError', ${[...WRITTEN.map((name) => `'$${name}'`), ...HIDDEN.map((name) => `'${name}'`)].join()}, sourceCode`],
    [/ValidationError\s+\);\s+refVal\[0\]/, () => `ValidationError, ${[...WRITTEN, ...HIDDEN].map((name) => `$generated.${name}`).join()}); refVal[0]`],
    [/module\.exports = compile;/, () => `var $generated = require(${JSON.stringify(join(HERE, 'generated.js'))});\nmodule.exports = compile;`]
];

const writingSafely = {
    name: 'writing-safely',
    setup (build) {
        const done = new Set();

        build.onLoad({ filter: /[\\/](fast-deep-equal[\\/]index|ajv[\\/]lib[\\/](dotjs[\\/]\w+|compile[\\/](index|util)))\.js$/ }, ({ path }) => ({
            contents: REWRITES.reduce((text, [what, by]) => text.replace(what, (...found) => {
                done.add(what);

                return found[0].replace(what, by);
            }), readFileSync(path, 'utf8'))
        }));
        build.onEnd(() => {
            const missing = REWRITES.find(([what]) => !done.has(what));

            if (missing) { throw new Error(`ajv writes otherwise than it did: ${missing[0]}`); }
        });
    }
};

async function bundle (name, minify = true, entry = LIBRARIES[name]) {
    const result = await esbuild.build({
        absWorkingDir: HERE,
        stdin: { contents: `module.exports = require(${JSON.stringify(entry)});`, resolveDir: HERE },
        alias: ALIASES,
        bundle: true,
        charset: 'utf8',
        define: { global: 'globalThis', window: 'globalThis' },
        drop: ['console'],
        format: 'cjs',
        inject: [CORE, SCHEMAS, FLOW, 'buffer'].includes(name) ? [] : ['./shims.js'],
        // Messages show the names of the collection library's types.
        keepNames: name === 'postman-collection',
        legalComments: 'none',
        logLevel: 'error',
        metafile: true,
        minify,
        platform: 'browser',
        plugins: name === CORE ? [] : name === SCHEMAS ? [writingSafely] : [sharing(name)],
        target: 'es2020',
        write: false
    });

    const { imports, inputs } = Object.values(result.metafile.outputs)[0],
        asked = imports.map(({ path }) => path).filter((path) => path in LIBRARIES);

    return { asked: new Set(asked), files: Object.keys(inputs), text: result.outputFiles[0].text };
}

function wrapped (name, text) {
    return '(function(){var libraries=typeof __libraries==="object"?__libraries:(globalThis.__libraries={}),module={exports:{}};' +
        `(function(module,exports,require){${text}})(module,module.exports,function(name){return libraries[name]});` +
        `libraries[${JSON.stringify(name)}]=module.exports})();\n`;
}

/** Every library to load before this one, in the order to load them. */
function needs (name, bundles, seen = []) {
    for (const other of [...bundles[name].asked].sort()) {
        if (!seen.includes(other)) {
            needs(other, bundles, seen);
            seen.push(other);
        }
    }

    return seen;
}

/** The version of the npm package that an entry names, null for one of our own files. */
function version (entry) {
    return entry.startsWith('.') ? null : packageJson(join(HERE, 'node_modules', packageName(entry))).version;
}

const names = Object.keys(LIBRARIES);
const bundles = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await bundle(name)])));
const index = {};

for (const [name, { text }] of Object.entries(bundles)) {
    const file = name === CORE ? 'core.js' : `${name.replaceAll('/', '-')}.js`;

    writeFileSync(join(OUT, file), wrapped(name, text));
    index[name] = { file, needs: needs(name, bundles), version: version(LIBRARIES[name]) };
}

writeFileSync(join(OUT, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);

const flow = await bundle(FLOW, true, `./${FLOW}.js`);

writeFileSync(join(OUT, `${FLOW}.js`), `(function(module){${flow.text};globalThis.analyse=module.exports.analyse})({exports:{}});\n`);

const inside = packages(HERE, [...Object.values(bundles), flow].flatMap(({ files }) => files));

writeFileSync(join(OUT, 'LICENSES.txt'), licences(inside));
writeFileSync(join(OUT, 'sbom.cdx.json'), sbom(inside, JSON.parse(readFileSync(join(HERE, 'package-lock.json'), 'utf8'))));

await world({ bundle, core: CORE, schemas: SCHEMAS, out: join(OUT, 'world') });
