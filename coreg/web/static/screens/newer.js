/** Something that a page from before an update cannot show: it says so, and can pause. */

import { h, mainButton, quietButton, title } from "../dom.js";
import { WORDS } from "../words.js";

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function newer(app, state) {
  const isPractice = Boolean(state.block) && !state.paused;
  return {
    pauses: isPractice,
    element: h(
      "div", { class: "day narrow alone" },
      title(WORDS.newer.title),
      h("p", { class: "lead" }, WORDS.newer.lead),
      h(
        "div", { class: "buttons" },
        mainButton(WORDS.newer.again, () => location.reload()),
        isPractice && quietButton(WORDS.practice.pause, () => app.pause()),
      ),
    ),
  };
}
