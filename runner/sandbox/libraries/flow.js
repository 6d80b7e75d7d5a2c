// What a script does with variables, told from its text: nothing of it is run. Every text becomes a list of facts
// {do, scope, name, line, refs, gone}: `do` is read, write (`gone`: it takes away), jump (setNextRequest), end (setNextRequest(null)) or run (runRequest);
// a name of null may be any.
// A value is followed through names, destructuring and calls of the script's own functions; where one that matters goes out
// of sight, everything that could be done with it is a fact without a name.
const { parse } = require('acorn');
const { act } = require('./actions.js');
const { chains } = require('./chains.js');
const { look } = require('./lint.js');
const { tree: copied } = require('./tree.js');

const SCOPES = {
    environment: 'environment', collectionVariables: 'collection', globals: 'globals', variables: 'any',
    iterationData: 'data', vault: 'vault'
};
const LEGACY = {
    setEnvironmentVariable: ['environment', 'set'], getEnvironmentVariable: ['environment', 'get'],
    clearEnvironmentVariable: ['environment', 'unset'], clearEnvironmentVariables: ['environment', 'clear'],
    setGlobalVariable: ['globals', 'set'], getGlobalVariable: ['globals', 'get'],
    clearGlobalVariable: ['globals', 'unset'], clearGlobalVariables: ['globals', 'clear']
};
const OLD = { environment: 'environment', globals: 'globals', data: 'data' };
const EVERY = ['any', 'environment', 'collection', 'globals', 'data', 'vault', 'local', 'cookies', 'script'];
const ONE = { get: 'read', has: 'read', set: 'write', unset: 'write' };
const ALL = { clear: 'write', toObject: 'read', toJSON: 'read', values: 'read', syncVariablesTo: 'read' };
const HARMLESS = new Set(['name', 'id']);
const POSTMAN = new Set([
    ...Object.getOwnPropertyNames(globalThis), '_', 'CryptoJS', 'tv4', 'xml2Json', 'cheerio', 'Backbone', 'Buffer', 'console',
    'require', 'tests', 'request', 'responseBody', 'responseCode', 'responseHeaders', 'responseTime', 'responseCookies',
    'iteration', 'setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate', 'atob', 'btoa',
    'URL', 'URLSearchParams', 'TextEncoder', 'TextDecoder', 'crypto', 'structuredClone', 'queueMicrotask', 'Blob', 'File',
    'AbortController', 'AbortSignal', 'Event', 'EventTarget', 'DOMException', 'ReadableStream', 'WritableStream',
    'TransformStream', 'arguments', 'undefined', 'CustomEvent', 'CompressionStream', 'DecompressionStream', 'Request', 'Response'
]);
const TEMPLATE = /{{([^{}]*)}}/g;

const namesIn = (text) => [...text.matchAll(TEMPLATE)].map((found) => found[1]);
const isNode = (value) => value !== null && typeof value === 'object' && typeof value.type === 'string';
const keyOf = (value) => (value.k === 'fn' ? `fn ${value.node.start}` : JSON.stringify(value));

/** What may be known of an expression: values that matter, and whether it may be anything else, too. */
class May {
    constructor (values = [], other = true) { this.values = values; this.other = other; }

    of (...kinds) { return this.values.filter(({ k }) => kinds.includes(k)); }
}

const only = (value) => new May([value], false);
const ANYTHING = new May();

class Binding {
    constructor () { this.values = new Map(); this.other = false; }

    /** Take one more value in; tells whether it is new. */
    join (may) {
        const before = this.values.size + this.other;

        for (const value of may.values) { this.values.set(keyOf(value), value); }
        this.other = this.other || may.other;

        return this.values.size + this.other > before;
    }

    get may () { return new May([...this.values.values()], this.other); }
}

class Analysis {
    constructor (tree) {
        this.scopes = new Map();
        this.tell = false;
        this.facts = new Map();
        this.tree = tree;
    }

    /** Go through the script until nothing more is learned of its names, and then once more to tell the facts. */
    run () {
        for (let round = 0; round < 12; round += 1) {
            this.changed = false;
            this.pass();
            if (!this.changed) { break; }
        }
        this.tell = true;
        if (this.changed) { EVERY.forEach((scope) => this.both(scope, this.tree)); }
        this.pass();

        return [...this.facts.values()];
    }

