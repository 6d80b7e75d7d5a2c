// Node 20's buffer module: Buffer is a class of its own, with Node's checks and messages.
const { checkInteger, checkNumber, coded, outOfBounds, outOfRange, shown, wrongType } = require('./buffer_errors.js'),
    { ENCODINGS, encodingOf, utf8Code } = require('./buffer_texts.js'),
    numbers = require('./buffer_numbers.js'),
    MAX_LENGTH = 2 ** 32,
    MAX_STRING_LENGTH = (2 ** 29) - 24,
    VIEWS = ['Buffer', 'Uint8Array'],
    isView = (value) => ArrayBuffer.isView(value),
    isBytes = (value) => value instanceof Uint8Array,
    isMemory = (value) => value instanceof ArrayBuffer || (typeof SharedArrayBuffer === 'function' && value instanceof SharedArrayBuffer),
    bytesOf = (value) => new Uint8Array(value.buffer, value.byteOffset, value.byteLength);

class FastBuffer extends Uint8Array {}

// Both `new Buffer(…)` and `Buffer(…)` make one, as of old.
function Buffer (value, encodingOrOffset, length) {
    if (typeof value !== 'number') { return Buffer.from(value, encodingOrOffset, length); }
    if (typeof encodingOrOffset === 'string') { throw wrongType('string', 'string', value); }

    return Buffer.alloc(value);
}

function knownEncoding (name) {
    const encoding = encodingOf(name);

    if (encoding === undefined) { throw coded(TypeError, 'ERR_UNKNOWN_ENCODING', `Unknown encoding: ${name}`); }

    return encoding;
}

function fromBytes (bytes) {
    const buffer = new FastBuffer(bytes.length);

    buffer.set(bytes);

    return buffer;
}

function fromMemory (memory, offset, length) {
    const start = +offset || 0,
        room = memory.byteLength - start;

    if (room < 0) { throw outOfBounds('offset'); }
    if (length === undefined) { return new FastBuffer(memory, start, room); }
    if (+length > room) { throw outOfBounds('length'); }

    return new FastBuffer(memory, start, +length > 0 ? +length : 0);
}

function fromList (list) {
    return list.length > 0 ? fromBytes(Uint8Array.from({ length: list.length }, (_, at) => list[at])) : new FastBuffer(0);
}

/** From a list, what looks like one, or the JSON of a buffer. */
function fromObject (value) {
    if (value.length !== undefined || isMemory(value.buffer)) { return fromList(typeof value.length === 'number' ? value : []); }

    return value.type === 'Buffer' && Array.isArray(value.data) ? fromList(value.data) : undefined;
}

Buffer.poolSize = 8192;

Buffer.from = function from (value, encodingOrOffset, length) {
    if (typeof value === 'string') {
        const named = typeof encodingOrOffset === 'string' && encodingOrOffset !== '';

        return fromBytes((named ? knownEncoding(encodingOrOffset) : ENCODINGS.utf8).decode(value));
    }
    if (typeof value === 'object' && value !== null) {
        if (isMemory(value)) { return fromMemory(value, encodingOrOffset, length); }
        const inner = value.valueOf && value.valueOf();

        if (inner !== null && inner !== value && ['string', 'object'].includes(typeof inner)) {
            return Buffer.from(inner, encodingOrOffset, length);
        }
        const made = fromObject(value);

        if (made) { return made; }
        if (typeof value[Symbol.toPrimitive] === 'function') {
            const text = value[Symbol.toPrimitive]('string');

            if (typeof text === 'string') { return Buffer.from(text, encodingOrOffset); }
        }
    }
    throw wrongType('first argument', ['string', 'Buffer', 'ArrayBuffer', 'Array', 'Array-like Object'], value);
};

Buffer.of = (...items) => fromList(items);

