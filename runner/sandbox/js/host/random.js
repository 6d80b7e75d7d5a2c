// Random bytes: ChaCha20 (RFC 8439, section 2.3), keyed with random bytes from the host.

const KEY = new Uint32Array(8);
let block = new Uint8Array(0);
let counter = 0;

export function seedRandom(words) {
  KEY.set(words);
  block = new Uint8Array(0);
  counter = 0;
}

function quarterRound(state, a, b, c, d) {
  const turn = (target, source, other, bits) => {
    state[target] += state[source];
    const mixed = state[other] ^ state[target];
    state[other] = (mixed << bits) | (mixed >>> (32 - bits));
  };
  turn(a, b, d, 16);
  turn(c, d, b, 12);
  turn(a, b, d, 8);
  turn(c, d, b, 7);
}

function nextBlock() {
  const start = Uint32Array.of(0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, ...KEY, ++counter, 0, 0, 0);
  const state = start.slice();
  for (let round = 0; round < 10; round++) {
    for (let at = 0; at < 4; at++) quarterRound(state, at, at + 4, at + 8, at + 12);
    for (let at = 0; at < 4; at++) quarterRound(state, at, 4 + ((at + 1) & 3), 8 + ((at + 2) & 3), 12 + ((at + 3) & 3));
  }
  return new Uint8Array(state.map((word, at) => word + start[at]).buffer);
}

export function fillRandom(bytes) {
  for (let at = 0; at < bytes.length;) {
    if (!block.length) block = nextBlock();
    const part = block.subarray(0, bytes.length - at);
    bytes.set(part, at);
    block = block.subarray(part.length);
    at += part.length;
  }
  return bytes;
}

// A random UUID (RFC 9562, version 4).
export function randomUuid() {
  const bytes = fillRandom(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
