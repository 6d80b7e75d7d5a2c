// The text of LICENSES.txt: name, version and licence of every npm package that a bundle holds a part of.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

// A chapter this short only names the licence.
const A_NAME = 200;
const RULE = `\n\n${'-'.repeat(80)}\n\n`;

/** The package's name at the start of a path inside node_modules: `@a/b` of `@a/b/lib/c.js`. */
export function packageName (path) {
    return (/^(?:@[^/]+\/)?[^/]+/).exec(path)[0];
}

export function packageJson (folder) {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** The folder of the package that a bundled file belongs to; none for our own files and for files left empty. */
function packageFolder (file) {
    const start = file.lastIndexOf('node_modules/') + 'node_modules/'.length;

    return file.startsWith('node_modules/') ? file.slice(0, start) + packageName(file.slice(start)) : null;
}

function texts (folder, pattern) {
    return readdirSync(folder).filter((file) => pattern.test(file)).sort()
        .map((file) => readFileSync(join(folder, file), 'utf8').trim());
}

/** What the package itself says: its licence files, or else that chapter of its readme. */
function ownText (folder) {
    const files = texts(folder, /^(licen[cs]e|copying|notice)/i),
        chapters = texts(folder, /^readme/i).map((readme) => (/^#+\s*licen[cs]e[\s\S]*/im).exec(readme)?.[0]);

    return (files.length ? files : chapters.filter((text) => text?.length > A_NAME)).join('\n\n');
}

function described (folder) {
    const { name, version, license, licenses, author } = packageJson(folder),
        kinds = [license ?? licenses ?? 'as follows'].flat().map((one) => one.type ?? one),
        holder = author?.name ?? author ?? `the authors of ${name}`;

    return { name, version, kinds, kind: kinds[0], text: ownText(folder), title: `${name} ${version}\nLicence: ${kinds.join(' or ')}\nAuthor: ${holder}` };
}

/** The conditions of this licence as another package words them, for the few packages that only name their licence. */
function conditions (kind, all) {
    const other = all.find((one) => one.kind === kind && (/^Permission /m).test(one.text));

    return other ? (/^Permission [\s\S]*/m).exec(other.text)[0] : `See the ${kind} licence.`;
}

/** Every npm package that these bundled files belong to; `path` is its folder, and its key in the lock. */
export function packages (root, files) {
    const folders = [...new Set(files.map(packageFolder).filter(Boolean))].sort();

    return folders.map((path) => ({ path, ...described(join(root, path)) }));
}

export function licences (all) {
    const parts = all.map(({ kind, text, title }) => `${title}\n\n${text || conditions(kind, all)}`);

    return `${[...new Set(parts)].sort().join(RULE)}\n`;
}
