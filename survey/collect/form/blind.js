// The browser's half of survey/collect/blind.py: blind RSA signatures, RFC 9474, RSABSSA-SHA384-PSS-Randomized.
// crypto.subtle has no blinding and is missing on http://, so everything is reckoned here: BigInt and getRandomValues.
// Nothing here is a secret of the server, and each value is used once: time need not be constant.

const E = 65537n;
const BITS = 3072;
const HASH = 48; // bytes of SHA-384
const SALT = 48;

// --- bytes and integers

export const toHex = (bytes) => Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
export const fromHex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
const toInt = (bytes) => BigInt("0x" + (toHex(bytes) || "0"));
const toBytes = (value, length) => fromHex(value.toString(16).padStart(2 * length, "0"));
const random = (length) => crypto.getRandomValues(new Uint8Array(length));

function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((place, part) => (whole.set(part, place), place + part.length), 0);
  return whole;
}

/** value^65537 mod n: sixteen squarings and one product. */
function power(value, n) {
  let square = value;
  for (let i = 0; i < 16; i++) square = (square * square) % n;
  return (square * value) % n;
}

/** The inverse of value modulo n, or 0n when they share a factor (extended Euclid). */
function inverse(value, n) {
  let [a, b, x, y] = [n, value, 0n, 1n];
  while (b) {
    const q = a / b;
    [a, b, x, y] = [b, a - q * b, y, x - q * y];
  }
  return a === 1n ? (x + n) % n : 0n;
}

// --- SHA-384 (FIPS 180-4)

const word = (value) => BigInt.asUintN(64, value);

/** The integer part of the k-th root (Newton, from above). */
function root(value, k) {
  let [before, next] = [value, 1n << BigInt(Math.ceil(value.toString(2).length / Number(k)))];
  while (next < before) [before, next] = [next, ((k - 1n) * next + value / next ** (k - 1n)) / k];
  return before;
}

// Its constants are the first 64 bits of the fractions of roots of primes: made here instead of copied.
let constants = null;
function tables() {
  const primes = [];
  for (let n = 2; primes.length < 80; n++) if (primes.every((prime) => n % prime)) primes.push(n);
  const rounds = primes.map((prime) => word(root(BigInt(prime) << 192n, 3n)));
  const start = primes.slice(8, 16).map((prime) => word(root(BigInt(prime) << 128n, 2n)));
  return { rounds, start };
}

const turn = (x, n) => word((x >> n) | (x << (64n - n)));

function compress(state, block, rounds) {
  const w = [];
  for (let i = 0; i < 16; i++) w.push(toInt(block.subarray(8 * i, 8 * i + 8)));
  for (let i = 16; i < 80; i++) {
    const [early, late] = [w[i - 15], w[i - 2]];
    const s0 = turn(early, 1n) ^ turn(early, 8n) ^ (early >> 7n);
    const s1 = turn(late, 19n) ^ turn(late, 61n) ^ (late >> 6n);
    w.push(word(w[i - 16] + s0 + w[i - 7] + s1));
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 80; i++) {
    const s1 = turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n);
    const first = h + s1 + ((e & f) ^ (word(~e) & g)) + rounds[i] + w[i];
    const s0 = turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n);
    const second = s0 + ((a & b) ^ (a & c) ^ (b & c));
    [a, b, c, d, e, f, g, h] = [word(first + second), a, b, c, word(d + first), e, f, g];
  }
  return [a, b, c, d, e, f, g, h].map((value, i) => word(value + state[i]));
}

/** SHA-384 of bytes. */
export function sha384(bytes) {
  constants = constants || tables();
  const padding = new Uint8Array(128 - ((bytes.length + 17) % 128 || 128) + 1);
  padding[0] = 0x80;
  const padded = join(bytes, padding, toBytes(BigInt(8 * bytes.length), 16));
  let state = constants.start;
  for (let i = 0; i < padded.length; i += 128) state = compress(state, padded.subarray(i, i + 128), constants.rounds);
  return join(...state.slice(0, 6).map((value) => toBytes(value, 8)));
}

