// The respondent's form, hosted by the plain page /p (plain.js) and by Streamlit (streamlit.js). Native radios and
// textareas; a draft in the browser; a server is reached only through `host`; texts go in as text nodes, never as HTML.
// Written for old phones: no optional chaining.

const CODE_LENGTH = 16;
const RETRY_SECONDS = [1, 2, 4, 8]; // then every 15
const KEEP_DAYS = 30;
const DECLINED = "na";
const OVER = ["closed", "counting"]; // no code is let in any more

/** An element. `on*`: listeners; false, null and undefined are left out, among the children too. */
function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child));
  return node;
}
const p = (text, style, id) => text && h("p", { class: style, id }, text);
const alarm = (text, style, id) => h("p", { class: style, id, role: "alert" }, text);
// The second half of a double click must not skip a step.
const button = (text, act, props) => h("button", { type: "button", onclick: ({ detail }) => detail > 1 || act(), ...props }, text);

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

/** Typed, pasted or scanned -> Crockford's alphabet in groups of four, look-alikes forgiven. */
function tidyCode(raw) {
  const link = /[?&]code=([^&#\s]+)/.exec(raw);
  const plain = (link ? link[1] : raw).normalize("NFD").toUpperCase().replace(/\u0110/g, "D");
  const kept = plain.replace(/[IL]/g, "1").replace(/O/g, "0").replace(/U/g, "V").replace(/[^0-9A-Z]/g, "");
  return kept.slice(0, CODE_LENGTH).replace(/(.{4})(?=.)/g, "$1-");
}
const bare = (code) => code.replace(/-/g, "");

/** Text as the server keeps it: NFC, nothing invisible but line ends. */
const tidyText = (raw) => raw.replace(/\r\n/g, "\n").replace(/[\0-\x09\x0b-\x1f\x7f-\x9f]|[\ud800-\udfff]/gu, "").normalize("NFC").trim();

/** JSON exactly as ballot.py seals it: keys in order, no spaces. */
const canonical = (value) =>
  value === null || typeof value !== "object" ? JSON.stringify(value) : `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`;

/** Whether a condition holds (the trees of conditions.py); `value` gives the text of an answer, "" where there is none. */
function holds([kind, ...parts], value) {
  if (kind === "and") return parts.every((part) => holds(part, value));
  if (kind === "or") return parts.some((part) => holds(part, value));
  if (kind === "not") return !holds(parts[0], value);
  const [given, wanted] = [value(parts[0]), String(parts[1])];
  if (kind === "=" || kind === "!=") return (given === wanted) === (kind === "=");
  const number = (text) => (text.trim() === "" ? NaN : Number(text));
  const [left, right] = [number(given), number(wanted)];
  return { "<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right }[kind];
}

export function mount(root, config, host) {
  let screen = "code"; // code | steps | receipt | failed
  let form = null; // what host.open gave
  let code = "";
  let typed = tidyCode(config.code || ""); // the text of the code field
  let draft = null; // see restore()
  let keep = false; // draft in localStorage instead of sessionStorage
  let problems = {}; // id -> why it was rejected
  let note = ""; // one sentence above the step
  let failure = config.error; // {status, message} for the code screen
  let result = null; // the last answer of host.send
  let fromReview = false;
  let retry = null; // see ask()

  const status = h("p", { class: "sr", role: "status" });
  const body = h("div", { class: "body" });
  const box = h("div", { class: "ln-form" }, status, body);
  // A kiosk keeps nothing: it has no disks.
  const [session, local] = ["sessionStorage", "localStorage"].map((kind) => disk(config.kiosk ? "" : kind));

  const t = (key, values = {}) => Object.keys(values).reduce((text, name) => text.split(`{${name}}`).join(values[name]), key in config.strings ? config.strings[key] : key);
  const say = (text) => (status.textContent = text);
  const byId = (id) => body.querySelector("#" + id);

  // --- draft

  const draftName = () => "ln:" + form.draft_key;
  const today = () => Math.floor(Date.now() / 864e5);
  const save = () => (keep ? local : session).set(draftName(), draft);

  function forget() {
    if (form) session.drop(draftName()), local.drop(draftName());
    session.drop("ln:code");
  }

  /** Takes over what still fits the questionnaire; whether there was a draft. */
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

  /** Drafts kept by choice do not stay for ever. */
  function sweep() {
    const old = (key) => key.startsWith("ln:") && !(today() - local.get(key).day <= KEEP_DAYS);
    local.keys().filter(old).forEach(local.drop);
  }

  /** What is sealed. "Rather not say" is stored as nothing at all. */
  function sealed() {
    const [answers, comments, breakdowns] = [{ ...draft.answers }, {}, { ...draft.breakdowns }];
    for (const { id } of form.open_questions) {
      const text = tidyText(draft.comments[id] || "");
      if (text) comments[id] = text;
    }
    for (const id in breakdowns) if (breakdowns[id] === DECLINED) delete breakdowns[id];
    for (const id of skipped()) delete answers[id], delete comments[id], delete breakdowns[id];
    return { answers, comments, breakdowns };
  }

  /** The questions that are not asked of who answers so; a skipped question counts as not answered. */
  function skipped() {
    const gone = new Set();
    const value = (id) => {
      const given = id in draft.answers ? draft.answers[id] : draft.breakdowns[id];
      return gone.has(id) || given === undefined || given === DECLINED ? "" : String(given);
    };
    const conditional = questions().filter(({ relevant }) => relevant);
    for (let before = -1; before < gone.size;) {
      before = gone.size;
      const more = conditional.filter(({ id, relevant }) => !gone.has(id) && !holds(relevant, value));
      more.forEach(({ id }) => gone.add(id));
    }
    return gone;
  }
  const ballot = () => ({ code, attempt: draft.attempt, ...sealed() });

  // --- where we are

  const items = () => form.themes.map((theme) => theme.items).flat();
  const questions = () => items().concat(form.open_questions, form.breakdowns);
  const asked = (list, gone = skipped()) => list.filter(({ id }) => !gone.has(id));
  /** Breakdowns that a condition looks at are asked right above its question, the others at the end. */
  const early = () => new Set(items().concat(form.open_questions).map(({ before }) => before || []).flat());
  const late = () => form.breakdowns.filter(({ id }) => !early().has(id));
  const themes = () => form.themes.filter(({ items }) => asked(items).length || items.some(({ before }) => before));
  const themeStep = (theme) => "theme:" + theme.id;
  const steps = () =>
    ["intro", ...themes().map(themeStep), commentsAsked() && "comments", late().length && "about", "review", "stored"].filter(Boolean);
  const commentsAsked = () => asked(form.open_questions).length || form.open_questions.some(({ before }) => before);
  const beside = (distance) => steps()[steps().indexOf(draft.step) + distance];

  function adopt(opened, usedCode) {
    form = opened;
    code = bare(usedCode);
    failure = null;
    sweep();
    note = restore() && draft.step !== "intro" ? t("restored") : "";
    session.set("ln:code", code); // for a reload
    screen = "steps";
    if (config.history) history.replaceState({ ...history.state, ln: draft.step }, "");
    render();
    if (draft.pending) send();
  }

  /** Shows a step. `push`: a new entry for the browser's Back. `target`: id of the field to focus. */
  function go(step, { push = true, target = "" } = {}) {
    if (retry && !retry.busy) retry.stop();
    draft.pending = false;
    if (config.history && push) history.pushState({ ln: step, from: draft.step }, "");
    if (step === "review") fromReview = false;
    draft.step = step;
    screen = "steps";
    note = "";
    save();
    render();
    arrive(target);
  }

  function back() {
    const { ln, from } = (config.history && history.state) || {};
    if (ln === draft.step && from === beside(-1)) history.back();
    else go(beside(-1));
  }

  const next = () => go(fromReview ? "review" : beside(1));

  function onPop(event) {
    const step = event.state && event.state.ln;
    if (form && steps().includes(step)) go(step, { push: false });
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
    say((body.querySelector(".where") || status).textContent);
  }

  /** Asks the host until it answers: never twice at a time, with growing pauses, at once when the line is back. */
  function ask(name, job, onDone) {
    if (retry) return retry.now();
    let timer = 0;
    let tries = 0;
    const self = { busy: false, now, stop };
    function stop() {
      clearTimeout(timer);
      removeEventListener("online", now);
      retry = null;
      if (byId("ln-line")) byId("ln-line").remove();
    }
    function show(state, said) {
      const [main, other, line] = ["ln-next", "ln-back", "ln-line"].map(byId);
      for (const one of [main, other]) if (one) one.disabled = self.busy;
      main.textContent = t(name + state);
      if (self.busy) say(main.textContent);
      else {
        const why = said || t(name + "_offline" + (config.kiosk && name === "send" ? "_kiosk" : ""));
        if (!line) {
          main.parentNode.prepend(alarm(why, "warn", "ln-line")); // in the bar: where the person has just pressed
          byId("ln-line").scrollIntoView({ block: "nearest" }); // on a low screen the bar is not fixed
        } else if (line.textContent !== why) line.textContent = why;
      }
    }
    async function now() {
      if (self.busy) return;
      clearTimeout(timer);
      self.busy = true;
      show("_busy");
      const reply = await job().catch(({ said }) => ({ said }));
      self.busy = false;
      if (retry !== self) return; // the person has left
      if (reply && (reply.form || reply.error || (reply.status && reply.status !== "busy"))) {
        stop();
        onDone(reply);
      } else if (screen === "steps" && draft.step !== "stored") {
        stop(); // gone back to change something
      } else {
        timer = setTimeout(now, 1000 * (RETRY_SECONDS[tries++] || 15));
        show("_waiting", reply && reply.said);
      }
    }
    retry = self;
    addEventListener("online", now);
    now();
  }

  // --- code

  function openCode() {
    const wanted = typed;
    ask("open", () => host.open(bare(wanted)), (reply) => {
      if (reply.form) return arrive(adopt(reply.form, wanted));
      session.drop("ln:code");
      failure = reply.error;
      render();
      (byId("ln-code") || body.querySelector("h1")).focus();
    });
  }

  function leave() {
    forget();
    if (retry) retry.stop();
    failure = over(result) ? result : null;
    form = draft = result = null;
    code = typed = note = "";
    problems = {};
    keep = fromReview = false;
    screen = "code";
    render();
    arrive();
  }

  const over = (refused) => Boolean(refused && OVER.includes(refused.status));
  const erase = () => confirm(t("erase_confirm")) && leave();

  const codeError = (text) => {
    byId("ln-code-error").textContent = text;
    byId("ln-code").setAttribute("aria-invalid", text !== "");
  };

  function onCode({ target, isComposing }) {
    if (isComposing) return;
    const raw = target.value;
    const before = bare(tidyCode(raw.slice(0, target.selectionStart))).length;
    const caret = before + Math.max(0, Math.ceil(before / 4) - 1);
    typed = target.value = tidyCode(raw);
    target.setSelectionRange(caret, caret);
    if (retry && !retry.busy) {
      retry.stop();
      byId("ln-next").textContent = t("open");
    }
    // Vietnamese keyboards turn "dd", "aa", "as" into one accented letter: nobody guesses that.
    if (/[À-ỹ]/.test(raw)) codeError(t("code_accents"));
    else if (bare(typed).length === CODE_LENGTH) codeError("");
  }

  function codeScreen() {
    if (over(failure)) return [...head(t("over_title"), 0, languages()), alarm(failure.message, "warn"), ...about()];
    const onsubmit = (event) => {
      event.preventDefault();
      const n = bare(typed).length;
      if (n === CODE_LENGTH) return openCode();
      codeError(t("code_short", { n }));
      byId("ln-code").focus();
    };
    const field = {
      id: "ln-code", type: "text", value: typed, lang: "en", placeholder: "XXXX-XXXX-XXXX-XXXX", autocomplete: "off", autocapitalize: "characters",
      spellcheck: "false", "aria-describedby": "ln-code-error ln-code-help", "aria-invalid": String(Boolean(failure)), oninput: onCode, oncompositionend: onCode,
    };
    return [
      ...head(t("code_title"), 0, languages()),
      (config.waves || []).map((line) => p(line, "lead")),
      h("form", { class: "card", onsubmit },
        h("label", { for: "ln-code" }, t("code_label")),
        h("input", field),
        alarm(failure && failure.message, "err", "ln-code-error"),
        p(t("code_help"), "help", "ln-code-help"),
        h("div", { class: "bar" }, h("button", { id: "ln-next", class: "main", type: "submit" }, t("open")))),
      ...about(),
    ];
  }

  // --- parts of a step

  const list = (lines) => h("ul", {}, lines.map((line) => h("li", {}, line)));
  const section = (title, ...rest) => h("section", { class: "card" }, h("h2", {}, title), ...rest);

  /** Whom to ask, and how anonymity is kept; that page opens beside the form, which then loses nothing. Nothing leads out of a kiosk. */
  const about = () => {
    const contact = (form && form.contact) || config.contact;
    return [contact && p(t("contact", { contact })), config.kiosk ? p(t("kiosk_note"), "info") : h("p", {}, privacy())];
  };
  const privacy = () =>
    h("a", { href: "/privacy?lang=" + config.lang, target: "_blank", rel: "noopener" }, t("privacy"), h("span", { class: "sr" }, " " + t("new_tab")));

  /** One tap away on every step: how anonymity is kept, and the other languages. */
  const foot = () => !config.kiosk && h("p", { class: "foot" }, privacy(), languages());

  /** The same page in the other languages. Where nothing is kept the link takes the code along, and goes once it would cost answers. */
  function languages() {
    const lost = form && !save();
    if (lost && (!config.history || !code || Object.keys(draft.answers).length)) return null;
    const more = config.kiosk ? "&kiosk=1" : lost ? "&code=" + code : "";
    const link = (lang) => h("a", { href: `?lang=${lang}${more}`, lang, hreflang: lang }, config.languages[lang]);
    return Object.keys(config.languages || {}).map(link);
  }

  const trial = () => Boolean((form && form.trial) || (result && result.trial));

  /** The heading and the line above it. `place`: number of the theme; past the last one the bar is full. */
  /** Whose survey it is, on the screens outside the questions. */
  const whose = () => (config.organisation || config.mark) && h("p", { class: "whose" },
    config.mark && h("img", { src: config.mark, alt: "" }), h("span", {}, config.organisation));

  function head(title, place, links) {
    const total = form && themes().length;
    const line = [
      place && h("span", { class: "where" }, place > total ? t("almost") : t("progress", { n: place, total })),
      place && h("progress", { max: total, value: Math.min(place, total), "aria-label": t("progress_label") }),
      trial() && h("span", { class: "tag" }, t("trial_tag")),
      config.illustrative && h("span", { class: "tag" }, t("illustrative")),
      links,
    ];
    return [h("div", { class: "top" }, line.flat()), !place && whose(), h("h1", { tabindex: "-1" }, title)];
  }

  const bar = (text, onclick, other = button(t("back"), back, { id: "ln-back" })) =>
    h("div", { class: "bar" }, other, button(text, onclick, { id: "ln-next", class: "main" }));

  const problem = (id) => problems[id] && alarm(problems[id], "err", "ln-err-" + id);
  /** What describes a field: only what is there, else it would be read as nothing. */
  const described = (id, ...more) => [problems[id] && "ln-err-" + id, ...more].filter(Boolean).join(" ") || null;

  const hint = ({ id, hint }) => p(hint, "help hint", "ln-hint-" + id);

  /** What stands around a question: the breakdowns its condition looks at, its note; all of it goes when it is not asked. */
  function placed(question, node) {
    const { id, note, relevant, before } = question;
    const above = (before || []).map((name) => field(form.breakdowns.find((one) => one.id === name)));
    if (!note && !relevant) return [...above, node];
    const around = h("div", { id: "ln-w-" + id }, note && note.split("\n").map((line) => p(line, "note")), node);
    around.hidden = skipped().has(id);
    return [...above, around];
  }

  /** One question, its options as full-width rows. `kind`: where the draft keeps the answer. */
  function choice(kind, question, legend, options) {
    const id = question.id;
    return h("fieldset", { class: "card", id: "ln-q-" + id, "aria-describedby": described(id, question.hint && "ln-hint-" + id) },
      h("legend", {}, legend),
      hint(question),
      problem(id),
      options.map(({ value, label, apart }, place) => {
        // The second half of a mouse's double click must not clear what the first half has chosen.
        const twice = ({ detail, pointerType }) => detail > 1 && pointerType !== "touch";
        const onclick = (event) => twice(event) || choose(event.target, kind, id, value);
        const onkeydown = (event) => {
          if (![" ", "Backspace", "Delete"].includes(event.key) || draft[kind][id] !== value) return;
          event.preventDefault();
          // Firefox would click again when the key comes up.
          event.target.addEventListener("keyup", (up) => up.preventDefault(), { once: true });
          onclick(event);
        };
        const radio = { type: "radio", id: `ln-${id}-${place}`, name: "ln-" + id, value, checked: value === draft[kind][id], onclick, onkeydown };
        const pass = (event) => twice(event) && event.preventDefault();
        return h("label", { class: apart ? "opt apart" : "opt", onclick: pass }, h("input", radio), h("span", {}, label));
      }));
  }

  /** A click on the chosen answer clears it; only the draft knows what was chosen before the click. */
  function choose(input, kind, id, value) {
    input.checked = draft[kind][id] !== value;
    if (input.checked) draft[kind][id] = value;
    else delete draft[kind][id];
    say(input.checked ? "" : t("cleared"));
    changed(id);
  }

  function changed(id) {
    if (problems[id]) byId("ln-err-" + id).textContent = ""; // it stays where its field points to
    delete problems[id];
    save();
    const gone = skipped();
    for (const one of questions()) if (one.relevant && byId("ln-w-" + one.id)) byId("ln-w-" + one.id).hidden = gone.has(one.id);
  }

  /** How long the draft lives, and the choice to keep it longer. */
  function pause() {
    // No question that stays open on the screen when the person has gone.
    if (config.kiosk) return h("details", { class: "pause" }, h("summary", {}, t("kiosk_leave")), button(t("erase"), leave, { id: "ln-erase" }));
    if (!save()) return null;
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
    return h("details", { class: "pause", open: keep },
      h("summary", {}, t("pause_title")),
      p(t("pause_help")),
      h("label", { class: "check" }, h("input", { type: "checkbox", id: "ln-keep", checked: keep, onchange }), h("span", {}, t("keep_label"))),
      warning,
      p(t("keep_help"), "help"),
      button(t("erase"), erase, { id: "ln-erase" }));
  }

  /** That a reload would cost everything is never folded away. */
  const unkept = () => !config.kiosk && !save() && p(t("no_storage"), "warn");

  // --- steps

  function introNodes() {
    return [
      ...head(form.questionnaire.title, 0, languages()),
      p([form.wave.title, h("br"), t("unit", { unit: form.unit })], "lead"),
      trial() && p(t("trial_intro"), "warn"),
      p(note, "info"),
      unkept(),
      list([form.until, t("fact_time"), t("fact_voluntary"), t("fact_clear")].filter(Boolean)),
      ...about(),
      form.intro.map((text) => p(text)),
      form.heard && section(form.heard.title, list(form.heard.lines)),
      form.criteria && form.criteria.length > 0 && h("details", { class: "pause" }, h("summary", {}, t("criteria")),
        form.criteria.flatMap(({ document, lines }) => [document && p(document), list(lines)])),
      section(t("who_sees"), list(form.who_sees)),
      pause(),
      bar(t("start"), next, null),
    ];
  }

  function themeNodes(theme) {
    const place = themes().indexOf(theme) + 1;
    let number = items().indexOf(theme.items[0]);
    return [
      ...head(theme.title, place),
      theme.items.map((item) => {
        const { points, dont_know } = form.scales[item.scale];
        return placed(item, choice("answers", item, `${++number}. ${item.text}`, points.concat(dont_know ? { ...dont_know, apart: true } : [])));
      }),
    ];
  }

  function commentsNodes() {
    const question = (one) => {
      const { id, text, max_chars } = one;
      const left = () => t("chars_left", { n: max_chars - area.value.length });
      const oninput = () => {
        draft.comments[id] = area.value;
        counter.textContent = left();
        changed(id);
      };
      const about = described(id, "ln-left-" + id, "ln-open-warning", one.hint && "ln-hint-" + id);
      const area = h("textarea", { id: "ln-" + id, rows: 4, maxlength: max_chars, autocomplete: "off", oninput, "aria-describedby": about });
      area.value = draft.comments[id] || "";
      const counter = p(left(), "help", "ln-left-" + id);
      return placed(one, h("div", { class: "card", id: "ln-q-" + id }, h("label", { for: "ln-" + id }, text), hint(one), problem(id), area, counter));
    };
    return [...head(t("comments_title"), Infinity), p(form.open_warning, "warn", "ln-open-warning"), form.open_questions.map(question)];
  }

  function field(one) {
    const options = one.options.map(({ code, label }) => ({ value: code, label, apart: code === DECLINED }));
    return placed(one, choice("breakdowns", one, one.label, options));
  }

  const aboutNodes = () => [...head(t("about_title"), Infinity), p(t("about_help")), late().map(field)];

  function reviewNodes() {
    const jump = (step, target) => () => {
      fromReview = true;
      go(step, { target });
    };
    const row = (step, title, text) =>
      steps().includes(step) && h("section", { class: "card row" }, h("div", {}, h("h2", {}, title), p(text)), button(t("change"), jump(step), { "aria-label": `${t("change")}: ${title}` }));
    const missing = asked(items()).filter(({ id }) => draft.answers[id] === undefined);
    const cards = themes().map((theme) => {
      const step = themeStep(theme);
      const open = theme.items.filter((item) => missing.includes(item));
      const total = asked(theme.items).length;
      if (!open.length) return row(step, theme.title, t("theme_done", { n: total }));
      return section(theme.title, p(t("theme_left", { n: open.length, total })),
        open.map((item) => button(`${items().indexOf(item) + 1}. ${item.text}`, jump(step, "ln-q-" + item.id), { class: "jump" })));
    });
    const { comments } = sealed();
    const part = (filled, all) => ({ n: all.filter(({ id }) => filled[id] !== undefined).length, total: all.length });
    return [
      ...head(t("review_title"), Infinity),
      p(t(missing.length ? "review_some" : "review_all", { n: missing.length }), "info"),
      cards,
      row("comments", t("comments_title"), t("written", part(comments, asked(form.open_questions)))),
      row("about", t("about_title"), t("filled", part(draft.breakdowns, asked(late())))),
    ];
  }

  function storedNodes() {
    const bytes = canonical({ ...form.stored.template, ...sealed() });
    return [
      ...head(t("stored_title"), Infinity),
      unkept(),
      trial() && p(t("trial_stored"), "warn"),
      list(form.stored.lines),
      h("h2", { id: "ln-sealed" }, t("stored_exact")),
      p(t("stored_key", { id: items()[0].id })),
      h("pre", { tabindex: "0", role: "region", "aria-labelledby": "ln-sealed" }, bytes.match(/[^,]*,|[^,]+$/g).flatMap((part) => [part, h("wbr")])),
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
    if (["received", "already"].includes(reply.status)) {
      forget();
      form = draft = null; // nothing to go back to
      screen = "receipt";
    } else {
      save();
      problems = { ...reply.errors };
      const wrong = ({ id, before }) => problems[id] || (before || []).some((name) => problems[name]);
      const theme = form.themes.find(({ items }) => items.some(wrong));
      const first = (theme ? theme.items : form.open_questions.concat(form.breakdowns)).find(wrong);
      if (reply.status === "rejected" && first) {
        fromReview = true;
        return go(theme ? themeStep(theme) : first.options ? "about" : "comments", { target: "ln-q-" + first.id });
      }
      screen = "failed";
    }
    render();
    arrive();
  }

  function receiptScreen() {
    return [
      ...head(t(trial() ? "trial_title" : "receipt_title")),
      trial() ? p(t("trial_receipt"), "lead") : p(t("thanks"), "lead"),
      p(result.message),
      result.receipt && section(t("receipt_label"), p(result.receipt, "receipt"), p(t("receipt_help"))),
      !config.kiosk && p(t("receipt_close")),
      config.kiosk && bar(t("finish"), leave, null),
    ];
  }

  function failedScreen() {
    return [
      ...head(t("failed_title")),
      alarm(result.message || t("rejected"), "err"),
      !config.kiosk && p(t("draft_stays")),
      ...about(),
      bar(...(over(result) ? [t("erase"), config.kiosk ? leave : erase] : [t("another_code"), leave]), button(t("back"), () => go("review"), { id: "ln-back" })),
    ];
  }

  // --- drawing

  function stepNodes() {
    const theme = form.themes.find((one) => themeStep(one) === draft.step);
    const others = { intro: introNodes, comments: commentsNodes, about: aboutNodes, review: reviewNodes, stored: storedNodes };
    const [line, title, ...rest] = theme ? themeNodes(theme) : others[draft.step]();
    if (["intro", "stored"].includes(draft.step)) return [line, title, ...rest];
    return [line, title, p(note, "info"), unkept(), ...rest, pause(), foot(), bar(t(fromReview ? "to_review" : "next"), next)];
  }

  function render() {
    box.lang = config.lang;
    if (config.theme) box.dataset.theme = config.theme;
    const nodes = { code: codeScreen, steps: stepNodes, receipt: receiptScreen, failed: failedScreen }[screen]();
    body.textContent = "";
    body.append(...nodes.flat(Infinity).filter(Boolean));
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
      config = { ...config, ...data };
      if (form && config.form && config.form.draft_key === form.draft_key) form = config.form;
      if (shown() !== before) render();
    },
    /** For a kiosk: "" where nothing of anybody is on the screen, else the screen; a step back; everything wiped. */
    screen: () => (screen === "code" && !typed && !failure && !retry ? "" : screen),
    back: () => screen === "steps" && !retry && steps().indexOf(draft.step) > 0 && go(beside(-1)),
    leave,
    destroy() {
      if (retry) retry.stop();
      removeEventListener("popstate", onPop);
      box.remove();
    },
  };
}
