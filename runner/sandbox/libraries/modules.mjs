// The modules of js/ and what they take from one another. Imports go downwards: a drawer takes only from itself and from those
// before it, and no two modules need each other.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { parse } from 'acorn';

// From the bottom to the top; what stands beside the drawers is above all of them.
export const DRAWERS = ['lang', 'host', 'sdk', 'web', 'pm', 'legacy'];

/** Path from the folder → `text`, `program`, and `imports`: names by path, or by `world:…` for what the build makes. */
export function readModules (folder) {
    const paths = readdirSync(folder, { recursive: true }).map((path) => path.replaceAll('\\', '/')).filter((path) => path.endsWith('.js')).sort(),
        found = new Map(paths.map((path) => [path, moduleOf(path, readFileSync(join(folder, path), 'utf8'))]));

    for (const [path, { imports }] of found) {
        for (const other of imports.keys()) {
            if (!other.startsWith('world:') && !found.has(other)) { throw new Error(`js/${path}: there is no js/${other}`); }
        }
    }

    return found;
}

function moduleOf (path, text) {
    try {
        const program = parse(text, { ecmaVersion: 'latest', sourceType: 'module' }), imports = new Map();

        for (const { type, source, specifiers } of program.body) {
            if (type !== 'ImportDeclaration') { continue; }
            const target = source.value.startsWith('.') ? posix.join(dirname(path), source.value) : source.value;

            imports.set(target, specifiers.map(({ imported, type: kind }) => kind === 'ImportDefaultSpecifier' ? 'default' : imported.name));
        }

        return { text, program, imports };
    }
    catch (error) { throw new Error(`js/${path}: ${error.message}`); }
}

/** What an import breaks the rules with, a sentence for each. */
export function wrongImports (modules) {
    const row = (path) => path.includes('/') ? DRAWERS.indexOf(path.split('/')[0]) : DRAWERS.length,
        ours = (path) => [...modules.get(path).imports.keys()].filter((other) => modules.has(other)),
        upwards = [...modules.keys()].flatMap((path) => ours(path).filter((other) => row(other) > row(path))
            .map((other) => `js/${path} takes from js/${other}, which is above it`)),
        strangers = [...modules.keys()].filter((path) => row(path) < 0).map((path) => `js/${path} is in no known drawer`),
        circles = [], done = new Set();

    for (const path of modules.keys()) { visit(path, []); }

    return [...upwards, ...strangers, ...circles];

    function visit (path, way) {
        if (way.includes(path)) {
            circles.push(`a circle: ${[...way.slice(way.indexOf(path)), path].map((one) => `js/${one}`).join(' takes from ')}`);
        }
        else if (!done.has(path)) {
            for (const other of ours(path)) { visit(other, [...way, path]); }
            done.add(path);
        }
    }
}

/** The modules that are reached from this one, itself included; those in `there` are not entered. */
export function reached (modules, path, there = new Set(), found = new Set()) {
    if (!there.has(path) && !found.has(path)) {
        found.add(path);
        for (const other of modules.get(path).imports.keys()) { if (modules.has(other)) { reached(modules, other, there, found); } }
    }

    return found;
}
