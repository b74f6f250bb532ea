/** One person's strap on a card: mark, name, and contact in words. No heart is shown. */

import { h, mark, say } from "./dom.js";
import { jumpLine } from "./jump_line.js";
import { fill, nameOf, WORDS, wordsOf } from "./words.js";

/**
 * @param {any} state
 * @param {"A"|"B"} partner
 * @param {Node[]} actions beside the contact words
 */
export function heartCard(state, partner, actions = []) {
  const name = nameOf(state, partner);
  const model = h("p", { class: "small" });
  const contact = h("p", { class: "contact searching" });
  const [line, draw] = jumpLine(
    `${partner.toLowerCase()}-line`, fill(WORDS.home.line, { name }),
  );
  const element = h(
    "section", { class: "card", "aria-label": name },
    h("header", {}, h("div", {}, h("h2", { class: "who" }, mark(partner), name), model)),
    line,
    h("footer", {}, contact, ...actions),
  );
  /** @param {any} strap or null while there is none for this person */
  const update = (strap) => {
    say(model, strap ? strapWords(strap) : "");
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
