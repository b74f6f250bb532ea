/** A window with the light only, while nothing of a practice is to be seen: it rests. */

import { h, mainButton, say, title } from "../dom.js";
import { WORDS } from "../words.js";

/**
 * Whoever sits before it may stop the practice, and press nothing else.
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function light(app, state) {
  const words = h("p", { class: "spoken-words", "aria-live": "polite" });
  const pause = mainButton(WORDS.practice.pause, () => app.pause());
  const isPractice = () => Boolean(app.state?.block) && !app.state.paused;
  /** @param {any} now */
  const update = (now) => {
    say(words, lightWords(now));
    pause.hidden = !isPractice();
  };
  update(state);
  return {
    update,
    get pauses() {
      return isPractice();
    },
    element: h(
      "div", { class: "dusk" },
      title(WORDS.light.label, { class: "label" }),
      h("div", { class: "middle" }, h("div", { class: "rest-light", "aria-hidden": "true" }), words),
      h("div", { class: "bottom" }, pause),
    ),
  };
}

/** @param {any} state */
function lightWords(state) {
  if (state.paused) return WORDS.light.paused;
  if (state.turn !== null) return WORDS.light.asked;
  return state.block?.words || WORDS.light.rests;
}
