const root = document.getElementById("join");
const words = config.words;
let token = decodeURIComponent(location.hash.slice(1));

function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter(Boolean));
  return node;
}
const p = (text, style) => text && h("p", { class: style }, text);
const alarm = () => h("p", { class: "err", role: "alert" });

/** What may be better in a moment is said as such; nothing is asked again by itself. */
async function ask(path, body) {
  return send(path, { "Content-Type": "application/json" }, JSON.stringify({ ...body, token, lang: config.lang }));
}

async function send(path, headers, body) {
  try {
    const answer = await fetch("/join/" + path, { method: "POST", headers, body, credentials: "same-origin", cache: "no-store" });
    if (answer.status === 413) return { error: { status: "too-large", message: words.too_large } };
    return await answer.json();
  } catch (error) {
    return { error: { status: "no-line", message: words.no_line } };
  }
}

function show(title, ...nodes) {
  const heading = h("h1", { tabindex: "-1" }, title);
  const other = h("a", { class: "other", href: "?lang=" + config.other[0] + location.hash, lang: config.other[0], hreflang: config.other[0] }, config.other[1]);
  root.textContent = "";
  root.append(heading, ...nodes.flat().filter(Boolean), h("div", {}, other));
  document.title = title;
  heading.focus({ preventScroll: true });
}

function field(id, label, help, props) {
  const input = h("input", { id, name: id, required: true, "aria-describedby": help ? id + "-help" : null, ...props });
  return [input, h("div", { class: "field" }, h("label", { for: id }, label), input, help && h("small", { id: id + "-help" }, help))];
}

/** A form whose button is asked once at a time; `act` gives the text of what went wrong. */
function form(button, act, ...nodes) {
  const line = alarm();
  const go = h("button", { type: "submit" }, button);
  const whole = h("form", { novalidate: true, onsubmit: async (event) => {
    event.preventDefault();
    go.disabled = true;
    go.textContent = words.busy;
    line.textContent = "";
    line.textContent = (await act()) || "";
    go.disabled = false;
    go.textContent = button;
  } }, ...nodes, line, go);
  return whole;
}

function askToken(refused) {
  const [input, box] = field("token", words.token, words.token_help, { autocomplete: "off", autocapitalize: "none", spellcheck: "false" });
  show(words.title, form(words.next, async () => {
    token = input.value.trim();
    return begin();
  }, box), refused && p(refused, "soft"));
}

/** The refusal in place of a form: with a link that opens nothing there is nothing to fill in. */
function refuse(error) {
  const line = alarm();
  show(words.title, line, h("a", { class: "way", href: "/login?lang=" + config.lang }, words.sign_in));
  line.textContent = error.message;
}

function choose(offered) {
  const nodes = [];
  let name = null;
  if (offered.first) {
    const [input, box] = field("name", words.name, words.name_help, { type: "text", autocomplete: "username", autocapitalize: "none", spellcheck: "false", maxlength: config.longest });
    name = input;
    nodes.push(box);
  } else {
    // For those who keep passwords in their browser.
    nodes.push(h("input", { type: "text", name: "username", autocomplete: "username", "aria-label": words.name, value: offered.account, hidden: true, readonly: true }));
  }
  const [password, first] = field("password", words.password, "", { type: "password", autocomplete: "new-password" });
  const [again, second] = field("again", words.again, "", { type: "password", autocomplete: "new-password" });
  const seen = h("input", { type: "checkbox", id: "seen", onchange: () => {
    password.type = again.type = seen.checked ? "text" : "password";
  } });
  nodes.push(first, second, h("label", { class: "check", for: "seen" }, seen, words.show));
  const act = async () => {
    const said = await ask("choose", { password: password.value, again: again.value, name: name ? name.value : "" });
    if (!said.error) {
      history.replaceState(null, "", location.pathname);  // the link is of no more use, to the history neither
      location.assign(said.next + "?lang=" + config.lang);
      return words.busy;
    }
    if (said.error.status.startsWith("link-") || said.error.status === "set-up-already") refuse(said.error);
    return said.error.message;
  };
  show(offered.first ? words.first_title : words.title,
    p(offered.hello + " " + offered.may),
    p(words.rule),
    form(words.go, act, ...nodes),
    p(offered.until, "soft"),
    offered.restore && h("p", { class: "also" }, words.had_one + " ", h("button", { type: "button", class: "plain", onclick: () => restore(offered) }, words.restore_title)));
}

/** A backup in place of the first account. */
function restore(offered) {
  const [file, box] = field("file", words.file, words.file_help, { type: "file", accept: ".zip,application/zip" });
  const wait = h("p", { class: "soft", role: "status" });
  const act = async () => {
    if (!file.files.length) return words.no_file;
    wait.textContent = words.restoring;
    const said = await send("restore?lang=" + config.lang, { "Content-Type": "application/zip", "X-Set-Up-Link": token }, file.files[0]);
    wait.textContent = "";
    if (said.error) return said.error.message;
    const next = said.accounts
      ? h("a", { class: "way", href: "/login?lang=" + config.lang }, words.sign_in)
      : h("button", { type: "button", onclick: () => begin() }, words.next);
    if (said.accounts) history.replaceState(null, "", location.pathname);
    show(words.restored, ...said.done.map((one) => p(one)), ...said.notes.map((one) => p(one, "err")), next);
    return "";
  };
  show(words.restore_title,
    p(words.restore_rule),
    form(words.restore, act, box, wait),
    p(offered.until, "soft"),
    h("button", { type: "button", class: "plain", onclick: () => choose(offered) }, words.back));
}

async function begin() {
  if (!token) return askToken();
  const offered = await ask("open", {});
  if (!offered.error) return choose(offered);
  if (offered.error.status === "no-line" || offered.error.status === "busy") return void askAgain(offered.error.message);
  refuse(offered.error);
  return "";
}

function askAgain(message) {
  const line = alarm();
  show(words.title, line, h("button", { type: "button", onclick: () => begin() }, words.next));
  line.textContent = message;
}

addEventListener("hashchange", () => {
  token = decodeURIComponent(location.hash.slice(1));
  if (token) begin();
});
begin();
