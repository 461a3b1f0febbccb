// The respondent's form: one small module, hosted by the plain page /p (plain.js) and by Streamlit (streamlit.js).
// Native radios and textareas in fieldsets; a draft in the browser; a server is reached only through `host`. Written
// for old phones (no optional chaining, no `:has`). Texts go in as text nodes, never as HTML.

const CODE_LENGTH = 16;
const RETRY_SECONDS = [1, 2, 4, 8, 15];
const KIOSK_SECONDS = 20;
const KEEP_DAYS = 30;

/** An element. `on*` properties are listeners; false, null and undefined are left out, among the children too. */
function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child || child === 0));
  return node;
}
const p = (text, style, id) => text && h("p", { class: style, id }, text);
const alarm = (text, style, id) => h("p", { class: style, id, role: "alert" }, text);
const button = (text, onclick, props) => h("button", Object.assign({ type: "button", onclick }, props), text);

/** Browser storage as JSON. It throws in private mode or when full: the form then goes on without it. */
function disk(kind) {
  const quietly = (task) => {
    try {
      return task(window[kind]);
    } catch (error) {
      return null;
    }
  };
  return {
    get: (key) => quietly((store) => JSON.parse(store.getItem(key))),
    set: (key, value) => quietly((store) => (store.setItem(key, JSON.stringify(value)), true)),
    drop: (key) => quietly((store) => store.removeItem(key)),
    keys: () => quietly((store) => Object.keys(store)) || [],
  };
}

