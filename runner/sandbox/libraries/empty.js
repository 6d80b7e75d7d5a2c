// A module without members: what a script gets for a part of Node that a sandbox does not have.
module.exports = {};