    pass () {
        this.waiting = [];
        this.block(this.tree, null, true);
        for (const [node, scope] of this.waiting) { this.inside(node, scope); }
    }

    fact (action, scope, name, node, refs = [], gone = false) {
        if (!this.tell) { return; }
        const line = node.loc.start.line;

        this.facts.set(JSON.stringify([action, scope, name, line, refs, gone]), { do: action, scope, name, line, refs, gone });
    }

    both (scope, node) {
        this.fact('read', scope, null, node);
        this.fact('write', scope === 'any' ? 'local' : scope, null, node);
    }

    /** A value that matters went where it cannot be followed. */
    escape (may, node) {
        for (const value of may.values) {
            if (value.k === 'pm' || value.k === 'require') {
                EVERY.forEach((scope) => this.both(scope, node));
                this.fact('jump', '', null, node);
                this.fact('run', '', null, node);
            } else if (value.k === 'scope' || value.k === 'method' || value.k === 'old') {
                this.both(value.scope, node);
            } else if (value.k === 'postman') {
                this.both('environment', node);
                this.both('globals', node);
                this.fact('jump', '', null, node);
            } else if (value.k === 'execution') {
                this.fact('jump', '', null, node);
                this.fact('run', '', null, node);
            } else if (value.k === 'cookies' || value.k === 'jar') {
                this.fact('read', 'cookies', 'jar', node);
                this.fact('write', 'cookies', 'jar', node);
            } else if (value.k === 'world') {
                this.both('script', node);
            } else if (value.k === 'fn') {
                this.open(value.node);
            }
        }
    }

    /** A function that anybody may call, with anything. */
    open (node) {
        for (const param of node.params) { this.bindPattern(param, ANYTHING, this.scopeOf(node)); }
    }

    // -- names --------------------------------------------------------------------------------------------------------

    scopeOf (node) {
        if (!this.scopes.has(node)) { this.scopes.set(node, { names: new Map(), up: null }); }

        return this.scopes.get(node);
    }

    declare (pattern, scope) {
        if (!pattern) { return; }
        if (pattern.type === 'Identifier') {
            if (!scope.names.has(pattern.name)) { scope.names.set(pattern.name, new Binding()); }
        } else if (pattern.type === 'ObjectPattern') {
            pattern.properties.forEach((one) => this.declare(one.type === 'RestElement' ? one.argument : one.value, scope));
        } else if (pattern.type === 'ArrayPattern') {
            pattern.elements.forEach((one) => this.declare(one, scope));
        } else {
            this.declare(pattern.left || pattern.argument, scope);
        }
    }

    /** The names that the statements of a block declare; `var` and functions belong to the whole function. */
    hoist (node, scope, top) {
        const look = (one, direct) => {
            if (one.type === 'VariableDeclaration' && (direct || (one.kind === 'var' && top))) {
                one.declarations.forEach(({ id }) => this.declare(id, scope));
            }
            if ((one.type === 'FunctionDeclaration' || one.type === 'ClassDeclaration') && one.id && (direct || top)) {
                this.declare(one.id, scope);
            }
            if (/Function/.test(one.type) || one.type === 'ClassDeclaration' || one.type === 'ClassExpression') { return; }
            if (top || /Labeled/.test(one.type)) { this.children(one, (child) => look(child, false)); }
        };

        (Array.isArray(node.body) ? node.body : [node.body]).forEach((one) => look(one, true));
    }

    lookUp (name, scope) {
        for (let place = scope; place; place = place.up) {
            if (place.names.has(name)) { return place.names.get(name); }
        }

        return null;
    }

    bind (name, may, scope, node) {
        const binding = this.lookUp(name, scope);

        if (binding) {
            this.changed = binding.join(may) || this.changed;
        } else {
            this.fact('write', 'script', name, node);
            this.escape(may, node);
        }
    }

