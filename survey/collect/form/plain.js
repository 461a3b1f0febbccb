// The plain page /p: reads its configuration from the page, talks to the server with fetch, mounts the form.
import { mount } from "./form.js";

const TIMEOUT_MS = 15000;
const config = JSON.parse(document.getElementById("ln-config").textContent);
const base = location.pathname.replace(/\/+$/, "");

/** Anything that may be better in a moment (no network, 5xx, 429, not JSON) rejects, so that the form tries again. */
async function post(path, body) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const answer = await fetch(base + path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      signal: abort.signal,
    });
    if (answer.status >= 500 || answer.status === 429) throw new Error("busy");
    return await answer.json();
  } finally {
    clearTimeout(timer);
  }
}

// A shared computer's history must not keep the code; the form remembers it for this tab only.
const address = new URL(location.href);
if (address.searchParams.has("code")) {
  address.searchParams.delete("code");
  history.replaceState(history.state, "", address);
}

mount(document.getElementById("ln"), config, {
  open: (code) => post("/open", { code, lang: config.lang }),
  send: (ballot) => post("/submit", ballot),
});
