// The check of `jsonSchema`: ajv, which no script can change. What `require('ajv')` gives is another one.
const Ajv = require('ajv');

/** Whether data have the form of a schema, and what is wrong with them. */
module.exports = function check (schema, data, options) {
    const ajv = new Ajv(options), valid = ajv.validate(schema, data);

    return { valid, right: valid && !ajv.errors, text: ajv.errorsText() };
};
