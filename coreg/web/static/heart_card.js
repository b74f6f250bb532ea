/** One person's strap on a line: mark, name, and contact in words. No heart is shown. */

import { h, mark, say } from "./dom.js";
import { jumpLine } from "./jump_line.js";
import { fill, nameOf, WORDS, wordsOf } from "./words.js";

/**
 * Which strap it is stands there only until it is known whose it is.
 * @param {any} state
 * @param {"A"|"B"} partner
 * @param {Node[]} actions beside the contact words
 */
export function heartLine(state, partner, actions = []) {
  const name = nameOf(state, partner);
  const model = h("p", { class: "small" });
  const contact = h("p", { class: "contact searching" });
  const [line, draw] = jumpLine(
    `${partner.toLowerCase()}-line`, fill(WORDS.home.line, { name }),
  );
  const element = h(
    "section", { class: "heart", "aria-label": name },
    h("h2", { class: "who" }, mark(partner), name),
    contact, model, line,
    actions.length > 0 && h("div", { class: "give" }, actions),
  );
  /** @param {any} strap or null while there is none for this person */
  const update = (strap) => {
    say(model, strap && !strap.remembered ? strapWords(strap) : "");
    model.hidden = model.textContent === "";
    say(contact, strap ? contactWords(strap) : fill(WORDS.home.empty, { name }));
    contact.className = `contact ${strap?.signal ?? "searching"}`;
    draw(strap?.jumps ?? []);
  };
  update(null);
  return { element, update };
}

/** @param {any} strap */
export function strapWords(strap) {
  const model = strap.model || strap.name;
  return strap.ends ? fill(WORDS.home.ends, { model, ends: strap.ends }) : model;
}

/** @param {any} strap */
export function contactWords(strap) {
  return strap.words || wordsOf(WORDS.signal, strap.signal) || "";
}
