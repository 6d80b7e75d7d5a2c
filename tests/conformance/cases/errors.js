//# reference error
nothing.here;
//# syntax error
var = 5;
//# thrown text
throw 'text';
//# thrown object
throw {name: 'N', message: 'M', code: 5};
//# thrown null
throw null;
//# thrown undefined
throw undefined;
//# type error
null.x;
//# own error
class E2 extends Error {} throw new E2('own');
//# error with a name
const e = new Error('m'); e.name = 'Custom'; e.code = 'C'; throw e;
//# assertion outside of a test
pm.expect(1).to.equal(2);
//# error in a timer
setTimeout(() => { throw new Error('timer'); }, 2);
//# two errors in timers
setTimeout(() => { throw new Error('one'); }, 2); setTimeout(() => { throw new Error('two'); }, 4); console.log('sync');
//# error while a timer waits
setTimeout(() => console.log('timer'), 5); throw new Error('body');
//# error in an interval
let n = 0; const i = setInterval(() => { n++; if (n === 2) { clearInterval(i); } throw new Error('i' + n); }, 2);
//# error in a callback of sendRequest
pm.sendRequest('http://x.com', () => { throw new Error('callback'); });
//# unhandled rejection
Promise.reject(new Error('unhandled'));
//# unhandled rejection while a timer waits
setTimeout(() => console.log('t'), 20); Promise.reject(new Error('unhandled'));
//# handled rejection
Promise.reject(new Error('handled')).catch((e) => console.log(e.message));
//# awaited rejection
await Promise.reject(new Error('awaited'));
//# caught await
try { await Promise.reject(new TypeError('awaited')); } catch (e) { console.log(e.name, e.message); }
//# top-level await
const v = await new Promise(r => setTimeout(() => r('late'), 5)); console.log(v);
//# awaited send
const r = await pm.sendRequest('http://x.com/a'); console.log(r.code, r.json().method);
//# return at the top
console.log('before'); return; console.log('never');
//# errors as JSON
console.log(JSON.stringify(new Error('x')), JSON.stringify({e: new TypeError('y')}), JSON.stringify([new RangeError('z')]));
//# errors keep their class
try { null.x; } catch (e) { console.log(e instanceof TypeError, e instanceof Error, e.constructor.name, typeof e.stack, String(e)); }
//# nested errors
try { try { throw new Error('a'); } catch (e) { throw new Error('b', {cause: e}); } } catch (e) { console.log(e.message, e.cause.message); }
//# the scripts after an error
nothing.at.all;
//--
console.log('fine');
//# an undeclared global lives on
shared = {a: 1}; var notShared = 1; let alsoNot = 2;
//--
console.log(shared, typeof notShared, typeof alsoNot);
//# const twice
const twice = 1; console.log(twice);
//--
const twice = 2; console.log(twice);
//# this
console.log(typeof this, this === undefined); thisGlobal = 1; console.log(typeof thisGlobal);
//# changing builtins
Array.prototype.mine = 5;
//--
console.log([].mine);
//# empty script

//# only a comment
// nothing