    /** Give the names of a pattern what they take out of a value. */
    bindPattern (pattern, may, scope) {
        if (!pattern) { return; }
        if (pattern.type === 'Identifier') {
            this.bind(pattern.name, may, scope, pattern);
        } else if (pattern.type === 'AssignmentPattern') {
            this.bindPattern(pattern.left, new May([...may.values, ...this.visit(pattern.right, scope).values], may.other), scope);
        } else if (pattern.type === 'ObjectPattern') {
            for (const one of pattern.properties) {
                if (one.type === 'RestElement') {
                    this.escape(may, one);
                    this.bindPattern(one.argument, ANYTHING, scope);
                } else {
                    const name = one.computed ? this.visit(one.key, scope) : only({ k: 'text', text: String(one.key.name ?? one.key.value) });

                    this.bindPattern(one.value, this.member(may, name, one), scope);
                }
            }
        } else if (pattern.type === 'ArrayPattern') {
            this.escape(may, pattern);
            pattern.elements.forEach((one) => this.bindPattern(one, ANYTHING, scope));
        } else if (pattern.type === 'RestElement') {
            this.escape(may, pattern);
            this.bindPattern(pattern.argument, ANYTHING, scope);
        } else {
            this.assignMember(pattern, may, scope);
        }
    }

    assignMember (node, may, scope) {
        const object = this.visit(node.object, scope),
            name = this.keyOf(node, scope);

        for (const value of object.values) {
            if (value.k === 'world') {
                this.named(name, (one) => this.fact('write', 'script', one, node));
            } else if (value.k !== 'old' && value.k !== 'text') {
                this.escape(new May([value]), node);
            }
        }
        this.escape(may, node);
    }

    // -- members and calls --------------------------------------------------------------------------------------------

    keyOf (node, scope) {
        return node.computed ? this.visit(node.property, scope) : only({ k: 'text', text: node.property.name });
    }

    /** Call `each` with every name that a value may be: null where it may be any. */
    named (may, each) {
        const texts = may.of('text');

        texts.forEach(({ text }) => each(text));
        if (may.other || texts.length < may.values.length || !may.values.length) { each(null); }
    }

    /** What a member of a value may be. */
    member (object, name, node) {
        const found = new May([], object.other);

        for (const value of object.values) {
            this.named(name, (one) => {
                const part = this.part(value, one, node);

                if (part) { found.values.push(part); } else { found.other = true; }
            });
        }

        return found;
    }

    part (value, name, node) {
        const out = () => { this.escape(new May([value]), node); };

        switch (value.k) {
            case 'pm':
                if (name === null) { return out(); }
                if (Object.hasOwn(SCOPES, name)) { return { k: 'scope', scope: SCOPES[name] }; }
                if (name === 'setNextRequest') { return { k: 'jump' }; }

                return { cookies: { k: 'cookies' }, execution: { k: 'execution' }, require: { k: 'require' } }[name];
            case 'scope':
                if (name === null) { return out(); }
                if (HARMLESS.has(name)) { return undefined; }

                return { k: 'method', scope: value.scope, name };
            case 'postman':
                if (name === null) { return out(); }
                if (name === 'setNextRequest') { return { k: 'jump' }; }
                if (Object.hasOwn(LEGACY, name)) { return { k: 'method', scope: LEGACY[name][0], name: LEGACY[name][1] }; }
                if (name === 'getResponseCookie') { this.fact('read', 'cookies', 'jar', node); }

                return undefined;
            case 'execution':
                if (name === null) { return out(); }

                return { setNextRequest: { k: 'jump' }, runRequest: { k: 'run' } }[name];
            case 'cookies':
                if (name === 'jar') { return { k: 'makes jar' }; }
                this.fact('read', 'cookies', 'jar', node);

                return undefined;
            case 'jar':
                this.fact(name === 'get' || name === 'getAll' ? 'read' : 'write', 'cookies', 'jar', node);

                return undefined;
            case 'old':
                this.fact('read', value.scope, name, node);

                return undefined;
            case 'world':
                if (name !== null && POSTMAN.has(name)) { return undefined; }
                if (name !== null && this.global(name)) { return this.global(name); }
                this.fact('read', 'script', name, node);

                return undefined;
            case 'method':
                return value.name === 'values' ? this.call(value, [], node) : out();
            case 'fn':
                return out();
            default:
                return undefined;
        }
    }

    /** What a name is that the script does not declare. */
    global (name) {
        if (name === 'pm' || name === 'postman' || name === 'require') { return { k: name === 'require' ? 'load' : name }; }
        if (name === 'globalThis') { return { k: 'world' }; }
        if (name === 'eval' || name === 'Function') { return { k: 'require' }; }

        return Object.hasOwn(OLD, name) ? { k: 'old', scope: OLD[name] } : undefined;
    }

