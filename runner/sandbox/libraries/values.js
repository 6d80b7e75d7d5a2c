// Where the values of a script come from, told from its text: nothing of it is run. A value is a tree {is, …}: body (a path in
// the response), header, cookie, status, variable, constant, now, random, either, joined, encoded, plus, minus, count, entry (of a list
// that is looked through), or made (worked out of others) with its code. A condition is one, too: compare, there, not, and, or, code.
const SCOPES = {
    environment: 'environment', collectionVariables: 'collection', globals: 'globals', variables: 'local',
    iterationData: 'data', vault: 'vault'
};
const LEGACY = { Environment: 'environment', Global: 'globals' };
const OLD = { environment: 'environment', globals: 'globals', data: 'data' };
const SAME = new Set(['Number', 'String', 'parseInt', 'parseFloat', 'Boolean']);
const SAME_METHODS = new Set(['toString', 'trim', 'valueOf', 'toFixed', 'slice', 'flat']);
const ENCODED = { encodeURIComponent: 'percent-encoded', encodeURI: 'percent-encoded', 'JSON.stringify': 'as JSON', btoa: 'in Base64' };
const ASKED = { includes: 'has', startsWith: 'starts with', endsWith: 'ends with', hasOwnProperty: 'has', has: 'has' };
const LONGEST = 160, MOST = 200000, DEEPEST = 60;

const isFunction = (node) => Boolean(node) && /Function/.test(node.type);
const isNode = (value) => value !== null && typeof value === 'object' && typeof value.type === 'string';
const bare = (node) => (node && (node.type === 'ChainExpression' || node.type === 'ParenthesizedExpression') ? bare(node.expression) : node);
const constant = (value) => ({ is: 'constant', value });
const known = (value) => value.is === 'constant' && typeof value.value === 'string';
const LEAVES = new Set(['body', 'text', 'header', 'cookie', 'status', 'variable', 'now', 'random', 'time']);

/** The parts of a value that say where it comes from. */
function leaves (value) {
    if (LEAVES.has(value.is)) { return [value]; }
    const inner = Array.isArray(value.of) ? value.of : value.of && value.of.is ? [value.of] : [];

    return inner.flatMap(leaves);
}

class Values {
    constructor (tree, text) {
        this.text = text;
        this.left = MOST;
        this.depth = 0;
        this.assigned = new Map();
        this.calls = new Set();
        this.calling = [];
        this.note(tree);
    }

    /** Note what is assigned to each name, and which names are called, wherever it stands. */
    note (node) {
        const add = (name, value) => this.assigned.set(name, [...(this.assigned.get(name) || []), value]);

        if (node.type === 'AssignmentExpression' && node.left.type === 'Identifier') { add(node.left.name, node.operator === '=' ? node.right : null); }
        if (node.type === 'CallExpression' && node.callee.type === 'Identifier') { this.calls.add(node.callee.name); }
        if (node.type === 'UpdateExpression' && node.argument.type === 'Identifier') { add(node.argument.name, null); }
        this.children(node, (child) => this.note(child));
    }

    children (node, each) {
        for (const key in node) {
            const value = node[key];

            if (key === 'loc') { continue; }
            if (Array.isArray(value)) { value.filter(isNode).forEach(each); } else if (isNode(value)) { each(value); }
        }
    }

    code (node) {
        const text = this.text.slice(node.start, node.end).replace(/\s+/g, ' ');

        return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
    }

    made (node, ...values) {
        const of = new Map(values.flatMap(leaves).map((one) => [JSON.stringify(one), one]));

        return { is: 'made', of: [...of.values()], code: this.code(node) };
    }

    // -- names --------------------------------------------------------------------------------------------------------

    look (name, env) {
        for (let place = env; place; place = place.up) {
            if (place.names.has(name)) { return place.names.get(name); }
        }

        return null;
    }

    /** Bind the names of a pattern; `value` makes the value of the whole. */
    bind (pattern, env, binding) {
        if (!pattern) { return; }
        if (pattern.type === 'Identifier') {
            env.names.set(pattern.name, env.names.has(pattern.name) && !binding.param ? { value: () => this.made(pattern) } : binding);
        } else if (pattern.type === 'AssignmentPattern') {
            this.bind(pattern.left, env, binding.given === false ? { ...binding, node: null, value: () => this.value(pattern.right, env) } : binding);
        } else if (pattern.type === 'ObjectPattern') {
            for (const one of pattern.properties) {
                if (one.type === 'RestElement') { this.bind(one.argument, env, { value: () => this.made(one) }); continue; }
                const key = one.computed ? null : String(one.key.name ?? one.key.value);

                this.bind(one.value, env, { ...binding, node: null, value: () => this.member(binding.value(), key, one) });
            }
        } else if (pattern.type === 'ArrayPattern') {
            pattern.elements.forEach((one, at) => this.bind(one, env, { ...binding, node: null, value: () => this.member(binding.value(), at, one) }));
        } else {
            this.bind(pattern.argument, env, { value: () => this.made(pattern) });
        }
    }

