// The buffer package with the members that it lacks and Postman's scripts find.
const buffer = require('buffer/'),
    MAX_STRING_LENGTH = (2 ** 28) - 16,
    notImplemented = () => { throw new Error('Not implemented'); };

module.exports = {
    ...buffer,
    get atob () { return require('./atob.js'); },
    get btoa () { return require('./btoa.js'); },
    constants: { MAX_LENGTH: buffer.kMaxLength, MAX_STRING_LENGTH },
    isAscii: notImplemented,
    isUtf8: notImplemented,
    kStringMaxLength: MAX_STRING_LENGTH,
    resolveObjectURL: notImplemented,
    transcode: notImplemented
};
