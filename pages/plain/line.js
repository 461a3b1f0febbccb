// Figures whose server no longer answers are dimmed and say so; `said` stands before this file. Streamlit notices a closed socket only,
// after a while, and a silent one never: then a new filter stands above old figures.
const FIGURES = /^\/(results-|organize-|public)/; // the form has a sentence of its own, and goes on without a line
// Milliseconds: asked twice, for a busy server may miss once; two seconds after the line was lost it is said.
const EVERY = 600, PATIENCE = 700, SLOW = 4000;
const READING = 60; // seconds after the last touch in which a page counts as being read; then it asks less often
const IDLE = 20; // seconds
let touched = Date.now(), asked = 0, met = false;

for (const kind of ["pointermove", "pointerdown", "keydown", "scroll", "focus", "visibilitychange"]) {
  addEventListener(kind, () => { touched = Date.now(); }, { capture: true, passive: true });
}

const bar = document.createElement("p");
bar.className = "ln-line";
bar.setAttribute("role", "alert");
const style = document.createElement("style");
style.textContent = `.ln-line { position: fixed; inset: 0 0 auto 0; z-index: 1000000; margin: 0; padding: .7rem 1rem; background: #7A2E00; color: #fff;
  font: 600 1rem/1.4 system-ui, sans-serif; text-align: center; } .ln-line:empty { display: none; }
  .ln-lost [data-testid="stMainBlockContainer"] { opacity: .6; }`;
document.head.append(style);
document.body.append(bar);

function say(lost) {
  document.documentElement.classList.toggle("ln-lost", lost);
  if (bar.textContent !== (lost ? said : "")) bar.textContent = lost ? said : "";
}

async function heard(patience) {
  try {
    await fetch("/line", { cache: "no-store", signal: AbortSignal.timeout(patience) });
    return true;
  } catch {
    return false;
  }
}

async function answers() {
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app || !app.hasAttribute("data-test-connection-state")) return true; // still loading
  if (!navigator.onLine) return false;
  // A run that has begun is an answer under way: on a weak line it takes what room there is.
  const patience = app.getAttribute("data-test-script-state") === "running" ? SLOW : PATIENCE;
  if (!(await heard(patience)) && !(await heard(PATIENCE))) return false;
  const connected = app.getAttribute("data-test-connection-state") === "CONNECTED";
  met ||= connected;
  return connected || !met; // until then it is still loading
}

async function ask() {
  const reading = !document.hidden && Date.now() - touched < READING * 1000;
  if (!FIGURES.test(location.pathname)) say(false);
  else if (reading || document.documentElement.classList.contains("ln-lost") || Date.now() - asked > IDLE * 1000) {
    asked = Date.now();
    say(!(await answers()));
  }
  setTimeout(ask, EVERY);
}
addEventListener("offline", () => { if (FIGURES.test(location.pathname)) say(true); });
ask();