// --- EMSA-PSS (RFC 8017, 9.1)

function mgf1(seed, length) {
  const blocks = [];
  for (let i = 0; i * HASH < length; i++) blocks.push(sha384(join(seed, toBytes(BigInt(i), 4))));
  return join(...blocks).slice(0, length);
}

const salted = (message, salt) => sha384(join(new Uint8Array(8), sha384(message), salt));

/** The encoded message as an integer below 2^bits. */
function encode(message, bits, salt) {
  const length = Math.ceil(bits / 8);
  const digest = salted(message, salt);
  const size = length - HASH - 1;
  const block = join(new Uint8Array(size - salt.length - 1), [1], salt);
  const masked = mgf1(digest, size).map((byte, i) => byte ^ block[i]);
  masked[0] &= 0xff >> (8 * length - bits);
  return toInt(join(masked, digest, [0xbc]));
}

/** Ordinary RSASSA-PSS with SHA-384: encoding again with the salt found inside must give the same integer. */
export function verify(key, prepared, signature, saltLength = SALT) {
  const s = toInt(signature);
  if (signature.length !== key.bytes || s >= key.n) return false;
  const m = power(s, key.n);
  const encoded = toBytes(m, key.bytes);
  const size = key.bytes - HASH - 1;
  const mask = mgf1(encoded.slice(size, size + HASH), size);
  const salt = encoded.slice(size - saltLength, size).map((byte, i) => byte ^ mask[size - saltLength + i]);
  return encode(prepared, key.bits - 1, salt) === m;
}

// --- the protocol

/** A key from the server, looked at before it is used. `modulus`: hex. */
export function publicKey(modulus, exponent, bits = BITS) {
  const n = /^[0-9a-f]+$/.test(modulus) ? BigInt("0x" + modulus) : 0n;
  if (n.toString(2).length !== bits || n % 2n === 0n || BigInt(exponent) !== E) throw new Error("key");
  return { n, bits, bytes: bits / 8 };
}

/** What people compare: 160 bits of SHA-384 over the key, in groups of four (as blind.py's). */
export function fingerprint(key) {
  const name = Uint8Array.from("langnghe key", (char) => char.charCodeAt(0));
  const digest = toInt(sha384(join(name, toBytes(key.n, key.bytes), [1, 0, 1])).slice(0, 20));
  const text = digest.toString(32).padStart(32, "0").replace(/./g, (digit) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[parseInt(digit, 32)]);
  return text.match(/.{4}/g).join("-");
}

/** The message with 32 random bytes before it: even a crafted key cannot recognise it. */
export const prepare = (message = random(32)) => join(random(32), message);

function factor(n, bytes) {
  let r = 0n;
  while (r < 1n || r >= n) r = toInt(random(bytes)); // n fills its bytes: two tries on average at most
  return r;
}

/** {message: for the signer, inverse: to be kept}. `salt` and `r` are given by test vectors only. */
export function blind(key, prepared, salt = random(SALT), r = factor(key.n, key.bytes)) {
  const m = encode(prepared, key.bits - 1, salt);
  const back = inverse(r, key.n);
  if (!back || !inverse(m, key.n)) throw new Error("blinding");
  return { message: toBytes((m * power(r, key.n)) % key.n, key.bytes), inverse: toBytes(back, key.bytes) };
}

/** The signature of the prepared message; throws when the signer did not sign with this key. */
export function finalize(key, prepared, blindSignature, inverted, saltLength = SALT) {
  const signature = toBytes((toInt(blindSignature) * toInt(inverted)) % key.n, key.bytes);
  if (blindSignature.length !== key.bytes || !verify(key, prepared, signature, saltLength)) throw new Error("signature");
  return signature;
}