/** What was typed, pasted or scanned -> Crockford's alphabet in groups of four, look-alikes forgiven. */
function tidyCode(raw) {
  const link = /[?&]code=([^&#\s]+)/.exec(raw);
  const plain = (link ? link[1] : raw).normalize("NFD").toUpperCase().replace(/\u0110/g, "D");
  const kept = plain.replace(/[IL]/g, "1").replace(/O/g, "0").replace(/U/g, "V").replace(/[^0-9A-Z]/g, "");
  return kept.slice(0, CODE_LENGTH).replace(/(.{4})(?=.)/g, "$1-");
}
const bare = (code) => code.replace(/-/g, "");

/** Runs `job` until it resolves: never twice at the same time, with growing pauses, at once when the line is back. */
function persist(job, onState, onDone) {
  let timer = 0;
  let tries = 0;
  let busy = false;
  let over = false;
  const stop = () => {
    over = true;
    clearTimeout(timer);
    removeEventListener("online", now);
  };
  async function now() {
    if (busy || over) return;
    clearTimeout(timer);
    busy = true;
    onState("busy");
    let reply;
    try {
      reply = await job();
    } catch (error) {
      busy = false;
      if (over) return;
      timer = setTimeout(now, 1000 * RETRY_SECONDS[Math.min(tries++, RETRY_SECONDS.length - 1)]);
      return onState("waiting");
    }
    // An answer counts even if the person has meanwhile gone to another step.
    stop();
    onDone(reply);
  }
  addEventListener("online", now);
  now();
  return { now, stop, busy: () => busy };
}

export function mount(root, config, host) {
  let screen = "code"; // code | steps | receipt | failed
  let form = null; // what host.open gave
  let code = "";
  let typed = tidyCode(config.code || ""); // the text of the code field
  let draft = null; // {v, day, attempt, step, answers, comments, breakdowns, pending}
  let keep = false; // draft in localStorage instead of sessionStorage
  let problems = {}; // id -> message of a rejected ballot
  let note = ""; // one sentence above the step
  let failure = config.error; // {status, message} for the code screen
  let result = null; // the last answer of host.send
  let fromReview = false;
  let retry = null;
  let kioskTimer = 0;

  const status = h("p", { class: "sr", role: "status" });
  const body = h("div", { class: "body" });
  const box = h("div", { class: "ln-form" }, status, body);
  // A kiosk keeps nothing: its disks are nowhere.
  const session = disk(config.kiosk ? "" : "sessionStorage");
  const local = disk(config.kiosk ? "" : "localStorage");

  const t = (key, values = {}) => Object.keys(values).reduce((text, name) => text.split(`{${name}}`).join(values[name]), config.strings[key] || key);
  const say = (text) => (status.textContent = text);
  const byId = (id) => body.querySelector("#" + CSS.escape(id));

  // --- draft

  const draftName = () => "ln:" + form.draft_key;
  const today = () => Math.floor(Date.now() / 864e5);
  const save = () => (keep ? local : session).set(draftName(), draft);

  function forget() {
    if (form) [session, local].forEach((store) => store.drop(draftName()));
    session.drop("ln:code");
  }

  /** Only what still fits the questionnaire is taken over. Returns whether there was a draft. */
  function restore() {
    const inSession = session.get(draftName());
    const found = inSession || local.get(draftName());
    keep = Boolean(found && !inSession);
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const attempt = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join(""); // makes sending again harmless
    draft = { v: 1, day: today(), attempt, step: "intro", answers: {}, comments: {}, breakdowns: {}, pending: false };
    if (!found || found.v !== 1) return false;
    const known = { answers: items(), comments: form.open_questions, breakdowns: form.breakdowns };
    for (const kind in known) for (const { id } of known[kind]) if (id in found[kind]) draft[kind][id] = found[kind][id];
    draft.attempt = found.attempt;
    if (steps().includes(found.step)) draft.step = found.step;
    draft.pending = found.pending && draft.step === "stored";
    return true;
  }

  /** Drafts kept on the device by choice do not stay for ever. */
  function sweep() {
    const old = (draft) => !draft || !(today() - draft.day <= KEEP_DAYS);
    local.keys().forEach((key) => key.startsWith("ln:") && old(local.get(key)) && local.drop(key));
  }

  function ballot() {
    const comments = {};
    for (const { id } of form.open_questions) {
      const text = (draft.comments[id] || "").normalize("NFC").trim();
      if (text) comments[id] = text;
    }
    return { code, attempt: draft.attempt, answers: draft.answers, comments, breakdowns: draft.breakdowns };
  }

  // --- where we are

  const items = () => [].concat(...form.themes.map((theme) => theme.items));
  const steps = () =>
    ["intro", ...form.themes.map((theme) => "theme:" + theme.id), form.open_questions.length && "comments", form.breakdowns.length && "about", "review", "stored"].filter(Boolean);
  const beside = (distance) => steps()[steps().indexOf(draft.step) + distance];

  function stepOf(id) {
    const theme = form.themes.find((one) => one.items.some((item) => item.id === id));
    return theme ? "theme:" + theme.id : form.breakdowns.some((field) => field.id === id) ? "about" : "comments";
  }

  function adopt(opened, usedCode) {
    form = opened;
    code = bare(usedCode);
    failure = null;
    sweep();
    note = restore() && draft.step !== "intro" ? t("restored") : "";
    session.set("ln:code", code); // a reload finds the way back; the address does not hold the code
    screen = "steps";
    if (config.history) history.replaceState(Object.assign({}, history.state, { ln: draft.step }), "");
    render();
    if (draft.pending) send();
  }

  /** Shows a step. `push`: a new entry for the browser's Back. `target`: id of the field to focus. */
  function go(step, { push = true, target = "" } = {}) {
    if (retry && !retry.busy()) retry = retry.stop();
    draft.pending = false;
    if (config.history && push) history.pushState({ ln: step, from: draft.step }, "");
    if (step === "review") fromReview = false;
    draft.step = step;
    note = "";
    save();
    render();
    arrive(target);
  }

  function back() {
    const state = config.history && history.state;
    if (state && state.ln === draft.step && state.from === beside(-1)) history.back();
    else go(beside(-1));
  }

  const next = () => go(fromReview ? "review" : beside(1));

  function onPop(event) {
    const step = event.state && event.state.ln;
    if (screen === "failed") screen = "steps";
    if (screen === "steps" && steps().includes(step)) go(step, { push: false });
  }

  /** The focus follows the step, so that keyboard and screen reader start at its heading. */
  function arrive(target) {
    const field = target && byId(target);
    if (field) {
      field.scrollIntoView({ block: "center" });
      return field.querySelector("input, textarea").focus({ preventScroll: true });
    }
    box.scrollIntoView();
    body.querySelector("h1").focus({ preventScroll: true });
    const where = body.querySelector(".where");
    say(where ? where.textContent : "");
  }

  /** Asks the host until there is a usable answer. `name`: of the texts that tell how it goes. */
  function ask(name, job, onDone) {
    if (retry) return retry.now();
    const usable = async () => {
      const reply = await job();
      if (reply && (reply.form || reply.error || (reply.status && reply.status !== "busy"))) return reply;
      throw new Error("busy");
    };
    const show = (state) => {
      if (screen === "steps" && draft.step !== "stored") {
        // Gone back to change something: nothing is sent behind the person's back.
        if (state === "waiting") retry = retry.stop();
        return;
      }
      const [main, other, line] = ["ln-next", "ln-back", "ln-line"].map(byId);
      main.disabled = state === "busy";
      if (other) other.disabled = main.disabled;
      main.textContent = t(name + "_" + state);
      if (main.disabled) say(main.textContent);
      else if (!line) main.parentNode.before(alarm(t(name + "_offline"), "warn", "ln-line"));
    };
    retry = persist(usable, show, (reply) => {
      retry = null;
      onDone(reply);
    });
  }

  // --- code

  function openCode() {
    const wanted = typed;
    ask("open", () => host.open(bare(wanted)), (reply) => {
      if (reply.form) {
        adopt(reply.form, wanted);
        return arrive();
      }
      session.drop("ln:code");
      failure = reply.error;
      render();
      byId("ln-code").focus();
    });
  }

  function leave() {
    forget();
    if (retry) retry.stop();
    form = draft = retry = result = failure = null;
    code = typed = note = "";
    problems = {};
    keep = fromReview = false;
    screen = "code";
    render();
    arrive();
  }

  function codeError(text) {
    byId("ln-code-error").textContent = text;
    byId("ln-code").setAttribute("aria-invalid", text !== "");
  }

  function onCode({ target, isComposing }) {
    if (isComposing) return;
    const raw = target.value;
    const before = bare(tidyCode(raw.slice(0, target.selectionStart))).length;
    const caret = before + Math.max(0, Math.ceil(before / 4) - 1);
    typed = target.value = tidyCode(raw);
    target.setSelectionRange(caret, caret);
    if (retry && !retry.busy()) {
      retry = retry.stop();
      byId("ln-next").textContent = t("open");
    }
    // Vietnamese keyboards turn "dd", "aa", "as" into one accented letter: nobody guesses that, so say it.
    if (/[\u00c0-\u024f\u1e00-\u1eff]/.test(raw)) codeError(t("code_accents"));
    else if (bare(typed).length === CODE_LENGTH) codeError("");
  }

  function codeScreen() {
    const onsubmit = (event) => {
      event.preventDefault();
      const n = bare(typed).length;
      if (n === CODE_LENGTH) return openCode();
      codeError(t("code_short", { n }));
      byId("ln-code").focus();
    };
    const field = {
      id: "ln-code", type: "text", value: typed, maxlength: 300, autocomplete: "off", autocapitalize: "characters", autocorrect: "off",
      spellcheck: "false", lang: "en", placeholder: "XXXX-XXXX-XXXX-XXXX", "aria-describedby": "ln-code-error ln-code-help",
      "aria-invalid": failure ? "true" : "false", oninput: onCode, oncompositionend: onCode,
    };
    return [
      top(),
      heading(t("code_title")),
      h("form", { class: "card", novalidate: true, onsubmit },
        h("label", { for: "ln-code" }, t("code_label")),
        h("input", field),
        alarm(failure && failure.message, "err", "ln-code-error"),
        p(t("code_help"), "help", "ln-code-help"),
        h("div", { class: "bar" }, h("button", { id: "ln-next", class: "main" }, t("open")))),
    ];
  }

  // --- parts of a step

  const heading = (text) => h("h1", { tabindex: "-1" }, text);
  const list = (lines) => h("ul", {}, lines.map((line) => h("li", {}, line)));
  const section = (title, ...rest) => h("section", { class: "card" }, h("h2", {}, title), ...rest);

  /** The line above the heading. `place`: number of the theme; past the last one the bar is full. */
  function top(place) {
    const total = form && form.themes.length;
    return h("div", { class: "top" },
      place && h("span", { class: "where" }, place > total ? t("almost") : t("progress", { n: place, total })),
      place && h("progress", { max: total, value: Math.min(place, total), "aria-label": t("progress_label") }),
      config.illustrative && h("span", { class: "tag" }, t("illustrative")));
  }

  const bar = (text, onclick, other = button(t("back"), back, { id: "ln-back" })) =>
    h("div", { class: "bar" }, other, button(text, onclick, { id: "ln-next", class: "main" }));

  const problem = (id) => problems[id] && alarm(problems[id], "err", "ln-err-" + id);

  /** One question, its options as full-width rows. `kind`: where the draft keeps the answer. */
  function choice(kind, id, legend, options) {
    return h("fieldset", { class: "card", id: "ln-q-" + id, "aria-describedby": problems[id] && "ln-err-" + id },
      h("legend", {}, legend),
      problem(id),
      options.map(({ value, label, apart }, place) => {
        const onclick = ({ target }) => choose(target, kind, id, value);
        const onkeydown = (event) => {
          if (![" ", "Backspace", "Delete"].includes(event.key) || draft[kind][id] !== value) return;
          event.preventDefault();
          // Firefox clicks when the key comes up, which would choose the answer again.
          event.target.addEventListener("keyup", (up) => up.preventDefault(), { once: true });
          onclick(event);
        };
        const radio = { type: "radio", id: `ln-${id}-${place}`, name: "ln-" + id, value, checked: value === draft[kind][id], onclick, onkeydown };
        return h("label", { class: apart ? "opt apart" : "opt" }, h("input", radio), h("span", {}, label));
      }));
  }

  /** A click on the chosen answer clears it: the draft, not the radio, knows what was chosen before the click. */
  function choose(input, kind, id, value) {
    input.checked = draft[kind][id] !== value;
    if (input.checked) draft[kind][id] = value;
    else delete draft[kind][id];
    say(input.checked ? "" : t("cleared"));
    changed(id);
  }

  function changed(id) {
    if (problems[id]) byId("ln-err-" + id).remove();
    delete problems[id];
    save();
  }

  /** How long the draft lives, and the choice to keep it longer. */
  function pause() {
    if (config.kiosk) return null;
    const warning = p(t("keep_warning"), "warn");
    warning.hidden = !keep;
    const onchange = ({ target }) => {
      const [to, from] = target.checked ? [local, session] : [session, local];
      if (to.set(draftName(), draft)) {
        keep = target.checked;
        from.drop(draftName());
      }
      target.checked = keep;
      warning.hidden = !keep;
    };
    const erase = () => confirm(t("erase_confirm")) && leave();
    return h("details", { class: "pause", open: keep },
      h("summary", {}, t("pause_title")),
      p(t(save() ? "pause_help" : "no_storage")),
      h("label", { class: "check" }, h("input", { type: "checkbox", id: "ln-keep", checked: keep, onchange }), h("span", {}, t("keep_label"))),
      warning,
      p(t("keep_help"), "help"),
      button(t("erase"), erase, { id: "ln-erase" }));
  }

  // --- steps

  function introStep() {
    return [
      top(),
      heading(form.questionnaire.title),
      p([form.wave.title, h("br"), t("unit", { unit: form.unit })], "lead"),
      p(note, "info"),
      list([t("fact_time"), t("fact_voluntary"), t("fact_clear")]),
      form.intro.map((text) => p(text)),
      section(t("who_sees"), list(form.who_sees)),
      pause(),
      bar(t("start"), next, null),
    ].flat();
  }

  function themeStep(theme) {
    const place = form.themes.indexOf(theme) + 1;
    let number = items().indexOf(theme.items[0]);
    return [
      top(place),
      heading(theme.title),
      theme.items.map(({ id, text, scale }) => {
        const { points, dont_know } = form.scales[scale];
        const rest = dont_know ? [Object.assign({ apart: true }, dont_know)] : [];
        return choice("answers", id, `${++number}. ${text}`, points.concat(rest));
      }),
    ];
  }

  function commentsStep() {
    const question = ({ id, text, max_chars }) => {
      const left = () => t("chars_left", { n: max_chars - area.value.length });
      const oninput = () => {
        draft.comments[id] = area.value;
        counter.textContent = left();
        changed(id);
      };
      const about = `ln-err-${id} ln-left-${id} ln-open-warning`;
      const area = h("textarea", { id: "ln-" + id, rows: 4, maxlength: max_chars, autocomplete: "off", oninput, "aria-describedby": about });
      area.value = draft.comments[id] || "";
      const counter = p(left(), "help", "ln-left-" + id);
      return h("div", { class: "card", id: "ln-q-" + id }, h("label", { for: "ln-" + id }, text), problem(id), area, counter);
    };
    return [top(Infinity), heading(t("comments_title")), p(form.open_warning, "warn", "ln-open-warning"), form.open_questions.map(question)];
  }

  function aboutStep() {
    const field = ({ id, label, options }) =>
      choice("breakdowns", id, label, options.map((option) => ({ value: option.code, label: option.label, apart: option.code === "na" })));
    return [top(Infinity), heading(t("about_title")), p(t("about_help")), form.breakdowns.map(field)];
  }

  function reviewStep() {
    const jump = (step, target) => () => {
      fromReview = true;
      go(step, { target });
    };
    const row = (step, title, text) =>
      steps().includes(step) && h("section", { class: "card row" }, h("div", {}, h("h2", {}, title), p(text)), button(t("change"), jump(step), { "aria-label": `${t("change")}: ${title}` }));
    const missing = items().filter(({ id }) => draft.answers[id] === undefined);
    const themes = form.themes.map((theme) => {
      const step = "theme:" + theme.id;
      const open = theme.items.filter((item) => missing.includes(item));
      const total = theme.items.length;
      if (!open.length) return row(step, theme.title, t("theme_done", { n: total }));
      return section(theme.title, p(t("theme_left", { n: open.length, total })),
        open.map((item) => button(`${items().indexOf(item) + 1}. ${item.text}`, jump(step, "ln-q-" + item.id), { class: "jump" })));
    });
    const { comments, breakdowns } = ballot();
    const part = (filled, all) => ({ n: Object.keys(filled).length, total: all.length });
    return [
      top(Infinity),
      heading(t("review_title")),
      p(t(missing.length ? "review_some" : "review_all", { n: missing.length }), "info"),
      themes,
      row("comments", t("comments_title"), t("written", part(comments, form.open_questions))),
      row("about", t("about_title"), t("filled", part(breakdowns, form.breakdowns))),
    ];
  }

  function storedStep() {
    const { answers, comments, breakdowns } = ballot();
    const sealed = Object.assign({ unit: form.unit, wave: form.wave.id }, form.stored.template, { answers, comments, breakdowns });
    return [
      top(Infinity),
      heading(t("stored_title")),
      list(form.stored.lines),
      h("h2", { id: "ln-sealed" }, t("stored_exact")),
      p(t("stored_key", { id: items()[0].id })),
      h("pre", { tabindex: "0", role: "region", "aria-labelledby": "ln-sealed" }, JSON.stringify(sealed, null, 2)),
      bar(t("send"), send),
    ];
  }

  // --- sending

  function send() {
    draft.pending = true; // a reload in the middle goes on sending
    save();
    ask("send", () => host.send(ballot()), settle);
  }

  function settle(reply) {
    result = reply;
    draft.pending = false;
    if (reply.status === "received" || reply.status === "already") {
      forget();
      form = draft = null; // nothing to go back to
      screen = "receipt";
    } else {
      save();
      problems = Object.assign({}, reply.errors);
      const first = items().concat(form.open_questions, form.breakdowns).find(({ id }) => problems[id]);
      if (reply.status === "rejected" && first) {
        fromReview = true;
        return go(stepOf(first.id), { target: "ln-q-" + first.id });
      }
      screen = "failed";
    }
    render();
    arrive();
  }

  function receiptScreen() {
    if (config.kiosk) kioskTimer = setTimeout(leave, 1000 * KIOSK_SECONDS);
    return [
      top(),
      heading(t("receipt_title")),
      p(t("thanks"), "lead"),
      p(result.message),
      result.receipt && section(t("receipt_label"), p(result.receipt, "receipt"), p(t("receipt_help"))),
      p(config.kiosk ? t("kiosk_return", { n: KIOSK_SECONDS }) : t("receipt_close")),
      config.kiosk && bar(t("finish"), leave, null),
    ];
  }

  function failedScreen() {
    const look = () => {
      screen = "steps";
      go("review");
    };
    return [
      top(),
      heading(t("failed_title")),
      alarm(result.message || t("rejected"), "err"),
      p(t("draft_stays")),
      bar(t("another_code"), leave, button(t("back"), look, { id: "ln-back" })),
    ];
  }

  // --- drawing

  function stepNodes() {
    const whole = { intro: introStep, stored: storedStep }[draft.step];
    if (whole) return whole();
    const theme = form.themes.find(({ id }) => "theme:" + id === draft.step);
    const [line, title, ...rest] = theme ? themeStep(theme) : { comments: commentsStep, about: aboutStep, review: reviewStep }[draft.step]();
    return [line, title, p(note, "info"), ...rest, pause(), bar(t(fromReview ? "to_review" : "next"), next)];
  }

  function render() {
    clearTimeout(kioskTimer);
    box.lang = config.lang;
    if (config.theme) box.dataset.theme = config.theme; // the host knows better than the system
    const nodes = { code: codeScreen, steps: stepNodes, receipt: receiptScreen, failed: failedScreen }[screen]();
    body.textContent = "";
    body.append(...nodes.flat().filter(Boolean));
  }

  root.textContent = "";
  root.append(box);
  addEventListener("popstate", onPop);
  if (!typed && !config.form && !failure) typed = session.get("ln:code") || "";
  if (config.form) adopt(config.form, typed);
  else {
    render();
    if (typed && !failure) openCode();
  }

  return {
    /** New data of the host. What was typed lives in `draft` and `typed`: drawing again loses nothing. */
    update(data) {
      const shown = () => JSON.stringify([config.strings, config.theme, form]);
      const before = shown();
      config = Object.assign({}, config, data);
      if (form && config.form && config.form.draft_key === form.draft_key) form = config.form;
      if (shown() !== before) render();
    },
    destroy() {
      if (retry) retry.stop();
      clearTimeout(kioskTimer);
      removeEventListener("popstate", onPop);
      box.remove();
    },
  };
}
