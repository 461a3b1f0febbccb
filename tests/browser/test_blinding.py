"""blind.js in Chromium: the RFC's vectors, the server's signer, and an old phone's patience."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page

from survey.collect import blind
from survey.collect.form.view import FOLDER
from tests.collect.rfc9474 import VARIANTS, read_vectors

pytestmark = pytest.mark.browser
ORIGIN = "http://blinding.test"  # not https and not localhost: there is no crypto.subtle here


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    script = (FOLDER / "blind.js").read_text(encoding="utf-8")
    page.route(f"{ORIGIN}/", lambda route: route.fulfill(body="<!doctype html><title>t</title>", content_type="text/html"))
    page.route(f"{ORIGIN}/blind.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
    page.goto(ORIGIN)
    page.evaluate("import('/blind.js').then((module) => { window.b = module; })")
    assert page.evaluate("crypto.subtle === undefined")
    yield page
    page.close()


@pytest.fixture(scope="module")
def pem() -> bytes:
    return blind.create_key()


def modulus(pem: bytes) -> str:
    return blind.modulus_of(pem).hex()


BLIND = """(modulus) => {
  const prepared = b.prepare();
  const { message, inverse } = b.blind(b.publicKey(modulus, 65537), prepared);
  return { prepared: b.toHex(prepared), message: b.toHex(message), inverse: b.toHex(inverse) };
}"""
FINALIZE = """([modulus, prepared, signed, inverse]) =>
  b.toHex(b.finalize(b.publicKey(modulus, 65537), b.fromHex(prepared), b.fromHex(signed), b.fromHex(inverse)))"""


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_browser_agrees_with_the_vectors_of_rfc_9474(page: Page, shared_data: Path, variant: str) -> None:
    vector = read_vectors(shared_data)[variant]
    made: dict[str, Any] = page.evaluate(
        """([modulus, prepared, salt, r, signed]) => {
          const key = b.publicKey(modulus, 65537, 4096);
          const { message, inverse } = b.blind(key, b.fromHex(prepared), b.fromHex(salt), BigInt(r));
          const signature = b.finalize(key, b.fromHex(prepared), b.fromHex(signed), inverse, salt.length / 2);
          return { message: b.toHex(message), inverse: b.toHex(inverse), signature: b.toHex(signature) };
        }""",
        [vector.modulus.hex(), vector.prepared.hex(), vector.salt.hex(), str(vector.r), vector.blind_signature.hex()],
    )
    assert made["message"] == vector.blinded.hex()
    assert int(made["inverse"], 16) == vector.inverse
    assert made["signature"] == vector.signature.hex()


def test_browser_and_server_make_a_credential_together(page: Page, pem: bytes) -> None:
    made = page.evaluate(BLIND, modulus(pem))
    signed = blind.blind_sign(pem, bytes.fromhex(made["message"]))
    signature = page.evaluate(FINALIZE, [modulus(pem), made["prepared"], signed.hex(), made["inverse"]])
    assert blind.verify(blind.modulus_of(pem), bytes.fromhex(made["prepared"]), bytes.fromhex(signature))


def test_no_two_blindings_of_the_browser_are_alike(page: Page, pem: bytes) -> None:
    made = [page.evaluate(BLIND, modulus(pem)) for _ in range(3)]
    for part in ("prepared", "message", "inverse"):
        assert len({one[part] for one in made}) == 3


def test_a_signature_with_another_key_is_noticed(page: Page, pem: bytes) -> None:
    made = page.evaluate(BLIND, modulus(pem))
    for wrong in (b"\1" * 384, bytes.fromhex(made["message"]), b"\1" * 383):
        with pytest.raises(Error, match="signature"):
            page.evaluate(FINALIZE, [modulus(pem), made["prepared"], wrong.hex(), made["inverse"]])


@pytest.mark.parametrize("fault", ["short", "long", "even", "exponent", "text", "empty"])
def test_a_key_that_is_not_what_it_should_be_is_refused(page: Page, pem: bytes, fault: str) -> None:
    good = modulus(pem)
    n, e = {
        "short": (good[1:], 65537),
        "long": ("1" + good, 65537),
        "even": (good[:-1] + "0", 65537),
        "exponent": (good, 3),
        "text": ("x" * 768, 65537),
        "empty": ("", 65537),
    }[fault]
    assert page.evaluate("([n, e]) => b.publicKey(n, e).bits", [good, 65537]) == 3072
    with pytest.raises(Error, match="key"):
        page.evaluate("([n, e]) => b.publicKey(n, e).bits", [n, e])


def test_both_sides_show_the_same_fingerprint(page: Page, pem: bytes) -> None:
    shown = page.evaluate("(modulus) => b.fingerprint(b.publicKey(modulus, 65537))", modulus(pem))
    assert shown == blind.fingerprint(blind.modulus_of(pem))


@pytest.mark.parametrize("length", [0, 1, 111, 112, 127, 128, 239, 240, 400])
def test_the_browsers_sha_384_is_sha_384(page: Page, length: int) -> None:
    content = bytes(i % 251 for i in range(length))
    assert page.evaluate("(hex) => b.toHex(b.sha384(b.fromHex(hex)))", content.hex()) == hashlib.sha384(content).hexdigest()


REFERENCE = """(modulus) => {
  const n = BigInt('0x' + modulus);
  let value = n >> 1n;
  for (let i = 0; i < 3072; i++) value = (value * value) % n;
  return value > 0n;
}"""


def test_blinding_costs_a_phone_no_more_than_a_few_exponentiations(page: Page, pem: bytes) -> None:
    """Against 3,072 squarings of the browser's own numbers, on the same processor; seconds on an old phone: benchmarks/phone.py."""
    took = "async ([work, argument]) => { const began = performance.now(); await (0, eval)(work)(argument); return performance.now() - began; }"
    n = modulus(pem)
    made = page.evaluate(BLIND, n)
    signed = blind.blind_sign(pem, bytes.fromhex(made["message"]))
    finalize = [n, made["prepared"], signed.hex(), made["inverse"]]
    reference, blinding, finishing = (
        min(page.evaluate(took, [work, argument]) for _ in range(5))
        for work, argument in ((REFERENCE, n), (BLIND, n), (FINALIZE, finalize))
    )
    assert blinding + finishing < reference, (blinding, finishing, reference)  # a tenth of it; a private key's power is all of it
