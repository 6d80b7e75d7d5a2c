//# order
setTimeout(() => console.log('t10'), 10); setTimeout(() => console.log('t1'), 1); setImmediate(() => console.log('immediate')); Promise.resolve().then(() => console.log('micro')); console.log('sync');
//# arguments
setTimeout((...a) => console.log('t', a), 1, 1, 'b'); setImmediate((...a) => console.log('i', a), 1, 'b');
//# ids
const a = setTimeout(() => {}, 1), b = setTimeout(() => {}, 1); console.log(typeof a, b - a);
//# cleared
const t = setTimeout(() => console.log('never'), 5); clearTimeout(t); console.log('done');
//# cleared interval
let n = 0; const i = setInterval(() => { console.log(++n); if (n === 3) clearInterval(i); }, 2);
//# cleared immediate
clearImmediate(setImmediate(() => console.log('never'))); console.log('x');
//# clearing nothing
clearTimeout(); clearTimeout(99); clearInterval('x'); console.log(clearTimeout(5));
//# no function
console.log(setTimeout('text', 1), setTimeout(), setInterval(5, 1));
//# no delay
setTimeout(() => console.log('no delay'));
//# nested
setTimeout(() => { console.log('outer'); setTimeout(() => console.log('inner'), 1); }, 1);
//# this in a timer
setTimeout(function () { console.log(typeof this, Object.keys(this)); }, 1);
//# timeout of the script
//@ {"options": {"timeout": 60}}
console.log('start'); setTimeout(() => console.log('never'), 5000);
//# interval until the timeout
//@ {"options": {"timeout": 60}}
let n = 0; setInterval(() => { if (++n === 1) console.log('first'); }, 10);
//# enough time
//@ {"options": {"timeout": 5000}}
setTimeout(() => console.log('in time'), 5);
//# the next script after a timeout
//@ {"options": {"timeout": 60}}
setTimeout(() => {}, 5000);
//--
console.log('next');
//# async flag
Promise.resolve().then(() => console.log('p'));
//# async flag after await
await null; console.log('x');
//# async flag with a timer
setTimeout(() => {}, 1);
//# queueMicrotask
queueMicrotask(() => console.log('micro')); console.log('sync');
