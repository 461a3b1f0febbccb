// Runs the three engines over the page; a list of {engine, rule, html, said}. `tags`: what axe is asked for.
async (tags) => {
  const COLOUR = { axe: ["color-contrast"], ibm: ["text_contrast_sufficient"] };
  const elements = [...document.querySelectorAll("*")].map((one) => one.localName).join();
  const scheme = matchMedia("(prefers-color-scheme: dark)").matches;
  const before = window.lookedAt;
  const onlyColours = Boolean(before) && before.elements === elements && before.scheme !== scheme;
  if (!onlyColours) window.lookedAt = { elements, scheme };
  const outside = (element) => String(element.outerHTML || "").slice(0, 400);

  async function axeFinds() {
    const runOnly = onlyColours ? { type: "rule", values: COLOUR.axe } : { type: "tag", values: tags };
    const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"] });
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, target }) => ({ engine: "axe", rule: id, html, said: `${help} ${target}` })));
  }

  // Errors only: a warning or notice of it says what a person may want to look at.
  const htmlcsFinds = () => new Promise((done, fail) => HTMLCS.process("WCAG2AA", document, () => done(
    HTMLCS.getMessages().filter(({ type }) => type === HTMLCS.ERROR)
      .map(({ code, msg, element }) => ({ engine: "htmlcs", rule: code.replace("WCAG2AA.", ""), html: outside(element), said: msg }))), fail));

  // What it calls a fault; not what it asks a person to look at ("POTENTIAL", "MANUAL"): a third of its rules can say nothing
  // else, and took half the time. Those that others wait for are kept.
  function checkerOfFaults() {
    const checker = new ace.Checker(), { ruleMap } = checker.engine;
    const ids = checker.rulesets.find(({ id }) => id === "WCAG_2_2").checkpoints.flatMap(({ rules }) => rules.map(({ id }) => id));
    const kept = new Set(ids.filter((id) => String(ruleMap[id].run).includes("RuleFail")));
    for (const id of kept) for (const other of ruleMap[id].dependencies ?? []) if (ids.includes(other)) kept.add(other);
    for (const [id, rules] of Object.entries({ colours: COLOUR.ibm, faults: [...kept] })) {
      const checkpoints = [{ num: "1.4.3", rules: rules.map((id) => ({ id, level: "VIOLATION" })) }];
      checker.addRuleset({ id, name: id, category: id, description: "", checkpoints });
    }
    return checker;
  }

  async function ibmFinds() {
    const { results } = await (window.ibm ??= checkerOfFaults()).check(document, [onlyColours ? "colours" : "faults"]);
    return results.filter(({ value }) => value[1] === "FAIL")
      .map(({ ruleId, snippet, message }) => ({ engine: "ibm", rule: ruleId, html: snippet, said: message }));
  }

  // What one of these attributes names must be there, in the same tree: else it is read as nothing.
  function pointers() {
    const names = ["aria-describedby", "aria-labelledby", "aria-controls", "aria-owns", "aria-details", "aria-activedescendant", "aria-errormessage", "for"];
    const found = [], roots = [document];
    for (const root of roots) {
      for (const element of root.querySelectorAll("*")) {
        if (element.shadowRoot) roots.push(element.shadowRoot);
        for (const name of names) {
          const value = element.getAttribute(name);
          const lost = value === null ? [] : value.trim().split(/\s+/).filter((id) => !id || !root.getElementById(id));
          if (lost.length) found.push({ engine: "pointers", rule: name, html: outside(element), said: `points to nothing: ${lost}` });
        }
      }
    }
    return found;
  }

  return [...pointers(), ...await axeFinds(), ...await htmlcsFinds(), ...await ibmFinds()];
}
