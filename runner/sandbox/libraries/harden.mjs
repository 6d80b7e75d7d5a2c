// Rewrites JavaScript so that nothing which a script can change is looked up when it runs: methods and accessors of the
// language's own types, its iterators, its globals and their members, setters on Object.prototype. What stands in their place
// are the functions of js/lang/primordials.js and its kin, whose names begin with `$`. docs/design/005-hardened-prelude.md says why.
import { parse } from 'acorn';

const GLOBALS = [
    'AggregateError', 'Array', 'ArrayBuffer', 'BigInt', 'BigInt64Array', 'BigUint64Array', 'Boolean', 'DataView', 'Date', 'Error',
    'EvalError', 'Float32Array', 'Float64Array', 'Function', 'Int16Array', 'Int32Array', 'Int8Array', 'JSON', 'Map', 'Math',
    'Number', 'Object', 'Proxy', 'RangeError', 'ReferenceError', 'Reflect', 'RegExp', 'Set', 'String', 'Symbol', 'SyntaxError',
    'TypeError', 'URIError', 'Uint16Array', 'Uint32Array', 'Uint8Array', 'Uint8ClampedArray', 'WeakMap', 'WeakSet',
    'decodeURI', 'decodeURIComponent', 'encodeURI', 'encodeURIComponent', 'escape', 'isFinite', 'isNaN', 'parseFloat', 'parseInt', 'unescape'
];

// `Promise` is not among them: the one that scripts see is watched, and code of ours names which it means.
const PROTOTYPES = [
    ...GLOBALS.filter((name) => globalThis[name].prototype).map((name) => globalThis[name].prototype),
    Object.getPrototypeOf(Uint8Array.prototype), Object.getPrototypeOf(new Map().values()), Object.getPrototypeOf([].values()),
    Object.getPrototypeOf(''.matchAll(/a/g)), Object.getPrototypeOf(''[Symbol.iterator]()), Object.getPrototypeOf((function* () {})())
];

const METHODS = new Set(), ACCESSORS = new Set();

