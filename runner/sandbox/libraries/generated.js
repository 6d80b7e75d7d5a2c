// What the code that ajv writes for a schema uses of the language: it runs with these in place of what scripts may replace.
const isRegExp = (value) => value instanceof RegExp;

module.exports = {
    push: (list, error) => list.push(error),
    concat: (list, more) => list.concat(more),
    test: (pattern, text) => pattern.test(text),
    has: (object, key) => Object.prototype.hasOwnProperty.call(object, key),
    pointer: (text) => text.replace(/~/g, '~0').replace(/\//g, '~1'),
    place: (list, name) => list.indexOf(name),
    bare: () => Object.create(null),
    names: (object) => $names(object),
    Object: {
        keys: (object) => Object.keys(object),
        prototype: { hasOwnProperty: { call: (object, key) => Object.prototype.hasOwnProperty.call(object, key) } }
    },
    Array: { isArray: (value) => Array.isArray(value) },
    RegExp: Object.defineProperty(function (pattern) { return new RegExp(pattern); }, Symbol.hasInstance, { value: isRegExp }),
    Math: { abs: (value) => Math.abs(value), round: (value) => Math.round(value) },
    parseInt,
    isFinite
};