    /** The facts of calling a value that matters; gives what matters of the answer. */
    call (value, args, node) {
        const first = args[0] || new May([], true);

        if (value.k === 'method') {
            const { scope, name } = value;

            if (Object.hasOwn(ONE, name)) {
                const refs = name === 'set' && args[1] ? args[1].of('text').flatMap(({ text }) => namesIn(text)) : [];

                this.named(first, (one) => this.fact(ONE[name], ONE[name] === 'write' && scope === 'any' ? 'local' : scope, one, node, refs, name === 'unset'));
                args.slice(1).forEach((one) => this.escape(one, node));
            } else if (Object.hasOwn(ALL, name)) {
                this.fact(ALL[name], ALL[name] === 'write' && scope === 'any' ? 'local' : scope, null, node, [], name === 'clear');
            } else if (name === 'replaceIn') {
                this.named(first, (one) => {
                    if (one === null) { this.fact('read', scope, null, node); } else {
                        namesIn(one).forEach((inner) => this.fact('read', scope, inner, node));
                    }
                });
            } else {
                this.both(scope, node);
            }
        } else if (value.k === 'jump' || value.k === 'run') {
            if (value.k === 'jump' && first.of('nothing').length) { this.fact('end', '', null, node); }
            const target = new May(first.values.filter(({ k }) => k !== 'nothing'), first.other);

            if (target.other || target.values.length) { this.named(target, (one) => this.fact(value.k, '', one, node)); }
        } else if (value.k === 'makes jar') {
            return { k: 'jar' };
        } else if (value.k === 'fn') {
            value.node.params.forEach((param, at) => {
                if (param.type === 'RestElement') { args.slice(at).forEach((one) => this.escape(one, node)); }
                this.bindPattern(param, param.type === 'RestElement' ? ANYTHING : args[at] || new May([], true), this.scopeOf(value.node));
            });
            args.slice(value.node.params.length).forEach((one) => this.escape(one, node));
        } else if (value.k !== 'load' && value.k !== 'text') {
            this.escape(new May([value]), node);
        }

        return undefined;
    }

    // -- the tree -----------------------------------------------------------------------------------------------------

    children (node, each) {
        for (const [key, value] of Object.entries(node)) {
            if (key === 'loc') { continue; }
            if (Array.isArray(value)) { value.filter(isNode).forEach(each); } else if (isNode(value)) { each(value); }
        }
    }

    /** Visit all children; what matters among them goes out of sight. */
    loose (node, scope) {
        this.children(node, (child) => this.escape(this.visit(child, scope), child));

        return ANYTHING;
    }

    /** Visit an expression of which only the truth is asked. */
    asked (node, scope) { if (node) { this.visit(node, scope); } }

    block (node, scope, top) {
        const own = this.scopeOf(node);

        own.up = scope;
        this.hoist(node, own, top);
        (Array.isArray(node.body) ? node.body : [node.body]).forEach((one) => this.visit(one, own));
    }

    function (node, scope) {
        const own = this.scopeOf(node);

        own.up = scope;
        if (node.id && node.type === 'FunctionExpression') { own.names.set(node.id.name, own.names.get(node.id.name) || new Binding()); }
        node.params.forEach((param) => this.declare(param, own));
        this.waiting.push([node, own]);

        return only({ k: 'fn', node });
    }

    inside (node, scope) {
        node.params.forEach((param) => this.defaults(param, scope));
        if (node.body.type === 'BlockStatement') {
            this.hoist(node.body, scope, true);
            node.body.body.forEach((one) => this.visit(one, scope));
        } else {
            this.escape(this.visit(node.body, scope), node.body);
        }
    }

    defaults (pattern, scope) {
        if (pattern && pattern.type === 'AssignmentPattern') { this.bindPattern(pattern.left, this.visit(pattern.right, scope), scope); }
    }

    text (text, node) {
        namesIn(text).forEach((name) => this.fact('read', 'any', name, node));
        if (text.replace(TEMPLATE, '').includes('{{')) { this.fact('read', 'any', null, node); }
    }

