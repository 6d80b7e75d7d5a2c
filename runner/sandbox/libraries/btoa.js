// A string of bytes (one character a byte) to base64 text; a character above 255 is an error, as in browsers.
const { Buffer } = require('buffer');

module.exports = function btoa (text) {
    const bytes = String(text);

    if (/[^\0-\xff]/.test(bytes)) {
        const error = new Error('Invalid character');

        error.name = 'InvalidCharacterError';
        error.code = 5;
        throw error;
    }

    return Buffer.from(bytes, 'latin1').toString('base64');
};
