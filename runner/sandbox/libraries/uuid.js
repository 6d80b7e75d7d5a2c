// require('uuid') in Postman is a function with one member, v4, and nothing else; it draws from Math.random at each call.
function uuid () {
    return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (place) => {
        const digit = Math.floor(Math.random() * 16);

        return (place === 'x' ? digit : (digit % 4) + 8).toString(16);
    });
}

module.exports = () => uuid();
module.exports.v4 = () => uuid();
