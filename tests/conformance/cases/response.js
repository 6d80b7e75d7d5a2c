//= members
pm.response.code
pm.response.status
pm.response.reason()
pm.response.responseTime
pm.response.responseSize
pm.response.id
pm.response.text()
pm.response.json()
pm.response.json().deep.list[1].x
pm.response.json((k, v) => typeof v === 'number' ? v * 2 : v)
pm.response.jsonp()
pm.response.details()
pm.response.size()
pm.response.encoding()
pm.response.contentInfo()
pm.response.mime()
pm.response.dataURI()
pm.response.headers.get('content-type')
pm.response.headers.get('set-cookie')
pm.response.headers.all().length
pm.response.headers.toObject()
pm.response.headers.one('x-trace')
pm.response.headers.has('X-TRACE')
pm.response.headers.count()
pm.response.headers.filter(h => h.key === 'Set-Cookie')
pm.response.cookies.count()
pm.response.stream.length, Buffer.isBuffer(pm.response.stream)
pm.response.stream.toString().length
pm.response.body
pm.response.toJSON()
Object.keys(pm.response)
JSON.stringify(pm.response).length
pm.response.constructor.name
pm.response.originalRequest
typeof pm.response.to, typeof pm.response.to.have
;pm.response.code = 404; console.log(pm.response.code, pm.response.reason(), pm.response.details());
//# not JSON
//@ {"context": {"response": {"code": 200, "stream": {"type": "Buffer", "data": [60, 97, 62]}, "header": [{"key": "Content-Type", "value": "text/html"}]}}}
try { pm.response.json(); } catch (e) { console.log(e.name, e.message, e instanceof SyntaxError, e instanceof Error, e.constructor.name); }
console.log(pm.response.status, pm.response.contentInfo(), pm.response.size(), pm.response.dataURI(), pm.response.responseTime);
//# byte order mark
//@ {"context": {"response": {"code": 200, "stream": {"type": "Buffer", "data": [239, 187, 191, 123, 34, 97, 34, 58, 49, 125]}}}}
console.log(pm.response.json(), pm.response.text().length, pm.response.text().charCodeAt(0));
try { pm.response.json(null, true); } catch (e) { console.log(e.name, e.message); }
//# latin 1
//@ {"context": {"response": {"code": 200, "header": [{"key": "content-type", "value": "text/plain; charset=iso-8859-1"}], "stream": {"type": "Buffer", "data": [233, 97]}}}}
console.log(pm.response.text(), pm.response.contentInfo());
//# binary
//@ {"context": {"response": {"code": 200, "stream": {"type": "Buffer", "data": [137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82]}}}}
console.log(pm.response.text().length, pm.response.contentInfo(), pm.response.dataURI());
//# jsonp
//@ {"context": {"response": {"code": 200, "stream": {"type": "Buffer", "data": [99, 98, 40, 123, 34, 97, 34, 58, 49, 125, 41, 59]}}}}
console.log(pm.response.jsonp(), pm.response.text());
//# body text
//@ {"context": {"response": {"code": 201, "body": "{\"a\": 1}", "reason": "Made", "header": "A: b\nC: d"}}}
console.log(pm.response.text(), pm.response.json(), pm.response.status, pm.response.reason(), pm.response.headers.toObject(), pm.response.size(), pm.response.responseSize);
//# empty
//@ {"context": {"response": {"code": 204}}}
console.log(pm.response.text(), pm.response.status, pm.response.size(), pm.response.headers.count(), responseBody, responseCode, responseTime);
try { console.log(pm.response.json()); } catch (e) { console.log(e.name, e.message); }
//# unknown code
//@ {"context": {"response": {"code": 299}}}
console.log(pm.response.status, pm.response.reason(), pm.response.details(), responseCode);
//# odd status
//@ {"context": {"response": {"code": 200, "status": "Fine"}}}
console.log(pm.response.status, pm.response.reason(), pm.response.details(), responseCode);
//# gzip
//@ {"context": {"response": {"code": 200, "header": [{"key": "Content-Encoding", "value": "gzip"}, {"key": "Content-Length", "value": "20"}], "stream": {"type": "Buffer", "data": [1, 2, 3]}}}}
console.log(pm.response.encoding(), pm.response.size());
//# chunked
//@ {"context": {"response": {"code": 200, "header": [{"key": "Transfer-Encoding", "value": "chunked"}, {"key": "Content-Disposition", "value": "attachment; filename=\"a b.txt\""}], "stream": {"type": "Buffer", "data": [1, 2, 3]}}}}
console.log(pm.response.encoding(), pm.response.size(), pm.response.contentInfo());
//# cookies of the response
//@ {"context": {"response": {"code": 200, "cookie": [{"name": "a", "value": "b", "domain": "d", "path": "/"}]}}}
console.log(pm.response.cookies.toObject(), pm.response.cookies.get('a'), pm.response.cookies.one('a'), pm.cookies.get('a'));
//# empty JSON
//@ {"context": {"response": {"code": 200, "stream": {"type": "Buffer", "data": []}}}}
try { console.log(pm.response.json()); } catch (e) { console.log(e.name, e.message); }
console.log(pm.response.text());
