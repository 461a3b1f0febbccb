// Streamlit's own widgets speak English only. Its words are exchanged as they appear; `words` stands before this file.
// Calendars and numbers follow the page, not the browser: a week begins on Monday in both languages.
const tongue = document.documentElement.lang === "en" ? "en-GB" : "vi-VN";
for (const [name, value] of [["language", tongue], ["languages", Object.freeze([tongue])]]) {
  Object.defineProperty(navigator, name, { configurable: true, get: () => value });
}

const patterns = Object.entries(words)
  .filter(([english]) => english.includes("{n}"))
  .map(([english, ours]) => [new RegExp(`^${english.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace("{n}", "(.+)")}$`), ours]);
const ATTRIBUTES = ["aria-label", "aria-valuetext", "title", "placeholder", "alt"];
// A field of a date speaks English whatever the language: "12 – December", "December 07, 2026".
const MONTH = /^(\d+) – [A-Z][a-z]+$/, DAY = /^[A-Z][a-z]+ \d{2}, \d{4}$/;
const TWO = /^([\d/.-]+) and ([\d/.-]+)$/;
const day = (text) => (DAY.test(text) ? new Date(text).toLocaleDateString(navigator.language) : text.replace(TWO, "$1 – $2"));
// What people or files have written is theirs, even where it is one of these words.
const THEIRS = '[data-testid="stHtml"], [data-testid="stTable"], [data-testid="stDataFrame"], .js-plotly-plot, pre, script, style';

function ours(text) {
  const said = text.trim();
  if (!said || said.length > 200) return null;
  if (Object.hasOwn(words, said)) return words[said];
  if (patterns.length && MONTH.test(said)) return MONTH.exec(said)[1];
  for (const [english, form] of patterns) {
    const found = english.exec(said);
    if (found) return form.replace("{n}", () => day(found[1]));
  }
  return null;
}

function exchangeText(node) {
  const found = ours(node.nodeValue);
  if (found !== null && !node.parentElement?.closest(THEIRS)) node.nodeValue = node.nodeValue.replace(node.nodeValue.trim(), () => found);
}

function exchangeAttributes(element) {
  for (const name of ATTRIBUTES) {
    const found = element.hasAttribute(name) ? ours(element.getAttribute(name)) : null;
    if (found !== null) element.setAttribute(name, found);
  }
}

function exchangeBelow(root) {
  if (root.nodeType === Node.TEXT_NODE) exchangeText(root);
  if (root.nodeType !== Node.ELEMENT_NODE || root.closest(".js-plotly-plot")) return;
  exchangeAttributes(root);
  root.querySelectorAll(ATTRIBUTES.map((name) => `[${name}]`).join(",")).forEach(exchangeAttributes);
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) exchangeText(texts.currentNode);
}

new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.type === "childList") change.addedNodes.forEach(exchangeBelow);
    else if (change.type === "characterData") exchangeText(change.target);
    else exchangeAttributes(change.target);
  }
}).observe(document.documentElement, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
exchangeBelow(document.body);
