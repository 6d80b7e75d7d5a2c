//= globals
typeof globalThis, typeof self, typeof window, typeof global, typeof process, typeof module, typeof exports
typeof fetch, typeof XMLHttpRequest, typeof WebAssembly, typeof performance, typeof FormData, typeof Headers, typeof navigator, typeof MessageChannel
typeof Intl, typeof Buffer, typeof URL, typeof URLSearchParams, typeof TextEncoder, typeof TextDecoder, typeof structuredClone, typeof queueMicrotask, typeof crypto
typeof Blob, typeof File, typeof AbortController, typeof AbortSignal, typeof Event, typeof EventTarget, typeof DOMException, typeof ReadableStream, typeof WritableStream, typeof TransformStream, typeof CompressionStream, typeof TextDecoderStream, typeof ByteLengthQueuingStrategy, typeof CountQueuingStrategy
typeof WeakRef, typeof FinalizationRegistry, typeof SharedArrayBuffer, typeof Atomics, typeof Proxy, typeof Reflect, typeof BigInt, typeof Symbol, typeof Iterator
typeof eval, typeof Function, typeof isNaN, typeof escape, typeof encodeURIComponent, typeof parseInt
typeof bridge, typeof __uvm_emit, typeof __host, typeof __libraries, typeof require, typeof console
typeof setTimeout, typeof setInterval, typeof setImmediate, typeof clearTimeout, typeof clearInterval, typeof clearImmediate
typeof atob, typeof btoa, typeof alert, typeof crypto.subtle, typeof crypto.randomUUID, typeof crypto.getRandomValues
btoa('hello'), atob('aGVsbG8=')
atob('*')
btoa('é')
eval('1 + 1'), new Function('return 5')(), Function('a', 'return a * 2')(4)
new Function('return typeof pm')()
(0, eval)('typeof pm')
new Function('return typeof this')()
new URL('http://u:p@x.com:81/a/b?c=1#d').href
new URL('/rel', 'http://x.com').href
new URL('nonsense')
[...new URLSearchParams('a=1&b=2&a=3').entries()]
new URLSearchParams({a: '1 2'}).toString()
new URL('http://x.com/?a=1').searchParams.get('a')
[...new TextEncoder().encode('é')]
new TextDecoder().decode(new Uint8Array([195, 169]))
structuredClone({a: new Date(0), b: [1n]})
structuredClone(() => 1)
crypto.randomUUID().length
crypto.getRandomValues(new Uint8Array(4)).length
await1
Buffer.from('é').toString('hex'), Buffer.from('aa', 'hex')[0], Buffer.concat([Buffer.from('a'), Buffer.from('b')]).toString()
Buffer.byteLength('é'), Buffer.isBuffer(Buffer.alloc(1)), Buffer.from([1, 2]).toJSON()
new Intl.NumberFormat('en-US').format(1234.5)
(1234.5).toLocaleString('en-US')
new Date(0).toISOString(), new Date(2020, 0, 1).getFullYear()
Array.from({length: 3}, (x, i) => i), [3, 1, 2].toSorted && [3, 1, 2].toSorted()
Object.groupBy && Object.groupBy([1, 2], x => x % 2 ? 'odd' : 'even')
'a-b'.replaceAll('-', '+'), [1, [2]].flat(), 'x'.at(-1), Object.fromEntries([['a', 1]])
2 ** 10, 5n * 2n, null ?? 1, ({})?.a?.b
encodeURIComponent('a b&'), escape('é'), unescape('%E9')
new Event('x').type, new AbortController().signal.aborted
new DOMException('m', 'AbortError').name
typeof arguments
Error.stackTraceLimit === undefined, typeof Error.captureStackTrace
Object.getOwnPropertyNames(pm).length > 5
(() => { try { return this === undefined; } catch (e) { return e.message; } })()
(function () { return typeof this; })()
(function () { 'use strict'; return typeof this; })()
Function.prototype.constructor('return typeof process')()
[].constructor.constructor('return typeof process')()
pm.constructor.constructor('return typeof process')()
console.log.constructor('return typeof process')()
require.constructor('return typeof process')()
Object.getPrototypeOf(pm) === Object.prototype
new Blob(['ab']).size
//# promises
const all = await Promise.all([1, Promise.resolve(2), new Promise(r => setTimeout(() => r(3), 2))]); console.log(all);
console.log(await Promise.race([new Promise(r => setTimeout(() => r('slow'), 20)), 'fast'])); console.log(await Promise.allSettled([Promise.reject(new Error('x')), 1])); console.log(await Promise.any([Promise.reject(1), 2]));
//# async iteration
async function* gen() { yield 1; yield 2; } for await (const x of gen()) console.log(x); for (const [i, v] of ['a'].entries()) console.log(i, v);
//# class features
class A { #p = 1; static s = 2; get p() { return this.#p; } static { A.t = 3; } } console.log(new A().p, A.s, A.t); label: for (;;) { break label; }
//# top-level function and hoisting
console.log(hoisted()); function hoisted() { return 'h'; } var v1 = 1; let l1 = 2; console.log(v1 + l1);
//# global functions live on
globalFn = function () { return pm.info.eventName; };
//--
console.log(globalFn());
//# crypto subtle
console.log(typeof crypto.subtle, typeof crypto.subtle?.digest); if (crypto.subtle) { const d = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('a')); console.log(Buffer.from(d).toString('hex')); }
