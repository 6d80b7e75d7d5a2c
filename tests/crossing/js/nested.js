// A script that runs another request: its pre-request script, the two of the other request, its test script.
//# basic
pm.SCOPE.set('p',1);
const l=[1];
pm.SCOPE.set('l',l);
await pm.execution.runRequest('NAME');
T('after',()=>[pm.SCOPE.get('p'),pm.SCOPE.get('l')===l,pm.SCOPE.get('s')]);
l.push(2);
pm.SCOPE.get('s').k=5;
//--
T('in',()=>[pm.SCOPE.get('p'),pm.SCOPE.get('l')]);
pm.SCOPE.set('s',{k:1});
pm.SCOPE.set('p',2);
//--
T('in2',()=>pm.SCOPE.get('s'));
//--
T('next',()=>[pm.SCOPE.get('p'),pm.SCOPE.get('l'),pm.SCOPE.get('s')]);
//# inplace
pm.SCOPE.get('f').push(9);
await pm.execution.runRequest('NAME');
T('after',()=>pm.SCOPE.get('f'));
//--
T('in',()=>pm.SCOPE.get('f'));
//--

//--
T('next',()=>pm.SCOPE.get('f'));
//# subinplace
const l=[1];
pm.SCOPE.set('l',l);
await pm.execution.runRequest('NAME');
T('after',()=>pm.SCOPE.get('l'));
//--
pm.SCOPE.get('l').push(7);
//--
T('in2',()=>pm.SCOPE.get('l'));
//--
T('next',()=>pm.SCOPE.get('l'));
//# unset
pm.SCOPE.set('p',1);
await pm.execution.runRequest('NAME');
T('after',()=>[pm.SCOPE.has('p'),pm.SCOPE.has('z'),pm.SCOPE.get('z')]);
//--
pm.SCOPE.unset('p');
pm.SCOPE.set('z',undefined);
//--
T('z',()=>[pm.SCOPE.has('z'),pm.SCOPE.get('z')]);
//--
T('next',()=>[pm.SCOPE.has('p'),pm.SCOPE.has('z'),pm.SCOPE.get('z')]);
//# vars
await pm.execution.runRequest('NAME',{variables:{v:[1],w:'t'}});
T('after',()=>[pm.variables.has('v'),pm.variables.get('w')]);
//--
T('in',()=>[pm.variables.get('v'),pm.variables.get('w')]);
//--

//--
T('next',()=>[pm.variables.has('v'),pm.variables.get('w')]);
//# live
const d=new Date(0);
pm.SCOPE.set('d',d);
pm.SCOPE.set('n',NaN);
pm.SCOPE.set('u',undefined);
await pm.execution.runRequest('NAME');
T('after',()=>[pm.SCOPE.get('d')===d,pm.SCOPE.get('n'),pm.SCOPE.get('u')]);
//--
T('in',()=>[pm.SCOPE.get('d'),pm.SCOPE.get('n'),pm.SCOPE.has('u'),pm.SCOPE.get('u')]);
//--

//--
T('next',()=>[pm.SCOPE.get('d'),pm.SCOPE.get('n'),pm.SCOPE.get('u')]);
