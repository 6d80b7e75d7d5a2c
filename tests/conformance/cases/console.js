//= values
'text'
5, -0, NaN, Infinity, -Infinity
true, false, null, undefined
10n
Symbol('s'), Symbol()
new Date(0)
new Date(NaN)
/a+/gi
new Map([[1, {a: 1}], ['k', new Set([1])]])
new Set([1, 'a', {b: 2}])
new WeakMap(), new WeakSet()
new Error('e'), new TypeError('t')
function named() {}, () => 1, class A {}, async () => 1, function* g() {}
{a: 1}, [1, 2]
[undefined, null, , 3]
{u: undefined, f() {}, s: Symbol('x'), d: new Date(5), n: NaN}
new Uint8Array([1, 2, 3]), new Float64Array([1.5]), new Int16Array([-1])
new Uint8ClampedArray([300]), new BigInt64Array([1n])
new ArrayBuffer(8), new DataView(new ArrayBuffer(2))
Buffer.from('abc'), Buffer.alloc(2)
Promise.resolve(1)
new String('s'), new Number(5), new Boolean(true)
Object.create(null), Object.create({inherited: 1})
new (class Foo { constructor() { this.x = 1; } })()
{toJSON() { return 'json'; }}
{get a() { return 5; }}
[[[[1]]]], {a: {b: {c: {d: 1}}}}
(() => { const a = {}; a.self = a; return a; })()
(() => { const a = []; a.push(a); return a; })()
(() => { const a = {b: {}}; a.b.up = a; return [a, a]; })()
(() => { const x = {v: 1}; return {a: x, b: x}; })()
{$t: 'undefined'}
(() => arguments)()
new Proxy({a: 1}, {})
pm.request.headers.one('content-type')
pm.response.headers.idx(0)
pm.request.url
pm.cookies
pm.response.json()
pm.environment.values.one('e')
JSON, Math
new URL('http://x/y')
globalThis
process
new Error('with cause', {cause: 1})
Object.assign(new Error('props'), {code: 'X', n: 1})
'\ud83d\ude00', '\u0000', 'é'
//# levels
console.log('a'); console.info('b'); console.warn('c'); console.error('d'); console.debug('e'); console.clear(); console.log();
//= members
Object.keys(console)
typeof console.table, typeof console.time, typeof console.trace, typeof console.dir, typeof console.assert, typeof console.group, typeof console.count
console.log('x')
//# arguments
console.log('%s is %d', 'a', 5, {b: 1}); console.log(1, 'a', [2], {c: 3});
//# long and big
console.log('x'.repeat(10)); console.log(Array.from({length: 150}, (x, i) => i).length);
//# in timers and promises
setTimeout(() => console.log('timer'), 1); Promise.resolve().then(() => console.log('promise'));
//# detached
const {log} = console; log('detached'); ['a'].forEach(console.log);
