// The text of sbom.cdx.json (CycloneDX 1.6): every npm package that a bundle holds a part of, with what the lock knows of it.

// Identifiers of the SPDX list; others stay the name that the package uses.
const IDS = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'CC0-1.0', 'ISC', 'MIT', 'Unlicense'];

// What the texts of these packages are, which name no identifier themselves.
const KNOWN = { 'css-select': ['BSD-2-Clause'], domutils: ['BSD-2-Clause'], sugar: ['MIT'] };

/** A package URL: `pkg:npm/%40a/b@1.0.0`. */
function purl ({ name, version }) {
    return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function licences ({ name, kinds }) {
    return (KNOWN[name] ?? kinds).map((kind) => ({ license: IDS.includes(kind) ? { id: kind } : { name: kind } }));
}

/** The lock's `sha512-…` as CycloneDX writes hashes. */
function hashes (integrity) {
    const [, content] = (/^sha512-(\S+)/).exec(integrity);

    return [{ alg: 'SHA-512', content: Buffer.from(content, 'base64').toString('hex') }];
}

function component (one, lock) {
    return {
        type: 'library',
        'bom-ref': purl(one),
        name: one.name,
        version: one.version,
        scope: 'required',
        hashes: hashes(lock.packages[one.path].integrity),
        licenses: licences(one),
        purl: purl(one)
    };
}

export function sbom (packages, lock) {
    const unique = [...new Map(packages.map((one) => [purl(one), one])).values()],
        components = unique.map((one) => component(one, lock)).sort((a, b) => a.purl < b.purl ? -1 : 1),
        root = 'pkg:pypi/postrunner';

    return `${JSON.stringify({
        bomFormat: 'CycloneDX',
        specVersion: '1.6',
        version: 1,
        metadata: { component: { type: 'application', 'bom-ref': root, name: 'postrunner', purl: root } },
        components,
        dependencies: [{ ref: root, dependsOn: components.map(({ purl: ref }) => ref) }]
    }, null, 2)}\n`;
}