Buffer.copyBytesFrom = function copyBytesFrom (view, offset, length) {
    if (!isView(view) || view instanceof DataView) { throw wrongType('view', 'TypedArray', view); }
    if (offset !== undefined) { checkInteger(offset, 'offset', 0, Number.MAX_SAFE_INTEGER); }
    if (length !== undefined) { checkInteger(length, 'length', 0, Number.MAX_SAFE_INTEGER); }
    const start = offset || 0;

    return fromBytes(bytesOf(view.slice(start, length === undefined ? view.length : start + length)));
};

Buffer.alloc = function alloc (size, fill, encoding) {
    checkNumber(size, 'size', 0, MAX_LENGTH);
    const buffer = new FastBuffer(size);

    return fill !== undefined && fill !== 0 && size > 0 ? fillWith(buffer, fill, 0, buffer.length, encoding) : buffer;
};

Buffer.allocUnsafe = (size) => Buffer.alloc(size);
Buffer.allocUnsafeSlow = (size) => Buffer.alloc(size);
Buffer.isBuffer = (value) => value instanceof FastBuffer;
Buffer.isEncoding = (name) => typeof name === 'string' && name !== '' && encodingOf(name) !== undefined;

function byteOrder (one, other) {
    const shared = Math.min(one.length, other.length);

    for (let at = 0; at < shared; at++) { if (one[at] !== other[at]) { return one[at] < other[at] ? -1 : 1; } }

    return Math.sign(one.length - other.length);
}

Buffer.compare = function compare (one, other) {
    if (!isBytes(one)) { throw wrongType('buf1', VIEWS, one); }
    if (!isBytes(other)) { throw wrongType('buf2', VIEWS, other); }

    return byteOrder(one, other);
};

Buffer.concat = function concat (list, length) {
    if (!Array.isArray(list)) { throw wrongType('list', 'Array', list); }
    if (!list.length) { return new FastBuffer(0); }
    if (length !== undefined) { checkInteger(length, 'length', 0, MAX_LENGTH); }
    const whole = length === undefined ? list.reduce((sum, { length: own }) => sum + (own || 0), 0) : length,
        buffer = new FastBuffer(whole);
    let at = 0;

    list.forEach((bytes, index) => {
        if (!isBytes(bytes)) { throw wrongType(`list[${index}]`, VIEWS, bytes); }
        buffer.set(bytes.subarray(0, Math.max(whole - at, 0)), Math.min(at, whole));
        at += bytes.length;
    });

    return buffer;
};

Buffer.byteLength = function byteLength (text, encoding) {
    if (isView(text) || isMemory(text)) { return text.byteLength; }
    if (typeof text !== 'string') { throw wrongType('string', ['string', 'Buffer', 'ArrayBuffer'], text); }

    return ((encoding && encodingOf(encoding)) || ENCODINGS.utf8).length(text);
};

function fillWith (buffer, given, from, to, name) {
    let [value, offset, end, encodingName] = [given, from, to, name];

    if (typeof value === 'string') {
        if (offset === undefined || typeof offset === 'string') { [encodingName, offset, end] = [offset, 0, buffer.length]; }
        else if (typeof end === 'string') { [encodingName, end] = [end, buffer.length]; }
        if (encodingName !== undefined && encodingName !== null && encodingName !== '') {
            if (encodingOf(encodingName) === undefined && typeof encodingName !== 'string') { throw wrongType('encoding', 'string', encodingName); }
            knownEncoding(encodingName);
        }
    }
    if (offset === undefined) { [offset, end] = [0, buffer.length]; }
    else {
        checkInteger(offset, 'offset', 0, MAX_LENGTH);
        if (end === undefined) { end = buffer.length; }
        else { checkInteger(end, 'end', 0, buffer.length); }
        if (offset >= end) { return buffer; }
    }
    const bytes = fillBytes(value, encodingName);

    if (!bytes.length) { throw coded(TypeError, 'ERR_INVALID_ARG_VALUE', `The argument 'value' is invalid. Received ${bytesShown(value)}`); }
    if (bytes.length === 1) { Uint8Array.prototype.fill.call(buffer, bytes[0], offset, end); }
    else { for (let at = Math.trunc(offset); at < end; at++) { buffer[at] = bytes[(at - Math.trunc(offset)) % bytes.length]; } }

    return buffer;
}

