// Node's errors of buffers: class, code and text.

const shown = (value) => {
    if (typeof value === 'string') { return `'${value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/'/g, "\\'")}'`; }
    if (typeof value === 'bigint') { return `${value}n`; }

    return Object.is(value, -0) ? '-0' : String(value);
};

// 9_007_199: from 2 ** 32 on, digits stand in groups.
const grouped = (digits) => digits.replace(/(?<=[^-])(?=(?:...)+$)/g, '_');

function received (value) {
    if (value === null || value === undefined) { return ` Received ${value}`; }
    if (typeof value === 'function') { return ` Received function ${value.name}`; }
    if (typeof value === 'object') {
        const { constructor } = value;

        return constructor && constructor.name ? ` Received an instance of ${constructor.name}` : ' Received [Object: null prototype] {}';
    }

    const text = shown(value);

    return ` Received type ${typeof value} (${text.length > 28 ? `${text.slice(0, 25)}...` : text})`;
}

function coded (Type, code, message) {
    return Object.assign(new Type(message), { code });
}

const PRIMITIVES = ['string', 'function', 'number', 'object', 'boolean', 'bigint', 'symbol'];
const joined = (names) => (names.length < 3 ? names.join(' or ') : `${names.slice(0, -1).join(', ')}, or ${names.at(-1)}`);

/** `expected` names primitive types, classes, and at last other kinds of things. */
function wrongType (name, expected, value) {
    const kinds = [].concat(expected),
        types = kinds.filter((kind) => PRIMITIVES.includes(kind)),
        classes = kinds.filter((kind) => /^[A-Z]\w*$/.test(kind)),
        others = kinds.filter((kind) => !types.includes(kind) && !classes.includes(kind)),
        subject = name.endsWith(' argument') ? `The ${name}` : `The "${name}" argument`,
        parts = [
            types.length ? `${types.length > 1 ? 'one of type' : 'of type'} ${joined(types)}` : '',
            classes.length ? `an instance of ${joined(classes)}` : '',
            others.length ? `an ${joined(others)}` : ''
        ].filter(Boolean);

    return coded(TypeError, 'ERR_INVALID_ARG_TYPE', `${subject} must be ${parts.join(' or ')}.${received(value)}`);
}

function outOfRange (name, range, value) {
    let text = shown(value);

    if (Number.isInteger(value) && Math.abs(value) > 2 ** 32) { text = grouped(text); }
    if (typeof value === 'bigint' && (value > 2n ** 32n || value < -(2n ** 32n))) { text = `${grouped(String(value))}n`; }

    return coded(RangeError, 'ERR_OUT_OF_RANGE', `The value of "${name}" is out of range. It must be ${range}. Received ${text}`);
}

function outOfBounds (name) {
    return coded(RangeError, 'ERR_BUFFER_OUT_OF_BOUNDS',
        name ? `"${name}" is outside of buffer bounds` : 'Attempt to access memory outside buffer bounds');
}

function checkNumber (value, name, min, max) {
    if (typeof value !== 'number') { throw wrongType(name, 'number', value); }

    if ((min !== undefined && !(value >= min)) || (max !== undefined && !(value <= max))) {
        throw outOfRange(name, [min === undefined ? '' : `>= ${min}`, max === undefined ? '' : `<= ${max}`].filter(Boolean).join(' && '), value);
    }
}

function checkInteger (value, name, min, max) {
    if (typeof value !== 'number') { throw wrongType(name, 'number', value); }
    if (!Number.isInteger(value)) { throw outOfRange(name, 'an integer', value); }
    if (value < min || value > max) { throw outOfRange(name, `>= ${min} && <= ${max}`, value); }
}

module.exports = { checkInteger, checkNumber, coded, outOfBounds, outOfRange, shown, wrongType };
