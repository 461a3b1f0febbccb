// Streamlit's own widgets speak English only. Its words are exchanged as they appear; `words` stands before this file.
// Calendars and numbers follow the page, not the browser: a week begins on Monday in both languages.
const tongue = document.documentElement.lang === "en" ? "en-GB" : "vi-VN";
Object.defineProperty(navigator, "language", { configurable: true, get: () => tongue });

const patterns = Object.entries(words)
  .filter(([english]) => english.includes("{n}"))
  .map(([english, ours]) => [new RegExp(`^${english.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace("{n}", "(.+)")}$`), ours]);
const ATTRIBUTES = ["aria-label", "title", "placeholder", "alt"];
// What people or files have written is theirs, even where it is one of these words.
const THEIRS = '[data-testid="stHtml"], [data-testid="stTable"], [data-testid="stDataFrame"], .js-plotly-plot, pre, script, style';

function ours(text) {
  const said = text.trim();
  if (!said || said.length > 200) return null;
  if (Object.hasOwn(words, said)) return words[said];
  for (const [english, form] of patterns) {
    const found = english.exec(said);
    if (found) return form.replace("{n}", () => found[1]);
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
