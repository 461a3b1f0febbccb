// A chart is heard as its sentence, which stands in `alt` of Streamlit's figure, and as the table under it. Without this its
// numbers, ticks and labels are read one after the other without what they belong to.
(() => {
const CHART = '[data-testid="stPlotlyChart"]';

function hear(chart) {
  const pictures = chart.querySelectorAll("svg.main-svg");
  if (!pictures.length) return;
  const sentence = chart.getAttribute("aria-label");
  if (sentence) {
    // One picture with one name, said once: the frame around it has none any more.
    pictures[0].setAttribute("aria-label", sentence);
    chart.removeAttribute("aria-label");
    chart.setAttribute("role", "presentation");
  }
  pictures.forEach((picture, number) => (number ? picture.setAttribute("aria-hidden", "true") : picture.setAttribute("role", "img")));
  // Children of a picture are no part of what is heard; not every reader knows that by itself.
  for (const part of pictures[0].children) part.setAttribute("aria-hidden", "true");
  // Rows that can be pressed: the box to choose from beside the chart does the same for the keyboard.
  chart.querySelectorAll("svg a").forEach((link) => link.setAttribute("tabindex", "-1"));
}

new MutationObserver((changes) => {
  const charts = new Set();
  for (const { target, addedNodes } of changes) {
    const inside = target.closest?.(CHART);
    if (inside) charts.add(inside);
    else for (const node of addedNodes) node.querySelectorAll?.(CHART).forEach((chart) => charts.add(chart));
  }
  charts.forEach(hear);
}).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label"] });
document.querySelectorAll(CHART).forEach(hear);
})();