function fillBytes (value, encodingName) {
    if (typeof value === 'string') { return value === '' ? [0] : ((encodingName && encodingOf(encodingName)) || ENCODINGS.utf8).decode(value); }
    if (isView(value)) { return bytesOf(value); }

    return [value & 255];
}

function bytesShown (value) {
    if (typeof value === 'string') { return shown(value); }

    return value instanceof FastBuffer ? '<Buffer >' : `${value.constructor.name}(0) []`;
}

/** A place counted from the end when it is negative, within the length. */
function adjusted (offset, length) {
    const place = Math.trunc(offset) || 0;

    return place < 0 ? Math.max(place + length, 0) : Math.min(place, length);
}

function whole (value, fallback) {
    const number = +value;

    return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? Math.floor(number) : fallback;
}

/** Where a search begins; -1 where nothing can be found. */
function searchStart (length, offset, size, forward) {
    if (offset < 0) { return offset + length >= 0 ? offset + length : forward || size === 0 ? 0 : -1; }
    if (offset + size <= length) { return offset; }

    return size === 0 ? length : forward ? -1 : length - 1;
}

function search (buffer, value, from, encodingName, forward) {
    const name = typeof from === 'string' ? from : encodingName,
        given = typeof from === 'string' ? NaN : from === undefined ? NaN : +from,
        offset = Number.isNaN(given) ? (forward ? 0 : buffer.length) : Math.trunc(Math.max(Math.min(given, 0x7fffffff), -0x80000000));

    if (typeof value === 'number') { return searchBytes(buffer, [value & 255], offset, forward, 1); }
    const encoding = name === undefined ? ENCODINGS.utf8 : encodingOf(name);

    if (typeof value === 'string') {
        knownEncoding(name === undefined ? 'utf8' : name);

        return searchBytes(buffer, encoding.decode(value), offset, forward, encoding.unit);
    }
    if (isBytes(value)) { return searchBytes(buffer, value, offset, forward, encoding ? encoding.unit : 1); }
    throw wrongType('value', ['number', 'string', 'Buffer', 'Uint8Array'], value);
}

function searchBytes (buffer, bytes, offset, forward, unit) {
    const { length } = buffer,
        start = searchStart(length, offset, bytes.length, forward);

    if (!bytes.length) { return start; }
    if (start < 0 || !length || bytes.length > length || (unit > 1 && (length < 2 || bytes.length < 2))) { return -1; }
    const last = length - bytes.length,
        step = forward ? 1 : -1;

    for (let at = forward ? start : Math.min(start, last); forward ? at <= last : at >= 0; at += step) {
        if (unit > 1 && at % unit) { continue; }
        let same = 0;

        while (same < bytes.length && buffer[at + same] === bytes[same]) { same++; }
        if (same === bytes.length) { return at; }
    }

    return -1;
}

function putText (buffer, text, offset, length, encoding) {
    if (typeof text !== 'string') { throw coded(TypeError, 'ERR_INVALID_ARG_TYPE', 'argument must be a string'); }
    const room = Math.min(length, buffer.length - offset),
        bytes = encoding.decode(text, room),
        size = Math.min(bytes.length, encoding.unit > 1 ? room - (room % encoding.unit) : room);

    buffer.set(bytes.subarray(0, size), offset);

    return size;
}

