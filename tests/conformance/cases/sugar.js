//= strings
'abc'.has('b'), 'abc'.has(/z/)
'abc'.startsWith('a'), 'abc'.endsWith('c')
'abc def'.capitalize(), 'abc def'.capitalize(true), 'abc def'.titleize()
'  x '.trim(), '  x '.trimLeft(), '  x '.trimRight()
'a-b_c'.camelize(), 'aBc'.underscore(), 'a b'.dasherize(), 'aBc'.spacify()
'abc'.first(), 'abc'.first(2), 'abc'.last(), 'abc'.from(1), 'abc'.to(2), 'abc'.at(1)
'abc'.chars(), 'a b'.words(), 'a\nb'.lines(), 'abc'.codes()
'5'.toNumber(), 'x{0}y'.assign('q'), '{a}'.assign({a: 1})
'a'.repeat(3), 'abc'.reverse(), 'abc'.shift(1)
'<b>x</b>'.stripTags(), '<b>x</b>'.removeTags('b'), '<'.escapeHTML(), '&lt;'.unescapeHTML()
'a b'.escapeURL(), 'a%20b'.unescapeURL(), 'a'.encodeBase64(), 'YQ=='.decodeBase64()
'abc'.insert('X', 1), 'abc'.remove('b'), 'abcdef'.truncate(3), 'a'.padLeft ? 'a'.padLeft(3) : 'none', 'ab'.pad ? 'ab'.pad('-', 1) : 'none'
' '.isBlank(), 'a'.isBlank(), 'a'.hankaku && 'a'.hankaku()
'apple'.pluralize ? 'apple'.pluralize() : 'none'
'a1b2'.each(/\d/), 'abc'.compact()
'abc'.add('d'), 'abc'.normalize()
'x'.hasOwnProperty('has')
//= arrays
[1, 2, 3].first(), [1, 2, 3].last(), [1, 2, 3].last(2), [1, 2, 3].from(1), [1, 2, 3].to(1), [1, 2, 3].at(-1)
[1, 2, 3].sum(), [1, 2, 3].average(), [1, 2, 3].min(), [1, 2, 3].max()
[1, 2, 2].unique(), [1, null, 2].compact(), [[1], [2]].flatten()
[1, 2].none(x => x > 5), [1, 2].any(x => x > 1), [1, 2].all(1)
[1, 2, 2].count(2), [1, 2].count(), [1, 2].isEmpty(), [].isEmpty()
[1, 2].include(3), [1, 2].exclude(2), [1, 2, 3].remove(2), [1, 2].add(3), [1, 2].insert(9, 1)
[1, 2].union([2, 3]), [1, 2].intersect([2]), [1, 2].subtract([2])
[{a: 2}, {a: 1}].sortBy('a'), [{a: 1}, {a: 1}].groupBy('a')
[1, 2, 3, 4].inGroups(2), [1, 2, 3].inGroupsOf(2), [1, 2].zip([3, 4])
[1, 2].clone(), [1, 2].has ? 'has' : 'none', [1, 2].sample() > 0, [1, 2].shuffle ? 'shuffle' : 'none', [1, 2].randomize().length
[1, 2, 3].find(2), [1, 2, 3].findAll(x => x > 1), [1, 2, 3].findIndex(2), [{a: 1}].find({a: 1})
['a', 'b'].map('length'), ['a'].each(x => console.log(x)), [1, 2].removeAt(0), [3, 1].least(), [3, 1].most()
Array.create(1, 2), Array.prototype.each.name
[1, 2, 3].every(1), [1, 2].some(2), [1, 2, 3].filter(2)
[1, 2, 3].includes(2), [1, 2].indexOf(2)
(() => { const a = []; for (const k in [1]) a.push(k); return a; })()
//= numbers
(5).isEven(), (5).isOdd(), (5).pad(3), (5).ordinalize(), (1234.5).format(2), (5).abs(), (5.678).round(1), (5).ceil(), (5).floor(), (5).pow(2), (255).hex(), (3).times(x => x)
(5).days ? (5).days() : 'none', (5).seconds(), (1).upto(3), (3).downto(1), (1000).bytes ? (1000).bytes() : 'none', (5).isInteger(), (65).chr(), (5).clamp ? (5).clamp(1, 3) : 'none', (1234).abbr ? (1234).abbr() : 'none'
Number.random(1, 1), Number.range ? 'range' : 'none'
//= dates
Date.create('2020-01-02').getFullYear(), Date.create('2020-01-02').format('{yyyy}-{MM}-{dd}'), new Date(0).format ? 'format' : 'none'
new Date(0).addDays(1).getTime(), new Date(0).isAfter(new Date(1)), new Date(0).isValid(), new Date(NaN).isValid()
new Date(Date.UTC(2020, 0, 1)).iso(), new Date(0).addHours(2).getTime(), Date.create('tomorrow') > new Date(), typeof Date.range
Date.create('nonsense').isValid()
//= objects
Object.isObject({}), Object.isArray([]), Object.isString('a'), Object.isNumber(5), Object.isFunction(() => 1), Object.isDate(new Date()), Object.isRegExp(/a/), Object.isBoolean(true), Object.isNaN(NaN)
Object.merge({a: 1}, {b: 2}), Object.clone({a: 1}), Object.equal({a: 1}, {a: 1}), Object.has({a: 1}, 'a'), Object.size({a: 1}), Object.isEmpty({}), Object.keys({a: 1}, k => console.log(k)), Object.values({a: 1})
Object.extended({a: 1}).keys(), Object.select({a: 1, b: 2}, 'a'), Object.reject({a: 1, b: 2}, 'a'), Object.map({a: 1}, (k, v) => v + 1), Object.each({a: 1}, (k, v) => console.log(k, v)), Object.fromQueryString('a=1&b=2'), Object.toQueryString({a: 1}), Object.tap(5, x => x), Object.min ? 'min' : 'none', Object.watch ? 'watch' : 'none'
({a: 1}).keys, ({a: 1}).isEmpty
//= functions
(() => 1).once ? (() => 5).once()() : 'none', (function (a, b) { return a + b; }).fill(1)(2), typeof (() => 1).delay, typeof (() => 1).debounce, typeof (() => 1).lazy, typeof (() => 1).after, typeof (() => 1).cancel, typeof (() => 1).every, typeof (() => 1).memoize
//= regular expressions
/a/.getFlags(), RegExp.escape('a.b'), /a/.setFlags('g').flags, /a/.addFlag('i').flags, /a/gi.removeFlag('g').flags
//= expect
pm.expect('x'.count), typeof pm.expect([]).to
(() => { pm.expect(undefined).to.eql([].nothing); return 1; })()
pm.expect({}).to.not.have.property('count')
typeof [].count, typeof ''.has, typeof (5).round, typeof Date.create, typeof Object.isObject, typeof ''.nothing
//# without legacy
//@ {"options": {"disableLegacyAPIs": true}}
console.log(typeof 'a'.has, typeof [].sum);
