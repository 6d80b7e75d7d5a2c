// What `postrunner check` asks of a script's tree, beside its flow: nothing of it is run. Places are offsets in UTF-16 units.
// Each fact is {do, name, start, end} and, where `guarded`, it stands where a script asks whether there is such a member.
// A name that the script declares or assigns anywhere is its own: no fact is about that.
const OLD = new Set([
    'tests', 'globals', 'environment', 'data', 'request', 'responseCookies', 'responseHeaders', 'responseTime', 'responseCode',
    'responseBody', 'iteration', 'xml2Json'
]);
const SCOPES = new Set(['environment', 'globals', 'collectionVariables', 'variables', 'iterationData']);
const DEEPEST = 4;

// What ends a chain of chai without asserting anything: its words, and its methods where they are not called.
const WORDS = new Set(`to be been is that which and has have with at of same but does still also not deep nested own ordered any all a an
    include includes contain contains equal equals eq eql eqls above gt greaterThan least gte greaterThanOrEqual below lt lessThan most
    lte lessThanOrEqual within instanceof instanceOf property ownProperty haveOwnProperty lengthOf length match matches string keys key
    throw throws Throw respondTo satisfy satisfies closeTo approximately members oneOf change changes increase decrease status header
    jsonSchema jsonBody body`.split(/\s+/));

const isNode = (value) => value !== null && typeof value === 'object' && typeof value.type === 'string';
const isFunction = (node) => /Function/.test(node.type);
const bare = (node) => (node.type === 'ChainExpression' || node.type === 'ParenthesizedExpression' ? bare(node.expression) : node);
const textOf = (node) => {
    if (node.type === 'Literal' && typeof node.value === 'string') { return node.value; }

    return node.type === 'TemplateLiteral' && !node.expressions.length ? node.quasis[0].value.cooked : null;
};

function keyOf (node) {
    return node.computed ? textOf(node.property) : node.property.name;
}

/** The names of a chain of members with the name that it begins with, `(` for a call and null for a computed name. */
function chainOf (node) {
    const names = [];

    for (let one = bare(node); ; one = bare(one)) {
        if (one.type === 'MemberExpression') {
            names.unshift(keyOf(one));
            one = one.object;
        } else if (one.type === 'CallExpression' || one.type === 'NewExpression') {
            names.unshift('(');
            one = one.callee;
        } else {
            names.unshift(one.type === 'Identifier' ? one.name : null);

            return names;
        }
    }
}

/** Whether a chain is that of an assertion: `pm.expect(…)`, `expect(…)`, `pm.response.to`. */
function asserts ([first, second, third]) {
    if (first === 'expect' || first === 'assert') { return second === '(' || first === 'assert'; }
    if (first === 'chai') { return second === 'expect' || second === 'assert'; }

    return first === 'pm' && (second === 'expect' || ((second === 'response' || second === 'request') && third === 'to'));
}

