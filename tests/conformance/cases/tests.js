//# passing and failing
pm.test('one', () => {}); pm.test('two', () => { throw new Error('bad'); }); pm.test('three', function () { pm.expect(1).to.equal(1); });
//# without a function
pm.test('nothing'); pm.test(); pm.test(5, () => {}); pm.test({a: 1}, null); pm.test(null, 'x'); pm.test(undefined, () => {});
//# chaining and index
console.log(pm.test.index()); console.log(pm.test('a', () => {}) === pm); pm.test('b', () => {}).test('c', () => {}); console.log(pm.test.index()); console.log(pm.test.skip('s') === pm); console.log(pm.test.index());
//# skip
pm.test.skip('skipped', () => { throw new Error('never'); }); pm.test.skip(); pm.test('next', () => {});
//# done
pm.test('done', (done) => setTimeout(done, 2)); pm.test('done at once', (done) => done()); pm.test('done with error', (done) => done(new Error('e'))); pm.test('done with text', (done) => done('text'));
//# done twice
pm.test('twice', (done) => { done(); done(); }); pm.test('twice with error', (done) => { done(new Error('a')); done(); });
//# done and throws
pm.test('throws', (done) => { throw new Error('sync'); }); pm.test('late', (done) => { setTimeout(() => { try { pm.expect(1).to.equal(2); done(); } catch (e) { done(e); } }, 2); });
//# done and sends
pm.test('sends', (done) => { pm.sendRequest('http://x.com', (err, res) => { pm.expect(res.code).to.equal(201); done(err); }); });
//# thrown values
pm.test('text', () => { throw 'text'; }); pm.test('number', () => { throw 5; }); pm.test('object', () => { throw {a: 1, message: 'm'}; }); pm.test('null', () => { throw null; });
//# throws undefined
pm.test('undefined', () => { throw undefined; });
//# async test that passes
pm.test('async', async () => { await new Promise(r => setTimeout(r, 2)); pm.expect(1).to.equal(1); });
//# async test that fails
pm.test('async', async () => { pm.expect(1).to.equal(2); });
//# promise that rejects
pm.test('promise', () => Promise.reject(new Error('no')));
//# done never called
pm.test('never', (done) => {});
//# test in a test
pm.test('outer', () => { pm.test('inner', () => { throw new Error('in'); }); });
//# fails with expect.fail
pm.test('f', () => pm.expect.fail()); pm.test('g', () => pm.expect.fail('message')); pm.test('h', () => pm.expect.fail(1, 2)); pm.test('i', () => pm.expect.fail(1, 2, 'm'));
//# errors of kinds
class Mine extends Error { constructor(m) { super(m); this.name = 'Mine'; this.extra = 1; } }
pm.test('mine', () => { throw new Mine('x'); }); pm.test('type', () => null.x); pm.test('range', () => { throw new RangeError('r'); }); pm.test('reference', () => nothing); pm.test('syntax', () => eval('var = 1'));
//# legacy
tests['a'] = true; tests['b'] = false; tests['c'] = 0; tests['d'] = 'text'; tests['e'] = null; tests['f'] = undefined; tests.g = {}; tests[5] = NaN;
//# legacy after pm.test
pm.test('first', () => {}); tests['second'] = true; pm.test('third', () => {});
//# legacy and an error
tests['before'] = true; nothing.here; tests['after'] = true;
//# prerequest tests
//@ {"listen": "prerequest"}
pm.test('p', () => {}); tests['q'] = 1;
//# error after tests
pm.test('ok', () => {}); throw new TypeError('outside');
//# names are texts
pm.test(Symbol.iterator.toString(), () => {}); pm.test(['a', 'b'], () => {}); pm.test(() => 1, () => {});
//# a generator and arguments
pm.test('gen', function* () { throw new Error('never runs'); }); pm.test('this', function () { console.log(this === undefined || typeof this); });
