// What libraries read of Node's process. Scripts never see it.
const nothing = () => {};

export const argv = [];
export const browser = true;
export const cwd = () => '/';
export const emitWarning = nothing;
export const env = {};
// setTimeout is looked up at each call: a bundle may be loaded before the sandbox has its timers.
export const nextTick = (callback, ...args) => { setTimeout(callback, 0, ...args); };
export const noDeprecation = true;
export const version = '';
export const versions = {};