const methods = {
    ...numbers,

    toString (name, start, end) {
        const from = start === undefined ? 0 : Math.max(Math.trunc(start) || 0, 0),
            to = end === undefined ? this.length : Math.min(Math.trunc(end) || 0, this.length);

        if (from >= this.length || to <= from) { return ''; }

        return (name === undefined ? ENCODINGS.utf8 : knownEncoding(name)).encode(bytesOf(this).subarray(from, to));
    },

    toJSON () {
        return { type: 'Buffer', data: Array.from(this) };
    },

    equals (other) {
        if (!isBytes(other)) { throw wrongType('otherBuffer', VIEWS, other); }

        return this === other || byteOrder(this, other) === 0;
    },

    compare (target, targetStart, targetEnd, sourceStart, sourceEnd) {
        if (!isBytes(target)) { throw wrongType('target', VIEWS, target); }
        const place = (value, name, max, fallback) => {
                if (value === undefined) { return fallback; }
                checkInteger(value, name, 0, max);

                return value;
            },
            [from, to] = [place(targetStart, 'targetStart', MAX_LENGTH, 0), place(targetEnd, 'targetEnd', target.length, target.length)],
            [start, end] = [place(sourceStart, 'sourceStart', MAX_LENGTH, 0), place(sourceEnd, 'sourceEnd', this.length, this.length)];

        if (start >= end) { return from >= to ? 0 : -1; }
        if (from >= to) { return 1; }

        return byteOrder(bytesOf(this).subarray(start, end), target.subarray(from, to));
    },

    copy (target, targetStart, sourceStart, sourceEnd) {
        if (!isBytes(target)) { throw wrongType('target', VIEWS, target); }
        const to = targetStart === undefined ? 0 : whole(targetStart, 0),
            from = sourceStart === undefined ? 0 : whole(sourceStart, 0),
            end = sourceEnd === undefined ? this.length : whole(sourceEnd, 0);

        if (to < 0) { throw outOfRange('targetStart', '>= 0', to); }
        if (from < 0 || from > this.length) { throw outOfRange('sourceStart', `>= 0 && <= ${this.length}`, from); }
        if (end < 0) { throw outOfRange('sourceEnd', '>= 0', end); }
        if (to >= target.length || from >= end) { return 0; }
        const count = Math.min(end - from, target.length - to, this.length - from);

        target.set(bytesOf(this).subarray(from, from + count), to);

        return count;
    },

    fill (value, offset, end, encoding) {
        return fillWith(this, value, offset, end, encoding);
    },

    write (text, start, size, name) {
        let [offset, length, encodingName] = [start, size, name];

        if (offset === undefined) { return putText(this, text, 0, this.length, ENCODINGS.utf8); }
        if (length === undefined && typeof offset === 'string') { [encodingName, length, offset] = [offset, this.length, 0]; }
        else {
            checkInteger(offset, 'offset', 0, this.length);
            if (length === undefined || typeof length === 'string') {
                [encodingName, length] = [length === undefined ? encodingName : length, this.length - offset];
            }
            else { checkInteger(length, 'length', 0, this.length); }
        }

        return putText(this, text, offset, length, encodingName ? knownEncoding(encodingName) : ENCODINGS.utf8);
    },

    indexOf (value, from, encoding) { return search(this, value, from, encoding, true); },
    lastIndexOf (value, from, encoding) { return search(this, value, from, encoding, false); },
    includes (value, from, encoding) { return search(this, value, from, encoding, true) !== -1; },

    subarray (start, end) {
        const from = adjusted(start, this.length),
            to = end === undefined ? this.length : adjusted(end, this.length);

        return new FastBuffer(this.buffer, this.byteOffset + from, Math.max(to - from, 0));
    },

    slice (start, end) { return this.subarray(start, end); },

    toLocaleString (name, start, end) { return this.toString(name, start, end); }
};

for (const bits of [16, 32, 64]) {
    const size = bits / 8;

    methods[`swap${bits}`] = function () {
        if (this.length % size) { throw coded(RangeError, 'ERR_INVALID_BUFFER_SIZE', `Buffer size must be a multiple of ${bits}-bits`); }
        for (let at = 0; at < this.length; at += size) { bytesOf(this).subarray(at, at + size).reverse(); }

        return this;
    };
}

for (const [name, encoding] of Object.entries(ENCODINGS)) {
    methods[`${name}Slice`] = function (start = 0, end = this.length) {
        if (start > this.length || end > this.length) { throw coded(RangeError, 'ERR_OUT_OF_RANGE', 'Index out of range'); }

        return encoding.encode(bytesOf(this).subarray(start, Math.max(start, end)));
    };
    methods[`${name}Write`] = function (text, offset = 0, length = this.length - offset) {
        return putText(this, text, offset, length, encoding);
    };
}

