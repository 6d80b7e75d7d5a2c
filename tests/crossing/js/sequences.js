// Scripts that run one after the other, parted by //--: pre-request and test script of a request, then of the next one.
// pm.SCOPE is each scope in turn; the first script of each case finds it empty.
//# setchange
const a=[1];
pm.SCOPE.set('a',a);
a.push(2);
T('live',()=>pm.SCOPE.get('a'));
T('same',()=>pm.SCOPE.get('a')===a);
//--
T('next',()=>pm.SCOPE.get('a'));
//# readchange
pm.SCOPE.set('a',[1]);
//--
pm.SCOPE.get('a').push(2);
T('live',()=>pm.SCOPE.get('a'));
//--
T('next',()=>pm.SCOPE.get('a'));
//# readchangeset
pm.SCOPE.set('a',{n:1});
//--
const x=pm.SCOPE.get('a');
x.n=2;
pm.SCOPE.set('a',x);
x.n=3;
//--
T('next',()=>pm.SCOPE.get('a'));
//# unsetset
pm.SCOPE.set('a',1);
pm.SCOPE.set('b',2);
//--
pm.SCOPE.unset('a');
pm.SCOPE.set('c',3);
pm.SCOPE.set('a',9);
//--
T('o',()=>pm.SCOPE.toObject());
//# setunset
pm.SCOPE.set('a',1);
pm.SCOPE.unset('a');
//--
T('o',()=>[pm.SCOPE.toObject(),pm.SCOPE.has('a'),pm.SCOPE.get('a')]);
//# clear
pm.SCOPE.set('a',1);
pm.SCOPE.set('b',1);
//--
pm.SCOPE.clear();
pm.SCOPE.set('b',3);
//--
T('o',()=>pm.SCOPE.toObject());
//# clear2
pm.SCOPE.set('a',1);
pm.SCOPE.clear();
T('o',()=>pm.SCOPE.toObject());
//--
T('o',()=>pm.SCOPE.toObject());
//# valuesadd
pm.SCOPE.values.add({key:'x',value:1});
T('g',()=>pm.SCOPE.get('x'));
//--
T('g',()=>pm.SCOPE.get('x'));
//# valuesset
pm.SCOPE.set('x',1);
//--
pm.SCOPE.values.one('x').value=5;
T('g',()=>pm.SCOPE.get('x'));
//--
T('g',()=>pm.SCOPE.get('x'));
//# valuesset2
pm.SCOPE.set('x',1);
//--
pm.SCOPE.values.one('x').set(5);
pm.SCOPE.set('y',2);
T('g',()=>pm.SCOPE.get('x'));
//--
T('g',()=>[pm.SCOPE.get('x'),pm.SCOPE.get('y')]);
//# valuesremove
pm.SCOPE.set('x',1);
//--
pm.SCOPE.values.remove('x');
T('g',()=>pm.SCOPE.get('x'));
//--
T('g',()=>pm.SCOPE.get('x'));
//# disable
pm.SCOPE.set('x',1);
//--
pm.SCOPE.values.one('x').disabled=true;
T('g',()=>[pm.SCOPE.get('x'),pm.SCOPE.has('x')]);
//--
T('g',()=>[pm.SCOPE.get('x'),pm.SCOPE.has('x')]);
//# sync
pm.SCOPE.set('x',1);
pm.SCOPE.set('z',1);
//--
T('s',()=>pm.SCOPE.syncVariablesFrom({x:2,y:3},true));
T('o',()=>pm.SCOPE.toObject());
//--
T('o',()=>pm.SCOPE.toObject());
//# type
pm.SCOPE.set('n','5','number');
pm.SCOPE.set('b',0,'boolean');
pm.SCOPE.set('s',5,'string');
pm.SCOPE.set('l',[1],'array');
pm.SCOPE.set('o',{a:1},'object');
pm.SCOPE.set('q','x','nonsense');
T('o',()=>pm.SCOPE.toObject());
T('t',()=>pm.SCOPE.values.map(v=>v.type));
//--
T('o',()=>pm.SCOPE.toObject());
T('t',()=>pm.SCOPE.values.map(v=>v.type));
//# intorder
pm.SCOPE.set('b',1);
pm.SCOPE.set('2',1);
pm.SCOPE.set('a',1);
pm.SCOPE.set('1',1);
//--
T('k',()=>pm.SCOPE.values.map(v=>v.key));
//# keys
pm.SCOPE.set(1,'one');
pm.SCOPE.set('','empty');
pm.SCOPE.set(undefined,'u');
pm.SCOPE.set(null,'n');
T('o',()=>pm.SCOPE.toObject());
//--
T('o',()=>[pm.SCOPE.toObject(),pm.SCOPE.get(1),pm.SCOPE.get(''),pm.SCOPE.get(undefined),pm.SCOPE.get(null)]);
//# alias
const a=[1];
pm.SCOPE.set('a',a);
pm.SCOPE.set('b',a);
a.push(2);
T('s',()=>pm.SCOPE.get('a')===(pm.SCOPE.get('b')));
//--
T('s',()=>[pm.SCOPE.get('a')===(pm.SCOPE.get('b')),pm.SCOPE.get('a'),pm.SCOPE.get('b')]);
//# throws
pm.SCOPE.set('a',1);
throw new Error('x');
//--
T('g',()=>pm.SCOPE.get('a'));
//# timer
setTimeout(()=>{pm.SCOPE.set('a',[1]);setTimeout(()=>pm.SCOPE.get('a').push(2),5);},5);
//--
T('g',()=>pm.SCOPE.get('a'));
//# send
const l=[1];
pm.SCOPE.set('a',l);
pm.sendRequest('{{base}}/s',()=>{l.push(2);pm.SCOPE.set('b','in');});
//--
T('g',()=>[pm.SCOPE.get('a'),pm.SCOPE.get('b')]);
//# await
const l=[1];
pm.SCOPE.set('a',l);
await pm.sendRequest('{{base}}/s');
l.push(2);
T('g',()=>pm.SCOPE.get('a')===l);
//--
T('g',()=>pm.SCOPE.get('a'));
//# inplace-live2
pm.SCOPE.set('a',{x:[1]});
//--
const r=pm.SCOPE.get('a');
r.x.push(2);
T('two',()=>pm.SCOPE.get('a')===r);
T('rep',()=>pm.SCOPE.get('a'));
pm.SCOPE.set('other',1);
//--
T('g',()=>pm.SCOPE.get('a'));
//# skip
pm.SCOPE.set('a',1);
const q=[1];
pm.SCOPE.set('b',q);
pm.execution.skipRequest();
pm.SCOPE.set('c',1);
//--
1
//--
T('g',()=>pm.SCOPE.toObject());
//# secret
pm.SCOPE.set('a',1,{secret:true});
pm.SCOPE.set('b',2,{type:'string',secret:false});
T('g',()=>pm.SCOPE.values.map(v=>[v.key,v.value,v.type,v.secret]));
//--
T('g',()=>pm.SCOPE.values.map(v=>[v.key,v.value,v.type,v.secret]));
