/** The server is not there: say so calmly, and come back alone. */

import { h, title } from "../dom.js";
import { WORDS } from "../words.js";

/** @param {boolean} known whether the page may come back by itself */
export function gone(known) {
  return {
    element: h(
      "div", { class: "day narrow alone" },
      title(WORDS.gone.title),
      h("p", { class: "lead" }, known ? WORDS.gone.lead : WORDS.gone.stranger),
    ),
  };
}
