const { hasOwn } = Object;
// The generators of Postman's dynamic variables without the rest of its collection library, and a way to seed them.
const faker = require('@faker-js/faker/locale/en'),
    variables = require('postman-collection/lib/superstring/dynamic-variables');

exports.names = Object.keys(variables);
exports.has = (name) => hasOwn(variables, name);
exports.generate = (name) => variables[name].generator();
exports.seed = (words) => { faker.seed(words); };
