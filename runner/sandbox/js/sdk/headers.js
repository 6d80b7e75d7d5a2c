// Headers of requests and responses.

import { PropertyList } from './lists.js';
import { isObject, isOfType, ownHas, Property, sdkType } from './property.js';
import { cutAt } from './url.js';

export class Header extends Property {
  constructor(options, name) {
    const given = typeof options !== 'string' ? options : typeof name === 'string' ? { key: name, value: options } : Header.parseSingle(options);
    super(given);
    this.update(given);
  }

  toString() {
    return `${this.key}: ${this.value}`;
  }

  valueOf() {
    return this.value;
  }

  update(options) {
    const { key, value = '' } = options ?? {};
    this.key = key || '';
    this.value = value;
    for (const field of ['system', 'disabled']) if (ownHas(options, field)) this[field] = options[field];
  }

  // A line that begins with white space continues the previous one.
  static parse(text) {
    const lines = String(text).replace(/\r\n([ \t])/g, '$1').matchAll(/^(\S+):(.*)$/gm);
    return Array.from(lines, ([, key, value]) => ({ key, value: value.trim() }));
  }

  static parseSingle(text) {
    if (typeof text !== 'string') return { key: '', value: '' };
    const [key, value = ''] = cutAt(text, ':');
    return { key: key.trim(), value: value.trim() };
  }

  static unparse(headers, separator = '\r\n') {
    if (!Array.isArray(headers) && !PropertyList.isPropertyList(headers)) return '';
    return headers.filter((header) => header && !header.disabled).map((header) => Header.unparseSingle(header) + separator).join('');
  }

  static unparseSingle(header) {
    return isObject(header) ? `${header.key}: ${header.value}` : '';
  }

  static isHeader(value) {
    return isOfType(value, 'Header');
  }

  static create(...values) {
    return new Header(...values);
  }
}
sdkType(Header, { index: 'key', ignoresCase: true, multiple: true });

export class HeaderList extends PropertyList {
  constructor(parent, headers) {
    super(Header, parent, headers);
  }

  contentSize() {
    return this.count() ? Header.unparse(this).length : 0;
  }

  static isHeaderList(value) {
    return isOfType(value, 'HeaderList');
  }
}
sdkType(HeaderList, { name: 'HeaderList' });
