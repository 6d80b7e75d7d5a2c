// The chains of members in a script that begin with a name from outside of it (`pm.response.json().id`), for a translation
// into the API of another program: nothing of it is run. Places are offsets in UTF-16 units.
// A name that the script declares or assigns anywhere is its own, unless it is only another name for such a chain.
const SENT = '$sent';
const MOST_ALIASES = 5;

const isNode = (value) => value !== null && typeof value === 'object' && typeof value.type === 'string';
const isFunction = (node) => isNode(node) && /Function/.test(node.type);
const bare = (node) => {
    let one = node;

    while (one.type === 'ChainExpression' || one.type === 'ParenthesizedExpression') { one = one.expression; }

    return one;
};
const textOf = (node) => {
    if (node.type === 'Literal' && typeof node.value === 'string') { return node.value; }

    return node.type === 'TemplateLiteral' && !node.expressions.length ? node.quasis[0].value.cooked : null;
};

/** The nodes inside of a node, without names that are no references. */
function * inside (node) {
    for (const [key, value] of Object.entries(node)) {
        if (key === 'key' && !node.computed && node.type !== 'Property') { continue; }
        if (key === 'label' || (node.type === 'MetaProperty')) { continue; }
        for (const one of Array.isArray(value) ? value : [value]) { if (isNode(one)) { yield one; } }
    }
}

class Scope {
    constructor (up, isFunction) {
        this.up = up;
        this.home = isFunction ? this : up.home;
        this.names = new Map();
    }

    declare (name) {
        if (!this.names.has(name)) { this.names.set(name, { name, spots: [], times: 0, writes: 0, alias: null }); }
        this.names.get(name).times += 1;
    }

    find (name) {
        for (let scope = this; scope; scope = scope.up) { if (scope.names.has(name)) { return scope.names.get(name); } }

        return null;
    }
}

/** The names that a pattern binds, as nodes. */
function * bound (pattern) {
    if (!pattern) { return; }
    if (pattern.type === 'Identifier') {
        yield pattern;
    } else if (pattern.type === 'ObjectPattern') {
        for (const one of pattern.properties) { yield * bound(one.type === 'RestElement' ? one.argument : one.value); }
    } else if (pattern.type === 'ArrayPattern') {
        for (const one of pattern.elements) { yield * bound(one); }
    } else if (pattern.type === 'AssignmentPattern') {
        yield * bound(pattern.left);
    } else if (pattern.type === 'RestElement') {
        yield * bound(pattern.argument);
    }
}

class Declarations {
    /** Every scope of the tree, with the names declared in it; `named` are the declarators of one value. */
    constructor (tree) {
        this.scopes = new Map();
        this.named = [];
        this.calls = [];
        this.assigned = [];
        this.root = new Scope(null, true);
        this.visit(tree, this.root);
        for (const [node, scope] of this.assigned) {
            const found = scope.find(node.name);

            if (found) { found.writes += 1; } else { this.root.declare(node.name); this.root.find(node.name).writes = 2; }
        }
    }

    visit (node, outer) {
        let scope = outer;

        if (isFunction(node)) {
            if (node.type === 'FunctionDeclaration' && node.id) { outer.declare(node.id.name); }
            scope = new Scope(outer, true);
            if (node.type === 'FunctionExpression' && node.id) { scope.declare(node.id.name); }
            for (const one of node.params.flatMap((param) => [...bound(param)])) { scope.declare(one.name); }
        } else if (/^(BlockStatement|StaticBlock|For|SwitchStatement|CatchClause|Class)/.test(node.type)) {
            if (node.type === 'ClassDeclaration' && node.id) { outer.declare(node.id.name); }
            scope = new Scope(outer, false);
            if (node.type === 'CatchClause') { for (const one of bound(node.param)) { scope.declare(one.name); } }
        }
        this.scopes.set(node, scope);
        if (node.type === 'VariableDeclaration') {
            const home = node.kind === 'var' ? scope.home : scope;

            for (const one of node.declarations) {
                for (const { name } of bound(one.id)) { home.declare(name); }
                if (one.init) { this.named.push({ declaration: node, declarator: one, scope }); }
            }
        } else if (node.type === 'AssignmentExpression') {
            for (const one of bound(node.left)) { this.assigned.push([one, scope]); }
        } else if (node.type === 'UpdateExpression' && node.argument.type === 'Identifier') {
            this.assigned.push([node.argument, scope]);
        } else if (/^For(In|Of)/.test(node.type) && node.left.type !== 'VariableDeclaration') {
            for (const one of bound(node.left)) { this.assigned.push([one, scope]); }
        } else if (node.type === 'CallExpression') {
            this.calls.push([node, scope]);
        }
        for (const one of inside(node)) { this.visit(one, scope); }
    }
}

