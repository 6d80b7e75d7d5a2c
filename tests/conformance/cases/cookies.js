//= list
pm.cookies.get('sid'), pm.cookies.get('none')
pm.cookies.get('enc')
pm.cookies.has('sid'), pm.cookies.has('none'), pm.cookies.has('sid', 'abc'), pm.cookies.has('sid', 'second')
pm.cookies.one('sid')
pm.cookies.all()
pm.cookies.toObject()
pm.cookies.toString()
pm.cookies.count(), pm.cookies.idx(0)
pm.cookies.map(c => c.name)
pm.cookies.filter(c => c.httpOnly)
pm.cookies.each(c => console.log(c.name, c.value))
pm.cookies.toJSON()
String(pm.cookies.idx(0)), pm.cookies.idx(1).valueOf()
pm.cookies.constructor.name, pm.cookies.idx(0).constructor.name
pm.cookies.reference && Object.keys(pm.cookies.reference)
typeof pm.cookies.jar(), Object.keys(pm.cookies.jar())
pm.cookies.get('SID')
pm.cookies.find(c => c.name === 'enc')
pm.cookies.reduce((n, c) => n + 1, 0)
pm.cookies.indexOf(pm.cookies.idx(1))
//# jar set and get
const jar = pm.cookies.jar(); jar.set('http://x.com/p', 'a', 'b', (e, c) => { console.log(e, c); jar.get('http://x.com/p', 'a', (e, v) => { console.log(e, v); jar.getAll('http://x.com/p', (e, list) => { console.log(e, list.map(c => c.name), list.constructor.name); }); }); });
//# jar with promises
const jar = pm.cookies.jar(); console.log(await jar.set('http://x.com', {name: 'a', value: 'b', httpOnly: true})); console.log(await jar.get('http://x.com', 'a')); console.log(await jar.get('http://x.com', 'none')); console.log((await jar.getAll('http://x.com')).count()); console.log(await jar.unset('http://x.com', 'a')); console.log(await jar.get('http://x.com', 'a'));
//# jar clear
const jar = pm.cookies.jar(); await jar.set('http://x.com', 'a', '1'); await jar.set('http://x.com', 'b', '2'); console.log((await jar.getAll('http://x.com')).count()); console.log(await jar.clear('http://x.com')); console.log((await jar.getAll('http://x.com')).count());
//# jar texts
const jar = pm.cookies.jar(); console.log(await jar.set('http://x.com/a/b', 'c=d; Path=/a; Secure; HttpOnly; Max-Age=100; SameSite=Lax')); console.log(await jar.set('http://x.com', 'plain=1', (e, c) => console.log('cb', e, c)));
//# jar attributes
const jar = pm.cookies.jar(); console.log(await jar.set('https://sub.x.com', {name: 'n', value: 'v', domain: 'x.com', path: '/p', secure: true, httpOnly: true, expires: new Date(4102444800000), sameSite: 'Strict', extensions: [{key: 'Priority', value: 'High'}]}));
//# jar wrong arguments
const jar = pm.cookies.jar(); for (const f of [() => jar.get(), () => jar.get('http://x.com'), () => jar.get('', 'a'), () => jar.getAll(), () => jar.set('http://x.com'), () => jar.set(), () => jar.unset('http://x.com'), () => jar.unset(), () => jar.clear(), () => jar.getAll('http://x.com', 5), () => jar.set('http://x.com', 5)]) { try { console.log(await f()); } catch (e) { console.log(e.name, e.message); } }
//# jar wrong arguments with callbacks
const jar = pm.cookies.jar(); jar.get('', 'a', (e) => console.log(e && e.message)); jar.getAll(null, (e) => console.log(e && e.message)); jar.set('http://x.com', (e) => console.log(e && e.message)); jar.clear(undefined, (e) => console.log(e && e.message)); jar.unset('http://x.com', 5, (e) => console.log(e && e.message));
//# jar other domain
const jar = pm.cookies.jar(); try { console.log(await jar.set('http://x.com', {name: 'a', value: 'b', domain: 'other.com'})); } catch (e) { console.log(e.name, e.message); } try { console.log(await jar.set('http://x.com', 'a=b; Domain=com')); } catch (e) { console.log(e.name, e.message); }
//# jar urls
const jar = pm.cookies.jar(); await jar.set('x.com', 'a', 'b'); console.log(await jar.get('http://x.com/', 'a'), await jar.get({raw: 'http://x.com'}, 'a').catch(e => e.message), await jar.get(pm.request.url, 'a'));
//# jar encoded
const jar = pm.cookies.jar(); await jar.set('http://x.com', 'a', 'b c%20;d'); console.log(await jar.get('http://x.com', 'a'));
