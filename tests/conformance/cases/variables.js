//= reading
pm.variables.get('l')
pm.variables.get('row')
pm.variables.get('both')
pm.variables.get('e')
pm.variables.get('c')
pm.variables.get('g')
pm.variables.get('none')
pm.variables.get('off')
pm.variables.has('off')
pm.variables.has('row')
pm.variables.has('none')
pm.variables.toObject()
pm.environment.toObject()
pm.environment.toObject(true)
pm.environment.get('n'), typeof pm.environment.get('n')
pm.environment.get('o')
pm.environment.get('off')
pm.environment.has('off')
pm.environment.has('e')
pm.environment.name
pm.environment.id === undefined
pm.environment.values.count()
pm.environment.values.get('e')
pm.environment.values.one('e')
pm.environment.values.map(v => v.key)
pm.environment.values.idx(0)
pm.environment.values.has('e')
pm.environment.values.toObject()
pm.environment.values.members.length
pm.globals.get('g')
pm.globals.toObject()
pm.globals.id
pm.collectionVariables.get('c')
pm.collectionVariables.toObject()
pm.iterationData.get('row')
pm.iterationData.get('nested')
pm.iterationData.has('who')
pm.iterationData.toObject()
pm.iterationData.values.map(v => [v.key, v.value])
typeof pm.iterationData.set
typeof pm.iterationData.unset
typeof pm.iterationData.clear
pm.environment.get()
pm.environment.get(null)
pm.environment.has()
pm.environment.syncVariablesTo({x: 1})
typeof pm.environment.variables
pm.environment.variables()
pm.environment instanceof Object
pm.environment.toString()
String(pm.environment.values.one('e'))
pm.environment.values.one('e').valueOf()
pm.environment.values.one('n').type
pm.environment.toJSON().values.length
pm.variables.toJSON().values
Object.keys(pm.environment)
JSON.stringify(pm.environment.values)
pm.environment.constructor.name
pm.environment.values.constructor.name
pm.environment.values.one('e').constructor.name
pm.variables.constructor.name
//= replaceIn
pm.variables.replaceIn('{{e}} {{g}} {{c}} {{l}} {{row}} {{none}}')
pm.variables.replaceIn('{{both}}')
pm.variables.replaceIn('{{off}}')
pm.variables.replaceIn('{{o}}')
pm.variables.replaceIn('{{n}}')
pm.variables.replaceIn({a: '{{e}}', '{{e}}': [1, '{{g}}', null]})
pm.variables.replaceIn(['{{e}}', 5, {x: '{{n}}'}])
pm.variables.replaceIn(5)
pm.variables.replaceIn(null)
pm.variables.replaceIn()
pm.variables.replaceIn('')
pm.variables.replaceIn('{{ e }}')
pm.variables.replaceIn('{{{e}}}')
pm.variables.replaceIn('{{e}')
pm.environment.replaceIn('{{e}} {{g}} {{row}}')
pm.globals.replaceIn('{{both}}')
pm.collectionVariables.replaceIn('{{both}}')
pm.iterationData.replaceIn('{{who}} {{e}}')
pm.variables.replaceIn('{{$nothing}}')
typeof pm.variables.replaceIn('{{$guid}}'), pm.variables.replaceIn('{{$guid}}').length
/^\d+$/.test(pm.variables.replaceIn('{{$timestamp}}'))
/^\d{1,4}$/.test(pm.variables.replaceIn('{{$randomInt}}'))
pm.variables.replaceIn('{{nested}}')
//# chains of values
pm.environment.set('a1', '{{b1}}'); pm.environment.set('b1', '{{c1}}'); pm.environment.set('c1', 'end');
console.log(pm.variables.replaceIn('{{a1}}'));
pm.environment.set('loop', '{{loop}}x');
console.log(pm.variables.replaceIn('{{loop}}').length);
//# function values
pm.environment.set('f', () => 'called');
console.log(pm.environment.get('f'), pm.variables.replaceIn('{{f}}'));
//# setting
pm.environment.set('x', 1); pm.environment.set('y', true); pm.environment.set('z', {a: [1]}); pm.environment.set('t', 'text');
pm.environment.set('nul', null); pm.environment.set('und', undefined); pm.environment.set('nan', NaN); pm.environment.set('e', 'new');
console.log(pm.environment.toObject(), pm.environment.get('nul'), pm.environment.get('und'), pm.environment.has('und'));
//# setting the disabled one
pm.environment.set('off', 'new'); console.log(pm.environment.get('off'), pm.environment.toObject()); pm.environment.unset('off'); console.log(pm.environment.get('off'));
//# types
pm.environment.set('a', '5', 'number'); pm.environment.set('b', 0, 'boolean'); pm.environment.set('c', 5, 'string'); pm.environment.set('d', {x: 1}, 'json');
pm.environment.set('e1', [1], 'array'); pm.environment.set('f', {x: 1}, 'object'); pm.environment.set('g', 'q', 'any'); pm.environment.set('h', 'q', 'nonsense');
pm.environment.set('i', 'abc', 'number'); pm.environment.set('s', 'hidden', 'secret'); pm.environment.set('k', 'v', {type: 'string', secret: true});
console.log(pm.environment.get('a'), pm.environment.get('b'), pm.environment.get('c'), pm.environment.get('d'), pm.environment.get('e1'), pm.environment.get('f'), pm.environment.get('g'), pm.environment.get('h'), pm.environment.get('i'), pm.environment.get('s'));
pm.environment.set('n', '17'); console.log(pm.environment.get('n'));
pm.environment.set('n', 'abc'); console.log(pm.environment.get('n'));
//# unset and clear
pm.environment.unset('e'); pm.globals.clear(); pm.collectionVariables.unset('none'); pm.variables.unset('l');
console.log(pm.environment.has('e'), pm.globals.toObject(), pm.variables.get('l'), pm.variables.get('g'));
//# local ones
pm.variables.set('l', 'changed'); pm.variables.set('m', 'made'); pm.variables.set('e', 'hides'); console.log(pm.variables.get('e'), pm.environment.get('e'), pm.variables.toObject());
//# iteration data changes
pm.iterationData.set('row', 2); pm.iterationData.set('fresh', 'x'); console.log(pm.iterationData.toObject(), pm.variables.get('fresh')); pm.iterationData.unset('who'); console.log(pm.iterationData.has('who'), data);
//# tracking clear
pm.environment.set('new', 1); pm.environment.clear(); pm.environment.set('after', 2);
//# tracking unset then set
pm.environment.unset('e'); pm.environment.set('e', 'again'); pm.globals.set('g', 1); pm.globals.unset('g'); pm.collectionVariables.set('c', [1, {a: 2}]);
//# tracking in all scopes
pm.variables.set('1', 1); pm.globals.set('2', 2); pm.collectionVariables.set('3', 3); pm.environment.set('4', 4);
//# setting in a timer
setTimeout(() => { pm.environment.set('late', 'yes'); }, 5);
//# object changed in place
pm.environment.get('o').a = 2; console.log(pm.environment.get('o'));
//# types of keys
pm.environment.set(1, 'one'); pm.environment.set('', 'empty'); console.log(pm.environment.get('1'), pm.environment.get(1), pm.environment.get(''));
//# undefined in the next script
pm.environment.set('u', undefined); pm.globals.set('u2', undefined);
console.log(pm.environment.get('u'), pm.variables.replaceIn('{{u}}'));
//# syncVariablesFrom
console.log(pm.environment.syncVariablesFrom({e: 'synced', extra: 1}, true)); console.log(pm.environment.toObject());
//# list methods on values
pm.environment.values.add({key: 'added', value: 'v'}); pm.environment.values.upsert({key: 'e', value: 'up'}); console.log(pm.environment.get('added'), pm.environment.get('e')); pm.environment.values.remove('added'); console.log(pm.environment.has('added'));
//# mutations are visible
pm.environment.set('q', 1); console.log(pm.environment.mutations && pm.environment.mutations.count());
//# scopes of older shape
//@ {"context": {"environment": {"values": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]}, "globals": [], "collectionVariables": null, "_variables": null, "data": null}}
console.log(pm.environment.get('a'), pm.environment.toObject(), pm.globals.toObject(), pm.collectionVariables.toObject(), pm.iterationData.toObject());
//# bad values of types
//@ {"context": {"environment": [{"key": "n", "value": "x", "type": "number"}, {"key": "b", "value": "false", "type": "boolean"}, {"key": "o", "value": "{\"a\":1}", "type": "object"}, {"key": "j", "value": "[1", "type": "array"}, {"key": "s", "value": 5, "type": "string"}]}}
console.log(pm.environment.toObject());
//# secret metadata
pm.environment.set('s', 'v', {secret: true}); pm.globals.set('t', 'v', {type: 'number'}); console.log(pm.globals.get('t'));
