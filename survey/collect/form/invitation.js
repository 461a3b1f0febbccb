// The page /i: a personal invitation becomes a credential. What is blinded stays in this browser, and asking again for the
// same invitation sends the same blinded message, so that a lost answer costs nothing.
// No BigInt literal here: a browser that does not know them must still be told so.
import { post, quietly } from "./post.js";

const config = JSON.parse(document.getElementById("ln-config").textContent);
const base = location.pathname.replace(/\/+$/, "");
const [token, promised] = location.hash.slice(1).split("."); // signs of the key, as the letter prints them; none in old letters
const root = document.getElementById("ln");

const t = (key, values = {}) => Object.keys(values).reduce((text, name) => text.split(`{${name}}`).join(values[name]), config.strings[key]);

function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter(Boolean));
  return node;
}
const p = (text, style) => text && h("p", { class: style }, text);
const alarm = (text) => h("p", { class: "err", role: "alert" }, text);
const list = (...keys) => h("ul", {}, keys.map((key) => h("li", {}, t(key))));
const bar = (...buttons) => h("div", { class: "bar" }, buttons.filter(Boolean));
const button = (text, onclick, props) => h("button", { type: "button", onclick, ...props }, text);

function show(title, ...nodes) {
  const heading = h("h1", { tabindex: "-1" }, title);
  const body = h("div", { class: "body" }, h("div", { class: "top" }), heading, nodes.flat().filter(Boolean));
  root.textContent = "";
  root.append(h("div", { class: "ln-form", lang: config.lang }, body));
  heading.focus({ preventScroll: true });
}

const toCode = () => bar(button(t("to_code"), () => location.assign(base.replace(/i$/, "p")), { class: "main" }));

const ask = (path, body) => post(base + path, { ...body, token, lang: config.lang });

/** What this browser holds of the invitation: {prepared, inverse, blinded, signature, ...}. It may refuse to keep anything. */
let state = null;
const nameOf = (b) => "lni:" + b.toHex(b.sha384(Uint8Array.from(token, (char) => char.charCodeAt(0)))).slice(0, 32);
const keep = (b) => quietly(() => (localStorage.setItem(nameOf(b), JSON.stringify(state)), true));

function before(b, invitation) {
  const line = h("p", { class: "err", role: "alert" });
  const act = button(t("collect"), async () => {
    act.disabled = true;
    act.textContent = t("busy");
    line.textContent = "";
    await new Promise((done) => setTimeout(done, 30)); // the button is drawn before the reckoning
    line.textContent = await collect(b, invitation);
    act.disabled = false;
    act.textContent = t("collect");
  }, { class: "main", id: "ln-collect" });
  show(t("title"),
    p([invitation.title, h("br"), t("unit", { unit: invitation.unit_name })], "lead"),
    list("how_once", "how_blind", "how_here"),
    signs(b, invitation),
    line,
    bar(act));
}

/** Blinds (once), asks for the signature, uncovers it. Returns what went wrong. */
async function collect(b, invitation) {
  const key = b.publicKey(invitation.modulus, invitation.exponent);
  if (!state) {
    const prepared = b.prepare();
    const made = b.blind(key, prepared);
    state = { ...invitation, prepared: b.toHex(prepared), inverse: b.toHex(made.inverse), blinded: b.toHex(made.message) };
  }
  keep(b); // before it is sent: an answer that is lost on the way can be asked for again
  const reply = await ask("/collect", { blinded: state.blinded }).catch(() => null);
  if (!reply) return t("offline");
  if (reply.error) return reply.error.message;
  try {
    state.signature = b.toHex(b.finalize(key, b.fromHex(state.prepared), b.fromHex(reply.signature), b.fromHex(state.inverse)));
  } catch (error) {
    return t("wrong_signature");
  }
  ready(b, keep(b));
  return "";
}

function signs(b, { modulus, exponent, unit_name }) {
  return h("section", { class: "card" },
    h("h2", {}, t("key")),
    h("p", { class: "receipt", id: "ln-signs" }, b.fingerprint(b.publicKey(modulus, exponent))),
    p(t("key_help", { unit: unit_name }), "help"));
}

function ready(b, kept) {
  const { wave, unit, prepared, signature } = state;
  const credential = encodeURIComponent(JSON.stringify({ wave, unit, message: prepared, signature }));
  const target = `${base}/form?lang=${config.lang}#credential=${credential}`;
  const forget = () => {
    if (!confirm(t("forget_confirm"))) return;
    quietly(() => localStorage.removeItem(nameOf(b)));
    show(t("title"), p(t("forgotten"), "info"));
  };
  const saved = h("input", { type: "text", id: "ln-address", readonly: true, value: new URL(target, location.href).href, onfocus: ({ target }) => target.select() });
  show(t("ready"),
    p([state.title, h("br"), t("unit", { unit: state.unit_name })], "lead"),
    state.opens && p(t("opens", { day: state.opens }), "info"),
    p(t("later")),
    p(t(kept ? "kept" : "not_kept"), kept ? "" : "warn"),
    h("div", { class: "card" }, h("label", { for: "ln-address" }, t("address")), saved),
    signs(b, state),
    p(button(t("forget"), forget)),
    !state.opens && bar(button(t("answer"), () => location.assign(target), { class: "main", id: "ln-answer" })));
}

async function begin() {
  if (!config.secure) return show(t("title"), p(t("insecure"), "warn"), p(t("slip")), toCode());
  if (!token) return show(t("title"), alarm(t("no_token")));
  show(t("title"), p(t("loading")));
  const b = await import("./blind.js").catch(() => null);
  if (!b) return show(t("title"), p(t("old"), "warn"), toCode());
  state = quietly(() => JSON.parse(localStorage.getItem(nameOf(b))));
  const exchanged = ({ modulus, exponent }) => promised && b.fingerprint(b.publicKey(modulus, exponent)) !== promised;
  const warn = () => show(t("title"), alarm(t("other_key")));
  if (state && exchanged(state)) return warn();
  if (state && state.signature && !state.opens) return ready(b, true);
  const reply = await ask("/open", {}).catch(() => null);
  if (!reply) return show(t("title"), alarm(t("offline")), bar(button(t("again"), begin, { class: "main" })));
  if (reply.error) return show(t("title"), alarm(reply.error.message));
  if (exchanged(reply.invitation)) return warn();
  if (state) state.opens = reply.invitation.opens;
  if (state && state.signature) return ready(b, keep(b));
  before(b, reply.invitation);
}

addEventListener("hashchange", () => location.reload());
begin();