for (const prototype of PROTOTYPES) {
    for (const [name, { value, get }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
        if (get && name !== '__proto__' && name !== 'length') { ACCESSORS.add(name); }
        if (typeof value === 'function' && name !== 'constructor') { METHODS.add(name); }
    }
}

// What errors inherit where they have none of their own.
const INHERITED = new Set(['message']);

// Constructors that iterate over what they are given, or whose argument inherits what would count.
const MADE = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', 'Proxy', ...GLOBALS.filter((name) => name.endsWith('Array') && name !== 'Array')]);

/** All nodes below this one, each with the one above it. */
function* children (node) {
    for (const [key, value] of Object.entries(node)) {
        if (Array.isArray(value)) { for (const one of value) { if (one && one.type) { yield [one, key]; } } }
        else if (value && typeof value.type === 'string') { yield [value, key]; }
    }
}

/** The names that a program declares anywhere: none of them is a global in it. */
function declared (node, names = new Set()) {
    const pattern = (target) => {
        if (!target) { return; }
        if (target.type === 'Identifier') { names.add(target.name); }
        else if (target.type === 'Property') { pattern(target.value); }
        else if (target.type === 'AssignmentPattern') { pattern(target.left); }
        else if (target.type === 'RestElement') { pattern(target.argument); }
        else if (target.type.endsWith('Pattern')) { (target.properties || target.elements).forEach(pattern); }
    };

    if (node.type === 'VariableDeclarator') { pattern(node.id); }
    if (/Function|Class/.test(node.type)) {
        pattern(node.id);
        (node.params || []).forEach(pattern);
    }
    if (node.type === 'CatchClause') { pattern(node.param); }
    for (const [child] of children(node)) { declared(child, names); }

    return names;
}

/** One program: `text` is the rewritten one, `uses` the names of the primordials in it, `free` what else it does not declare.
 * In our own no class says itself what it is; in foreign code any key and any loop over names may meet what scripts put on
 * Object.prototype. */
export function harden (source, { ours = false, views = false, foreign = false } = {}) {
    const program = parse(source, { ecmaVersion: 'latest', sourceType: ours ? 'module' : 'script', allowReturnOutsideFunction: !ours }),
        own = declared(program),
        uses = new Set(),
        free = new Set();
    let loops = 0;

    const use = (name) => { uses.add(name); return name; },
        isGlobal = (node) => node.type === 'Identifier' && GLOBALS.includes(node.name) && !own.has(node.name),
        plainName = (node) => node.type === 'MemberExpression' && !node.computed && node.property.type === 'Identifier' &&
            node.object.type !== 'Super' ? node.property.name : null;

    /** The text of a node, in which its children are rewritten. */
    function inside (node) {
        let text = '', at = node.start;

        const parts = [...children(node)].filter(([{ start, end }]) => start < end).sort(([a], [b]) => a.start - b.start);

        for (const [child, key] of parts) {
            if (child.start < at) { continue; }
            text += source.slice(at, child.start) + out(child, node, key);
            at = child.end;
        }

        return text + source.slice(at, node.end);
    }

    function list (nodes) {
        if (!nodes.some((node) => node && node.type === 'SpreadElement')) { return `[${nodes.map((node) => node ? value(node) : '').join()}]`; }

        return `${use('$joined')}(${nodes.map((node) => node.type === 'SpreadElement' ?
            `${use('$list')}(${value(node.argument)})` : `[${value(node)}]`).join()})`;
    }

    // These have all that is read of them.
    const isOwn = (node) => node.type === 'Identifier' && /^(run|G|LIBRARIES|module)$/.test(node.name);

    // What any object may lack, so that it would be taken from Object.prototype.
    const isOptional = (node, name, parent) => !/Pattern|RestElement|ForIn|Tagged/.test(parent.type) &&
        !/^(length|prototype|exports)$/.test(name) && !isOwn(node.object);

    /** The short form where nobody put the name on Object.prototype: both forms name the object, so it must be a mere name. */
    const isShort = (node) => /^(Identifier|ThisExpression|Literal)$/.test(node.type),
        unless = (name, object, short, long) => isShort(object) ?
            `(${use('$free')}(${JSON.stringify(name)})?${short}:${long()})` : long();

    /** The text of what a pattern is taken from: without what it would inherit, and never too short. */
    function taken (pattern, text) {
        if (pattern.type === 'ArrayPattern') { return `${use('$padded')}(${text},${pattern.elements.length})`; }
        if (pattern.type !== 'ObjectPattern') { return text; }
        const keys = pattern.properties.map((one) => one.type === 'Property' && !one.computed ? one.key.name ?? one.key.value : null);

        return keys.includes(null) ? text : `${use(`$d_${keys.join('$')}`)}(${text})`;
    }

    const spreads = (nodes) => nodes.some(({ type }) => type === 'SpreadElement'),
        value = (node, parent = node) => node.type === 'SequenceExpression' ? `(${out(node, parent)})` : out(node, parent);

    /** A part of a text. */
    function text (node, parent) {
        const plain = /Literal|BinaryExpression/.test(node.type) && !(node.type === 'BinaryExpression' && parent !== undefined &&
            parent.right === node);

        return plain ? inParentheses(node, parent) : `${use('$text')}(${value(node)})`;
    }

    /** As it stands, where it stands in parentheses as well. */
    function inParentheses (node, parent) {
        return parent === undefined || source[node.start - 1] !== '(' ? out(node, parent) : `(${out(node, parent)})`;
    }

    /** The name of a static member of a global (`Object.keys`, `Array.prototype.push`); null when it is none. */
    function staticName (node) {
        const name = plainName(node);

        if (name === null || name === 'prototype') { return null; }
        if (isGlobal(node.object)) { return `$${node.object.name}_${name}`; }
        if (node.object.type === 'ArrayExpression' && !node.object.elements.length && METHODS.has(name)) {
            return `$Array_prototype_${name}`;
        }
        if (plainName(node.object) === 'prototype' && isGlobal(node.object.object)) {
            return `$${node.object.object.name}_prototype_${name}`;
        }

        return null;
    }

    /** A function whose parameters are patterns: they are taken apart in its body, where what they are taken from is known. */
    function withPatterns (node) {
        const { params, body } = node, made = [];

        if (!params.some(({ type, left }) => /^(Object|Array)Pattern$/.test(left ? left.type : type))) { return inside(node); }
        const names = params.map((param) => {
            const pattern = param.left || param, name = `$p${++loops}`;

            if (!/^(Object|Array)Pattern$/.test(pattern.type)) { return out(param, node); }
            made.push(`let ${out(pattern, node)}=${taken(pattern, pattern.type === 'ArrayPattern' ? `${use('$list')}(${name})` : name)};`);

            return param.left ? `${name}=${value(param.right)}` : name;
        });

        if (node.type === 'ArrowFunctionExpression') {
            const block = body.type === 'BlockStatement' ? inside(body).slice(1, -1) : `return (${value(body)});`;

            return `${node.async ? 'async ' : ''}(${names.join()})=>{${made.join('')}${block}}`;
        }

        return `${source.slice(node.start, params[0].start)}${names.join()}` +
            `${source.slice(params.at(-1).end, body.start)}{${made.join('')}${inside(body).slice(1, -1)}}`;
    }

    const RULES = {
        ArrowFunctionExpression: withPatterns,
        FunctionDeclaration: withPatterns,
        FunctionExpression: withPatterns,
        ArrayExpression: (node) => spreads(node.elements.filter(Boolean)) ? list(node.elements) : inside(node),
        ArrayPattern (node) {
            if (node.elements.some((one) => one && one.type === 'RestElement')) { throw place(node, 'a rest element in a list'); }

            return `{${node.elements.map((one, at) => one ? `${at}:${out(one, node)}` : '').filter(Boolean).join()}}`;
        },
        AssignmentExpression (node) {
            const { left, operator, right } = node;

            if (left.type === 'ArrayPattern') { return `(${out(left, node)}=${use('$list')}(${value(right)}))`; }
            if (operator !== '=' || left.type !== 'MemberExpression' || left.object.type === 'Super' ||
                left.property.type === 'PrivateIdentifier') { return inside(node); }
            if (!left.computed) {
                const { name } = left.property;

                if (INHERITED.has(name)) { return `${use('$setPast')}(${value(left.object)},${JSON.stringify(name)},${value(right)})`; }
                const long = () => `${use('$set')}(${value(left.object)},${JSON.stringify(name)},${value(right)})`;

                return isShort(right) ? unless(name, left.object, inside(node), long) : long();
            }

            return `${use('$set')}(${value(left.object)},${value(left.property)},${value(right)})`;
        },
        // What is put into a text may be an object whose `toString` is the language's own.
        TemplateLiteral (node, parent) {
            if (parent.type === 'TaggedTemplateExpression') { return inside(node); }
            const pieces = node.quasis.map(({ start, end }) => source.slice(start, end));

            return `\`${pieces[0]}${node.expressions.map((one, at) => `\${${text(one)}}${pieces[at + 1]}`).join('')}\``;
        },
        BinaryExpression (node) {
            const { left, right } = node, isText = (side) => (side.type === 'Literal' && typeof side.value === 'string') ||
                side.type === 'TemplateLiteral' || (side.type === 'BinaryExpression' && side.operator === '+' && isText(side.right));

            if (node.operator === '+' && (isText(left) || isText(right))) {
                return `${text(left, node)}+${text(right, node)}`;
            }
            if (node.operator !== 'instanceof' || node.right.type !== 'Identifier' || !(isGlobal(node.right) || ours)) {
                return inside(node);
            }

            return `${use('$instance')}(${value(node.left)},${out(node.right, node)})`;
        },
        CallExpression (node) {
            const { callee, arguments: given, optional } = node, name = plainName(callee);

            if (isGlobal(callee) && callee.name === 'String' && given.length === 1 && !spreads(given)) {
                return `${use('$String')}(${use('$text')}(${value(given[0])}))`;
            }
            if (callee.type === 'Super' || callee.type === 'Import') { return inside(node); }
            if (name !== null && staticName(callee) === null && METHODS.has(name)) {
                const known = `${use(`$m_${name}`)}`;

                if (callee.optional || optional) { throw place(node, 'an optional call of a known method'); }
                if (!spreads(given)) { return `${known}(${[callee.object, ...given].map((one) => value(one)).join()})`; }

                return `${use('$apply')}(${known},undefined,${list([callee.object, ...given])})`;
            }
            if (staticName(callee) !== null && callee.object.type !== 'Identifier') {
                return `${use('$apply')}(${out(callee, node)},${out(callee.object, callee)},${list(given)})`;
            }
            if (!spreads(given)) { return inside(node); }
            if (callee.type !== 'MemberExpression' || staticName(callee) !== null) {
                return `${use('$apply')}(${value(callee)},undefined,${list(given)})`;
            }
            const key = callee.computed ? value(callee.property) : JSON.stringify(callee.property.name);

            if (callee.property.type === 'PrivateIdentifier' || callee.object.type === 'Super') { throw place(node, 'such a spread'); }

            return `${use('$send')}(${value(callee.object)},${key},${list(given)})`;
        },
        ChainExpression (node) {
            const call = node.expression, { callee } = call;

            if (call.type === 'MemberExpression' && call.optional && plainName(call) !== null && call.object.type !== 'ChainExpression') {
                return `(($it)=>$it===null||$it===undefined?undefined:${use('$o')}($it,${JSON.stringify(plainName(call))}))(${value(call.object)})`;
            }
            if (call.type !== 'CallExpression' || !METHODS.has(plainName(callee)) || spreads(call.arguments)) {
                return inside(node);
            }
            const given = ['$it', ...call.arguments.map((one) => value(one))].join();

            return `(($it)=>$it===null||$it===undefined?undefined:${use(`$m_${plainName(callee)}`)}(${given}))(${value(callee.object)})`;
        },
        ForOfStatement (node) {
            if (node.await) { return inside(node); }
            const at = `$i${++loops}`, from = `$l${loops}`, { left } = node,
                target = left.type === 'VariableDeclaration' ? `${left.kind} ${out(left.declarations[0].id, left)}` : out(left, node),
                body = node.body.type === 'BlockStatement' ? inside(node.body).slice(1, -1) : out(node.body, node);

            return `for(let ${at}=0,${from}=${use('$list')}(${value(node.right)});${at}<${from}.length;${at}++){` +
                `${target}=${taken(left.type === 'VariableDeclaration' ? left.declarations[0].id : left, `${from}[${at}]`)};${body}}`;
        },
        ForInStatement (node) {
            if (!foreign) { return inside(node); }
            const names = `${use('$names')}(${value(node.right)})`;

            return `${source.slice(node.start, node.left.start)}${out(node.left, node)} in ${names})${out(node.body, node)}`;
        },
        // Primordials have one source, from which the build imports all that a module uses.
        ImportDeclaration (node) {
            if (!/\/primordial\w+\.js$/.test(node.source.value)) { return source.slice(node.start, node.end); }
            node.specifiers.forEach(({ imported }) => use(imported.name));

            return '';
        },
        Identifier (node, parent, key) {
            const isName = (key === 'property' && !parent.computed) || (key === 'key' && !parent.computed) || parent.type === 'MetaProperty';

            if (!isGlobal(node)) {
                if (!isName && !own.has(node.name)) { free.add(node.name); }

                return node.name;
            }
            if (isName) { return node.name; }
            if (parent.type === 'Property' && key === 'value' && parent.shorthand) { return `${node.name}:${use(`$${node.name}`)}`; }

            return use(`$${node.name}`);
        },
        MemberExpression (node, parent, key) {
            const name = plainName(node), known = staticName(node),
                written = (/Assignment|Update/.test(parent.type) && key !== 'right') || parent.operator === 'delete';

            if (known !== null && !written) { return use(known); }
            if (typeof node.property.value === 'number' && !written && !node.optional && key !== 'callee' && node.object.type !== 'Super') {
                return `${use('$nth')}(${value(node.object)},${node.property.value})`;
            }
            if (node.computed && !written && !node.optional && key !== 'callee' && node.property.type !== 'Literal' &&
                (foreign ? node.object.type !== 'Super' && !/Pattern|RestElement|ForIn/.test(parent.type) :
                    node.object.type === 'Identifier' && /^[A-Z][A-Z_]+$|Map$/.test(node.object.name))) {
                return `${use('$at')}(${value(node.object)},${value(node.property)})`;
            }
            if (node.computed && !written && key !== 'callee' && node.property.type === 'MemberExpression' &&
                /^\$Symbol_/.test(staticName(node.property)) && node.object.type !== 'Super') {
                return `${use('$read')}(${value(node.object)},${out(node.property, node)})`;
            }
            if (name === 'length' && !written && !node.optional && (views || !ours) && !/Pattern|ForIn/.test(parent.type)) {
                return `${use('$length')}(${value(node.object)})`;
            }
            if (name === null || written || !(ACCESSORS.has(name) || (INHERITED.has(name) && !isOwn(node.object)) || (!ours && /^(name|constructor)$/.test(name))) || node.optional || key === 'callee' ||
                /Pattern|RestElement|ForIn/.test(parent.type)) {
                return name !== null && !written && !node.optional && key !== 'callee' && isOptional(node, name, parent) ?
                    unless(name, node.object, inside(node), () => `${use('$o')}(${value(node.object)},${JSON.stringify(name)})`) : inside(node);
            }

            return `${use(name === 'name' ? '$nameOf' : `$g_${name}`)}(${value(node.object)})`;
        },
        NewExpression (node) {
            const { callee, arguments: given } = node;

            if (isGlobal(callee) && MADE.has(callee.name) && given.length) {
                return `${use('$make')}(${use(`$${callee.name}`)},${list(given)})`;
            }
            if (!spreads(given)) { return inside(node); }

            return `${use('$Reflect_construct')}(${value(callee)},${list(given)})`;
        },
        Property (node, parent, key) {
            if (!node.shorthand) { return inside(node); }

            return out(node.value, node, 'value');
        },
        VariableDeclarator (node) {
            if (node.id.type === 'ObjectPattern' && node.init) {
                return `${out(node.id, node)}=${taken(node.id, value(node.init))}`;
            }
            if (node.id.type !== 'ArrayPattern' || !node.init) { return inside(node); }

            const { elements } = node.id, rest = elements.at(-1), from = `$r${++loops}`;

            if (rest.type !== 'RestElement') {
                return `${out(node.id, node)}=${taken(node.id, `${use('$list')}(${value(node.init)})`)}`;
            }

            return `${from}=${use('$list')}(${value(node.init)}),` +
                `${out({ ...node.id, elements: elements.slice(0, -1) }, node)}=${from},` +
                `${out(rest.argument, node)}=${use('$m_slice')}(${from},${elements.length - 1})`;
        }
    };

    function out (node, parent, key) {
        const rule = RULES[node.type];

        return rule ? rule(node, parent, key) : inside(node);
    }

    function place (node, what) {
        const line = source.slice(0, node.start).split('\n').length;

        return new Error(`line ${line}: ${what} cannot be hardened: ${source.slice(node.start, node.end).slice(0, 80)}`);
    }

    const rewritten = inside(program), twice = [...uses].find((name) => own.has(name));

    if (twice) { throw new Error(`${twice} is the name of a primordial`); }

    return { text: rewritten, uses, free };
}

/** The declarations of primordials that are made of their names: those that js/lang does not write out. */
export function declarations (names) {
    return [...names].sort().map((name) => {
        const pattern = /^\$d_(.+)$/.exec(name), method = /^\$m_(.+)$/.exec(name), accessor = /^\$g_(.+)$/.exec(name), member = /^\$([A-Za-z0-9]+)_(.+)$/.exec(name);

        if (pattern) {
            const keys = pattern[1].split('$').map((key) => JSON.stringify(key)), [first, ...others] = keys.map((key) => `$hasOwn($OP,${key})`);

            return `const ${name}=(x)=>${[first, ...others].join('||')}?$bag(x,[${keys.join()}]):x;`;
        }
        if (method) { return `const ${name}=$method(${JSON.stringify(method[1])});`; }
        if (accessor) { return `const ${name}=$accessor(${JSON.stringify(accessor[1])});`; }
        if (member) { return `const ${name}=$SAFE.${name.slice(1)}??${member[1]}.${member[2].replace(/^prototype_/, 'prototype.')};`; }

        return GLOBALS.includes(name.slice(1)) ? `const ${name}=${name.slice(1)};` : '';
    }).filter(Boolean).join('\n');
}
