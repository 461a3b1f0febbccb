// The respondent's form: one small module, hosted by the plain page /p (plain.js) and by Streamlit (streamlit.js).
// It builds native radios and textareas in fieldsets, keeps a draft in the browser, and reaches a server only through
// `host`. Written for old phones: no optional chaining, no flex gap, no `:has`. Texts go in as text nodes, never as HTML.

const CODE_LENGTH = 16;
const RETRY_SECONDS = [1, 2, 4, 8, 15];
const KIOSK_SECONDS = 20;
const KEEP_DAYS = 30;

/** An element; `on*` properties are listeners, false/null/undefined ones are left out, and so are empty children. */
function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat()) if (child || child === 0) node.append(child);
  return node;
}

/** Browser storage throws in private mode or when it is full; the form then goes on without it. */
function quietly(task) {
  try {
    return task();
  } catch (error) {
    return null;
  }
}

/** What was typed or pasted -> the 16 characters of Crockford's alphabet in groups of four, look-alikes forgiven. */
function tidyCode(raw) {
  const link = /[?&]code=([^&#\s]+)/.exec(raw);
  return (link ? link[1] : raw)
    .toUpperCase()
    .replace(/[IL]/g, "1")
    .replace(/O/g, "0")
    .replace(/U/g, "V")
    .replace(/[^0-9A-Z]/g, "")
    .slice(0, CODE_LENGTH)
    .replace(/(.{4})(?=.)/g, "$1-");
}

const bare = (code) => code.replace(/-/g, "");

function randomHex(bytes) {
  const values = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(values, (value) => value.toString(16).padStart(2, "0")).join("");
}

/** Runs `job` until it resolves: never twice at the same time, with growing pauses, at once when the line is back. */
function persist(job, onState) {
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
    try {
      const finish = await job();
      // A result counts even when the person has meanwhile gone to another step.
      stop();
      finish();
    } catch (error) {
      busy = false;
      if (over) return;
      timer = setTimeout(now, 1000 * RETRY_SECONDS[Math.min(tries++, RETRY_SECONDS.length - 1)]);
      onState("waiting");
    }
  }
  addEventListener("online", now);
  now();
  return { now, stop, busy: () => busy };
}

export function mount(root, config, host) {
  let form = null; // what host.open gave
  let code = "";
  let typed = tidyCode(config.code || ""); // the text of the code field
  let draft = null; // {v, day, attempt, step, answers, comments, breakdowns, pending}
  let screen = "code"; // code | steps | receipt | failed
  let keep = false; // draft in localStorage instead of sessionStorage
  let problems = {}; // id -> message of a rejected ballot
  let note = ""; // one sentence above the step
  let result = null; // the last answer of host.send
  let failure = config.error; // {status, message} on the code screen
  let fromReview = false;
  let retry = null;
  let kioskTimer = 0;
  const left = new Set(); // draft keys done with: a host may still show them for a while
  let seen = JSON.stringify([config.strings, config.form]);

  const status = h("p", { class: "sr", role: "status" });
  const body = h("div", { class: "body" });
  const box = h("div", { class: "ln-form" }, status, body);
  const session = config.kiosk ? null : quietly(() => window.sessionStorage);
  const local = config.kiosk ? null : quietly(() => window.localStorage);

  const t = (key, values) =>
    Object.entries(values || {}).reduce((text, [name, value]) => text.split("{" + name + "}").join(value), config.strings[key] || key);
  const say = (text) => {
    status.textContent = text;
  };
  const byId = (id) => body.querySelector("#" + CSS.escape(id));

  // ---------------------------------------------------------------- draft

  const draftName = () => "ln:" + form.draft_key;
  const today = () => Math.floor(Date.now() / 86400000);

  function save() {
    if (!draft) return;
    const store = keep ? local : session;
    quietly(() => store.setItem(draftName(), JSON.stringify(draft)));
  }

  function forgetDraft() {
    quietly(() => session.removeItem(draftName()));
    quietly(() => local.removeItem(draftName()));
    quietly(() => session.removeItem("ln:code"));
  }

  function read(store) {
    const found = quietly(() => JSON.parse(store.getItem(draftName())));
    return found && found.v === 1 ? found : null;
  }

  /** Only what still fits the questionnaire is taken over from a stored draft. */
  function restore() {
    const inSession = read(session);
    const found = inSession || read(local);
    keep = Boolean(found && !inSession);
    draft = { v: 1, day: today(), attempt: randomHex(16), step: "intro", answers: {}, comments: {}, breakdowns: {}, pending: false };
    if (!found) return false;
    const take = (kind, ids) =>
      ids.forEach((id) => {
        if (found[kind] && found[kind][id] !== undefined) draft[kind][id] = found[kind][id];
      });
    take("answers", items().map((item) => item.id));
    take("comments", form.open_questions.map((question) => question.id));
    take("breakdowns", form.breakdowns.map((field) => field.id));
    if (/^[0-9a-f]{32}$/.test(found.attempt)) draft.attempt = found.attempt;
    if (steps().includes(found.step)) draft.step = found.step;
    draft.pending = Boolean(found.pending) && draft.step === "stored";
    return draft.step !== "intro" || ["answers", "comments", "breakdowns"].some((kind) => Object.keys(draft[kind]).length > 0);
  }

  /** Drafts kept on the device by choice do not stay for ever. */
  function sweep() {
    for (const name of quietly(() => Object.keys(local)) || []) {
      if (!name.startsWith("ln:")) continue;
      const found = quietly(() => JSON.parse(local.getItem(name)));
      if (!found || !(today() - found.day <= KEEP_DAYS)) quietly(() => local.removeItem(name));
    }
  }

  function setKeep(wanted) {
    const [to, from] = wanted ? [local, session] : [session, local];
    keep = quietly(() => (to.setItem(draftName(), JSON.stringify(draft)), true)) ? wanted : keep;
    if (keep === wanted) quietly(() => from.removeItem(draftName()));
  }

  function ballot() {
    const comments = {};
    for (const { id } of form.open_questions) {
      const text = (draft.comments[id] || "").normalize("NFC").trim();
      if (text) comments[id] = text;
    }
    return { code, attempt: draft.attempt, answers: draft.answers, comments, breakdowns: draft.breakdowns };
  }

  // ---------------------------------------------------------------- where we are

  const items = () => [].concat(...form.themes.map((theme) => theme.items));
  const steps = () => [
    "intro",
    ...form.themes.map((theme) => "theme:" + theme.id),
    ...(form.open_questions.length ? ["comments"] : []),
    ...(form.breakdowns.length ? ["about"] : []),
    "review",
    "stored",
  ];
  const themeAt = (step) => form.themes.find((theme) => "theme:" + theme.id === step);
  const stepOf = (id) => {
    const theme = form.themes.find((one) => one.items.some((item) => item.id === id));
    if (theme) return "theme:" + theme.id;
    return form.open_questions.some((question) => question.id === id) ? "comments" : "about";
  };

  function adopt(opened, usedCode) {
    form = opened;
    code = bare(usedCode);
    failure = null;
    sweep();
    note = restore() ? t("restored") : "";
    if (session) quietly(() => session.setItem("ln:code", code)); // so that a reload finds the way back
    screen = "steps";
    if (config.history) history.replaceState({ ln: draft.step }, "");
    render();
    if (draft.pending) send();
  }

  /** Show a step. `push`: a new entry for the browser's Back button. `target`: id of the field to focus. */
  function go(step, { push = true, target = "" } = {}) {
    if (retry && !retry.busy()) {
      retry.stop();
      retry = null;
      draft.pending = false;
    }
    if (config.history && push) history.pushState({ ln: step, from: draft.step }, "");
    if (step === "review") fromReview = false;
    draft.step = step;
    save();
    render();
    note = "";
    arrive(target);
  }

  function back() {
    const list = steps();
    const previous = list[list.indexOf(draft.step) - 1];
    const state = config.history && history.state;
    if (state && state.ln === draft.step && state.from === previous) history.back();
    else go(previous);
  }

  const next = () => {
    const list = steps();
    go(fromReview ? "review" : list[list.indexOf(draft.step) + 1]);
  };

  function onPop(event) {
    const step = event.state && event.state.ln;
    if (screen === "failed") screen = "steps";
    if (form && screen === "steps" && steps().includes(step)) go(step, { push: false });
  }

  /** The focus follows the step, so that a keyboard or a screen reader starts at its heading. */
  function arrive(target) {
    const field = target && byId(target);
    if (field) {
      const first = field.querySelector("input:checked, input, textarea") || field;
      first.focus({ preventScroll: true });
      (field.closest("fieldset") || field).scrollIntoView({ block: "center" });
      return;
    }
    box.scrollIntoView({ block: "start" });
    body.querySelector("h1").focus({ preventScroll: true });
    const where = body.querySelector(".where");
    say(where ? where.textContent : "");
  }

  // ---------------------------------------------------------------- code

  async function openCode(wanted) {
    failure = null;
    if (retry) retry.stop();
    retry = persist(
      async () => {
        const reply = await host.open(bare(wanted));
        if (!reply || !(reply.form || reply.error)) throw new Error("no answer");
        return () => {
          retry = null;
          if (reply.form) {
            adopt(reply.form, wanted);
            arrive();
          } else {
            quietly(() => session.removeItem("ln:code"));
            failure = reply.error;
            render();
            focusCode();
          }
        };
      },
      (state) => {
        byId("ln-open").disabled = state === "busy";
        byId("ln-open").textContent = t(state === "busy" ? "opening" : "code_open");
        banner(state === "waiting" && t("open_offline"), t("try_now"));
      },
    );
  }

  const focusCode = () => byId("ln-code").focus();

  function toCodeScreen() {
    if (form) left.add(form.draft_key);
    clearTimeout(kioskTimer);
    if (retry) retry.stop();
    form = draft = retry = result = failure = null;
    code = typed = note = "";
    screen = "code";
    problems = {};
    keep = fromReview = false;
    render();
    arrive();
    if (config.kiosk) focusCode();
  }

  function onCodeInput(event) {
    const field = event.target;
    if (event.isComposing) return;
    // Unikey and phone keyboards turn "dd", "aa", "as" into one accented letter: say so, nobody guesses it.
    const accents = /[\u00c0-\u024f\u1e00-\u1eff]/.test(field.value);
    const before = bare(tidyCode(field.value.slice(0, field.selectionStart))).length;
    const plain = field.value.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/\u0111/gi, "D");
    typed = field.value = tidyCode(plain);
    const caret = before + Math.max(0, Math.ceil(before / 4) - 1);
    if (field.getRootNode().activeElement === field) field.setSelectionRange(caret, caret);
    if (accents) codeError(t("code_accents"));
    else if (bare(typed).length === CODE_LENGTH) codeError("");
  }

  function codeError(text) {
    const place = byId("ln-code-error");
    place.textContent = text;
    byId("ln-code").setAttribute("aria-invalid", text ? "true" : "false");
  }

  function codeScreen() {
    const onsubmit = (event) => {
      event.preventDefault();
      const count = bare(typed).length;
      if (count === CODE_LENGTH) return openCode(typed);
      codeError(t("code_short", { n: count }));
      focusCode();
    };
    return [
      top(),
      heading(t("code_title")),
      h(
        "form",
        { class: "card", novalidate: true, onsubmit },
        h("label", { for: "ln-code" }, t("code_label")),
        h("input", {
          id: "ln-code", type: "text", value: typed, maxlength: 300, autocomplete: "off", autocapitalize: "characters", autocorrect: "off",
          spellcheck: "false", lang: "en", placeholder: "XXXX-XXXX-XXXX-XXXX", "aria-describedby": "ln-code-error ln-code-help",
          "aria-invalid": failure ? "true" : "false", oninput: onCodeInput, oncompositionend: onCodeInput,
        }),
        h("p", { id: "ln-code-error", class: "err", role: "alert" }, failure && failure.message),
        h("p", { id: "ln-code-help", class: "help" }, t("code_help")),
        h("div", { class: "bar" }, h("button", { id: "ln-open", class: "main", type: "submit" }, t("code_open"))),
      ),
    ];
  }

  // ---------------------------------------------------------------- parts of a step

  const heading = (text) => h("h1", { tabindex: "-1" }, text);

  function top(where, done) {
    return h(
      "div",
      { class: "top" },
      where && h("span", { class: "where" }, where),
      where && h("progress", { max: form.themes.length, value: done, "aria-label": t("progress_label") }),
      config.illustrative && h("span", { class: "tag" }, t("illustrative")),
    );
  }

  const button = (text, onclick, props) => h("button", Object.assign({ type: "button", onclick }, props), text);

  function bar(nextText, onNext, withBack = true) {
    return h("div", { class: "bar" }, withBack && button(t("back"), back, { id: "ln-back" }), button(nextText, onNext, { id: "ln-next", class: "main" }));
  }

  /** The line for trouble with the network; an empty text takes it away. */
  function banner(text, action) {
    const old = byId("ln-banner");
    if (old) old.remove();
    if (!text) return;
    const node = h("div", { id: "ln-banner", class: "banner", role: "alert" }, h("p", {}, text), button(action, () => retry.now(), { id: "ln-now" }));
    body.querySelector(".bar").before(node);
  }

  const problem = (id) => problems[id] && h("p", { id: "ln-err-" + id, class: "err", role: "alert" }, problems[id]);

  /** One question with its options as full-width rows. `kind` is where the answer is kept in the draft. */
  function choice(kind, id, legend, options) {
    const chosen = draft[kind][id];
    return h(
      "fieldset",
      { class: "card", id: "ln-q-" + id, "aria-describedby": problems[id] ? "ln-err-" + id : null },
      h("legend", {}, legend),
      problem(id),
      options.map((option, place) =>
        h(
          "label",
          { class: option.apart ? "opt apart" : "opt" },
          h("input", {
            type: "radio", id: "ln-" + id + "-" + place, name: "ln-" + id, value: option.value, checked: option.value === chosen,
            onclick: (event) => choose(event.target, kind, id, option.value),
            onkeydown: (event) => clearByKey(event, kind, id, option.value),
          }),
          h("span", {}, option.label),
        ),
      ),
    );
  }

  /** A click on the chosen answer clears it. The draft, not the radio, knows what was chosen before the click. */
  function choose(input, kind, id, value) {
    const clear = draft[kind][id] === value;
    input.checked = !clear;
    if (clear) delete draft[kind][id];
    else draft[kind][id] = value;
    say(clear ? t("cleared") : "");
    solved(id);
    save();
  }

  function clearByKey(event, kind, id, value) {
    if (![" ", "Backspace", "Delete"].includes(event.key) || draft[kind][id] !== value) return;
    event.preventDefault();
    // Firefox clicks on the key's way up, which would choose the answer again.
    if (event.key === " ") event.target.addEventListener("keyup", (up) => up.preventDefault(), { once: true });
    choose(event.target, kind, id, value);
  }

  function solved(id) {
    if (!problems[id]) return;
    delete problems[id];
    const message = byId("ln-err-" + id);
    if (message) message.remove();
  }

  /** How long the draft lives, and the choice to keep it longer. A kiosk keeps nothing and shows nothing. */
  function pause() {
    if (config.kiosk) return null;
    const warning = h("p", { class: "warn", hidden: !keep }, t("keep_warning"));
    const onchange = (event) => {
      setKeep(event.target.checked);
      event.target.checked = keep;
      warning.hidden = !keep;
    };
    const erase = () => {
      if (!confirm(t("erase_confirm"))) return;
      forgetDraft();
      toCodeScreen();
    };
    return h(
      "details",
      { class: "pause", open: keep },
      h("summary", {}, t("pause_title")),
      h("p", {}, t(session ? "pause_help" : "no_storage")),
      local && h("label", { class: "check" }, h("input", { type: "checkbox", id: "ln-keep", checked: keep, onchange }), h("span", {}, t("keep_label"))),
      local && warning,
      local && h("p", { class: "help" }, t("keep_help")),
      button(t("erase"), erase, { id: "ln-erase" }),
    );
  }

  // ---------------------------------------------------------------- steps

  function introStep() {
    return [
      top(),
      heading(form.questionnaire.title),
      h("p", { class: "lead" }, form.wave.title, h("br"), t("unit", { unit: form.unit })),
      note && h("p", { class: "info" }, note),
      h("ul", { class: "facts" }, ["fact_time", "fact_voluntary", "fact_clear"].map((key) => h("li", {}, t(key)))),
      h("div", {}, form.intro.map((text) => h("p", {}, text))),
      h("section", { class: "card" }, h("h2", {}, t("who_sees")), h("ul", {}, form.who_sees.map((line) => h("li", {}, line)))),
      pause(),
      bar(t("start"), next, false),
    ];
  }

  function themeStep(theme) {
    const place = form.themes.indexOf(theme) + 1;
    const first = form.themes.slice(0, place - 1).reduce((sum, one) => sum + one.items.length, 1);
    return [
      top(t("progress", { n: place, total: form.themes.length }), place),
      heading(theme.title),
      theme.items.map((item, index) => {
        const scale = form.scales[item.scale];
        const options = scale.points.map((point) => ({ value: point.value, label: point.label }));
        if (scale.dont_know) options.push({ value: scale.dont_know.value, label: scale.dont_know.label, apart: true });
        return choice("answers", item.id, first + index + ". " + item.text, options);
      }),
    ];
  }

  function commentsStep() {
    return [
      top(t("almost"), form.themes.length),
      heading(t("comments_title")),
      h("p", { class: "warn", id: "ln-open-warning" }, form.open_warning),
      form.open_questions.map(({ id, text, max_chars }) => {
        const rest = (value) => t("chars_left", { n: max_chars - value.length });
        const value = draft.comments[id] || "";
        const counter = h("p", { id: "ln-left-" + id, class: "help" }, rest(value));
        const oninput = (event) => {
          draft.comments[id] = event.target.value;
          counter.textContent = rest(event.target.value);
          solved(id);
          save();
        };
        const area = h("textarea", {
          id: "ln-" + id, rows: 4, maxlength: max_chars, autocomplete: "off", oninput,
          "aria-describedby": (problems[id] ? "ln-err-" + id + " " : "") + "ln-left-" + id + " ln-open-warning",
        });
        area.value = value;
        return h("fieldset", { class: "card", id: "ln-q-" + id }, h("legend", {}, h("label", { for: "ln-" + id }, text)), problem(id), area, counter);
      }),
    ];
  }

  function aboutStep() {
    return [
      top(t("almost"), form.themes.length),
      heading(t("about_title")),
      h("p", {}, t("about_help")),
      form.breakdowns.map((field) => {
        const options = field.options.map((option) => ({ value: option.code, label: option.label, apart: option.code === "na" }));
        return choice("breakdowns", field.id, field.label, options);
      }),
    ];
  }

  function reviewStep() {
    const jump = (step, target) => () => {
      fromReview = true;
      go(step, { target });
    };
    const change = (title, step) => button(t("change"), jump(step), { "aria-label": t("change") + ": " + title });
    const line = (title, text, step) => h("section", { class: "card row" }, h("div", {}, h("h2", {}, title), h("p", {}, text)), change(title, step));
    let number = 0;
    let missing = 0;
    const themes = form.themes.map((theme) => {
      const open = theme.items.map((item) => [++number, item]).filter(([, item]) => draft.answers[item.id] === undefined);
      missing += open.length;
      const total = theme.items.length;
      if (!open.length) return line(theme.title, t("theme_done", { n: total }), "theme:" + theme.id);
      return h(
        "section",
        { class: "card open" },
        h("h2", {}, theme.title),
        h("p", {}, t("theme_left", { n: open.length, total })),
        open.map(([place, item]) => button(place + ". " + item.text, jump("theme:" + theme.id, "ln-q-" + item.id), { class: "jump" })),
      );
    });
    const filled = ballot();
    return [
      top(t("almost"), form.themes.length),
      heading(t("review_title")),
      h("p", { class: "info" }, missing ? t("review_some", { n: missing }) : t("review_all")),
      themes,
      steps().includes("comments") &&
        line(t("comments_title"), t("written", { n: Object.keys(filled.comments).length, total: form.open_questions.length }), "comments"),
      steps().includes("about") && line(t("about_title"), t("filled", { n: Object.keys(filled.breakdowns).length, total: form.breakdowns.length }), "about"),
    ];
  }

  function storedStep() {
    const { answers, comments, breakdowns } = ballot();
    const sealed = Object.assign({ unit: form.unit, wave: form.wave.id }, form.stored.template, { answers, comments, breakdowns });
    return [
      top(t("almost"), form.themes.length),
      heading(t("stored_title")),
      h("ul", {}, form.stored.lines.map((line) => h("li", {}, line))),
      h("h2", { id: "ln-sealed" }, t("stored_exact")),
      h("pre", { tabindex: "0", role: "region", "aria-labelledby": "ln-sealed" }, JSON.stringify(sealed, null, 2)),
      bar(t("send"), send),
    ];
  }

  // ---------------------------------------------------------------- sending

  function send() {
    if (retry) return retry.now();
    draft.pending = true; // a reload in the middle goes on sending
    save();
    retry = persist(
      async () => {
        const reply = await host.send(ballot());
        if (!reply || !["received", "already", "spent", "unknown", "closed", "rejected"].includes(reply.status)) throw new Error("busy");
        return () => settle(reply);
      },
      showSending,
    );
  }

  function showSending(state) {
    if (screen !== "steps" || draft.step !== "stored") return;
    const busy = state === "busy";
    byId("ln-next").disabled = byId("ln-back").disabled = busy;
    byId("ln-next").textContent = t(busy ? "sending" : "send");
    if (busy) say(t("sending"));
    // While the banner asks for patience it offers the button itself: two for one thing confuse.
    byId("ln-next").hidden = state === "waiting";
    banner(state === "waiting" && t("offline"), t("send_now"));
  }

  function settle(reply) {
    retry = null;
    result = reply;
    draft.pending = false;
    if (reply.status === "rejected") {
      problems = Object.assign({}, reply.errors);
      const known = items().concat(form.open_questions, form.breakdowns).find((one) => problems[one.id]);
      save();
      if (known) {
        fromReview = true;
        say(reply.message || t("rejected"));
        return go(stepOf(known.id), { target: "ln-q-" + known.id });
      }
    }
    if (reply.status === "received" || reply.status === "already") {
      forgetDraft();
      left.add(form.draft_key);
      form = draft = null;
      code = typed = "";
      screen = "receipt";
    } else {
      save();
      screen = "failed";
    }
    render();
    arrive();
  }

  function receiptScreen() {
    if (config.kiosk) kioskTimer = setTimeout(toCodeScreen, 1000 * KIOSK_SECONDS);
    return [
      top(),
      heading(t("receipt_title")),
      h("p", { class: "lead" }, t("thanks")),
      result.message && h("p", {}, result.message),
      result.receipt && h("div", { class: "card" }, h("h2", {}, t("receipt_label")), h("p", { class: "receipt" }, result.receipt), h("p", {}, t("receipt_help"))),
      h("p", {}, config.kiosk ? t("kiosk_return", { n: KIOSK_SECONDS }) : t("receipt_close")),
      config.kiosk && h("div", { class: "bar" }, button(t("finish"), toCodeScreen, { id: "ln-next", class: "main" })),
    ];
  }

  function failedScreen() {
    const another = () => {
      forgetDraft();
      toCodeScreen();
    };
    const look = () => {
      screen = "steps";
      go("review", { push: false });
    };
    return [
      top(),
      heading(t("failed_title")),
      h("p", { class: "err", role: "alert" }, result.message),
      h("p", {}, t("draft_stays")),
      h("div", { class: "bar" }, button(t("back"), look, { id: "ln-back" }), button(t("another_code"), another, { id: "ln-next", class: "main" })),
    ];
  }

  // ---------------------------------------------------------------- drawing

  function stepNodes() {
    const step = draft.step;
    if (step === "intro") return introStep();
    if (step === "stored") return storedStep();
    const theme = themeAt(step);
    const nodes = theme ? themeStep(theme) : step === "comments" ? commentsStep() : step === "about" ? aboutStep() : reviewStep();
    nodes.splice(2, 0, note && h("p", { class: "info" }, note));
    return nodes.concat(pause(), bar(t(fromReview ? "to_review" : "next"), next));
  }

  function render() {
    clearTimeout(kioskTimer);
    box.lang = config.lang;
    if (config.theme) box.dataset.theme = config.theme; // the host knows better than the system
    const nodes = { code: codeScreen, steps: stepNodes, receipt: receiptScreen, failed: failedScreen }[screen]();
    body.textContent = "";
    body.append(...nodes.flat().filter(Boolean));
  }

  // ---------------------------------------------------------------- life

  root.textContent = "";
  root.append(box);
  addEventListener("popstate", onPop);
  if (!typed && !config.form && !failure && session) typed = tidyCode(quietly(() => session.getItem("ln:code")) || "");
  if (config.form) adopt(config.form, typed);
  else {
    render();
    if (typed && !failure) openCode(typed);
  }

  return {
    /** New data of the host. What was typed lives in `draft` and `typed`, so drawing again loses nothing. */
    update(data) {
      config = Object.assign({}, config, data);
      const now = JSON.stringify([config.strings, config.form]);
      if (now === seen) return;
      seen = now;
      const offered = config.form;
      if (offered && !form && !left.has(offered.draft_key) && screen === "code") return adopt(offered, config.code || typed);
      if (offered && form && offered.draft_key === form.draft_key) form = offered;
      const active = box.getRootNode().activeElement;
      const [id, caret] = active && box.contains(active) ? [active.id, active.selectionStart] : ["", 0];
      render();
      const again = id && byId(id);
      if (!again) return;
      again.focus({ preventScroll: true });
      if (typeof caret === "number") again.setSelectionRange(caret, caret);
    },
    destroy() {
      if (retry) retry.stop();
      clearTimeout(kioskTimer);
      removeEventListener("popstate", onPop);
      box.remove();
    },
  };
}
