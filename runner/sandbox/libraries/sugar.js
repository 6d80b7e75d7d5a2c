// sugar.js adds its methods to the native prototypes as it loads; it exports nothing. Where it replaces a native method, that
// one stays for whatever it can do itself: sugar.js takes an async function for no function, and a position for a flag.
const REPLACED = [
        [Array.prototype, ['every', 'filter', 'map', 'some'], ([callback]) => typeof callback === 'function'],
        [String.prototype, ['endsWith', 'startsWith'], ([text, place]) => typeof text === 'string' && typeof place !== 'boolean'],
        [String.prototype, ['trim', 'trimLeft', 'trimRight'], () => true]
    ],
    natives = REPLACED.map(([prototype, names]) => names.map((name) => prototype[name]));

require('sugar/release/sugar-full.development');

REPLACED.forEach(([prototype, names, fits], row) => {
    names.forEach((name, column) => {
        const native = natives[row][column],
            enhanced = prototype[name];

        Object.defineProperty(prototype, name, {
            configurable: true,
            value: { [name] (...values) {
                return (fits(values) ? native : enhanced).apply(this, values);
            } }[name],
            writable: true
        });
    });
});
