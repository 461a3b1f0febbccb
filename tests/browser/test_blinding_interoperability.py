"""blind.py and blind.js against an independent implementation of RFC 9474: npm's @cloudflare/blindrsa-ts, under node."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from survey.collect import blind
from survey.collect.form.view import FOLDER
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.browser
NODE_FOLDER = REPOSITORY / "tests" / "node"


@pytest.fixture(scope="session")
def node() -> str:
    """The node program. Its absence is a failure, not a reason to skip: `make test` brings everything."""
    found = shutil.which("node")
    if found is None:
        pytest.fail("node is missing: install nodejs and npm (20 or newer), or run `make test`, which does.")
    if not (NODE_FOLDER / "node_modules" / "@cloudflare" / "blindrsa-ts").is_dir():
        pytest.fail("the independent implementation is missing: run `npm ci` in tests/node, or `make test`, which does.")
    return found


@pytest.fixture(scope="module")
def pem() -> bytes:
    return blind.create_key()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    script = (FOLDER / "blind.js").read_text(encoding="utf-8")
    page.route("http://blinding.test/", lambda route: route.fulfill(body="<!doctype html><title>t</title>", content_type="text/html"))
    page.route("http://blinding.test/blind.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
    page.goto("http://blinding.test/")
    page.evaluate("import('/blind.js').then((module) => { window.b = module; })")
    yield page
    page.close()


def theirs(node: str, act: str, **given: Any) -> dict[str, Any]:
    asked = json.dumps({"act": act, **given})
    done = subprocess.run([node, "blindrsa.mjs"], input=asked, cwd=NODE_FOLDER, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def jwk(pem: bytes, private: bool = False) -> dict[str, str]:
    key = blind._private(pem)
    values = {"n": key.public_numbers.n, "e": 65537}
    if private:
        values |= {"d": key.d, "p": key.p, "q": key.q, "dp": key.dmp1, "dq": key.dmq1, "qi": key.iqmp}
    coded = {name: base64.urlsafe_b64encode(v.to_bytes(-(-v.bit_length() // 8), "big")).rstrip(b"=").decode() for name, v in values.items()}
    return {"kty": "RSA", "alg": "PS384", **coded}


def test_their_client_and_our_signer(node: str, pem: bytes) -> None:
    made = theirs(node, "blind", key=jwk(pem))
    signed = blind.blind_sign(pem, bytes.fromhex(made["message"])).hex()
    done = theirs(node, "finalize", key=jwk(pem), prepared=made["prepared"], signed=signed, inverse=made["inverse"])
    assert blind.verify(blind.modulus_of(pem), bytes.fromhex(made["prepared"]), bytes.fromhex(done["signature"]))


def test_our_python_client_and_their_signer(node: str, pem: bytes) -> None:
    modulus, prepared = blind.modulus_of(pem), blind.prepare(bytes(32))
    made = blind.blind(modulus, prepared)
    signed = bytes.fromhex(theirs(node, "sign", key=jwk(pem, private=True), message=made.message.hex())["signed"])
    assert signed == blind.blind_sign(pem, made.message)
    signature = blind.finalize(modulus, prepared, signed, made.inverse)
    assert theirs(node, "verify", key=jwk(pem), prepared=prepared.hex(), signature=signature.hex())["valid"]


def test_our_browser_client_and_their_signer(node: str, pem: bytes, page: Page) -> None:
    modulus = blind.modulus_of(pem).hex()
    made = page.evaluate(
        """(modulus) => {
          const prepared = b.prepare();
          const made = b.blind(b.publicKey(modulus, 65537), prepared);
          return { prepared: b.toHex(prepared), message: b.toHex(made.message), inverse: b.toHex(made.inverse) };
        }""",
        modulus,
    )
    signed = theirs(node, "sign", key=jwk(pem, private=True), message=made["message"])["signed"]
    signature = page.evaluate(
        """([modulus, prepared, signed, inverse]) =>
          b.toHex(b.finalize(b.publicKey(modulus, 65537), b.fromHex(prepared), b.fromHex(signed), b.fromHex(inverse)))""",
        [modulus, made["prepared"], signed, made["inverse"]],
    )
    assert theirs(node, "verify", key=jwk(pem), prepared=made["prepared"], signature=signature)["valid"]
    # Their verifier is not a rubber stamp.
    changed = signature[:-2] + ("00" if signature[-2:] != "00" else "01")
    assert not theirs(node, "verify", key=jwk(pem), prepared=made["prepared"], signature=changed)["valid"]