class Chains {
    constructor (tree, roots, reserved) {
        this.roots = new Set(roots);
        this.reserved = new Set(reserved);
        this.declarations = new Declarations(tree);
        this.uses = [];
        this.aliases = [];
        this.findAliases();
        this.statement = tree;
        this.visit(tree, null);
    }

    get facts () {
        const top = [...this.declarations.root.names.keys()];
        const renamed = [];

        for (const scope of new Set(this.declarations.scopes.values())) {
            for (const { name, spots } of scope.names.values()) { if (this.reserved.has(name)) { renamed.push({ name, spots }); } }
        }

        return { uses: this.uses, aliases: this.aliases, renamed, top };
    }

    // -- other names for chains ---------------------------------------------------------------------------------------

    findAliases () {
        for (let round = 0; round < MOST_ALIASES; round += 1) {
            for (const { declaration, declarator, scope } of this.declarations.named) { this.nameOf(declaration, declarator, scope); }
        }
        for (const [node, scope] of this.declarations.calls) { this.answered(node, scope); }
    }

    nameOf (declaration, { id, init, start, end }, scope) {
        const waited = init.type === 'AwaitExpression';
        const chain = this.chainOf(waited ? init.argument : init, scope);

        if (!chain || !this.roots.has(chain.root)) { return; }
        if (waited || chain.elements.some(({ a }, at) => a && (a.length || chain.elements[at - 1].n !== 'jar'))) {
            if (waited && id.type === 'Identifier' && sends(chain)) { this.alias(scope, id, { root: SENT, elements: [] }, null); }

            return;
        }
        const whole = declaration.declarations.length === 1 ? [declaration.start, declaration.end] : null;
        const place = { start, end, whole, names: [...bound(id)].map(({ name }) => name) };

        if (id.type === 'Identifier') {
            this.alias(scope, id, chain, place);
        } else if (id.type === 'ObjectPattern' && id.properties.every(isPlain)) {
            for (const { key, value } of id.properties) {
                this.alias(scope, value, { root: chain.root, elements: [...chain.elements, { n: key.name }] }, place);
            }
        }
    }

    /** A name that is declared once and never set again stands for its chain. */
    alias (scope, { name }, { root, elements }, place) {
        const binding = scope.find(name);

        if (!binding || binding.alias || binding.times !== 1 || binding.writes) { return; }
        binding.alias = { root, elements: elements.map((one) => ({ ...one, e: undefined })) };
        if (place) { this.aliases.push({ name, ...place }); }
    }

    /** What gets the answer of a request that the script sends: the callback's second parameter, `then`'s first. */
    answered (node, scope) {
        const chain = this.chainOf(node, scope);

        if (!chain || !this.roots.has(chain.root)) { return; }
        const last = node.arguments.at(-1);
        const name = chain.elements.at(-2);

        if (!isFunction(last)) { return; }
        const param = name && name.n === 'then' && sends({ elements: chain.elements.slice(0, -2) }) ? last.params[0]
            : sends(chain) ? last.params[1] : null;

        if (param && param.type === 'Identifier') {
            this.alias(this.declarations.scopes.get(last), param, { root: SENT, elements: [] }, null);
        }
    }

    // -- chains -------------------------------------------------------------------------------------------------------

    /** The chain that a node is, with the name that it begins with; null if it begins with no name from outside. */
    chainOf (node, scope) {
        const elements = [];
        const visits = [];

        for (let one = bare(node); ; one = bare(one)) {
            if (one.type === 'MemberExpression') {
                const place = one.computed ? { x: [one.property.start, one.property.end] } : {};

                elements.unshift({ n: one.computed ? textOf(one.property) : one.property.name, e: one.end, ...place });
                if (one.computed) { visits.push(one.property); }
                one = one.object;
            } else if (one.type === 'CallExpression') {
                elements.unshift({ a: one.arguments.map(argument), e: one.end });
                visits.push(...one.arguments);
                one = one.callee;
            } else if (one.type === 'Identifier') {
                const binding = scope.find(one.name);

                if (binding && !binding.alias) { return { own: binding, base: one, visits, elements }; }
                const { alias } = binding || {};
                const before = alias ? alias.elements : [];

                return {
                    root: alias ? alias.root : one.name, name: one.name, base: one, visits, binding,
                    elements: [...before, ...elements], given: before.length
                };
            } else {
                return { base: one, visits, elements, foreign: true };
            }
        }
    }

