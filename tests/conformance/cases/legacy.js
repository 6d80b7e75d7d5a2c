//= globals
tests
globals
environment
data
request
iteration
responseBody
responseCode
responseHeaders
responseHeaders['Content-Type'], responseHeaders['content-type'], responseHeaders['CONTENT-TYPE'], responseHeaders['Set-Cookie']
Object.keys(responseHeaders)
responseTime
responseCookies
responseCookies.length
typeof postman, Object.keys(postman)
typeof xml2Json, typeof CryptoJS, typeof tv4, typeof _, typeof Backbone, typeof cheerio
request.headers, request.url, request.method, request.data, request.name, request.id, request.description
responseCode.code, responseCode.name, responseCode.detail
environment.e, environment.off, environment.o
data.row
postman.getEnvironmentVariable('e'), postman.getGlobalVariable('g')
postman.getResponseHeader('content-type'), postman.getResponseHeader('none')
postman.getResponseCookie('sid'), postman.getResponseCookie('none')
postman.setEnvironmentVariable('new', 5), environment.new, pm.environment.get('new')
postman.setEnvironmentVariable('n', {a: 1}), environment.n, pm.environment.get('n')
postman.setEnvironmentVariable('z', 0), pm.environment.get('z')
postman.setEnvironmentVariable('z', null), pm.environment.get('z')
postman.setEnvironmentVariable('z', false), pm.environment.get('z')
postman.setEnvironmentVariable('z', [1, 2]), pm.environment.get('z')
postman.setEnvironmentVariable('z'), pm.environment.get('z'), pm.environment.has('z')
postman.clearEnvironmentVariable('e'), environment.e, pm.environment.get('e')
postman.clearEnvironmentVariables(), environment, pm.environment.toObject()
postman.setGlobalVariable('g', 9), globals.g, pm.globals.get('g')
postman.clearGlobalVariable('g'), globals.g
postman.clearGlobalVariables(), globals
postman.setNextRequest('n')
environment.e = 'changed', pm.environment.get('e')
;environment.own = 1; console.log(environment.own, pm.environment.has('own'));
responseBody.length
JSON.parse(responseBody).name
'x' in tests
//# without legacy
//@ {"options": {"disableLegacyAPIs": true}}
console.log(typeof tests, typeof postman, typeof responseBody, typeof _, typeof xml2Json, typeof data, typeof environment, typeof CryptoJS, JSON === Object.getPrototypeOf({}).constructor.JSON);
try { JSON.parse('x'); } catch (e) { console.log(e.name, e.message); }
//# without legacy in the context
//@ {"init": {"disableLegacyAPIs": true}}
console.log(typeof tests, typeof postman, typeof responseBody);
//# the marker
"use sandbox2";
console.log(typeof tests, typeof postman, typeof responseBody, typeof _, typeof pm); try { JSON.parse('x'); } catch (e) { console.log(e.name, e.message); }
//# the other marker
'use sandbox2'; console.log(typeof tests, typeof _);
//# no marker
 "use sandbox2"; console.log(typeof tests);
//# not the marker
// c
"use sandbox2"; console.log(typeof tests);
//# the marker and the next
"use sandbox2"; tests = 5; console.log(tests);
//--
console.log(typeof tests, tests.x);
//# legacy then the marker
tests.a = true;
//--
"use sandbox2"; console.log(typeof tests);
//# deprecations
tests.a = 1; tests.b = 1; environment.x; globals.y; postman.setNextRequest('a'); postman.setNextRequest('b'); postman.getEnvironmentVariable('e'); responseHeaders['x']; responseCode.code; _.map([1], x => x); CryptoJS.MD5('a'); tv4.validate; xml2Json('<a/>'); data.row; request.url; iteration; responseTime; responseBody; responseCookies.length; cheerio.load; Backbone.Model;
//# no deprecation for new code
pm.environment.get('e'); pm.test('x', () => {});
//# deprecation in a timer
setTimeout(() => { tests.late = true; }, 2);
//# two scripts
tests['one'] = true; environment.mine = 1;
//--
console.log(environment.mine); tests['two'] = false;
//# body by mode
//@ {"context": {"request": {"url": "x.com", "body": {"mode": "formdata", "formdata": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}, {"key": "b", "value": "3", "disabled": true}]}}}}
console.log(request.data, request.headers, request.url, request.method);
//# body of a file
//@ {"context": {"request": {"url": "x.com", "body": {"mode": "file", "file": {"content": "abc"}}}}}
console.log(request.data);
//# body of graphql
//@ {"context": {"request": {"url": "x.com", "body": {"mode": "graphql", "graphql": {"query": "q"}}}}}
console.log(request.data);
//# iteration without cursor
//@ {"options": {"cursor": {}}}
console.log(iteration, pm.info.iteration);
//# data changes
data.row = 9; data.fresh = 1; console.log(pm.iterationData.get('row'), pm.variables.get('row'));