    declare (node, env) {
        for (const { id, init } of node.declarations) {
            this.bind(id, env, { node: init, env, value: () => (init ? this.value(init, env) : constant(null)), empty: !init });
        }
    }

    /** The binding of a name as a node with its scope, if that is all that it ever is. */
    nodeOf (name, env) {
        const found = this.look(name, env),
            others = this.assigned.get(name) || [];

        if (!found || !others.length) { return found && found.node ? found : null; }

        return found.empty && others.length === 1 && others[0] ? { node: others[0], env } : null;
    }

    named (node, env) {
        const found = this.look(node.name, env),
            others = this.assigned.get(node.name) || [];

        if (!found) { return null; }
        if (!others.length) { return found.value(); }
        if (found.empty && others.length === 1 && others[0]) { return this.value(others[0], env); }

        return this.made(node, ...others.filter(Boolean).map((one) => this.value(one, env)));
    }

    // -- values -------------------------------------------------------------------------------------------------------

    value (given, env, depth = 0) {
        const node = bare(given);

        this.left -= 1;
        if (this.left < 0 || this.depth > DEEPEST || !node) { return { is: 'made', of: [], code: node ? this.code(node) : '' }; }
        this.depth = this.depth + 1;
        try { return this.read(node, env); } finally { this.depth -= 1; }
    }

    read (node, env) {
        const all = (...nodes) => nodes.map((one) => this.value(one, env));

        switch (node.type) {
            case 'Literal': return node.regex || typeof node.value === 'bigint' ? this.made(node) : constant(node.value);
            case 'TemplateLiteral': return this.joined(node.quasis.flatMap(({ value }, at) => [
                constant(value.cooked || ''), ...(at < node.expressions.length ? all(node.expressions[at]) : [])
            ]));
            case 'BinaryExpression': return this.binary(node, ...all(node.left, node.right));
            case 'LogicalExpression': return node.operator === '&&' ? this.value(node.right, env) : this.either(all(node.left, node.right));
            case 'ConditionalExpression': return this.either(all(node.consequent, node.alternate));
            case 'AwaitExpression': return this.value(node.argument, env);
            case 'SequenceExpression': return all(...node.expressions).at(-1);
            case 'ArrayExpression': return this.list(node, all(...node.elements.filter(Boolean)));
            case 'ObjectExpression': return this.made(node, ...all(...node.properties.map((one) => one.value || one.argument)));
            case 'UnaryExpression': return node.operator === '+' ? this.value(node.argument, env) : this.negative(node, this.value(node.argument, env));
            case 'Identifier': return this.named(node, env) || this.global(node.name, node);
            case 'MemberExpression': return this.member(this.object(node, env), this.keyOf(node, env), node);
            case 'NewExpression':
            case 'CallExpression': return this.call(node, env);
            case 'AssignmentExpression': return this.value(node.right, env);
            default: return this.made(node);
        }
    }

    negative (node, value) {
        return node.operator === '-' && typeof value.value === 'number' ? constant(-value.value) : this.made(node, value);
    }

    list (node, of) { return of.length && of.every(({ is }) => is === 'constant') ? { is: 'list', of } : this.made(node, ...of); }

    binary (node, left, right) {
        const number = ({ is, value }) => is === 'constant' && typeof value === 'number',
            [a, b] = [left.value, right.value];

        if (number(left) && number(right)) {
            const found = { '+': a + b, '-': a - b, '*': a * b, '/': a / b }[node.operator];

            return Number.isFinite(found) ? constant(found) : this.made(node);
        }
        if ((node.operator === '-' || (node.operator === '+' && number(right))) && this.plain(left) && this.plain(right)) {
            return { is: node.operator === '+' ? 'plus' : 'minus', of: [left, right] };
        }

        return node.operator === '+' && !number(left) && !number(right) ? this.joined([left, right]) : this.made(node, left, right);
    }

    joined (parts) {
        const of = [];

        for (const part of parts.flatMap((one) => (one.is === 'joined' ? one.of : [one]))) {
            const last = of.at(-1);

            if (part.is === 'constant' && last && last.is === 'constant') { of[of.length - 1] = constant(`${last.value}${part.value}`); }
            else if (part.is !== 'constant' || part.value !== '') { of.push(part.is === 'constant' ? constant(String(part.value)) : part); }
        }

        return of.length === 1 ? of[0] : of.length ? { is: 'joined', of } : constant('');
    }

