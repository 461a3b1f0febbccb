// Takes the first look away when the page it stood for is drawn, and leaves the reader where he was reading.
(() => {
const glance = document.getElementById("ln-glance");
const page = document.getElementById("root");

function look() {
  const app = document.querySelector('[data-testid="stApp"]'), main = document.querySelector('[data-testid="stMain"]');
  const drawn = app && main && main.querySelector("h1") && app.getAttribute("data-test-script-state") === "notRunning"
    && app.getAttribute("data-test-connection-state") === "CONNECTED" && !main.querySelector('[data-testid="stSkeleton"]');
  if (!drawn) return setTimeout(look, 50);
  page.inert = false;
  main.scrollTop = glance.scrollTop;
  glance.remove();
}

if (glance) {
  page.inert = true; // nobody wanders with the keyboard into what he does not see yet
  look();
}
})();
