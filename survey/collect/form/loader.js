// What Streamlit carries to the browser in each of its messages: only where the form is. The module itself (streamlit.js) comes
// from the address that /p has it from, once, and stays in the browser's cache.

const AGAIN_MS = [500, 1000, 2000, 4000]; // then every 8 s

/** A line that is away for a moment must not leave an empty page; a second address, as browsers remember that a module failed. */
async function module() {
  for (let tries = 0; ; tries++) {
    try {
      return await import(new URL("BASE/streamlit.js" + (tries ? "?" + tries : ""), location.href));
    } catch (error) {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS[tries] || 8000));
    }
  }
}

export default async (component) => (await module()).show(component, "BASE/form.css");