    visit (node, parent) {
        const scope = this.declarations.scopes.get(node) || this.declarations.root;

        if (/Statement$|^VariableDeclaration$|^FunctionDeclaration$/.test(node.type) && node.type !== 'BlockStatement' &&
            !(parent && /^For/.test(parent.type) && parent.body !== node)) { this.statement = node; }
        const { statement } = this;

        if (['MemberExpression', 'CallExpression', 'ChainExpression', 'Identifier'].includes(node.type)) {
            this.chain(node, scope, parent);
        } else if (node.type === 'AssignmentExpression') {
            this.assignment(node, scope);
        } else if (node.type === 'Property') {
            if (node.computed) { this.visit(node.key, node); }
            if (node.shorthand) { this.spot(node.value, scope, true); }
            if (node.shorthand) { this.chain(node.value, scope, node, 'shorthand'); } else { this.visit(node.value, node); }
        } else {
            const patterns = [node.id, node.param, ...(node.params || []), /^For(In|Of)/.test(node.type) ? node.left : null];

            for (const one of inside(node)) {
                if (patterns.includes(one) && one.type !== 'VariableDeclaration') {
                    this.pattern(one, one === node.id && /(Function|Class)Declaration/.test(node.type) ? scope.up : scope);
                } else {
                    this.visit(one, node);
                }
                this.statement = statement;
            }
        }
    }

    pattern (node, scope, shorthand = false) {
        if (node.type === 'Identifier') {
            this.spot(node, scope, shorthand);
        } else if (node.type === 'ObjectPattern') {
            for (const one of node.properties) {
                if (one.computed) { this.visit(one.key, one); }
                this.pattern(one.type === 'RestElement' ? one.argument : one.value, scope, one.shorthand);
            }
        } else if (node.type === 'ArrayPattern') {
            for (const one of node.elements) { if (one) { this.pattern(one, scope); } }
        } else if (node.type === 'AssignmentPattern') {
            this.pattern(node.left, scope, shorthand);
            this.visit(node.right, node);
        } else if (node.type === 'RestElement') {
            this.pattern(node.argument, scope);
        } else {
            this.chain(node, scope, null, 'changed');
        }
    }

    assignment (node, scope) {
        const left = bare(node.left);

        if (left.type === 'MemberExpression') {
            const role = node.operator === '=' ? '=' : 'changed';
            const right = role === '=' ? { r: argument(node.right), e: node.end } : null;

            this.chain(left, scope, null, role, right);
        } else {
            this.pattern(left, scope);
        }
        this.visit(node.right, node);
    }

    spot (node, scope, shorthand) {
        const binding = scope.find(node.name);

        if (binding && !binding.spots.some(([start]) => start === node.start)) {
            binding.spots.push([node.start, node.end, Boolean(shorthand)]);
        }
    }

    chain (node, scope, parent, given = '', right = null) {
        const chain = this.chainOf(node, scope);

        if (chain.base.type === 'Identifier') { this.spot(chain.base, scope); } else { this.visit(chain.base, node); }
        if (!chain.own && !chain.foreign && (this.roots.has(chain.root) || chain.root === SENT)) {
            const changes = parent && (parent.type === 'UpdateExpression' ||
                (parent.type === 'UnaryExpression' && parent.operator === 'delete'));

            this.uses.push({
                root: chain.root, name: chain.name, start: chain.base.start, end: chain.base.end, line: chain.base.loc.start.line,
                given: chain.given, elements: [...chain.elements, ...(right ? [right] : [])], role: given || (changes ? 'changed' : ''),
                statement: this.statement.start,
                asked: Boolean(parent) && parent.type === 'UnaryExpression' && parent.operator === 'typeof'
            });
        }
        const { statement } = this;

        for (const one of chain.visits) {
            this.visit(one, node);
            this.statement = statement;
        }
    }
}

const isPlain = ({ type, computed, value }) => type === 'Property' && !computed && value.type === 'Identifier';

function sends ({ elements }) {
    const at = elements.length - 2;

    return at >= 0 && elements[at].n === 'sendRequest' && Boolean(elements[at + 1].a);
}

/** An argument: its place, its type, the text of a literal, and the places of an object's plain members. */
function argument (node) {
    const found = { s: node.start, e: node.end, t: node.type };
    const text = textOf(node);

    if (text !== null) { found.v = text; }
    if (node.type === 'ObjectExpression' && node.properties.every(({ type, computed, method, kind }) =>
        type === 'Property' && !computed && !method && kind === 'init')) {
        found.o = node.properties.map(({ key, value }) => [String(key.name ?? key.value), argument(value)]);
    }
    if (node.type === 'ArrayExpression') { found.items = node.elements.filter(Boolean).map(argument); }

    return found;
}

/** The uses of names from outside that are among `roots`, and the script's own names that are among `reserved`. */
const chains = (tree, { roots, reserved }) => new Chains(tree, roots, reserved).facts;

module.exports = { chains };
