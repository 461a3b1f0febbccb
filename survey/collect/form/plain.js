// The plain page /p: configuration from the page, fetch to the server, the form mounted.
import { mount } from "./form.js";

const TIMEOUT_MS = 15000;
const config = JSON.parse(document.getElementById("ln-config").textContent);
const base = location.pathname.replace(/\/+$/, "");

/** What may be better in a moment (no network, 5xx, 429, not JSON) rejects: the form then tries again. */
async function post(path, body) {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), TIMEOUT_MS);
  const answer = await fetch(base + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    credentials: "omit",
    cache: "no-store",
    signal: abort.signal,
  });
  if (answer.status >= 500 || answer.status === 429) throw new Error("busy");
  return answer.json();
}

// The history of a shared computer must not keep the code; the form remembers it for this tab.
const address = new URL(location.href);
if (address.searchParams.has("code")) {
  address.searchParams.delete("code");
  history.replaceState(history.state, "", address);
}

mount(document.getElementById("ln"), config, {
  open: (code) => post("/open", { code, lang: config.lang }),
  send: (ballot) => post("/submit", ballot),
});
