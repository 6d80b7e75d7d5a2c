//# callback
console.log(pm.sendRequest('http://x.com/a?b=1', (err, res, more) => { console.log(err, res.code, res.status, res.json(), typeof more, more.cookies.count(), more.cookies.get('sent')); }) === pm);
//# promise
const res = await pm.sendRequest({url: 'http://x.com', method: 'post', header: {A: 'b'}, body: {mode: 'raw', raw: '{}'}}); console.log(res.code, res.json(), res.headers.get('content-type'), res.text().length, typeof res.to);
//# forms of a request
for (const r of ['x.com', {url: {raw: 'http://x.com/p'}}, {url: 'http://x.com', header: 'A: b\nC: d'}, {url: 'http://x.com', header: [{key: 'A', value: 'b'}]}, {url: 'http://x.com', headers: {A: 'b'}}, {url: 'http://x.com', body: 'text', method: 'PUT'}, {url: 'http://x.com', body: {mode: 'urlencoded', urlencoded: [{key: 'a', value: 'b'}]}}, {url: 'http://x.com', body: {mode: 'formdata', formdata: [{key: 'f', type: 'file', src: '/etc/x'}]}}, {url: 'http://x.com', auth: {type: 'bearer', bearer: [{key: 'token', value: 't'}]}}, {url: 'http://x.com', auth: {type: 'basic', basic: {username: 'u'}}}, {url: 'http://{{e}}/{{c}}'}, {method: 'GET'}, 5, {url: 'http://x.com', body: {mode: 'graphql', graphql: {query: 'q'}}}, {url: 'http://x.com', body: {mode: 'urlencoded', urlencoded: {a: 1}}}]) { try { await pm.sendRequest(r); } catch (e) { console.log(e.name, e.message); } }
//# nothing
pm.sendRequest(null, (err) => console.log(err && err.message)); pm.sendRequest('', (err) => console.log(err && err.message)); try { await pm.sendRequest(); } catch (e) { console.log(e.name, e.message); }
//# failing
pm.sendRequest('http://fail', (err, res) => console.log(err && err.message, err && err.code, err instanceof Error, res)); try { await pm.sendRequest('http://fail'); } catch (e) { console.log(e.message, e.code, e.name); }
//# a request of the SDK
const {Request} = require('postman-collection'); const r = await pm.sendRequest(new Request({url: 'http://x.com/sdk', method: 'PUT'})); console.log(r.json().method);
//# nested
pm.sendRequest('http://x.com/1', () => { console.log('first'); pm.sendRequest('http://x.com/2', () => console.log('second')); }); console.log('sync');
//# many at once
for (let i = 0; i < 4; i++) pm.sendRequest('http://x.com/' + i, (e, r) => console.log(i, r.code));
//# in a test
pm.test('sends', (done) => { pm.sendRequest('http://x.com', (err, res) => { pm.test('inner', () => pm.expect(res).to.have.status(201)); done(); }); });
//# assertions on it
const r = await pm.sendRequest('http://x.com'); pm.test('a', () => pm.expect(r).to.have.status(201)); pm.test('b', () => pm.expect(r).to.have.property('code', 200)); pm.test('c', () => pm.expect(r).to.have.jsonBody('method', 'GET')); pm.test('d', () => pm.expect(r).to.be.json);
//# promise and then
pm.sendRequest('http://x.com').then((r) => { console.log(r.code); return pm.sendRequest('http://fail'); }).catch((e) => console.log('caught', e.message));
