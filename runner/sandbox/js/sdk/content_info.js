// pm.response.contentInfo(): what the body is, from Content-Type, from its first bytes, and from Content-Disposition.

import { EXTENSIONS } from 'world:tables';

// Content types that the guesses below would misread (mime-format 2.0).
const MIME_FORMATS = {
  'application/x-www-form-urlencoded': ['text', 'plain'], 'application/pdf': ['embed', 'pdf'], 'text/css': ['text', 'stylesheet'],
  'application/jwt': ['text', 'jwt'], 'application/ogg': ['audio', 'ogg'], 'application/xhtml+xml': ['text', 'xml'],
  'application/mbms-associated-procedure-description+xml': ['text', 'xml'],
  'application/mbms-protection-description+xml': ['text', 'xml'], 'application/mbms-user-service-description+xml': ['text', 'xml'],
  'application/vnd.oipf.dae.xhtml+xml': ['text', 'xml'], 'application/vnd.oma.poc.invocation-descriptor+xml': ['text', 'xml'],
  'application/vnd.pwg-xhtml-print+xml': ['text', 'xml'], 'application/xhtml-voice+xml': ['text', 'xml'],
};
const MIME_GUESSES = [
  [/^(?:[^/]*)(audio|video|image)/, (kind) => [kind, kind]],
  [/^text.*?(jsonp|json|xml|html|yaml|vml|webml|script)/, (kind) => ['text', kind]],
  [/^text/, () => ['text', 'plain']],
  [/(jsonp|json|xml|html|yaml|vml|webml|script)/, (kind) => ['text', kind]],
  [/\/[^/]*(audio|video|image|text)/, (kind) => [kind, kind]],
  [/^(application|message|multipart)/, (kind) => [kind, 'raw']],
];
const SIGNATURES = [
  ['image/png', 'png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]], ['image/jpeg', 'jpg', [0xff, 0xd8, 0xff]],
  ['image/gif', 'gif', [0x47, 0x49, 0x46]], ['application/pdf', 'pdf', [0x25, 0x50, 0x44, 0x46]],
  ['application/zip', 'zip', [0x50, 0x4b, 0x03, 0x04]], ['application/gzip', 'gz', [0x1f, 0x8b, 0x08]],
  ['image/bmp', 'bmp', [0x42, 0x4d]], ['audio/mpeg', 'mp3', [0x49, 0x44, 0x33]], ['audio/ogg', 'ogg', [0x4f, 0x67, 0x67, 0x53]],
  ['application/xml', 'xml', [0x3c, 0x3f, 0x78, 0x6d, 0x6c, 0x20]],
];

export function contentInfo(headers, bytes) {
  const { source, detected } = contentSource(headers.get('content-type'), bytes);
  const contentType = source.toLowerCase().replace(/\s/g, '').replace(/^([^;]+);.*/, '$1');
  const [mimeType, mimeFormat] = mimeKind(contentType);
  const fileExtension = detected || EXTENSIONS[contentType] || '';
  const name = dispositionName(headers.get('content-disposition'));
  return {
    ...(contentType ? { contentType } : {}), mimeType, mimeFormat, charset: charsetOf(source) || 'utf8',
    ...(fileExtension ? { fileExtension } : {}),
    fileName: name || `response${fileExtension ? `.${fileExtension}` : ''}`,
  };
}

function contentSource(source, bytes) {
  if (source) return { source };
  const head = bytes().subarray(0, 16);
  const known = SIGNATURES.find(([, , signature]) => signature.every((byte, at) => head[at] === byte));
  return known ? { source: known[0], detected: known[1] } : { source: 'text/plain' };
}

function mimeKind(contentType) {
  if (MIME_FORMATS[contentType]) return MIME_FORMATS[contentType];
  for (const [pattern, make] of MIME_GUESSES) {
    const found = pattern.exec(contentType);
    if (found) return make(found[1]);
  }
  return ['unknown', 'raw'];
}

function charsetOf(source) {
  const found = /charset\s*=\s*["']?([\w-]+)/i.exec(source);
  return found && found[1].toLowerCase().replace(/^utf-8$/, 'utf8');
}

// RFC 6266: `filename*` wins if its charset is known.
function dispositionName(text) {
  if (!text) return undefined;
  const encoded = /;\s*filename\*\s*=\s*([\w!#$%&+^`{}~-]+)'[^']*'([^;\s]+)/i.exec(text);
  if (encoded && /^utf-8$/i.test(encoded[1])) {
    try {
      return decodeURIComponent(encoded[2]);
    } catch {
      return encoded[2];
    }
  }
  if (encoded && /^iso-8859-1$/i.test(encoded[1])) {
    return encoded[2].replace(/%([\da-f]{2})/gi, (all, hex) => String.fromCharCode(parseInt(hex, 16)));
  }
  const found = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))/i.exec(text);
  return found ? (found[2] ?? found[1].replace(/\\(.)/g, '$1')) : undefined;
}
