/** Fit: do the straps sit well? Words, not bars. */

import { h, linkButton, mainButton, say, title } from "../dom.js";
import { heartCard } from "../heart_card.js";
import { WORDS } from "../words.js";

/** @type {("A"|"B")[]} */
const PARTNERS = ["A", "B"];

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function fit(app, state) {
  const begin = mainButton(WORDS.fit.go, () => app.send("start"));
  const ready = h("p", { class: "lead", role: "status" });
  const cards = { A: heartCard(state, "A"), B: heartCard(state, "B") };
  /** @param {any[]} straps */
  const hearts = (straps) => {
    const worn = PARTNERS.map((each) => straps.find((strap) => strap.partner === each) ?? null);
    PARTNERS.forEach((each, i) => cards[each].update(worn[i]));
    const both = worn.every((strap) => strap?.arrives);
    begin.toggleAttribute("disabled", !both);
    say(ready, both ? WORDS.fit.ready : WORDS.fit.missing);
  };
  hearts(state.straps ?? []);
  return {
    element: h(
      "div", { class: "day fit" },
      title(WORDS.fit.title),
      h("p", { class: "lead" }, WORDS.fit.lead),
      h("div", { class: "cards" }, cards.A.element, cards.B.element),
      h("div", { class: "foot" }, ready, begin),
      h("div", { class: "beneath" }, linkButton(WORDS.fit.back, () => app.go("home"))),
    ),
    hearts,
  };
}
