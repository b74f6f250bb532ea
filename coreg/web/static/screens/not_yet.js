/** One calm line for both, after at least one of them said no: nothing says who. */

import { h, mainButton, title } from "../dom.js";
import { WORDS } from "../words.js";
import { choicesLinks } from "./choices.js";
import { helpLink } from "./help.js";

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function notYet(app, state) {
  return {
    element: h(
      "div", { class: "day narrow alone" },
      title(WORDS.notYet.title),
      h("p", { class: "lead" }, state.strapless ? WORDS.notYet.leadWithout : WORDS.notYet.lead),
      h("div", { class: "buttons" }, mainButton(WORDS.notYet.go, () => app.go("welcome"))),
      h("div", { class: "beneath" }, helpLink(), choicesLinks(app, state)),
    ),
  };
}
