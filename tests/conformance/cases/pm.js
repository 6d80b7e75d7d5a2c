//= info
pm.info
pm.info.eventName
pm.info.iteration, pm.info.iterationCount
pm.info.requestName, pm.info.requestId
Object.keys(pm)
Object.keys(pm.info)
JSON.stringify(pm.info)
typeof pm.require
typeof pm.vault, typeof pm.vault.get, typeof pm.vault.set, typeof pm.vault.unset
typeof pm.datasets
typeof pm.message
typeof pm.expect, typeof pm.expect.fail
typeof pm.test.skip, typeof pm.test.index
typeof pm.sendRequest
typeof pm.visualizer.set
typeof pm.execution.setNextRequest
typeof pm.execution.skipRequest
typeof pm.execution.runRequest
pm.execution.location
pm.execution.location.current
Array.isArray(pm.execution.location)
Object.keys(pm.execution)
pm.nothing
pm.constructor.name
typeof pm.cookies.jar
//= read-only
;pm.environment = 1; console.log(typeof pm.environment);
;pm.request = 1; console.log(typeof pm.request);
;pm.info.iteration = 9; console.log(pm.info.iteration);
;delete pm.globals; console.log(typeof pm.globals);
;pm.mine = 5; console.log(pm.mine);
;pm = 5; console.log(pm);
//# prerequest
//@ {"listen": "prerequest"}
console.log(typeof pm.response, typeof pm.request, typeof responseBody, typeof responseCode, typeof request, typeof postman.getResponseHeader, pm.info.eventName);
//# prerequest with a response
//@ {"listen": "prerequest", "context": {"response": {"code": 204}}}
console.log(typeof pm.response);
//# no target
//@ {"listen": "", "context": {"request": null, "response": null}}
console.log(typeof pm.response, typeof pm.request, pm.info.eventName);
//# no request given
//@ {"context": {"request": null, "response": null, "cookies": null}}
console.log(typeof pm.request, typeof pm.response, pm.request.url.toString(), pm.request.method, pm.response.code, pm.cookies.count());
try { console.log(pm.response.text(), pm.response.size(), pm.response.reason()); } catch (e) { console.log(e.name, e.message); }
//# no legacy options
//@ {"options": {"legacy": {}, "cursor": {}}}
console.log(pm.info.requestName, pm.info.requestId, pm.info.iteration, pm.execution.location, pm.execution.location.current, request.id, iteration);
//# disabled APIs
//@ {"options": {"disabledAPIs": ["sendRequest", "execution.runRequest", "vault", "cookies"]}}
console.log(typeof pm.sendRequest, typeof pm.execution.runRequest, typeof pm.execution.skipRequest, typeof pm.vault, typeof pm.cookies, typeof pm.visualizer);
//# disabled APIs of the context
//@ {"init": {"disabledAPIs": ["visualizer", "execution"]}}
console.log(typeof pm.visualizer, typeof pm.execution, typeof pm.sendRequest);
//# skipRequest before the request
//@ {"listen": "prerequest"}
pm.environment.set('before', 1);
pm.execution.setNextRequest('x');
pm.execution.skipRequest();
pm.environment.set('after', 1);
console.log('after');
//# skipRequest after the request
pm.execution.skipRequest();
//# skipRequest allowed
//@ {"options": {"allowSkipRequest": true}}
pm.execution.skipRequest();
console.log('never');
//# skipRequest forbidden
//@ {"listen": "prerequest", "options": {"allowSkipRequest": false}}
pm.execution.skipRequest();
console.log('never');
//# skipRequest in a timer
//@ {"listen": "prerequest"}
setTimeout(() => { console.log('timer'); pm.execution.skipRequest(); }, 5); setTimeout(() => console.log('late'), 50);
//# skipRequest and tests
//@ {"listen": "prerequest"}
pm.test('one', () => {}); pm.test('two', () => { pm.execution.skipRequest(); }); pm.test('three', () => {});
//# setNextRequest
pm.execution.setNextRequest('next');
//# setNextRequest null
pm.execution.setNextRequest(null);
//# setNextRequest twice
postman.setNextRequest('a'); pm.execution.setNextRequest('b');
//# setNextRequest undefined
pm.execution.setNextRequest('a'); pm.execution.setNextRequest();
//# setNextRequest later
setTimeout(() => pm.execution.setNextRequest('later'), 2);
//# runRequest
const r = await pm.execution.runRequest('other', {variables: {a: 1}}); console.log(r.code, r.text(), pm.environment.get('nested'));
//# runRequest without id
try { await pm.execution.runRequest(); } catch (e) { console.log(e.name, e.message); }
//# runRequest unknown
try { await pm.execution.runRequest('unknown'); } catch (e) { console.log(e.name, e.message); }
//# runRequest skipped
console.log(await pm.execution.runRequest('skipped'));
//# visualizer
pm.visualizer.set('<b>{{x}}</b>', {x: 1}, {y: 2});
//# visualizer template only
pm.visualizer.set('t');
//# visualizer cleared
pm.visualizer.set('t', {}); pm.visualizer.clear();
//= visualizer arguments
pm.visualizer.set()
pm.visualizer.set(5)
pm.visualizer.set('t', 5)
pm.visualizer.set('t', {}, 5)
pm.visualizer.set('t', null, null)
//= vault
;console.log(await pm.vault.get('known'));
;console.log(await pm.vault.get('none'));
;console.log(await pm.vault.set('new', 'v')); console.log(await pm.vault.get('new')); console.log(await pm.vault.unset('new')); console.log(await pm.vault.get('new'));
;try { await pm.vault.get('forbidden'); } catch (e) { console.log(e.name, e.message); }
;pm.vault.get('known').then(v => console.log('then', v));
Object.keys(pm.vault)
//= datasets
;const r = await pm.datasets('d1').executeView('v', ['p']); console.log(r.columns, r.staleDatasources); for await (const row of r.rows) console.log(row);
;const r = await pm.datasets('d1').executeQuery('select 1'); console.log(r.columns); const all = []; for await (const row of r.rows) all.push(row); console.log(all); for await (const row of r.rows) console.log('again', row);
;try { await pm.datasets('missing').executeQuery('x'); } catch (e) { console.log(e.name, e.message); }
;const r = await pm.datasets('streamed').executeView('v'); for await (const row of r.rows) console.log(row);
;const r = await pm.datasets('streamed').executeView('v'); for await (const row of r.rows) { console.log(row); break; }
Object.keys(pm.datasets('x'))
//# require without packages
console.log(typeof pm.require); pm.require('x');
//# require packages
//@ {"options": {"resolvedPackages": {"@team/a": {"data": "exports.name = 'a'; exports.b = pm.require('@team/b');"}, "@team/b": {"data": "module.exports = {f: (x) => x * 2, pm: typeof pm, env: pm.environment.get('e')};"}, "bad": {"error": "it is broken"}, "throws": {"data": "throw new Error('inside');"}, "syntax": {"data": "var = 5;"}, "npm:ext@1.0.0": {"data": "module.exports = typeof pm;"}, "jsr:x/y@1": {"data": "module.exports = typeof require;"}, "legacy": {"data": "module.exports = typeof tests + typeof postman + typeof _;"}, "timer": {"data": "module.exports = new Promise(r => setTimeout(() => r('late'), 2));"}}}}
const a = pm.require('@team/a');
console.log(a.name, a.b.f(4), a.b.pm, a.b.env, pm.require('@team/b') === a.b);
for (const name of ['none', 'bad', 'throws', 'syntax', 'npm:ext@1.0.0', 'jsr:x/y@1', 'legacy', 5, undefined]) { try { console.log(name, pm.require(name)); } catch (e) { console.log(name, e.name, e.message); } }
console.log(await pm.require('timer'));
//# require of globals
//@ {"options": {"resolvedPackages": {"g": {"data": "sharedByPackage = 5; var own = 1;"}, "l": {"data": "module.exports = () => typeof fromScript;"}, "circular1": {"data": "exports.a = 1; exports.other = pm.require('circular2'); exports.b = 2;"}, "circular2": {"data": "exports.seen = Object.keys(pm.require('circular1'));"}, "this": {"data": "module.exports = typeof this;"}}}}
pm.require('g'); console.log(typeof sharedByPackage, typeof own); fromScript = 1; console.log(pm.require('l')()); const local = 1; console.log(pm.require('circular1')); console.log(pm.require('this'));
//# templates
//@ {"init": {"disableLegacyAPIs": true, "template": "module.exports = {initializeExecution(target, context) { return {request: {proto: 'grpc', target}, response: context.response && {body: context.response.body, code: 0}, message: {data: 'm'}}; }};"}, "context": {"response": {"body": "x"}}}
console.log(pm.request, pm.response, pm.message);
//# a chai plugin
//@ {"init": {"disableLegacyAPIs": true, "template": "module.exports = {initializeExecution() { return {request: {}}; }, chaiPlugin(chai) { chai.Assertion.addProperty('odd', function () { this.assert(this._obj % 2 === 1, 'expected #{this} to be odd', 'expected #{this} to be even'); }); }};"}}
pm.test('a', () => pm.expect(3).to.be.odd); pm.test('b', () => pm.expect(4).to.be.odd); pm.test('c', () => pm.expect(3).to.not.be.odd);
//# templates by name
//@ {"init": {"disableLegacyAPIs": true, "templates": {"one": "module.exports = {initializeExecution() { return {request: {n: 1}}; }};", "two": "module.exports = {initializeExecution() { return {message: {n: 2}}; }};"}}, "options": {"templateName": "two"}}
console.log(pm.request, pm.message);
//# a bad template
//@ {"init": {"template": "throw new Error('no template');"}}
console.log(1);