/** Whether an assertion was begun and not made: `pm.expect(x)`, `pm.expect(x).to.equal`, `pm.response.to.have`. */
function isUnfinished (chain) {
    const last = chain.at(-1);

    if (chain.some((name) => name === null) || !asserts(chain) || chain.includes('assert')) { return false; }
    if (last === '(') { return /^(?:pm,expect|expect|chai,expect),\($/.test(chain.join()); }

    return WORDS.has(last);
}

/** Call `each` with a node and everything inside of it, and with the place in the row of calls of what it is part of. */
function walk (root, each) {
    let count = 0;
    const visit = (node, up) => {
        const place = count;

        count += 1;
        each(node, up);
        for (const key in node) {
            const value = node[key];

            if (key === 'loc' || value === null || typeof value !== 'object') { continue; }
            if (Array.isArray(value)) {
                for (const one of value) { if (isNode(one)) { visit(one, place); } }
            } else if (isNode(value)) { visit(value, place); }
        }
    };

    visit(root, -1);
}

class Lint {
    constructor (tree, comments) {
        this.comments = comments;
        this.facts = [];
        this.own = new Set();
        this.assigned = new Map();
        this.nodes = [];
        this.ups = [];
        walk(tree, (node, up) => { this.nodes.push(node); this.ups.push(up); });
    }

    run () {
        for (const node of this.nodes) { this.declared(node); }
        this.nodes.forEach((node, at) => this.look(node, at));
        this.constants();
        for (const { value, start, end } of this.comments) {
            if (value.includes('postrunner-disable')) { this.facts.push({ do: 'comment', name: value, start, end }); }
        }

        return this.facts;
    }

    fact (action, name, node, more = {}) { this.facts.push({ do: action, name, start: node.start, end: node.end, ...more }); }

    /** What is around a node, the nearest first. */
    * around (at) {
        for (let up = this.ups[at]; up >= 0; up = this.ups[up]) { yield this.nodes[up]; }
    }

    declared (node) {
        const pattern = (one) => {
            if (!one) { return; }
            if (one.type === 'Identifier') { this.own.add(one.name); }
            else if (one.type === 'ObjectPattern') { one.properties.forEach((part) => pattern(part.value || part.argument)); }
            else if (one.type === 'ArrayPattern') { one.elements.forEach(pattern); }
            else if (one.type !== 'MemberExpression') { pattern(one.left || one.argument); }
        };

        if (node.type === 'VariableDeclarator' || ((isFunction(node) || /^Class/.test(node.type)) && node.id)) { pattern(node.id); }
        if (isFunction(node)) { node.params.forEach(pattern); }
        if (node.type === 'CatchClause') { pattern(node.param); }
        if (node.type === 'AssignmentExpression' || /^For(?:In|Of)Statement$/.test(node.type)) { pattern(node.left); }
        if (node.type === 'AssignmentExpression' && bare(node.left).type === 'MemberExpression') {
            const chain = chainOf(node.left);

            // A member that a script gives to `pm` is its own, too.
            if (chain[0] === 'pm' && !chain.includes(null)) { this.own.add(chain.join('.')); }
        }
    }

    look (node, at) {
        switch (node.type) {
            case 'Identifier': return this.name(node, at);
            case 'MemberExpression': {
                const up = this.nodes[this.ups[at]];

                return up.type === 'MemberExpression' && up.object === node ? undefined : this.member(node, at);
            }
            case 'CallExpression': return this.call(node, at);
            case 'ExpressionStatement': return this.statement(node, at);
            case 'AssignmentExpression': return this.assignment(node);
            default: return undefined;
        }
    }

    /** A name of the old API in an expression. */
    name (node, at) {
        if (!OLD.has(node.name) || this.own.has(node.name)) { return; }
        const up = this.nodes[this.ups[at]],
            isKey = (up.type === 'MemberExpression' && up.property === node && !up.computed) ||
            ((up.type === 'Property' || up.type === 'PropertyDefinition' || up.type === 'MethodDefinition') && up.key === node && !up.computed) ||
            /Labeled|Break|Continue/.test(up.type);

        if (!isKey) { this.fact('old', node.name, node, { guarded: this.guarded(node, at) }); }
    }

    /** Whether somebody only asks whether there is such a thing. */
    guarded (node, at) {
        let below = node;

        for (const one of this.around(at)) {
            if (one.type === 'UnaryExpression' || one.type === 'ChainExpression') { return true; }
            if (/^(If|Conditional|While)/.test(one.type)) { return one.test === below || this.tested(one.test, node); }
            if (one.type === 'LogicalExpression' && (one.left === below || this.tested(one.left, node))) { return true; }
            if (one.type === 'TryStatement' && one.block === below) { return true; }
            below = one;
        }

        return false;
    }

    /** Whether a condition is about the chain that is guarded by it, or about its beginning. */
    tested (test, node) {
        const wanted = chainOf(node).filter((name) => name !== null);
        let found = false;

        walk(test, (one) => {
            if (one.type !== 'MemberExpression') { return; }
            const chain = chainOf(one);

            found = found || (chain.length > 1 && chain.every((name, at) => name === wanted[at]));
        });

        return found;
    }

    member (node, at) {
        const chain = chainOf(node);

        if (chain[0] === 'postman' && !this.own.has('postman') && chain[1]) {
            this.fact('old', `postman.${chain[1]}`, this.part(node, chain.length - 2));

            return;
        }
        if (chain[0] !== 'pm' || this.own.has('pm')) { return; }
        const end = chain.findIndex((name) => name === null || name === '('),
            names = chain.slice(0, Math.min(end === -1 ? chain.length : end, DEEPEST));

        if (names.length < 2 || names.some((_, at) => this.own.has(names.slice(0, at + 1).join('.')))) { return; }
        this.fact('member', names.slice(1).join('.'), this.part(node, chain.length - names.length), { guarded: this.guarded(node, at) });
    }

    /** The part of a chain without the last `count` names and calls. */
    part (node, count) {
        let one = bare(node);

        for (; count > 0; count -= 1) { one = bare(one.type === 'MemberExpression' ? one.object : one.callee); }

        return one;
    }

    /** A test of the old API: `tests['name'] = value`. */
    assignment (node) {
        const left = bare(node.left);

        if (left.type !== 'MemberExpression' || chainOf(left)[0] !== 'tests' || this.own.has('tests') || chainOf(left).length !== 2) { return; }
        const name = keyOf(left),
            value = bare(node.right),
            known = this.assigned.get(name);

        this.assigned.set(name, { first: known ? known.first : node, passes: (!known || known.passes) && value.type === 'Literal' && Boolean(value.value) });
    }

    /** Tests of the old API that are only ever given what passes. A computed name may be any. */
    constants () {
        if (this.assigned.has(null)) { return; }
        for (const [name, { first, passes }] of this.assigned) { if (passes) { this.fact('only true', name, first); } }
    }

    isTest (callee) {
        const chain = chainOf(callee);

        return chain.join('.') === 'pm.test' && !this.own.has('pm');
    }

    call (node, at) {
        if (this.isTest(node.callee)) { this.test(node); }
        const chain = chainOf(node.callee);

        if (chain.at(-1) === 'setNextRequest' && /^(?:pm\.execution|pm|postman)\.setNextRequest$/.test(chain.join('.'))) {
            const to = node.arguments[0] && bare(node.arguments[0]),
                [statement, program, more] = this.around(at),
                top = statement.type === 'ExpressionStatement' && program.type === 'Program' && !more;

            this.fact('jump', to ? textOf(to) : null, node, { always: top, ends: Boolean(to) && to.type === 'Literal' && to.value === null });
        }
    }

    /** A test that has nothing that could fail, but for members of what is not there. */
    test (node) {
        if (node.arguments.some(({ type }) => type === 'SpreadElement')) { return; }
        const name = node.arguments[0] ? textOf(node.arguments[0]) : null,
            body = node.arguments[1] && bare(node.arguments[1]);

        if (!body || body.type === 'Literal') { this.fact('no function', name, node); } else if (isFunction(body)) {
            if (body.params.length) { return; } // `done` may be called with an error, or never
            if (this.isConstant(body)) { this.fact('constant test', name, node); } else if (!this.mayFail(body.body)) { this.fact('empty test', name, node); }
        }
    }

    mayFail (node) {
        let found = false;

        walk(node, (one) => {
            if (one.type === 'CallExpression' || one.type === 'NewExpression') {
                found = found || !this.isHarmless(chainOf(one.callee));
            } else if (one.type === 'MemberExpression') {
                found = found || asserts(chainOf(one));
            } else if (/^(Throw|Await|Yield|TaggedTemplate|Import)/.test(one.type)) { found = true; }
        });

        return found;
    }

    /** Calls that hand over what they are given and never fail. */
    isHarmless (chain) {
        const [first, second, third] = chain;

        if (chain.includes('(') || chain.includes(null)) { return false; }
        if (first === 'console') { return true; }
        if (first === 'pm' && !this.own.has('pm')) { return SCOPES.has(second) && ['get', 'has', 'set', 'unset'].includes(third) && chain.length === 3; }

        return first === 'postman' && /^(?:[sg]et|clear)(?:Environment|Global)Variables?$/.test(second) && chain.length === 2;
    }

    /** A test of one assertion about a constant: `pm.expect(true).to.be.true`, `pm.expect(1).to.equal(1)`. */
    isConstant ({ body }) {
        const only = body.type !== 'BlockStatement' ? body : body.body.length === 1 && body.body[0].type === 'ExpressionStatement' && body.body[0].expression;

        if (!only) { return false; }
        const node = bare(only),
            chain = chainOf(node).join('.');

        if (/^(?:pm\.)?expect\.\(\.to\.be\.(?:true|ok)$/.test(chain)) { return this.constantOf(node, 3) === true; }
        if (/^(?:pm\.)?expect\.\(\.to\.(?:be\.)?(?:eql?|equals?)\.\($/.test(chain)) {
            const wanted = node.arguments[0] && bare(node.arguments[0]),
                depth = chain.includes('.be.') ? 4 : 3;

            return Boolean(wanted) && wanted.type === 'Literal' && this.constantOf(node, depth) === wanted.value;
        }

        return false;
    }

    /** The constant that an assertion is about, undefined for anything else. */
    constantOf (node, count) {
        const given = this.part(node, count).arguments[0];

        return given && given.type === 'Literal' ? given.value : undefined;
    }

    statement (node, at) {
        const inside = bare(node.expression),
            chain = inside.type === 'MemberExpression' || inside.type === 'CallExpression' ? chainOf(inside) : [];

        if (chain[0] === 'pm' ? this.own.has('pm') : this.own.has(chain[0]) && chain[0] !== 'expect') { return; }
        if (isUnfinished(chain)) {
            this.fact('unfinished', chain.at(-1) === '(' ? '' : chain.at(-1), inside);
        } else if (asserts(chain) && ![...this.around(at)].some(isFunction)) {
            this.fact('loose', null, inside);
        }
    }
}

module.exports = { look: (tree, comments) => new Lint(tree, comments).run() };
