// One step of the protocol, done by @cloudflare/blindrsa-ts. Standard input: {act, ...} with hexadecimal values and keys as JWK.
import { RSABSSA } from "@cloudflare/blindrsa-ts";
import { readFileSync } from "node:fs";

const suite = RSABSSA.SHA384.PSS.Randomized();
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const bytes = (text) => new Uint8Array(Buffer.from(text, "hex"));
const read = (jwk, use) => crypto.subtle.importKey("jwk", jwk, { name: "RSA-PSS", hash: "SHA-384" }, true, [use]);

const acts = {
  async blind({ key }) {
    const prepared = suite.prepare(crypto.getRandomValues(new Uint8Array(32)));
    const { blindedMsg, inv } = await suite.blind(await read(key, "verify"), prepared);
    return { prepared: hex(prepared), message: hex(blindedMsg), inverse: hex(inv) };
  },
  async sign({ key, message }) {
    return { signed: hex(await suite.blindSign(await read(key, "sign"), bytes(message))) };
  },
  async finalize({ key, prepared, signed, inverse }) {
    return { signature: hex(await suite.finalize(await read(key, "verify"), bytes(prepared), bytes(signed), bytes(inverse))) };
  },
  async verify({ key, prepared, signature }) {
    return { valid: await suite.verify(await read(key, "verify"), bytes(signature), bytes(prepared)) };
  },
};

const { act, ...given } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(await acts[act](given)));
