//= url
pm.request.url.toString()
String(pm.request.url)
pm.request.url.getHost()
pm.request.url.getPath()
pm.request.url.getPath(true)
pm.request.url.getPath({unresolved: true})
pm.request.url.getPathWithQuery()
pm.request.url.getQueryString()
pm.request.url.getRemote()
pm.request.url.getRemote(true)
pm.request.url.getRaw()
pm.request.url.getOAuth1BaseUrl()
pm.request.url.protocol, pm.request.url.host, pm.request.url.port, pm.request.url.path, pm.request.url.hash, pm.request.url.auth
pm.request.url.query.toObject()
pm.request.url.query.toObject(true)
pm.request.url.query.toString()
pm.request.url.query.all()
pm.request.url.query.get('a')
pm.request.url.query.has('a'), pm.request.url.query.has('a', '1'), pm.request.url.query.has('zz')
pm.request.url.query.count(), pm.request.url.query.idx(1)
pm.request.url.query.map(q => `${q.key}=${q.value}`)
pm.request.url.query.filter(q => q.key === 'a')
pm.request.url.query.find(q => q.value === '3')
pm.request.url.query.reduce((n, q) => n + 1, 0)
pm.request.url.query.indexOf('b'), pm.request.url.query.indexOf('none')
pm.request.url.query.one('a')
String(pm.request.url.query.one('a'))
pm.request.url.variables.get('id')
pm.request.url.variables.toObject()
pm.request.url.toJSON()
JSON.stringify(pm.request.url)
pm.request.url.update('http://new.com/p?x=1'), pm.request.url.toString(), pm.request.url.host
pm.request.url.addQueryParams('n=1&m=2'), pm.request.url.toString()
pm.request.url.addQueryParams([{key: 'n', value: '1'}]), pm.request.url.toString()
pm.request.url.removeQueryParams('a'), pm.request.url.toString()
pm.request.url.removeQueryParams(['a', 'b']), pm.request.url.toString()
pm.request.url.toString(true)
pm.request.url.constructor.name, pm.request.url.query.constructor.name, pm.request.url.query.idx(0).constructor.name
pm.request.url.query.add({key: 'z', value: 'y'}), pm.request.url.query.toString()
pm.request.url.query.upsert({key: 'a', value: '9'}), pm.request.url.query.toString()
pm.request.url.query.remove('a'), pm.request.url.query.toString()
pm.request.url.query.clear(), pm.request.url.toString()
pm.request.url.query.prepend({key: 'p', value: '0'}), pm.request.url.query.toString()
pm.request.url.query.insert({key: 'i', value: '0'}, pm.request.url.query.idx(1)), pm.request.url.query.toString()
pm.request.url.query.insertAfter({key: 'i', value: '0'}, pm.request.url.query.idx(0)), pm.request.url.query.toString()
pm.request.url.query.populate('q=5'), pm.request.url.query.toString()
pm.request.url.query.repopulate('q=5'), pm.request.url.query.toString()
pm.request.url.query.assimilate([{key: 'a', value: 'new'}]), pm.request.url.query.toString()
pm.request.url.query.add('s=t'), pm.request.url.query.toString()
pm.request.url.query.each((q, i) => console.log(q.key, i))
pm.request.url.unparse
typeof pm.request.url.parse
//= headers
pm.request.headers.get('content-type')
pm.request.headers.get('CONTENT-TYPE')
pm.request.headers.get('x-many')
pm.request.headers.get('none')
pm.request.headers.one('X-MANY')
pm.request.headers.has('content-type'), pm.request.headers.has('none'), pm.request.headers.has('x-many', '1')
pm.request.headers.toObject()
pm.request.headers.toObject(true)
pm.request.headers.toObject(true, true)
pm.request.headers.toObject(true, false, true)
pm.request.headers.toObject(true, false, true, true)
pm.request.headers.toString()
pm.request.headers.all().length
pm.request.headers.count()
pm.request.headers.map(h => h.key)
pm.request.headers.contentSize()
pm.request.headers.toJSON()
pm.request.headers.add({key: 'N', value: 'v'}), pm.request.headers.get('n')
pm.request.headers.add('Name: text'), pm.request.headers.get('name')
pm.request.headers.upsert({key: 'content-type', value: 'text/x'}), pm.request.headers.toObject()
pm.request.headers.remove('content-type'), pm.request.headers.toObject()
pm.request.headers.remove(h => h.key === 'X-Many'), pm.request.headers.toObject()
pm.request.headers.add({key: 'Num', value: 5}), pm.request.headers.get('Num')
pm.request.headers.constructor.name
pm.request.headers.idx(0).constructor.name, String(pm.request.headers.idx(0)), pm.request.headers.idx(0).valueOf()
pm.request.headers.one('x-off').disabled
pm.request.headers.reference
pm.request.headers.members.length
pm.request.headers.find({key: 'X-Many'})
pm.request.headers.eachParent
pm.request.headers.parent
Object.keys(pm.request.headers.idx(0))
//= the whole
pm.request.method
pm.request.id, pm.request.name
pm.request.description, String(pm.request.description)
pm.request.certificate, pm.request.proxy
pm.request.toJSON()
JSON.stringify(pm.request)
Object.keys(pm.request)
pm.request.size()
pm.request.clone().toJSON()
pm.request.clone() instanceof pm.request.constructor
pm.request.getHeaders()
pm.request.getHeaders({ignoreCase: true})
pm.request.getHeaders({enabled: true})
pm.request.getHeaders({ignoreCase: true, enabled: true, multiValue: true})
pm.request.addHeader({key: 'A', value: 'b'}), pm.request.headers.get('a')
pm.request.addHeader('A: c'), pm.request.headers.get('a')
pm.request.removeHeader('x-many'), pm.request.headers.count()
pm.request.removeHeader('x-many', {ignoreCase: true}), pm.request.headers.count()
pm.request.upsertHeader({key: 'X-Many', value: '9'}), pm.request.headers.toObject()
pm.request.upsertHeader({key: 'Fresh', value: '9'}), pm.request.headers.get('fresh')
pm.request.upsertHeader(), pm.request.headers.count()
pm.request.forEachHeader((h) => console.log(h.key))
pm.request.addQueryParams('k=v'), pm.request.url.getQueryString()
pm.request.removeQueryParams('a'), pm.request.url.getQueryString()
pm.request.authorizeUsing('bearer', [{key: 'token', value: 't'}]), pm.request.auth.toJSON()
pm.request.authorizeUsing({type: 'bearer', bearer: [{key: 'token', value: 't'}]}), pm.request.auth.toJSON()
pm.request.authorizeUsing('noauth'), pm.request.auth
pm.request.authorizeUsing(null), pm.request.auth
pm.request.update({url: 'http://u.com', method: 'put'}), pm.request.toJSON()
pm.request.update('http://only.url'), pm.request.url.toString(), pm.request.method
pm.request.constructor.name
typeof pm.request.to, typeof pm.request.getBody, typeof pm.request.describe
pm.request.method = 'PATCH', pm.request.method
//= body
pm.request.body.mode
pm.request.body.raw
pm.request.body.toString()
pm.request.body.isEmpty()
pm.request.body.toJSON()
pm.request.body.options
pm.request.body.urlencoded
pm.request.body.update('text'), pm.request.body.toJSON()
pm.request.body.update({mode: 'urlencoded', urlencoded: 'a=1&b=2'}), pm.request.body.toString()
pm.request.body.update({mode: 'urlencoded', urlencoded: [{key: 'a', value: '1'}]}), pm.request.body.toJSON()
pm.request.body.update({mode: 'formdata', formdata: [{key: 'f', type: 'file', src: '/x'}, {key: 't', value: 'v', type: 'text'}]}), pm.request.body.toJSON()
pm.request.body.update({mode: 'graphql', graphql: {query: 'q', variables: '{}'}}), pm.request.body.toJSON()
pm.request.body.update({mode: 'file', file: {src: '/a'}}), pm.request.body.toJSON(), pm.request.body.isEmpty()
pm.request.body.update({mode: 'raw', raw: ''}), pm.request.body.isEmpty()
pm.request.body.update(), pm.request.body.toJSON()
pm.request.body.constructor.name
//= auth
pm.request.auth.type
pm.request.auth.current()
pm.request.auth.parameters()
pm.request.auth.parameters().get('username')
pm.request.auth.basic
pm.request.auth.toJSON()
pm.request.auth.use('bearer', {token: 't'}), pm.request.auth.toJSON()
pm.request.auth.update([{key: 'username', value: 'new'}], 'basic'), pm.request.auth.toJSON()
pm.request.auth.update({username: 'new'}, 'basic'), pm.request.auth.toJSON()
pm.request.auth.clear('basic'), pm.request.auth.toJSON()
pm.request.auth.constructor.name
//# other bodies
//@ {"context": {"request": {"url": "http://x.com/:p/q", "method": "post", "body": {"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}, {"key": "d", "value": "x", "disabled": true}]}}}}
console.log(pm.request.body.urlencoded.toObject(), pm.request.body.toString(), pm.request.body.isEmpty(), pm.request.method, pm.request.url.toString(), pm.request.url.variables.all(), request.data, pm.request.size());
//# form data
//@ {"context": {"request": {"url": "x.com", "body": {"mode": "formdata", "formdata": [{"key": "a", "value": "1", "type": "text"}, {"key": "f", "type": "file", "src": "/f"}]}}}}
console.log(pm.request.body.formdata.toObject(), pm.request.body.formdata.all(), request.data, pm.request.body.toString());
//# raw body as object
//@ {"context": {"request": {"url": "x.com", "method": "", "body": {"mode": "raw", "raw": {"a": 1}}, "header": "A: b\nC: d"}}}
console.log(pm.request.method, pm.request.headers.toObject(), pm.request.body && pm.request.body.raw);
//# no body
//@ {"context": {"request": {"url": ""}}}
console.log(pm.request.body, pm.request.auth, pm.request.url.toString(), pm.request.toJSON(), request.data, pm.request.size());
//# changes before sending
//@ {"listen": "prerequest"}
pm.request.url = 'http://changed.com/{{e}}'; pm.request.method = 'PUT'; pm.request.headers.add({key: 'New', value: '1'}); pm.request.body.raw = 'changed'; pm.request.auth = null;
//# body added
//@ {"listen": "prerequest", "context": {"request": {"url": "http://x.com"}}}
pm.request.body = {mode: 'raw', raw: 'x'}; pm.request.addHeader({key: 'a', value: 'b'});
//# update in place
//@ {"listen": "prerequest"}
pm.request.update({url: 'http://new.com', method: 'GET', header: [{key: 'H', value: 'v'}], body: {mode: 'raw', raw: 'b'}});
//# header map
//@ {"context": {"request": {"url": {"raw": "http://raw.com/a?b=c#d"}, "header": {"A": "1", "B": "2"}}}}
console.log(pm.request.headers.toObject(), pm.request.url.toString(), pm.request.url.host, pm.request.url.query.toObject());
//# odd urls
for (const u of ['', 'x', 'x.com', 'http://u:p@x.com:80/a/b/?q#h', 'http://[::1]:3000/x', '{{base}}/a/{{b}}?{{c}}={{d}}', 'http://x.com?a&b=&=c&d=e=f', 'http://x.com/a%20b/ü?ü=1', '//x.com/a', '/only/path', 'ftp://x', 'http://x.com:{{port}}/p', 'http://x.com/a;b=c?d=1&d=2', 'HTTP://X.COM', 'http://x.com/:a/:b', 'x.com:8080', 'http://x.com#h?q']) { pm.request.url.update(u); console.log(u, pm.request.url.toJSON(), pm.request.url.toString(), pm.request.url.getPathWithQuery(), pm.request.url.getRemote()); }
