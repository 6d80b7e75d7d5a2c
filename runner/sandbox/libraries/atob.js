// Base64 text to a string of bytes (one character a byte), by the forgiving-base64 rules of the HTML standard.
const { Buffer } = require('buffer');

module.exports = function atob (text) {
    const clean = String(text).replace(/[\t\n\f\r ]/g, ''),
        digits = clean.length % 4 === 0 ? clean.replace(/={1,2}$/, '') : clean;

    if (digits.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(digits)) {
        const error = new Error('The string to be decoded is not correctly encoded.');

        error.name = 'InvalidCharacterError';
        error.code = 5;
        throw error;
    }

    return Buffer.from(digits, 'base64').toString('latin1');
};
