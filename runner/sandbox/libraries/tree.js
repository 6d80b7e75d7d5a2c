// A script's syntax tree as JSON, for a translation into another language: nothing of it is run. A node has its type, its
// places (offsets in UTF-16 units), the line where it starts, and what ESTree says of it; a text that has no JSON is null.
const isNode = (value) => value !== null && typeof value === 'object' && typeof value.type === 'string';

function tree (node) {
    const found = { type: node.type, start: node.start, end: node.end, line: node.loc.start.line };

    for (const [key, value] of Object.entries(node)) {
        if (key === 'loc' || key in found) { continue; }
        if (Array.isArray(value)) {
            found[key] = value.map((one) => (isNode(one) ? tree(one) : null));
        } else if (isNode(value)) {
            found[key] = tree(value);
        } else if (value === null || typeof value !== 'object') {
            found[key] = typeof value === 'bigint' ? null : value;
        } else if (key === 'regex' || node.type === 'TemplateElement') {
            found[key] = value;
        }
    }

    return found;
}

module.exports = { tree };
