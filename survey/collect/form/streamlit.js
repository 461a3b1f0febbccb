// Streamlit's wrapper. Python joins form.js (with "export function mount" turned into "function mount") and this file
// into one component. A trigger asks, `data.reply = {request, value}` answers; both carry the same number.

const ANSWER_MS = 8000; // a trigger fired while the websocket is down is lost without a word
const instances = new WeakMap(); // parentElement survives re-renders, and so must what was typed

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
  // The place Streamlit gives also holds its own style element, hence a child of our own.
  const place = document.createElement("div");
  parent.append(place);
  state.form = mount(place, config, { open: (code) => ask("open", { code }), send: (ballot) => ask("send", ballot) });
  return state;
}

export default function (component) {
  const parent = component.parentElement;
  const { reply, ...config } = component.data;
  config.theme = themeOf(parent);
  let state = instances.get(parent);
  if (!state) {
    state = start(parent, component, config);
    instances.set(parent, state);
  }
  state.fire = component.setTriggerValue;
  state.answer(reply);
  state.form.update(config);
  return () => {
    state.form.destroy();
    instances.delete(parent);
  };
}
