"""crypto.subtle: published vectors, what Node's own gives, and the rules about keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.entropy import Entropy
from runner.sandbox.sandbox import Sandbox
from tests.sandbox.conftest import World

NODE = json.loads(Path(__file__).with_name("node_webcrypto.json").read_text("utf-8"))

HELP = """
const subtle = crypto.subtle;
const hex = (data) => Array.from(new Uint8Array(data), (byte) => byte.toString(16).padStart(2, '0')).join('');
const bytes = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
const text = (value) => new TextEncoder().encode(value);
const secret = (algorithm, key, ...usages) => subtle.importKey('raw', bytes(key), algorithm, true, usages);
"""
AES_KEY = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
BLOCK = "6bc1bee22e409f96e93d7e117393172a"
GCM_DATA = (
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
)
GCM_SEALED = (
    "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa05"
    "1ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47"
)

VECTORS = {
    "SHA-1 (FIPS 180)": ("subtle.digest('SHA-1', text('abc'))", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    "SHA-256 (FIPS 180)": (
        "subtle.digest({name: 'sha-256'}, text('abc'))",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    ),
    "SHA-384 (FIPS 180)": (
        "subtle.digest('SHA-384', text('abc'))",
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
    ),
    "HMAC (RFC 4231, case 2)": (
        "subtle.sign('HMAC', await secret({name: 'HMAC', hash: 'SHA-256'}, '4a656665', 'sign'),"
        " text('what do ya want for nothing?'))",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
    "AES-CTR (SP 800-38A, F.5.5)": (
        f"subtle.encrypt({{name: 'AES-CTR', counter: bytes('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'), length: 64}},"
        f" await secret('AES-CTR', '{AES_KEY}', 'encrypt'), bytes('{BLOCK}'))",
        "601ec313775789a5b7a7f504bbf3d228",
    ),
    "AES-CBC (SP 800-38A, F.2.5, first block)": (
        f"(await subtle.encrypt({{name: 'AES-CBC', iv: bytes('000102030405060708090a0b0c0d0e0f')}},"
        f" await secret('AES-CBC', '{AES_KEY}', 'encrypt'), bytes('{BLOCK}'))).slice(0, 16)",
        "f58c4c04d6e5f1ba779eabfb5f7bfbd6",
    ),
    "AES-GCM (McGrew and Viega, case 4)": (
        "subtle.encrypt({name: 'AES-GCM', iv: bytes('cafebabefacedbaddecaf888'),"
        " additionalData: bytes('feedfacedeadbeeffeedfacedeadbeefabaddad2')},"
        f" await secret('AES-GCM', 'feffe9928665731c6d6a8f9467308308', 'encrypt'), bytes('{GCM_DATA}'))",
        GCM_SEALED,
    ),
    "AES-KW (RFC 3394, 4.1)": (
        "subtle.wrapKey('raw', await secret('AES-CBC', '00112233445566778899aabbccddeeff', 'encrypt'),"
        " await secret('AES-KW', '000102030405060708090a0b0c0d0e0f', 'wrapKey'), 'AES-KW')",
        "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5",
    ),
    "PBKDF2 (RFC 6070, case 3)": (
        "subtle.deriveBits({name: 'PBKDF2', hash: 'SHA-1', salt: text('salt'), iterations: 4096}, await"
        " subtle.importKey('raw', text('password'), 'PBKDF2', false, ['deriveBits']), 160)",
        "4b007901b765489abead49d926f721d065a429c1",
    ),
    "HKDF (RFC 5869, case 1)": (
        "subtle.deriveBits({name: 'HKDF', hash: 'SHA-256', salt: bytes('000102030405060708090a0b0c'),"
        " info: bytes('f0f1f2f3f4f5f6f7f8f9')}, await subtle.importKey('raw', new Uint8Array(22).fill(11), 'HKDF',"
        " false, ['deriveBits']), 336)",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    "Ed25519 (RFC 8032, test 2)": (
        "subtle.sign('Ed25519', await subtle.importKey('jwk', {kty: 'OKP', crv: 'Ed25519',"
        " d: 'TM0Imyj_ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U-4pvs', x: 'PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw'},"
        " 'Ed25519', false, ['sign']), bytes('72'))",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
}


def result(run, body: str):
    ran = run(HELP + body)
    assert ran.error is None
    return ran.logged[-1]


@pytest.mark.parametrize("name", VECTORS)
def test_published_vectors(run, name):
    expression, value = VECTORS[name]
    assert result(run, f"console.log(hex(await {expression}))") == value


def test_ecdsa_takes_the_signature_of_rfc_6979(run):
    assert result(
        run,
        """const key = await subtle.importKey('raw', bytes('04'
            + '60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6'
            + '7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299'),
            {name: 'ECDSA', namedCurve: 'P-256'}, true, ['verify']);
        const signature = bytes('efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716'
            + 'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8');
        const fits = (message) => subtle.verify({name: 'ECDSA', hash: 'SHA-256'}, key, signature, text(message));
        console.log(await fits('sample'), await fits('Sample'))""",
    ) == [True, False]


@pytest.mark.parametrize("case", NODE["signatures"], ids=lambda case: case["import"].get("namedCurve", case["use"]["name"]))
def test_signatures_of_node_fit_and_ours_fit_too(run, case):
    ran = run(
        HELP
        + f"""const c = {json.dumps(case)}, message = text({json.dumps(NODE["message"])});
        const mine = await subtle.importKey('jwk', c.private, c.import, true, ['sign']);
        const theirs = await subtle.importKey('spki', bytes(c.spki), c.import, true, ['verify']);
        const signature = await subtle.sign(c.use, mine, message);
        console.log(await subtle.verify(c.use, theirs, bytes(c.signature), message),
            await subtle.verify(c.use, theirs, signature, message),
            !c.fixed || hex(signature) === c.signature,
            hex(await subtle.exportKey('spki', theirs)) === c.spki);
        console.log(await subtle.exportKey('jwk', mine))"""
    )
    assert ran.logged == [[True] * 4, case["private"]]


@pytest.mark.parametrize("case", NODE["secrets"], ids=lambda case: case["import"].get("namedCurve", "X25519"))
def test_shared_secrets_are_those_of_node(run, case):
    assert (
        result(
            run,
            f"""const c = {json.dumps(case)};
        const mine = await subtle.importKey('pkcs8', bytes(c.pkcs8), c.import, true, ['deriveBits']);
        const theirs = await subtle.importKey('raw', bytes(c.raw), c.import, true, []);
        console.log(hex(await subtle.deriveBits({{name: c.import.name, public: theirs}}, mine, null)))""",
        )
        == case["secret"]
    )


@pytest.mark.parametrize("case", NODE["sealed"], ids=lambda case: case["import"]["name"])
def test_what_node_sealed_can_be_opened(run, case):
    assert result(
        run,
        f"""const c = {json.dumps(case)};
        const key = await subtle.importKey('pkcs8', bytes(c.pkcs8), c.import, true, ['decrypt']);
        const open = (label) => subtle.decrypt({{name: 'RSA-OAEP', label: text(label)}}, key, bytes(c.data));
        console.log(new TextDecoder().decode(await open(c.label)), await open('x').catch((e) => e.name))""",
    ) == [NODE["message"], "OperationError"]


# The name of what is thrown; all as in Node, but for InvalidAccessError of keys that cannot be exported (Node 20 has
# its own word there), TypeError for an algorithm or JWK that is not an object, as the standard has it, and the limits.
ERRORS = {
    "subtle.digest('MD5', text(''))": "NotSupportedError",
    "subtle.digest('SHA-1', 'abc')": "TypeError",
    "subtle.digest('SHA-1')": "TypeError",
    "subtle.digest(null, text(''))": "TypeError",
    "subtle.sign('AES-CBC', hmac, text(''))": "NotSupportedError",
    "subtle.sign('RSASSA-PKCS1-v1_5', hmac, text(''))": "InvalidAccessError",
    "subtle.verify('HMAC', hmac, text(''), text(''))": "InvalidAccessError",
    "subtle.sign('HMAC', {}, text(''))": "TypeError",
    "subtle.exportKey('raw', hmac)": "InvalidAccessError",
    "subtle.exportKey('spki', aes)": "InvalidAccessError",
    "subtle.exportKey('xyz', aes)": "TypeError",
    "subtle.decrypt({name: 'AES-GCM', iv: new Uint8Array(12)}, aes, new Uint8Array(32))": "OperationError",
    "subtle.decrypt({name: 'AES-GCM', iv: new Uint8Array(12)}, aes, new Uint8Array(3))": "OperationError",
    "subtle.decrypt({name: 'AES-GCM', iv: new Uint8Array(12), tagLength: 100}, aes, new Uint8Array(32))": "OperationError",
    "subtle.decrypt({name: 'AES-GCM'}, aes, new Uint8Array(32))": "TypeError",
    "secret({name: 'HMAC', hash: 'SHA-1'}, '00', 'encrypt')": "SyntaxError",
    "secret({name: 'HMAC', hash: 'SHA-1'}, '00')": "SyntaxError",
    "secret({name: 'HMAC', hash: 'SHA-1'}, '00', 'dig')": "TypeError",
    "secret({name: 'HMAC', hash: 'SHA-1'}, '', 'sign')": "DataError",
    "secret('AES-CBC', '0011', 'encrypt')": "DataError",
    "secret('PBKDF2', '00', 'deriveBits')": "SyntaxError",
    "subtle.importKey('spki', text('x'), {name: 'RSA-PSS', hash: 'SHA-1'}, true, ['verify'])": "DataError",
    "subtle.importKey('raw', new Uint8Array(65), {name: 'ECDSA', namedCurve: 'P-256'}, true, ['verify'])": "DataError",
    "subtle.importKey('jwk', {kty: 'RSA'}, {name: 'HMAC', hash: 'SHA-1'}, true, ['sign'])": "DataError",
    "jwk({alg: 'HS512'})": "DataError",
    "jwk({key_ops: ['verify']})": "DataError",
    "jwk({ext: false})": "DataError",
    "jwk({use: 'enc'})": "DataError",
    "jwk({})": "none",
    "ed25519('PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw')": "none",
    "ed25519('AAAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw')": "DataError",
    "subtle.generateKey({name: 'AES-CBC', length: 100}, true, ['encrypt'])": "OperationError",
    "subtle.generateKey({name: 'AES-CBC', length: 128}, true, ['sign'])": "SyntaxError",
    "subtle.generateKey({name: 'ECDSA', namedCurve: 'P-256'}, true, ['verify'])": "SyntaxError",
    "subtle.generateKey({name: 'ECDSA', namedCurve: 'K-256'}, true, ['sign'])": "NotSupportedError",
    "subtle.deriveBits({name: 'ECDH', public: p384.publicKey}, p256.privateKey, null)": "InvalidAccessError",
    "subtle.deriveBits({name: 'ECDH', public: p256.publicKey}, p256.privateKey, 1000)": "OperationError",
    "subtle.generateKey({name: 'RSA-PSS', modulusLength: 16384, publicExponent: Uint8Array.of(3), hash: 'SHA-1'}, true,"
    " ['sign'])": "OperationError",
    "subtle.deriveBits({name: 'PBKDF2', hash: 'SHA-1', salt: text(''), iterations: 1e9}, await subtle.importKey('raw',"
    " text('x'), 'PBKDF2', false, ['deriveBits']), 160)": "OperationError",
    "new CryptoKey()": "TypeError",
    "new SubtleCrypto()": "TypeError",
    "new Crypto()": "TypeError",
}


def test_what_is_wrong_has_webcryptos_names(run):
    calls = ",".join(f"async () => {call}" for call in ERRORS)
    names = result(
        run,
        f"""const hmac = await subtle.importKey('raw', text('key'), {{name: 'HMAC', hash: 'SHA-256'}}, false, ['sign']);
        const aes = await secret('AES-GCM', '00'.repeat(16), 'decrypt');
        const pair = (namedCurve) => subtle.generateKey({{name: 'ECDH', namedCurve}}, true, ['deriveBits']);
        const p256 = await pair('P-256'), p384 = await pair('P-384');
        const jwk = (more) => subtle.importKey('jwk', {{kty: 'oct', k: 'AAAA', ...more}},
            {{name: 'HMAC', hash: 'SHA-1'}}, true, ['sign']);
        const ed25519 = (x) => subtle.importKey('jwk', {{kty: 'OKP', crv: 'Ed25519', x,
            d: 'TM0Imyj_ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U-4pvs'}}, 'Ed25519', false, ['sign']);
        const names = [];
        for (const call of [{calls}]) names.push(await call().then(() => 'none', (error) => error.name));
        console.log(names)""",
    )
    assert dict(zip(ERRORS, names, strict=True)) == ERRORS


def test_errors_are_dom_exceptions(run):
    body = "const e = await subtle.digest('x', text('')).catch((e) => e); console.log(e instanceof DOMException, e.code)"
    assert result(run, body) == [True, 9]


def test_a_rejection_that_nobody_handles_is_the_scripts_error(run):
    assert run("crypto.subtle.digest('MD5', new Uint8Array())").error == "NotSupportedError: Unrecognized algorithm name"


def test_a_counter_of_few_bits_starts_again_and_never_repeats(run):
    assert result(
        run,
        """const key = await secret('AES-CTR', '00'.repeat(16), 'encrypt');
        const cipher = (last, length, size) => subtle.encrypt({name: 'AES-CTR', length,
            counter: bytes('00'.repeat(15) + last)}, key, new Uint8Array(size)).then(hex, (e) => e.name);
        const first = await cipher('00', 128, 16);
        console.log((await cipher('03', 2, 32)).slice(32) === first, await cipher('00', 2, 80))""",
    ) == [True, "OperationError"]


def test_bits_that_are_no_whole_bytes_end_with_zeros(run):
    whole, bits = result(
        run,
        """const mine = await subtle.generateKey('X25519', false, ['deriveBits']);
        const derive = async (length) => Array.from(new Uint8Array(
            await subtle.deriveBits({name: 'X25519', public: mine.publicKey}, mine.privateKey, length)));
        console.log([await derive(256), [await derive(12), await derive(16), await derive(3)]])""",
    )
    first, second, *_ = whole
    assert bits == [[first, second & 0xF0], [first, second], [first & 0xE0]]


def test_keys_can_be_wrapped_and_unwrapped_as_jwk(run):
    assert result(
        run,
        """const wrapping = await secret('AES-GCM', '07'.repeat(32), 'wrapKey', 'unwrapKey');
        const key = await subtle.generateKey({name: 'HMAC', hash: 'SHA-512'}, true, ['sign', 'verify']);
        const algorithm = {name: 'AES-GCM', iv: new Uint8Array(12)};
        const wrapped = await subtle.wrapKey('jwk', key, wrapping, algorithm);
        const again = await subtle.unwrapKey('jwk', wrapped, wrapping, algorithm, key.algorithm, true, ['verify']);
        const message = text('m');
        console.log(await subtle.verify('HMAC', again, await subtle.sign('HMAC', key, message), message), again.usages)""",
    ) == [True, ["verify"]]


def test_data_counts_as_it_was_at_the_call(run):
    assert result(
        run,
        """const data = text('abc'), digest = subtle.digest('SHA-1', data); data.fill(0);
        console.log(hex(await digest).slice(0, 8), (await digest) instanceof ArrayBuffer)""",
    ) == ["a9993e36", True]


def test_elliptic_and_secret_keys_repeat_with_a_seed():
    source = (
        HELP
        + """const pair = await subtle.generateKey({name: 'ECDSA', namedCurve: 'P-256'}, true, ['sign', 'verify']);
        const key = await subtle.generateKey({name: 'AES-GCM', length: 256}, true, ['encrypt']);
        console.log(hex(await subtle.exportKey('raw', pair.publicKey)), hex(await subtle.exportKey('raw', key)))"""
    )

    def made(seed: int):
        sandbox = Sandbox(timeout_ms=5000, entropy=Entropy(seed))
        try:
            return World(sandbox).run(source).logged
        finally:
            sandbox.close()

    assert made(7) == made(7) != made(8)


@settings(max_examples=15, deadline=None)
@given(
    data=st.binary(max_size=80),
    name=st.sampled_from(["AES-CBC", "AES-CTR", "AES-GCM"]),
    key=st.binary(min_size=16, max_size=16),
)
def test_what_is_encrypted_can_be_decrypted(child, data, name, key):
    ran = World(child).run(
        HELP
        + f"""const key = await secret('{name}', '{key.hex()}', 'encrypt', 'decrypt');
        const algorithm = {{name: '{name}', iv: new Uint8Array(16), counter: new Uint8Array(16), length: 64}};
        const sealed = await subtle.encrypt(algorithm, key, bytes('{data.hex()}'));
        console.log(hex(await subtle.decrypt(algorithm, key, sealed)))"""
    )
    assert ran.logged == [data.hex()]
