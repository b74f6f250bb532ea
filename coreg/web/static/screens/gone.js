/** The server is not there: say so calmly, and come back alone. */

import { h, title } from "../dom.js";
import { WORDS } from "../words.js";

/**
 * @param {boolean} known whether the page may come back by itself
 * @param {boolean} byNight whether the lamp is down: it is not turned up for this
 */
export function gone(known, byNight) {
  const words = [
    title(WORDS.gone.title),
    h("p", { class: "lead" }, known ? WORDS.gone.lead : WORDS.gone.stranger),
  ];
  return {
    pauses: byNight, // as soon as the server is back
    element: byNight
      ? h("div", { class: "dusk paused" }, h("span"), h("div", { class: "middle" }, words))
      : h("div", { class: "day narrow alone" }, words),
  };
}
