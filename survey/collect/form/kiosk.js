// The page /p?kiosk=1 of a device that many use one after the other: nothing of one person is left for the next.
// The form has no disks here (config.kiosk); this page takes care of the screen, the history and the memory of the tab.
import { mount } from "./form.js";
import { post, quietly } from "./post.js";

const SECONDS = { steps: 120, code: 120, failed: 120, receipt: 20 }; // of nobody touching
const WARNED = 30;

const config = JSON.parse(document.getElementById("ln-config").textContent);
const root = document.getElementById("ln");
const base = location.pathname.replace(/\/+$/, "");
const home = location.pathname + "?kiosk=1";

// A code in the address is not taken, and does not stay there; drafts of a time when this was no kiosk go.
const address = new URL(location.href);
if (address.searchParams.has("code")) {
  address.searchParams.delete("code");
  history.replaceState(null, "", address);
}
for (const kind of ["sessionStorage", "localStorage"])
  quietly(() => Object.keys(window[kind]).filter((key) => key.startsWith("ln:")).forEach((key) => window[kind].removeItem(key)));

const form = mount(root, config, {
  open: (code) => post(base + "/open", { code, lang: config.lang }),
  send: (ballot) => post(base + "/submit", { ...ballot, lang: config.lang }),
});

const t = (key, n) => config.strings[key].split("{n}").join(n);
const line = document.createElement("p");
const stay = document.createElement("button");
const strip = document.createElement("div");
strip.className = "kiosk banner";
strip.hidden = true;
strip.append(line, stay);
stay.type = "button";
stay.textContent = t("kiosk_stay");
root.firstChild.prepend(strip);
const said = document.createElement("p"); // once for a screen reader, not every second
said.className = "sr";
said.setAttribute("role", "alert");
root.firstChild.append(said);

let shown = ""; // what the last tick saw
let last = Date.now(); // a device that slept is late, not slow: the clock counts, not the ticks
const touched = () => (last = Date.now());

/** A new document from the server: another language, a typed code, anything in the tab's memory goes with the old one. */
function renew() {
  const idle = () => !form.screen();
  fetch(home, { credentials: "omit", cache: "no-store" })
    .then((page) => page.ok && idle() && location.replace(home))
    .catch(() => null); // without a line the wiped page serves as well
}

function tick() {
  const screen = form.screen();
  if (screen !== shown) touched();
  if (shown && !screen) renew();
  shown = screen;
  const left = screen ? Math.ceil(SECONDS[screen] - (Date.now() - last) / 1000) : Infinity;
  if (left <= 0) {
    form.leave();
    tick();
    return;
  }
  const warn = left <= WARNED;
  if (warn) line.textContent = t("kiosk_return", left);
  if (warn && strip.hidden) said.textContent = line.textContent;
  if (!warn) said.textContent = "";
  strip.hidden = !warn;
}

for (const kind of ["pointerdown", "keydown", "input", "wheel", "touchmove"])
  addEventListener(kind, () => (tick(), touched(), tick()), { passive: true });
addEventListener("visibilitychange", tick);
setInterval(tick, 500);

// Back goes one step back inside the form and never out of it, nor to what somebody saw before.
history.pushState(null, "");
addEventListener("popstate", () => {
  history.pushState(null, "");
  form.back();
});
// Left all the same: a page that the browser keeps in memory for "forward" is an empty one.
addEventListener("pagehide", () => form.screen() && form.leave());
