/** A light that goes as both breathe: nothing to follow, nothing to do. */

import { h } from "../dom.js";
import { WORDS, wordsOf } from "../words.js";
import { animate } from "./breathe.js";
import { duskFrame } from "./dusk.js";

const SMALL = 0.4; // of its way, while it goes by itself: there is nothing of them in it

/**
 * @param {import("../app.js").App} app
 * @param {any} state
 */
export function bothLight(app, state) {
  const canvas = /** @type {HTMLCanvasElement} */ (
    h("canvas", { role: "img", "aria-label": WORDS.bothLight.orb })
  );
  const words = h("p", { class: "safe" }, state.block?.words || WORDS.bothLight.words);
  const frame = duskFrame(app, state, {
    label: WORDS.bothLight.label,
    // It does not seem to follow anybody while it does not.
    saysOf: (now) => wordsOf(WORDS.bothLight.pacing, now.pacing) ?? "",
    middle: [h("div", { class: "light" }, canvas)],
    above: [words],
  });
  const depthOf = () => (app.state?.pacing === "following" ? 1 : SMALL);
  const stop = animate(app, canvas, { depthOf });
  return { ...frame, leave: stop };
}
