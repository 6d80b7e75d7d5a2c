import { INSERTED, NOTE } from './async.js';
import { replaceMethod, standsFor } from './promises.js';

// Makes functions show the source text that their author wrote.
export function installFunctionText() {
  const written = (text) => (text.includes(NOTE) ? INSERTED.reduce((found, part) => found.replaceAll(part, ''), text) : text);
  replaceMethod(Function.prototype, 'toString', (native) => ({
    toString() { return written(native.call(standsFor.get(this) || this)); },
  }).toString);
}