    either (...all) { return new May(all.flatMap(({ values }) => values), all.some(({ other }) => other)); }

    visit (node, scope) {
        const visitor = this[`visit${node.type}`];

        return (visitor ? visitor.call(this, node, scope) : this.loose(node, scope)) || ANYTHING;
    }

    visitIdentifier (node, scope) {
        const binding = this.lookUp(node.name, scope);

        if (binding) { return binding.may; }
        const value = this.global(node.name);

        if (value) { return only(value); }
        if (!POSTMAN.has(node.name)) { this.fact('read', 'script', node.name, node); }

        return ANYTHING;
    }

    visitLiteral (node) {
        if (typeof node.value !== 'string') { return node.value === null && !node.regex ? only({ k: 'nothing' }) : ANYTHING; }
        this.text(node.value, node);

        return only({ k: 'text', text: node.value });
    }

    visitTemplateLiteral (node, scope) {
        const values = node.expressions.map((one) => { const may = this.visit(one, scope); this.escape(may, one); return may; }),
            known = values.every((may) => !may.other && may.values.length === 1 && may.values[0].k === 'text'),
            text = node.quasis.map(({ value }, at) => (value.cooked || '') + (at < values.length ? (known ? values[at].values[0].text : '\0') : '')).join('');

        if (!known && /{{[^{}]*\0/.test(text)) { this.fact('read', 'any', null, node); }
        this.text(text.replaceAll('\0', ''), node);

        return known ? only({ k: 'text', text }) : ANYTHING;
    }

    visitBinaryExpression (node, scope) {
        const left = this.visit(node.left, scope),
            right = this.visit(node.right, scope),
            texts = [left, right].map((may) => (!may.other && may.values.length === 1 && may.values[0].k === 'text' ? may.values[0].text : null));

        return node.operator === '+' && !texts.includes(null) ? only({ k: 'text', text: texts.join('') }) : ANYTHING;
    }

    visitLogicalExpression (node, scope) { return this.either(this.visit(node.left, scope), this.visit(node.right, scope)); }

    visitConditionalExpression (node, scope) {
        this.asked(node.test, scope);

        return this.either(this.visit(node.consequent, scope), this.visit(node.alternate, scope));
    }

    visitSequenceExpression (node, scope) { return node.expressions.map((one) => this.visit(one, scope)).at(-1); }

    visitChainExpression (node, scope) { return this.visit(node.expression, scope); }

    visitParenthesizedExpression (node, scope) { return this.visit(node.expression, scope); }

    visitAwaitExpression (node, scope) { return this.visit(node.argument, scope); }

    visitUnaryExpression (node, scope) { this.asked(node.argument, scope); }

    visitThisExpression () { return only({ k: 'world' }); }

    visitExpressionStatement (node, scope) { this.asked(node.expression, scope); }

    visitMemberExpression (node, scope) { return this.member(this.visit(node.object, scope), this.keyOf(node, scope), node); }

    visitCallExpression (node, scope) {
        const callee = this.visit(node.callee, scope),
            spread = node.arguments.some(({ type }) => type === 'SpreadElement'),
            args = node.arguments.map((one) => this.visit(one, scope)),
            found = [];

        if (spread || !callee.values.length || callee.other) { args.forEach((one, at) => this.escape(one, node.arguments[at])); }
        for (const value of callee.values) { found.push(this.call(value, spread ? [] : args, node)); }

        return new May(found.filter(Boolean), true);
    }

    visitNewExpression (node, scope) { return this.visitCallExpression(node, scope); }

    visitSpreadElement (node, scope) { this.escape(this.visit(node.argument, scope), node); }

    visitAssignmentExpression (node, scope) {
        const right = this.visit(node.right, scope);

        if (node.operator !== '=' && node.left.type === 'Identifier') { this.visit(node.left, scope); }
        if (node.operator === '=' || /^(\|\||&&|\?\?)=$/.test(node.operator)) { this.bindPattern(node.left, right, scope); } else {
            this.bindPattern(node.left, ANYTHING, scope);
            this.escape(right, node);
        }

        return right;
    }

    visitUpdateExpression (node, scope) {
        this.visit(node.argument, scope);
        this.bindPattern(node.argument, ANYTHING, scope);
    }

    visitVariableDeclaration (node, scope) {
        for (const { id, init } of node.declarations) {
            if (init) { this.bindPattern(id, this.visit(init, scope), scope); }
        }
    }

    visitFunctionDeclaration (node, scope) { if (node.id) { this.bind(node.id.name, this.function(node, scope), scope, node); } }

    visitFunctionExpression (node, scope) {
        const found = this.function(node, scope);

        if (node.id) { this.bind(node.id.name, found, this.scopeOf(node), node); }

        return found;
    }

    visitArrowFunctionExpression (node, scope) { return this.function(node, scope); }

    visitBlockStatement (node, scope) { this.block(node, scope, false); }

    visitStaticBlock (node, scope) { this.block(node, scope, true); }

    visitSwitchStatement (node, scope) {
        this.asked(node.discriminant, scope);
        const own = this.scopeOf(node);

        own.up = scope;
        node.cases.forEach((one) => this.hoist({ body: one.consequent }, own, false));
        node.cases.forEach((one) => { this.asked(one.test, own); one.consequent.forEach((part) => this.visit(part, own)); });
    }

    visitIfStatement (node, scope) {
        this.asked(node.test, scope);
        this.visit(node.consequent, scope);
        if (node.alternate) { this.visit(node.alternate, scope); }
    }

    visitForStatement (node, scope) {
        const own = this.scopeOf(node);

        own.up = scope;
        if (node.init && node.init.type === 'VariableDeclaration') { this.hoist({ body: [node.init] }, own, false); }
        [node.init, node.test, node.update, node.body].forEach((one) => one && this.visit(one, own));
    }

    visitForOfStatement (node, scope) {
        const own = this.scopeOf(node);

        own.up = scope;
        this.escape(this.visit(node.right, scope), node.right);
        if (node.left.type === 'VariableDeclaration') {
            this.hoist({ body: [node.left] }, own, false);
            this.bindPattern(node.left.declarations[0].id, ANYTHING, own);
        } else { this.bindPattern(node.left, ANYTHING, own); }
        this.visit(node.body, own);
    }

    visitForInStatement (node, scope) { return this.visitForOfStatement(node, scope); }

    visitCatchClause (node, scope) {
        const own = this.scopeOf(node);

        own.up = scope;
        this.declare(node.param, own);
        if (node.param) { this.bindPattern(node.param, ANYTHING, own); }
        this.visit(node.body, own);
    }

    visitProperty (node, scope) {
        if (node.computed) { this.visit(node.key, scope); }
        this.escape(this.visit(node.value, scope), node.value);
    }

    visitClassBody (node, scope) {
        node.body.forEach((one) => {
            if (one.type === 'StaticBlock') { this.visit(one, scope); return; }
            if (one.computed) { this.visit(one.key, scope); }
            if (one.value) { this.escape(this.visit(one.value, scope), one); }
        });
    }

    visitClassDeclaration (node, scope) {
        if (node.id) { this.bind(node.id.name, ANYTHING, scope, node); }
        if (node.superClass) { this.escape(this.visit(node.superClass, scope), node); }
        this.visit(node.body, scope);
    }

    visitClassExpression (node, scope) {
        if (node.superClass) { this.escape(this.visit(node.superClass, scope), node); }
        this.visit(node.body, scope);
    }

    visitLabeledStatement (node, scope) { this.visit(node.body, scope); }

    visitBreakStatement () {}

    visitContinueStatement () {}

    visitMetaProperty () {}
}

/** The facts of one text, with `also` those of lint.js (`lint`), actions.js (`actions`) or its tree (`tree`), too; with `names` only
 * its chains of members (chains.js); `{error, at}` where it is no script.
 */
function analyse (text, also, names) {
    const onComment = [];

    try {
        const tree = parse(text, {
            ecmaVersion: 'latest', locations: true, allowAwaitOutsideFunction: true, allowReturnOutsideFunction: true, onComment
        });

        if (names) { return chains(tree, names); }

        return {
            facts: new Analysis(tree).run(),
            lint: also === 'lint' ? look(tree, onComment) : undefined,
            actions: also === 'actions' ? act(tree, text) : undefined,
            tree: also === 'tree' ? copied(tree) : undefined
        };
    } catch (error) {
        return { error: String(error && error.message), at: error && error.pos };
    }
}

module.exports = { analyse };