Object.assign(FastBuffer.prototype, methods, {
    [Symbol.for('nodejs.util.inspect.custom')] () {
        const bytes = Array.from(bytesOf(this).subarray(0, 50), (byte) => byte.toString(16).padStart(2, '0')),
            more = this.length - bytes.length;

        return `<Buffer ${bytes.join(' ')}${more > 0 ? ` ... ${more} more byte${more > 1 ? 's' : ''}` : ''}>`;
    }
});
FastBuffer.prototype.inspect = FastBuffer.prototype[Symbol.for('nodejs.util.inspect.custom')];
Object.defineProperties(FastBuffer.prototype, {
    constructor: { value: Buffer, writable: true, configurable: true },
    parent: { enumerable: true, get () { return this instanceof FastBuffer ? this.buffer : undefined; } },
    offset: { enumerable: true, get () { return this instanceof FastBuffer ? this.byteOffset : undefined; } }
});
Object.defineProperties(FastBuffer, { name: { value: 'FastBuffer' } });
Object.defineProperties(Buffer, {
    name: { value: 'Buffer' }, prototype: { value: FastBuffer.prototype }, [Symbol.species]: { configurable: true, get () { return FastBuffer; } }
});
Object.setPrototypeOf(Buffer, Uint8Array);
Object.defineProperty(SlowBuffer, 'name', { value: 'SlowBuffer' });

function SlowBuffer (size) {
    return Buffer.alloc(Number(size));
}

/** Node's own converter knows these four only; what an encoding has no byte for is a question mark. */
function transcode (source, fromName, toName) {
    if (!isBytes(source)) { throw wrongType('source', VIEWS, source); }
    if (!source.length) { return Buffer.alloc(0); }
    const [from, to] = [encodingOf(fromName), encodingOf(toName)],
        known = [ENCODINGS.utf8, ENCODINGS.ucs2, ENCODINGS.latin1, ENCODINGS.ascii];

    if (!known.includes(from) || !known.includes(to)) {
        throw Object.assign(new Error('Unable to transcode Buffer [U_ILLEGAL_ARGUMENT_ERROR]'), { code: 'U_ILLEGAL_ARGUMENT_ERROR', errno: 1 });
    }
    const text = from.encode(bytesOf(source)),
        most = to === ENCODINGS.ascii ? 0x7f : to === ENCODINGS.latin1 ? 0xff : 0x10ffff;

    return fromBytes(to.decode(Array.from(text, (letter) => (letter.codePointAt(0) > most ? '?' : letter)).join('')));
}

function inputBytes (input) {
    if (isMemory(input)) { return new Uint8Array(input); }
    if (!isView(input) || input instanceof DataView) { throw wrongType('input', ['ArrayBuffer', 'Buffer', 'TypedArray'], input); }

    return bytesOf(input);
}

function isUtf8 (input) {
    const bytes = inputBytes(input);

    for (let at = 0; at < bytes.length;) {
        const [code, size] = utf8Code(bytes, at);

        if (bytes[at] >= 0x80 && code < 0) { return false; }
        at += bytes[at] < 0x80 ? 1 : size;
    }

    return true;
}

module.exports = {
    Buffer,
    SlowBuffer,
    transcode,
    isUtf8,
    isAscii: (input) => inputBytes(input).every((byte) => byte < 0x80),
    kMaxLength: MAX_LENGTH,
    kStringMaxLength: MAX_STRING_LENGTH,
    btoa: (text) => require('./btoa.js')(text),
    atob: (text) => require('./atob.js')(text),
    constants: { MAX_LENGTH, MAX_STRING_LENGTH },
    INSPECT_MAX_BYTES: 50,
    // The sandbox has these among its own names; nothing in it could load an address of a blob.
    get Blob () { return globalThis.Blob; },
    get File () { return globalThis.File; },
    resolveObjectURL () { return undefined; }
};
