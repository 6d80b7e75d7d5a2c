// Numbers in buffers: readInt16LE, writeDoubleBE, readUIntBE and their kin.

const { checkNumber, outOfBounds, outOfRange, wrongType } = require('./buffer_errors.js'),
    SIZES = { 8: 1, 16: 2, 32: 4 };

function failBounds (value, length, name) {
    if (Math.floor(value) !== value) {
        checkNumber(value, name || 'offset');
        throw outOfRange(name || 'offset', 'an integer', value);
    }
    if (length < 0) { throw outOfBounds(); }
    throw outOfRange(name || 'offset', `>= ${name ? 1 : 0} and <= ${length}`, value);
}

function checkPlace (buffer, offset, size) {
    checkNumber(offset, 'offset');
    if (buffer[offset] === undefined || buffer[offset + size - 1] === undefined) { failBounds(offset, buffer.length - size); }
}

/** What a whole number of so many bits may be, in Node's words. */
function rangeText (bits, signed, big) {
    const n = big ? 'n' : '',
        power = (exponent) => `2${n} ** ${exponent}${n}`;

    if (bits > 32) { return signed ? `>= -(${power(bits - 1)}) and < ${power(bits - 1)}` : `>= 0${n} and < ${power(bits)}`; }

    return signed ? `>= ${-(2 ** (bits - 1))} and <= ${2 ** (bits - 1) - 1}` : `>= 0 and <= ${2 ** bits - 1}`;
}

function checkValue (value, bits, signed, big) {
    const one = big ? 1n : 1,
        two = big ? 2n : 2,
        exponent = big ? BigInt(bits) : bits,
        min = signed ? -(two ** (exponent - one)) : one - one,
        max = (signed ? two ** (exponent - one) : two ** exponent) - one;

    if (value > max || value < min) { throw outOfRange('value', rangeText(bits, signed, big), value); }
}

/** The places of the bytes from the lowest to the highest. */
function places (offset, size, little) {
    return Array.from({ length: size }, (_, at) => offset + (little ? at : size - 1 - at));
}

function readWhole (buffer, offset, size, signed, little) {
    checkPlace(buffer, offset, size);
    let value = size === 1 ? buffer[offset] : 0;

    if (size > 1) { places(offset, size, little).forEach((place, at) => { value += buffer[place] * 2 ** (8 * at); }); }

    return signed && value >= 2 ** (8 * size - 1) ? value - 2 ** (8 * size) : value;
}

function writeWhole (buffer, given, offset, size, signed, little) {
    const value = +given;

    if (size === 1) { checkNumber(offset, 'offset'); }
    checkValue(value, 8 * size, signed, false);
    checkPlace(buffer, offset, size);
    if (size === 1) {
        buffer[offset] = value;

        return offset + 1;
    }
    const high = Math.floor(value * 2 ** -32);

    places(offset, size, little).forEach((place, at) => { buffer[place] = at < 4 ? value >>> (8 * at) : high >>> (8 * (at - 4)); });

    return offset + size;
}

function view (buffer) {
    return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** A size of one to six bytes. */
function checkSize (size) {
    if (![1, 2, 3, 4, 5, 6].includes(size)) {
        checkNumber(size, 'byteLength');
        failBounds(size, 6, 'byteLength');
    }
}

const numbers = {};

function define (names, method) {
    for (const name of names) { numbers[name] = method; }
}

for (const signed of [true, false]) {
    const words = signed ? ['Int'] : ['UInt', 'Uint'];

    for (const [bits, size] of Object.entries(SIZES)) {
        for (const end of size === 1 ? [''] : ['LE', 'BE']) {
            const little = end === 'LE';

            define(words.map((word) => `read${word}${bits}${end}`),
                function (offset = 0) { return readWhole(this, offset, size, signed, little); });
            define(words.map((word) => `write${word}${bits}${end}`),
                function (value, offset = 0) { return writeWhole(this, value, offset, size, signed, little); });
        }
    }

    for (const end of ['LE', 'BE']) {
        const little = end === 'LE',
            kind = `Big${signed ? 'Int' : 'Uint'}64`;

        define(words.map((word) => `read${word}${end}`), function (offset, byteLength) {
            if (offset === undefined) { throw wrongType('offset', 'number', offset); }
            checkSize(byteLength);

            return readWhole(this, offset, byteLength, signed, little);
        });
        define(words.map((word) => `write${word}${end}`), function (value, offset, byteLength) {
            checkSize(byteLength);

            return writeWhole(this, value, offset, byteLength, signed, little);
        });
        define(words.map((word) => `readBig${word}64${end}`), function (offset = 0) {
            checkPlace(this, offset, 8);

            return view(this)[`get${kind}`](offset, little);
        });
        define(words.map((word) => `writeBig${word}64${end}`), function (value, offset = 0) {
            checkValue(value, 64, signed, true);
            checkPlace(this, offset, 8);
            view(this)[`set${kind}`](offset, value & 0xffffffffffffffffn, little);

            return offset + 8;
        });
    }
}

for (const [word, size] of [['Float', 4], ['Double', 8]]) {
    for (const end of ['LE', 'BE']) {
        const little = end === 'LE';

        define([`read${word}${end}`], function (offset = 0) {
            checkPlace(this, offset, size);

            return view(this)[`getFloat${8 * size}`](offset, little);
        });
        define([`write${word}${end}`], function (given, offset = 0) {
            const value = +given;

            checkPlace(this, offset, size);
            view(this)[`setFloat${8 * size}`](offset, value, little);

            return offset + size;
        });
    }
}

module.exports = numbers;