    /** One of several; an empty constant that only stands in for nothing is left out. */
    either (values) {
        const flat = values.flatMap((one) => (one.is === 'either' ? one.of : [one])),
            some = flat.filter(({ is, value }) => is !== 'constant' || (value !== '' && value !== null && value !== 0 && value !== false)),
            unique = new Map((some.length ? some : flat).map((one) => [JSON.stringify(one), one]));

        return unique.size === 1 ? [...unique.values()][0] : { is: 'either', of: [...unique.values()] };
    }

    /** What a name is that the script does not declare. */
    global (name, node) {
        if (name === 'pm' || name === 'postman') { return { is: name }; }
        if (name === 'responseBody') { return { is: 'text' }; }
        if (name === 'responseCode') { return { is: 'response' }; }
        if (name === 'responseHeaders') { return { is: 'headers' }; }
        if (name === 'undefined') { return constant(null); }
        if (Object.hasOwn(OLD, name)) { return { is: 'old', scope: OLD[name] }; }

        return { is: 'global', name, code: this.code(node) };
    }

    object (node, env) { return this.value(node.object, env); }

    keyOf (node, env) {
        if (!node.computed) { return node.property.name; }
        const key = this.value(node.property, env);

        return key.is === 'constant' ? key.value : null;
    }

    member (value, key, node) {
        const path = (step) => ({ ...value, path: [...value.path, step] });

        switch (value.is) {
            case 'either': return this.either(value.of.map((one) => this.member(one, key, node)));
            case 'pm':
                if (Object.hasOwn(SCOPES, key)) { return { is: 'scope', scope: SCOPES[key] }; }

                return { response: { is: 'response' }, cookies: { is: 'cookies' }, info: { is: 'info' }, request: { is: 'request' } }[key] || { is: 'member', name: `pm.${key}` };
            case 'postman': return { is: 'member', name: `postman.${key}` };
            case 'response':
                if (key === 'code') { return { is: 'status', sent: value.sent }; }
                if (key === 'responseTime') { return { is: 'time' }; }
                if (key === 'headers') { return { is: 'headers', sent: value.sent }; }
                break;
            case 'headers':
                if (typeof key === 'string') { return { is: 'header', name: key, sent: value.sent }; }
                break;
            case 'old': return typeof key === 'string' ? { is: 'variable', scope: value.scope, name: key } : this.made(node);
            case 'info': return key === 'requestName' || key === 'requestId' ? { is: 'self' } : this.made(node);
            case 'member': return { is: 'member', name: `${value.name}.${key}` };
            case 'global': return { is: 'member', name: `${value.name}.${key}` };
            case 'body':
            case 'entry': {
                if (key === 'length') { return { is: 'count', of: value }; }
                if (key === null) { return this.made(node, value); }
                const last = value.path.at(-1);

                if (key === 0 && last && last.filter) { return { ...value, path: [...value.path.slice(0, -1), { first: last.filter }] }; }

                return path(key);
            }
            case 'cookie': return key === 'value' ? value : this.made(node, value);
            case 'header': return key === 'value' ? value : this.made(node, value);
            case 'list': return Number.isInteger(key) && value.of[key] ? value.of[key] : this.made(node);
            default: break;
        }

        return this.made(node, value);
    }

    call (node, env) {
        const callee = bare(node.callee),
            args = node.arguments.map((one) => (isFunction(one) ? null : one.type === 'SpreadElement' ? this.made(one) : this.value(one, env))),
            others = args.filter(Boolean),
            first = args[0] || constant(null);

        if (callee.type === 'MemberExpression') {
            const found = this.method(this.object(callee, env), this.keyOf(callee, env), first, node, env, others);

            if (found) { return found; }
        } else if (callee.type === 'Identifier') {
            const own = this.nodeOf(callee.name, env);

            if (own && isFunction(own.node)) { return this.answer(own, node, env, others); }
            if (!this.look(callee.name, env)) {
                if (SAME.has(callee.name)) { return first; }
                if (Object.hasOwn(ENCODED, callee.name)) { return { is: 'encoded', how: ENCODED[callee.name], of: first }; }
                if (callee.name === 'xml2Json' && first.is === 'text') { return { is: 'body', path: [], sent: first.sent }; }
                if (callee.name === 'Date' && !others.length) { return { is: 'now' }; }
            }
        }
        const deep = callee.type === 'MemberExpression' ? [this.object(callee, env)] : [];

        if ([...deep, callee].some((one) => one.name === 'moment') && !others.length) { return { is: 'now' }; }

        return this.made(node, ...deep, ...others);
    }

