/** Fit: do the straps sit well? Words, not bars. */

import { h, linkButton, mainButton, title } from "../dom.js";
import { heartCard } from "../heart_card.js";
import { WORDS } from "../words.js";

/**
 * @param {any} app
 * @param {any} state
 */
export function fit(app, state) {
  const cards = { A: heartCard(state, "A"), B: heartCard(state, "B") };
  return {
    element: h(
      "div", { class: "day fit" },
      title(WORDS.fit.title),
      h("p", { class: "lead" }, WORDS.fit.lead),
      h("div", { class: "cards" }, cards.A.element, cards.B.element),
      h(
        "div", { class: "foot" },
        h("p", { class: "lead" }, WORDS.fit.ready),
        mainButton(WORDS.fit.go, () => app.send("start")),
      ),
      h("div", { class: "beneath" }, linkButton(WORDS.fit.back, () => app.go("home"))),
    ),
    /** @param {any[]} straps */
    hearts(straps) {
      for (const partner of /** @type {("A"|"B")[]} */ (["A", "B"])) {
        cards[partner].update(straps.find((strap) => strap.partner === partner) ?? null);
      }
    },
  };
}
