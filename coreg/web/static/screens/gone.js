/** The line is down: say calmly why, and what to do. */

import { h, title } from "../dom.js";
import { WORDS } from "../words.js";

/**
 * @param {import("../socket.js").Down} why
 * @param {boolean} byNight whether the lamp is down: it is not turned up for this
 */
export function gone(why, byNight) {
  const words = [
    title(WORDS.gone[why].title),
    h("p", { class: "lead" }, WORDS.gone[why].lead),
  ];
  return {
    pauses: byNight, // as soon as the server is back
    element: byNight
      ? h("div", { class: "dusk paused" }, h("span"), h("div", { class: "middle" }, words))
      : h("div", { class: "day narrow alone" }, words),
  };
}