    /** What a function of the script gives back, if it is one expression. */
    answer ({ node, env }, call, outer, others) {
        const body = node.body.type === 'BlockStatement' ? node.body.body : null,
            last = body ? body.at(-1) : null,
            given = body ? last && last.type === 'ReturnStatement' && last.argument : node.body;

        if (!given || this.calling.includes(node) || this.calling.length > 8) { return this.made(call, ...others); }
        this.calling.push(node);
        try {
            const inner = this.enter(node, env, call.arguments, outer);

            if (body) { this.hoist(body, inner); }

            return this.value(given, inner);
        } finally { this.calling.pop(); }
    }

    enter (node, env, args, outer) {
        const inner = { names: new Map(), up: env };

        node.params.forEach((param, at) => {
            const arg = args[at];

            this.bind(param, inner, { param: true, given: Boolean(arg), node: arg, env: outer, value: () => (arg && arg.type !== 'SpreadElement' ? this.value(arg, outer) : this.made(param)) });
        });

        return inner;
    }

    method (object, name, first, node, env, others) {
        const last = object.path && object.path.at(-1);

        switch (object.is) {
            case 'either': {
                const all = object.of.map((one) => this.method(one, name, first, node, env, others));

                return all.every(Boolean) ? this.either(all) : undefined;
            }
            case 'response':
                if (name === 'json') { return { is: 'body', path: [], sent: object.sent }; }
                if (name === 'text') { return { is: 'text', sent: object.sent }; }

                return undefined;
            case 'headers': return name === 'get' && known(first) ? { is: 'header', name: first.value, sent: object.sent } : undefined;
            case 'cookies': return name === 'get' && known(first) ? { is: 'cookie', name: first.value } : undefined;
            case 'scope':
                if (name === 'get' && known(first)) { return { is: 'variable', scope: object.scope, name: first.value }; }

                return name === 'replaceIn' ? first : undefined;
            case 'pm': return name === 'sendRequest' ? { is: 'response', sent: this.request(node.arguments[0], env) } : undefined;
            case 'postman': {
                const legacy = /^get(Environment|Global)Variable$/.exec(name || '');

                if (legacy && known(first)) { return { is: 'variable', scope: LEGACY[legacy[1]], name: first.value }; }
                if (name === 'getResponseHeader' && known(first)) { return { is: 'header', name: first.value }; }

                return name === 'getResponseCookie' && known(first) ? { is: 'cookie', name: first.value } : undefined;
            }
            case 'global': return this.library(object.name, name, first, node, others);
            case 'body':
            case 'entry':
                if (name === 'find' || name === 'filter') {
                    const where = this.asked(node.arguments[0], env);

                    return where ? { ...object, path: [...object.path, name === 'find' ? { first: where } : { filter: where }] } : undefined;
                }
                if (name === 'at' && first.is === 'constant') { return this.member(object, first.value, node); }
                if ((name === 'shift' || name === 'pop') && last !== undefined) { return this.member(object, name === 'shift' ? 0 : -1, node); }
                if (SAME_METHODS.has(name) && name !== 'slice') { return object; }

                return undefined;
            default: return SAME_METHODS.has(name) && name !== 'slice' && object.is !== 'list' ? object : undefined;
        }
    }

    library (library, name, first, node, others) {
        const whole = `${library}.${name}`;

        if (whole === 'JSON.parse') { return first.is === 'text' ? { is: 'body', path: [], sent: first.sent } : this.made(node, first); }
        if (Object.hasOwn(ENCODED, whole)) { return { is: 'encoded', how: ENCODED[whole], of: first }; }
        if (whole === 'Date.now') { return { is: 'now' }; }
        if (whole === 'Math.random' || whole === 'crypto.randomUUID' || whole === '_.random' || library === 'uuid') { return { is: 'random' }; }
        if (whole === '_.get' && first.is === 'body' && others[1] && known(others[1])) {
            return others[1].value.split(/[.[\]]+/).filter(Boolean).reduce((value, key) => this.member(value, /^\d+$/.test(key) ? Number(key) : key, node), first);
        }

        return undefined;
    }

    /** The condition that a function asks of an entry of a list. */
    asked (node, env) {
        const found = bare(node);

        if (!isFunction(found) || !found.params.length) { return null; }
        const inner = { names: new Map(), up: env };

        this.bind(found.params[0], inner, { param: true, value: () => ({ is: 'entry', path: [] }) });
        const body = found.body.type !== 'BlockStatement' ? found.body : found.body.body.length === 1 && found.body.body[0].argument;

        return body ? this.condition(body, inner) : null;
    }

