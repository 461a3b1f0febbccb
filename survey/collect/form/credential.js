// The page /i/form: the form, opened with an invitation's credential instead of a code.
import { mount } from "./form.js";
import { post, quietly } from "./post.js";

const KEPT = "ln:credential";
const config = JSON.parse(document.getElementById("ln-config").textContent);
const server = location.pathname.replace(/i\/form\/*$/, "p");
const root = document.getElementById("ln");

/** From the fragment, which browsers send to nobody and their history need not keep; then kept for a reload of this tab. */
function take() {
  const found = /^#credential=(.+)$/.exec(location.hash);
  if (!found) return quietly(() => JSON.parse(sessionStorage.getItem(KEPT)));
  history.replaceState(history.state, "", location.pathname + location.search);
  const credential = quietly(() => JSON.parse(decodeURIComponent(found[1])));
  quietly(() => sessionStorage.setItem(KEPT, JSON.stringify(credential)));
  return credential;
}

/** Once its form is sent, a credential is of no use to anybody. */
function drop({ message }) {
  quietly(() => sessionStorage.removeItem(KEPT));
  const same = (key) => key.startsWith("lni:") && localStorage.getItem(key).includes(message);
  quietly(() => Object.keys(localStorage).filter(same).forEach((key) => localStorage.removeItem(key)));
}

/** The form behind the credential; tries until there is an answer. */
async function open(credential) {
  const line = document.createElement("p");
  line.className = "ln-form";
  line.setAttribute("role", "status");
  root.textContent = "";
  root.append(line);
  for (let wait = 1; ; wait = Math.min(2 * wait, 15)) {
    line.textContent = config.strings[wait > 1 ? "open_offline" : "open_busy"];
    const reply = await post(server + "/open", { credential, lang: config.lang }).catch(() => null);
    if (reply) return reply;
    await new Promise((done) => setTimeout(done, 1000 * wait));
  }
}

async function begin() {
  const credential = take() || {};
  const { form, error, illustrative } = await open(credential);
  if (error) quietly(() => sessionStorage.removeItem(KEPT));
  mount(root, { ...config, form: form || null, error: error || null, illustrative }, {
    open: (code) => post(server + "/open", { code, lang: config.lang }),
    // Whoever types a code after all is let in by the code.
    async send({ code, ...ballot }) {
      const reply = await post(server + "/submit", code ? { code, ...ballot } : { credential, ...ballot });
      if (!code && ["received", "already"].includes(reply.status)) drop(credential);
      return reply;
    },
  });
}

addEventListener("hashchange", () => location.hash && location.reload());
begin();
