/** One person's strap on a card: mark, name, heart rate, line and contact in words. */

import { h, mark, say } from "./dom.js";
import { heartLine } from "./trace.js";
import { fill, nameOf, WORDS, wordsOf } from "./words.js";

/**
 * @param {any} state
 * @param {"A"|"B"} partner
 * @param {Node[]} actions beside the contact words
 */
export function heartCard(state, partner, actions = []) {
  const name = nameOf(state, partner);
  const model = h("p", { class: "small" });
  const rate = h("b");
  const contact = h("p", { class: "contact searching" });
  const [line, draw] = heartLine(
    `${partner.toLowerCase()}-line`, fill(WORDS.home.trace, { name }),
  );
  const perMinute = h("p", { class: "rate" }, rate, h("span", {}, WORDS.home.perMinute));
  perMinute.hidden = true;
  const element = h(
    "section", { class: "card", "aria-label": name },
    h(
      "header", {},
      h("div", {}, h("h2", { class: "who" }, mark(partner), name), model),
      perMinute,
    ),
    line,
    h("footer", {}, contact, ...actions),
  );
  /** @param {any} strap or null while there is none for this person */
  const update = (strap) => {
    const known = isHeard(strap);
    perMinute.hidden = !known;
    say(rate, known ? String(Math.round(strap.hr_bpm)) : "");
    say(model, strap ? strapWords(strap) : "");
    say(contact, strap ? contactWords(strap) : fill(WORDS.home.empty, { name }));
    contact.className = `contact ${strap?.signal ?? "searching"}`;
    line.classList.toggle("still", strap === null);
    draw(strap?.trace ?? []);
  };
  update(null);
  return { element, update };
}

/**
 * Whether its rate is of now: what was heard of a strap that is gone is not shown.
 * @param {any} strap
 */
export function isHeard(strap) {
  return Boolean(strap?.arrives && strap.hr_bpm);
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
