// DOMException (Web IDL, section 2.8.1).

import { webClass } from './web_class.js';

const EXCEPTION_CODES = {
  IndexSizeError: 1, HierarchyRequestError: 3, WrongDocumentError: 4, InvalidCharacterError: 5, NoModificationAllowedError: 7,
  NotFoundError: 8, NotSupportedError: 9, InUseAttributeError: 10, InvalidStateError: 11, SyntaxError: 12,
  InvalidModificationError: 13, NamespaceError: 14, InvalidAccessError: 15, TypeMismatchError: 17, SecurityError: 18,
  NetworkError: 19, AbortError: 20, URLMismatchError: 21, QuotaExceededError: 22, TimeoutError: 23, InvalidNodeTypeError: 24,
  DataCloneError: 25,
};
const EXCEPTION_CONSTANTS = [
  'INDEX_SIZE', 'DOMSTRING_SIZE', 'HIERARCHY_REQUEST', 'WRONG_DOCUMENT', 'INVALID_CHARACTER', 'NO_DATA_ALLOWED',
  'NO_MODIFICATION_ALLOWED', 'NOT_FOUND', 'NOT_SUPPORTED', 'INUSE_ATTRIBUTE', 'INVALID_STATE', 'SYNTAX', 'INVALID_MODIFICATION',
  'NAMESPACE', 'INVALID_ACCESS', 'VALIDATION', 'TYPE_MISMATCH', 'SECURITY', 'NETWORK', 'ABORT', 'URL_MISMATCH', 'QUOTA_EXCEEDED',
  'TIMEOUT', 'INVALID_NODE_TYPE', 'DATA_CLONE',
];

export class DOMException extends Error {
  #name;

  constructor(message = '', options = 'Error') {
    const { name = 'Error', ...cause } = options !== null && typeof options === 'object' ? options : { name: options };
    super(message, cause);
    this.#name = String(name);
  }

  get name() {
    return this.#name;
  }

  get code() {
    return EXCEPTION_CODES[this.#name] || 0;
  }
}

EXCEPTION_CONSTANTS.forEach((name, at) => {
  for (const owner of [DOMException, DOMException.prototype]) {
    Object.defineProperty(owner, `${name}_ERR`, { value: at + 1, enumerable: true });
  }
});

webClass(DOMException);
