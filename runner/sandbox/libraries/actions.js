// What a script does, for whoever does the same by hand (`postrunner steps`): nothing of it is run. Each action is
// {do, when, …}: set, unset, test, stop (it throws), skip, next (setNextRequest), run (runRequest), wait, send (sendRequest),
// header, unheader, change (of the request). `when` has the conditions around it, which must all hold. values.js has the values.
const { Values, constant, bare, isFunction, known, LEGACY } = require('./values.js');

const OVER = new Set(['forEach', 'map', 'find', 'filter', 'some', 'every', 'findIndex', 'flatMap']);

class Actions extends Values {
    constructor (tree, text) {
        super(tree, text);
        this.found = [];
        this.inTest = null;
        this.block(tree.body, { names: new Map(), up: null }, []);
    }

    add (action, when, more) { this.found.push({ do: action, when, ...more }); }

    hoist (statements, env) {
        for (const one of statements) {
            if (one.type === 'VariableDeclaration') { this.declare(one, env); }
            if (one.type === 'FunctionDeclaration' && one.id) { env.names.set(one.id.name, { node: one, env, value: () => this.made(one) }); }
        }
    }

    block (statements, env, when) {
        let conditions = when;

        this.hoist(statements, env);
        for (const one of statements) {
            this.visit(one, env, conditions);
            if (one.type === 'IfStatement' && !one.alternate && this.leaves(one.consequent)) { conditions = [...conditions, this.not(this.condition(one.test, env))]; }
        }
    }

    leaves (node) {
        const last = node.type === 'BlockStatement' ? node.body.at(-1) : node;

        return Boolean(last) && /^(Return|Continue|Break)/.test(last.type);
    }

    inner (node, env, when, names) {
        const own = { names: new Map(names || []), up: env };

        this.block(node.type === 'BlockStatement' ? node.body : [node], own, when);
    }

    visit (given, env, when) {
        const node = bare(given);

        this.left -= 1;
        if (!node || this.left < 0) { return; }
        switch (node.type) {
            case 'BlockStatement': this.inner(node, env, when); break;
            case 'FunctionDeclaration':
                if (!node.id || !this.calls.has(node.id.name)) { this.function(node, env, when); }
                break;
            case 'VariableDeclarator':
                if (!(isFunction(bare(node.init)) && this.calls.has(node.id.name))) { this.visit(node.init, env, when); }
                break;
            case 'IfStatement': {
                const test = this.condition(node.test, env);

                this.visit(node.test, env, when);
                this.inner(node.consequent, env, [...when, test]);
                if (node.alternate) { this.inner(node.alternate, env, [...when, this.not(test)]); }
                break;
            }
            case 'ConditionalExpression':
            case 'LogicalExpression': this.branch(node, env, when); break;
            case 'ForOfStatement':
            case 'ForInStatement': {
                const own = { names: new Map(), up: env },
                    list = node.right;

                this.visit(list, env, when);
                if (node.left.type === 'VariableDeclaration') { this.bind(node.left.declarations[0].id, own, { param: true, value: () => this.each(this.value(list, env), list) }); }
                this.inner(node.body, own, when);
                break;
            }
            case 'ForStatement': {
                const own = { names: new Map(), up: env };

                if (node.init && node.init.type === 'VariableDeclaration') { this.bind(node.init.declarations[0].id, own, { value: () => this.made(node.init) }); }
                this.inner(node.body, own, when);
                break;
            }
            case 'ThrowStatement':
                if (this.inTest === null) { this.add('stop', when, { message: this.message(node.argument, env) }); }
                break;
            case 'AssignmentExpression': this.assignment(node, env, when); break;
            case 'CallExpression':
            case 'NewExpression': this.called(node, env, when); break;
            default:
                if (isFunction(node)) { this.function(node, env, when); } else { this.children(node, (child) => this.visit(child, env, when)); }
        }
    }

