// The plain page /p: configuration from the page, the form mounted.
import { mount } from "./form.js";
import { post } from "./post.js";

const config = JSON.parse(document.getElementById("ln-config").textContent);
const base = location.pathname.replace(/(\/preview)?\/*$/, "");

// The history of a shared computer must not keep the code; the form remembers it for this tab.
const address = new URL(location.href);
if (address.searchParams.has("code")) {
  address.searchParams.delete("code");
  history.replaceState(history.state, "", address);
}

mount(document.getElementById("ln"), config, {
  open: (code) => post(base + "/open", { code, lang: config.lang }),
  send: (ballot) => post(base + "/submit", { ...ballot, lang: config.lang }),
});
