// Streamlit's wrapper, which loader.js brings in. Streamlit's own connection carries what the form asks: a trigger asks,
// `reply = {request, value}` in `data` answers, both with the same number. Where the configuration says so (`straight`) the form asks
// where /p's form asks, and that connection is for where something on the way does not let it through. The configuration comes
// with a whole run of the page, a reply may come without it.
import { mount } from "./form.js";
import { post } from "./post.js";

const ANSWER_MS = 8000; // a trigger fired while the websocket is down is lost without a word
const STYLE_MS = 2000;
const instances = new WeakMap(); // parentElement survives re-renders, and so must what was typed
const styles = new WeakMap(); // parentElement -> when its style is there
let known = {}; // the configuration that came last

/** Streamlit's own theme wins over the system's: the darker of the two backgrounds decides. */
function themeOf(element) {
  const node = element.host || element;
  const match = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(getComputedStyle(node).getPropertyValue("--st-background-color").trim());
  if (!match) return undefined;
  const [red, green, blue] = match.slice(1).map((part) => parseInt(part, 16));
  return 0.3 * red + 0.59 * green + 0.11 * blue < 128 ? "dark" : "light";
}

function start(parent, component, config) {
  const waiting = new Map();
  const state = { fire: component.setTriggerValue, form: null, answer: null };
  // Not from 1: an old reply of the same Streamlit session must not answer a new question.
  let request = Math.floor(Math.random() * 1e9);
  const ask = (name, payload) =>
    new Promise((resolve, reject) => {
      const number = ++request;
      const timer = setTimeout(() => {
        waiting.delete(number);
        reject(new Error("no reply"));
      }, ANSWER_MS);
      waiting.set(number, (value) => {
        clearTimeout(timer);
        waiting.delete(number);
        if (value && value.status === "busy") reject(Object.assign(new Error("busy"), { said: value.message }));
        else resolve(value);
      });
      state.fire(name, Object.assign({}, payload, { request: number }));
    });
  state.answer = (reply) => {
    const resolve = reply && waiting.get(reply.request);
    if (resolve) resolve(reply.value);
  };
  /** What is not ours to answer with (a proxy's page) is not JSON; no line at all is the form's own business. */
  const asked = (name, path, payload) => {
    if (!config.straight) return ask(name, payload);
    return post(path, payload).catch((error) => {
      if (error.name === "SyntaxError") return ask(name, payload);
      throw error;
    });
  };
  // The place Streamlit gives also holds its own style element, hence a child of our own.
  const place = document.createElement("div");
  parent.append(place);
  state.form = mount(place, config, {
    open: (code) => asked("open", "/p/open", { code, lang: config.lang }),
    send: (ballot) => asked("send", "/p/submit", { ...ballot, lang: config.lang }),
  });
  return state;
}

/** The style sheet is there before the form is: nobody sees it bare. One that does not come now is asked for again. */
function styled(parent, address) {
  const ask = (found) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = address;
    link.onload = () => found();
    link.onerror = () => {
      link.remove();
      setTimeout(ask, STYLE_MS, found);
    };
    parent.append(link);
  };
  if (!styles.has(parent)) styles.set(parent, new Promise(ask));
  return styles.get(parent);
}

export async function show(component, style) {
  const parent = component.parentElement;
  await styled(parent, style);
  const [{ reply, whole }] = component.data;
  known = { ...known, ...whole, theme: themeOf(parent) };
  let state = instances.get(parent);
  if (!state) {
    state = start(parent, component, known);
    instances.set(parent, state);
  }
  state.fire = component.setTriggerValue;
  state.answer(reply);
  state.form.update(known);
  return () => {
    state.form.destroy();
    instances.delete(parent);
  };
}