    /** Method and URL of a request that a script sends itself. */
    request (node, env) {
        const given = bare(node),
            found = given && given.type === 'Identifier' && this.nodeOf(given.name, env),
            [object, place] = found ? [bare(found.node), found.env] : [given, env];

        if (!object || object.type !== 'ObjectExpression') { return { method: 'GET', url: object ? this.value(object, place) : constant('') }; }
        const part = (name) => object.properties.find((one) => one.key && !one.computed && (one.key.name ?? one.key.value) === name),
            method = part('method') ? this.value(part('method').value, place) : constant('GET');

        return {
            method: known(method) ? method.value.toUpperCase() : '',
            url: part('url') ? this.value(part('url').value, place) : constant('')
        };
    }

    // -- conditions ---------------------------------------------------------------------------------------------------

    condition (given, env) {
        const node = bare(given);

        switch (node.type) {
            case 'LogicalExpression':
                if (node.operator === '??') { break; }

                return { is: node.operator === '&&' ? 'and' : 'or', of: [this.condition(node.left, env), this.condition(node.right, env)] };
            case 'UnaryExpression':
                if (node.operator === '!') { return this.not(this.condition(node.argument, env)); }
                break;
            case 'BinaryExpression': return this.compared(node, env);
            case 'CallExpression': {
                const callee = bare(node.callee),
                    name = callee.type === 'MemberExpression' ? this.keyOf(callee, env) : null,
                    [first] = node.arguments;

                if (callee.type === 'Identifier' && callee.name === 'Boolean' && first) { return this.condition(first, env); }
                if (name === 'test' && callee.object.type === 'Literal' && callee.object.regex && first) {
                    return this.compare('matches', this.value(first, env), constant(this.code(callee.object)), node);
                }
                if (Object.hasOwn(ASKED, name || '') && first) {
                    const object = this.value(callee.object, env);

                    if (object.is === 'scope' && name === 'has') { const of = this.value(first, env); return known(of) ? { is: 'there', of: { is: 'variable', scope: object.scope, name: of.value } } : this.coded(node); }
                    if (object.is === 'headers' && name === 'has') { const of = this.value(first, env); return known(of) ? { is: 'there', of: { is: 'header', name: of.value } } : this.coded(node); }
                    if (object.is === 'list' && name === 'includes') { return this.compare('one of', this.value(first, env), object, node); }

                    return this.compare(ASKED[name], object, this.value(first, env), node);
                }
                break;
            }
            case 'Identifier': {
                const found = this.nodeOf(node.name, env),
                    inside = found && bare(found.node);

                if (inside && (/^(Logical|Binary)/.test(inside.type) || (inside.type === 'UnaryExpression' && inside.operator === '!'))) { return this.deeper(() => this.condition(inside, found.env), node); }
                break;
            }
            default: break;
        }
        const value = this.value(node, env);

        return this.plain(value) ? { is: 'there', of: value } : this.coded(node);
    }

    deeper (make, node) {
        this.depth = this.depth + 1;
        try { return this.depth > DEEPEST ? this.coded(node) : make(); } finally { this.depth -= 1; }
    }

    coded (node) { return { is: 'code', code: this.code(node) }; }

    not (of) { return of.is === 'not' ? of.of : { is: 'not', of }; }

    /** Whether a value can be told in words. */
    plain (value) { return LEAVES.has(value.is) || ['constant', 'count', 'entry', 'self', 'list'].includes(value.is) || (['either', 'joined', 'encoded', 'plus', 'minus'].includes(value.is) && [value.of].flat().every((one) => this.plain(one))); }

    compared (node, env) {
        const op = { '===': 'is', '==': 'is', '!==': 'is not', '!=': 'is not', '<': 'below', '>': 'above', '<=': 'at most', '>=': 'at least' }[node.operator];

        return op ? this.compare(op, this.value(node.left, env), this.value(node.right, env), node) : this.coded(node);
    }

    compare (op, left, right, node) {
        if (!this.plain(left) || !this.plain(right)) { return this.coded(node); }
        const turned = { below: 'above', above: 'below', 'at most': 'at least', 'at least': 'at most', is: 'is', 'is not': 'is not' };

        return left.is === 'constant' && right.is !== 'constant' && turned[op] ? { is: 'compare', op: turned[op], left: right, right: left } : { is: 'compare', op, left, right };
    }
}

module.exports = { Values, constant, bare, isFunction, known, LEGACY };