    branch (node, env, when) {
        if (node.type === 'ConditionalExpression') {
            const test = this.condition(node.test, env);

            this.visit(node.test, env, when);
            this.visit(node.consequent, env, [...when, test]);
            this.visit(node.alternate, env, [...when, this.not(test)]);
        } else {
            const test = this.condition(node.left, env);

            this.visit(node.left, env, when);
            this.visit(node.right, env, node.operator === '??' ? when : [...when, node.operator === '&&' ? test : this.not(test)]);
        }
    }

    /** What a list has one of. */
    each (list, node) {
        if (list.is === 'list') { return { is: 'either', of: list.of }; }

        return list.is === 'body' || list.is === 'entry' ? { ...list, path: [...list.path, { each: true }] } : this.made(node, list);
    }

    message (given, env) {
        const node = bare(given);

        return node && /^(New|Call)Expression$/.test(node.type) && node.arguments.length ? this.value(node.arguments[0], env) : null;
    }

    function (node, env, when, values = []) {
        const own = { names: new Map(), up: env };

        node.params.forEach((param, at) => this.bind(param, own, { param: true, value: values[at] || (() => this.made(param)) }));
        if (node.body.type === 'BlockStatement') { this.block(node.body.body, own, when); } else { this.visit(node.body, own, when); }
    }

    assignment (node, env, when) {
        const left = bare(node.left);

        if (left.type === 'MemberExpression') {
            const object = this.object(left, env),
                key = this.keyOf(left, env);

            if (object.is === 'global' && object.name === 'tests') { this.add('test', when, { name: left.computed ? this.value(left.property, env) : constant(key) }); }
            if (this.ofRequest(object)) { this.add('change', when, { code: this.code(node) }); }
        }
        this.visit(node.right, env, when);
    }

    ofRequest (value) { return value.is === 'request' || (value.is === 'made' && /^pm\.request\b/.test(value.code)); }

    called (node, env, when) {
        const callee = bare(node.callee),
            [first, second] = node.arguments;

        if (callee.type === 'MemberExpression') {
            const object = this.object(callee, env),
                name = this.keyOf(callee, env);

            if (this.act(object, name, node, env, when)) { return; }
            if (OVER.has(name) && isFunction(bare(first))) {
                this.visit(callee.object, env, when);
                this.function(bare(first), env, when, [() => this.each(object, callee.object)]);

                return;
            }
            if (object.is === 'response' && name === 'then' && isFunction(bare(first))) {
                this.visit(callee.object, env, when);
                this.function(bare(first), env, when, [() => object]);

                return;
            }
            this.visit(callee.object, env, when);
        } else if (callee.type === 'Identifier') {
            const own = this.nodeOf(callee.name, env);

            if (own && isFunction(own.node) && !this.calling.includes(own.node) && this.calling.length < 8) {
                this.calling.push(own.node);
                node.arguments.forEach((one) => this.visit(one, env, when));
                const inner = this.enter(own.node, own.env, node.arguments, env);

                if (own.node.body.type === 'BlockStatement') { this.block(own.node.body.body, inner, when); } else { this.visit(own.node.body, inner, when); }
                this.calling.pop();

                return;
            }
            if (callee.name === 'setTimeout' && !this.look('setTimeout', env) && second) { this.add('wait', when, { ms: this.value(second, env) }); }
        } else { this.visit(callee, env, when); }
        node.arguments.forEach((one) => this.visit(one, env, when));
    }

    /** The actions of a call of `pm`, `postman` and what they have; tells whether it was one that is told as a whole. */
    act (object, name, node, env, when) {
        const [first, second] = node.arguments,
            legacy = object.is === 'postman' ? /^(set|clear)(Environment|Global)Variable$/.exec(name || '') : null;

        if ((object.is === 'scope' && (name === 'set' || name === 'unset')) || legacy) {
            const scope = legacy ? LEGACY[legacy[2]] : object.scope,
                removes = legacy ? legacy[1] === 'clear' : name === 'unset',
                value = !removes && second ? this.value(second, env) : constant(null);

            for (const one of this.names(first, env)) { this.add(removes ? 'unset' : 'set', when, removes ? { scope, name: one } : { scope, name: one, value }); }
            node.arguments.slice(1).forEach((one) => this.visit(one, env, when));

            return true;
        }
        if (object.is === 'pm' && name === 'test') { this.test(node, env, when); return true; }
        if (name === 'setNextRequest' && (object.is === 'postman' || object.is === 'pm' || object.name === 'pm.execution')) { this.add('next', when, { to: first ? this.value(first, env) : constant(null) }); return true; }
        if (object.name === 'pm.execution' && name === 'skipRequest') { this.add('skip', when, {}); return true; }
        if (object.name === 'pm.execution' && name === 'runRequest') { this.add('run', when, { to: first ? this.value(first, env) : constant(null) }); return false; }
        if (object.is === 'pm' && name === 'sendRequest') {
            const sent = this.request(first, env);

            this.add('send', when, sent);
            if (isFunction(bare(second))) { this.function(bare(second), env, when, [undefined, () => ({ is: 'response', sent })]); }

            return true;
        }

        return this.changes(object, name, node, env, when);
    }

    /** Headers that a script gives to its request, and whatever else it changes of it. */
    changes (object, name, node, env, when) {
        const onHeaders = object.is === 'made' && /^pm\.request\.headers$/.test(object.code),
            whole = object.is === 'request' || onHeaders;

        if (!whole && !(this.ofRequest(object) && /^(add|upsert|remove|update|clear|assimilate|insert|set)/.test(name || ''))) { return false; }
        const [first, second] = node.arguments,
            row = first && bare(first);

        if (/^(add|upsert|append|insert|addHeader|upsertHeader)$/.test(name || '') && row && row.type === 'ObjectExpression') {
            const part = (key) => row.properties.find((one) => one.key && !one.computed && (one.key.name ?? one.key.value) === key),
                key = part('key') && this.value(part('key').value, env);

            if (key && known(key) && (onHeaders || /Header$/.test(name))) {
                this.add('header', when, { name: key.value, value: part('value') ? this.value(part('value').value, env) : constant('') });

                return true;
            }
        }
        if (/^(remove|removeHeader)$/.test(name || '') && row && (onHeaders || name === 'removeHeader') && known(this.value(row, env))) {
            this.add('unheader', when, { name: this.value(row, env).value });

            return true;
        }
        if (/^(add|upsert|remove|update|clear|assimilate|insert|set|append)/.test(name || '')) {
            this.add('change', when, { code: this.code(node) });
            if (second) { this.visit(second, env, when); }

            return true;
        }

        return false;
    }

    names (node, env) {
        const value = node ? this.value(node, env) : constant(null),
            all = value.is === 'either' ? value.of : [value];

        return all.map((one) => (known(one) ? one.value : null));
    }

    test (node, env, when) {
        const [first, second] = node.arguments,
            body = bare(second),
            name = first ? this.value(first, env) : constant('');

        this.add('test', when, { name });
        if (!isFunction(body)) { return; }
        const before = this.inTest,
            only = body.body.type !== 'BlockStatement' ? body.body : body.body.body.length === 1 && body.body.body[0].expression,
            call = only && bare(only);

        if (call && call.type === 'CallExpression' && /^(pm\.)?expect\.fail$/.test(this.code(call.callee))) {
            this.found.pop();
            this.add('stop', when, { message: call.arguments.length ? this.value(call.arguments.at(-1), env) : null, test: name });
        }
        this.inTest = name;
        this.function(body, env, when);
        this.inTest = before;
    }
}

/** The actions of a script in the order of its text. */
module.exports = { act: (tree, text) => new Actions(tree, text).found };
